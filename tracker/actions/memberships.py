"""Writes to memberships: who belongs to a dossier, and in which role.

Checked under the lock of the dossier's chain, so that two owners who demote each other at once
cannot leave a dossier without one.
"""

from datetime import datetime

from tracker.domain.access import Role, ranks
from tracker.domain.errors import Conflict
from tracker.domain.members import check_owner_remains
from tracker.domain.sentences import _
from tracker.models import Dossier, Membership, Pledge, User
from tracker.selectors import memberships

from . import ledger, pledges, record


def grant(
    *,
    dossier: Dossier,
    user: User,
    role: Role | str,
    by: User | None,
    at: datetime,
    reason: str = "",
) -> Membership:
    """Makes the user a member, or changes the role of one. Raises NotAllowed of the last owner."""
    with record.batch(at=at):
        ledger.lock(dossier.slug)
        if str(role) != Role.OWNER:
            check_owner_remains(memberships.owners(dossier), str(user.uid))
        if str(role) not in ranks(Role.ANALYST):
            _unwatch(dossier, user, by, at)
        made = record.put(
            Membership.NOUN,
            str(user.uid),
            {"role": str(role)},
            dossier=dossier,
            by=by,
            at=at,
            action="memberships.grant",
            reason=reason,
        )
    row: Membership = made.row
    return row


def change(
    *, row: Membership, role: Role | str, by: User | None, at: datetime, reason: str = ""
) -> Membership:
    """Another role for a member. Raises Conflict for one who has left meanwhile."""
    with record.batch(at=at):
        _still(row)
        return grant(dossier=row.dossier, user=row.user, role=role, by=by, at=at, reason=reason)


def revoke(*, row: Membership, by: User | None, at: datetime, reason: str = "") -> None:
    """Ends the membership; the ledger remembers it. Raises NotAllowed of the last owner."""
    with record.batch(at=at):
        row = _still(row)
        check_owner_remains(memberships.owners(row.dossier), str(row.user.uid))
        _unwatch(row.dossier, row.user, by, at)
        escalate_to(None, instead_of=row.user, dossier=row.dossier, by=by, at=at)
        record.remove(row, by=by, at=at, reason=reason)


def _unwatch(dossier: Dossier, user: User, by: User | None, at: datetime) -> None:
    """Whoever may no longer enter facts here watches no pledge here, and is alerted of none."""
    watched = Pledge.objects.filter(dossier=dossier, analyst=user).order_by("ref")
    pledges.hand_over(rows=watched, to=None, by=by, at=at)


def escalate_to(
    user: User | None, *, instead_of: User, dossier: Dossier, by: User | None, at: datetime
) -> None:
    """Who is told in the end leaves: that is ``user`` from now on, or None: nobody is."""
    row = Dossier.objects.get(pk=dossier.pk)
    if row.escalates_to_id != instead_of.pk:
        return
    record.put(
        Dossier.NOUN,
        row.slug,
        {
            "escalates_to": str(user.uid) if user is not None else None,
            "escalates_after": row.escalates_after if user is not None else "",
        },
        dossier=None,
        by=by,
        at=at,
        action="dossiers.amend",
        reason="Handed over." if user is not None else "Nobody has taken it over yet.",
    )


def _still(row: Membership) -> Membership:
    """The membership as it is now, under the lock. Raises Conflict when it has ended."""
    ledger.lock(row.dossier.slug)
    found = Membership.objects.filter(pk=row.pk).select_related("dossier", "user").first()
    if found is None:
        raise Conflict(
            _("This membership has ended already."), mend=_("Look at the list of members.")
        )
    return found
