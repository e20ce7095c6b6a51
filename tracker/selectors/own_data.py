"""Everything that is held about one person, as plain values. Nothing about anybody else."""

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator

from tracker.models import (
    PEOPLE,
    Alert,
    Comment,
    IncidentImport,
    Invitation,
    LedgerEntry,
    MatchDismissal,
    Membership,
    Pledge,
    Proposal,
    ReviewTask,
    SavedView,
    SourceFile,
    User,
    Webhook,
)

from . import drafts
from .rows import iso


def held(user: User, *, at: datetime) -> dict[str, Any]:
    """With a number of queries that does not depend on how much there is."""
    memberships = Membership.objects.filter(user=user).select_related("dossier").order_by("pk")
    invited = Invitation.objects.filter(email=user.email).select_related("dossier").order_by("pk")
    made = Invitation.objects.filter(made_by=user).select_related("dossier").order_by("pk")
    watched = Pledge.objects.filter(analyst=user).order_by("ref").values_list("ref", flat=True)
    alerts = Alert.objects.filter(recipient=user).select_related("pledge").order_by("pk")
    return {
        "made_at": iso(at),
        "account": {
            "id": str(user.uid),
            "name": user.name,
            "email": user.email,
            "is_site_admin": user.is_site_admin,
            "last_sign_in": _iso(user.last_login),
            "erasure_asked_at": _iso(user.erasure_asked_at),
        },
        "addresses": [
            {"email": one.email, "verified": one.verified, "primary": one.primary}
            for one in EmailAddress.objects.filter(user=user).order_by("pk")
        ],
        "authenticators": [
            {
                "kind": one.type,
                "made_at": _iso(one.created_at),
                "last_used_at": _iso(one.last_used_at),
            }
            for one in Authenticator.objects.filter(user=user).order_by("pk")
        ],
        "memberships": [
            {"dossier": one.dossier.slug, "role": one.role, "since": iso(one.recorded_at)}
            for one in memberships
        ],
        "pledges_watched": list(watched),
        "invitations_to_you": [_invitation(one) for one in invited],
        "invitations_by_you": [_invitation(one) for one in made],
        "saved_views": [
            {
                "id": str(one.uid),
                "name": one.name,
                "filters": one.filters,
                "is_shared": one.is_shared,
                "made_at": iso(one.made_at),
                "changed_at": iso(one.changed_at),
                "removed_at": _iso(one.removed_at),
            }
            for one in SavedView.objects.filter(owner=user).order_by("pk")
        ],
        "alerts": [
            {
                "pledge": one.pledge.ref if one.pledge is not None else None,
                "kind": one.kind,
                "true_at": iso(one.true_at),
                "owed_at": iso(one.owed_at),
            }
            for one in alerts
        ],
        "webhooks": [
            {"address": one.address, "made_at": iso(one.made_at)}
            for one in Webhook.objects.filter(user=user)
        ],
        "mentioned_in": [
            f"{slug} {key}"
            for slug, key in Comment.objects.filter(mentions=user)
            .order_by("pk")
            .values_list("dossier__slug", "key")
        ],
        "reviews_done": [
            {"pledge": one.pledge.ref, "done_at": _iso(one.done_at), "note": one.note}
            for one in ReviewTask.objects.filter(done_by=user).select_related("pledge")
        ],
        "drafts": drafts.everything(user),
        "files_not_entered": [
            {"sha256": one.sha256, "size": one.size, "kept_at": iso(one.kept_at)}
            for one in SourceFile.objects.filter(by=user, entered_at=None)
            .order_by("pk")
            .defer("content")
        ],
        "imports": [
            {
                "dossier": one.dossier.slug,
                "file_name": one.file_name,
                "sha256": one.sha256,
                "made_at": iso(one.made_at),
                "standing": one.standing,
            }
            for one in IncidentImport.objects.filter(by=user)
            .select_related("dossier")
            .order_by("pk")
            .defer("content")
        ],
        "matches_dismissed": [
            {"incident": key, "pledge": ref, "at": iso(at)}
            for key, ref, at in MatchDismissal.objects.filter(by=user)
            .order_by("pk")
            .values_list("incident__key", "pledge__ref", "at")
        ],
        "proposals": [
            {
                "dossier": one.dossier.slug,
                "title": one.title,
                "made_at": iso(one.made_at),
                "standing": one.standing,
                "typed": one.typed,
            }
            for one in Proposal.objects.filter(by=user).select_related("dossier").order_by("pk")
        ],
        "what_you_did": [_entry(e) for e in _entries().filter(by=str(user.uid))],
        "what_was_done_to_your_account": [
            _entry(e)
            for e in _entries().filter(chain__name=PEOPLE, noun="user", row_key=str(user.uid))
        ],
    }


def _entries() -> Any:
    return LedgerEntry.objects.order_by("recorded_at", "pk")


def _invitation(one: Invitation) -> dict[str, Any]:
    return {
        "id": str(one.uid),
        "dossier": one.dossier.slug,
        "role": one.role,
        "made_at": iso(one.made_at),
        "outcome": str(one.outcome),
    }


def _entry(entry: LedgerEntry) -> dict[str, Any]:
    return {
        "chain": entry.chain_id,
        "number": entry.seq,
        "recorded_at": iso(entry.recorded_at),
        "action": entry.action,
        "row": f"{entry.noun} {entry.row_key}",
        "reason": entry.reason,
    }


def _iso(instant: datetime | None) -> str | None:
    return iso(instant) if instant is not None else None
