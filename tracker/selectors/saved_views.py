"""Saved views: one's own, those of others that one watches, and the one behind a link."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from tracker.domain.errors import NotFound
from tracker.models import SavedView, User

REMOVED_SHOWN = 20


def mine(owner: User) -> "QuerySet[SavedView]":
    return SavedView.objects.filter(owner=owner, removed_at=None).order_by("name", "pk")


def removed(owner: User) -> "QuerySet[SavedView]":
    """The last ones that somebody removed, which can be taken back."""
    gone = SavedView.objects.filter(owner=owner).exclude(removed_at=None)
    return gone.order_by("-removed_at", "-pk")[:REMOVED_SHOWN]


def of_others(user: User) -> "QuerySet[SavedView]":
    """Those that others share, and that somebody watches."""
    found = SavedView.objects.filter(is_shared=True, removed_at=None).exclude(owner=user)
    watched = user.subscriptions.filter(ended_at=None).exclude(view=None).values("view")
    return found.filter(pk__in=watched).order_by("name", "pk")


def own(owner: User, uid: UUID) -> SavedView:
    """Raises NotFound for somebody else's, a shared one too: only its owner changes it."""
    return _found(SavedView.objects.filter(owner=owner, uid=uid))


def shown(user: Any, uid: UUID) -> SavedView:
    """One's own, or one whose link is for others. Raises NotFound for all else."""
    view = _found(SavedView.objects.filter(uid=uid, removed_at=None))
    if not view.is_shared and view.owner_id != getattr(user, "pk", None):
        raise NotFound("There is no such view.")
    return view


def _found(rows: "QuerySet[SavedView]") -> SavedView:
    view = rows.first()
    if view is None:
        raise NotFound("There is no such view.")
    return view
