"""Writes to invitations. The ledger holds who invited, the role and the outcome, and no address.

A token is handed back once, to be sent; only its digest is stored.
"""

import secrets
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from tracker.domain.access import Role, ranks
from tracker.domain.errors import Conflict, Invalid, NotAllowed
from tracker.domain.members import INVITED_FOR, Outcome, stands
from tracker.domain.sentences import _
from tracker.models import PEOPLE, Dossier, Invitation, Membership, User
from tracker.selectors.invitations import account_of, digest, state
from tracker.selectors.people import by_email

from . import ledger, memberships, users


class Invited(NamedTuple):
    """The invitation, and the token of its link."""

    row: Invitation
    token: str


@transaction.atomic
def invite(
    *, dossier: Dossier, email: str, role: Role | str, by: User | None, at: datetime
) -> Invited:
    """Invites an address. Raises Invalid on ``email`` for a member or an open invitation."""
    ledger.lock(dossier.slug)
    email = email.strip().lower()
    _check_new(dossier, email)
    for expired in Invitation.objects.filter(dossier=dossier, email=email, expires_at__lte=at):
        revoke(row=expired, by=by, at=at, reason="Expired; invited anew.")
    if Invitation.objects.filter(dossier=dossier, email=email).exists():
        raise Invalid(
            _("This address has been invited already."),
            field="email",
            mend=_("Send that invitation again, or revoke it first."),
        )
    token = secrets.token_urlsafe(32)
    row = Invitation.objects.create(
        dossier=dossier,
        role=str(role),
        email=email,
        digest=digest(token),
        made_by=by,
        made_at=at,
        sent_at=at,
        expires_at=at + INVITED_FOR,
    )
    _enter(row, "invitations.invite", by, at)
    return Invited(row, token)


def _check_new(dossier: Dossier, email: str) -> None:
    account = by_email(email)
    if account is None:
        return
    member = Membership.objects.filter(dossier=dossier, user=account).first()
    if member is not None:
        raise Invalid(
            _("This is a member already, as {role}.", role=member.role),
            field="email",
            mend=_("Change the role in the list of members."),
        )
    if not account.is_active:
        raise Invalid(
            _("The account with this address is deactivated."),
            field="email",
            mend=_("Ask a site administrator to reactivate it."),
        )


@transaction.atomic
def resend(*, row: Invitation, by: User | None, at: datetime) -> Invited:
    """A new link for an open invitation, with its whole time again. The old link ends."""
    row = _open(row)
    token = secrets.token_urlsafe(32)
    row.digest, row.sent_at, row.expires_at = digest(token), at, at + INVITED_FOR
    row.save(update_fields=["digest", "sent_at", "expires_at"])
    _enter(row, "invitations.resend", by, at)
    return Invited(row, token)


@transaction.atomic
def revoke(*, row: Invitation, by: User | None, at: datetime, reason: str = "") -> Invitation:
    """Takes an open invitation back: its link ends, and the address is forgotten."""
    row = _open(row)
    row.revoked_at, row.email = at, ""
    row.save(update_fields=["revoked_at", "email"])
    _enter(row, "invitations.revoke", by, at, reason)
    return row


@transaction.atomic
def accept(*, row: Invitation, user: User, at: datetime) -> Invitation:
    """The person who was invited becomes a member. A member keeps a role that is higher.

    Raises Conflict when the link has ended, NotAllowed for somebody else.
    """
    found = _open(row)
    if found.digest != row.digest or not stands(found.outcome, expires_at=found.expires_at, at=at):
        raise Conflict(
            _("This invitation has ended."), mend=_("Ask whoever invited you for another.")
        )
    if user.email != found.email or not user.is_active:
        raise NotAllowed(
            _("This invitation was sent to another address."), mend=_("Sign in with that address.")
        )
    found.accepted_at, found.accepted_by, found.email = at, user, ""
    found.save(update_fields=["accepted_at", "accepted_by", "email"])
    _enter(found, "invitations.accept", user, at)
    member = Membership.objects.filter(dossier=found.dossier, user=user).first()
    if member is None or member.role not in ranks(Role(found.role)):
        memberships.grant(
            dossier=found.dossier,
            user=user,
            role=found.role,
            by=user,
            at=at,
            reason=f"Accepted invitation {found.uid}.",
        )
    return found


@transaction.atomic
def join(*, row: Invitation, name: str, password: str, at: datetime) -> User:
    """An account for somebody who was invited and has none; and the invitation accepted."""
    ledger.lock(PEOPLE)
    found = _open(row)
    if account_of(found) is not None:
        raise Conflict(
            _("There is an account with this address by now."), mend=_("Sign in with it.")
        )
    user = users.register(
        email=found.email,
        name=name,
        password=password,
        by=found.made_by,
        at=at,
        reason=f"Invitation {found.uid}.",
    )
    accept(row=row, user=user, at=at)
    return user


def _open(row: Invitation) -> Invitation:
    """The invitation as it is now, under the lock. Raises Conflict when it is no longer open."""
    ledger.lock(row.dossier.slug)
    found = Invitation.objects.select_related("dossier", "made_by").get(pk=row.pk)
    if found.outcome is not Outcome.OPEN:
        raise Conflict(
            _("This invitation was {outcome} already.", outcome=found.outcome),
            mend=_("Look at the list of members."),
        )
    return found


def _enter(row: Invitation, action: str, by: User | None, at: datetime, reason: str = "") -> None:
    ledger.append(
        chain=row.dossier.slug,
        noun=Invitation.NOUN,
        key=str(row.uid),
        row_id=row.pk,
        state=state(row),
        action=action,
        by=by,
        at=at,
        reason=reason,
    )
