"""Writes to memberships: who belongs to a dossier, and in which role."""

from datetime import datetime

from tracker.domain.access import Role
from tracker.models import Dossier, Membership, User

from . import record
from .verbs import key_of


def grant(
    *,
    dossier: Dossier,
    user: User,
    role: Role | str,
    by: User | None,
    at: datetime,
    reason: str = "",
) -> Membership:
    """Makes the user a member, or changes the role of one."""
    made = record.put(
        Membership.NOUN,
        key_of(user),
        {"role": str(role)},
        dossier=dossier,
        by=by,
        at=at,
        action="memberships.grant",
        reason=reason,
    )
    row: Membership = made.row
    return row


def revoke(*, row: Membership, by: User | None, at: datetime, reason: str = "") -> None:
    """Ends the membership; the ledger remembers it."""
    record.remove(row, by=by, at=at, reason=reason)
