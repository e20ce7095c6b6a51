"""Changing many pledges together, through their own verbs. The caller holds it in one batch."""

from collections.abc import Collection, Mapping
from datetime import datetime

from tracker.domain.bulk import MOST, Change
from tracker.domain.errors import Conflict, Invalid
from tracker.domain.sentences import _
from tracker.models import User
from tracker.selectors import access
from tracker.selectors.bulk import Chosen, analysts, chosen

from . import ledger, pledges, record, subscriptions


class OvertakenError(Conflict):
    """Some of them were changed since they were looked at; ``refs``: which."""

    def __init__(self, refs: Collection[str]) -> None:
        super().__init__(
            _("Somebody changed some of these since you looked: {refs}.", refs=", ".join(refs)),
            mend=_("Nothing is changed yet. Look at what would change now."),
        )
        self.refs = refs


def checked(*, seen: Mapping[str, int], change: Change, by: User) -> list[Chosen]:
    """The pledges that are to be changed, held until the transaction ends. ``seen``: of each the
    number of its ledger entry that its author looked at.

    Raises OvertakenError when one has a later entry, is gone, or is no longer for this person to
    change; Invalid for too many, or an analyst who is none.
    """
    if len(seen) > MOST:
        raise Invalid(
            _("{seen} pledges are too many.", seen=len(seen)),
            mend=_("Choose {most} at most.", most=MOST),
        )
    chains = {one.row.dossier.slug for one in chosen(by, access.viewer(by), seen)}
    for chain in sorted(chains):
        ledger.lock(chain)
    found = chosen(by, access.viewer(by), seen)
    late = set(seen) - {one.row.ref for one in found if seen[one.row.ref] == one.seq}
    if late:
        raise OvertakenError(sorted(late))
    members = analysts({one.row.dossier_id for one in found})
    for one in found:
        change.check_analyst(members[one.row.dossier_id])
    return found


def amend(
    *,
    rows: Collection[Chosen],
    change: Change,
    others: int,
    by: User,
    at: datetime,
    reason: str = "",
) -> None:
    """What of it is in the ledger: analyst, cadence, tags. ``others``: changed together with each,
    which is told where no reason is given.
    """
    with record.batch(at=at):
        for one in rows:
            given = change.columns(one.state)
            if given:
                why = reason or _together(others)
                pledges.amend(row=one.row, by=by, at=at, why=why, seen=one.seq, **given)


def watch(*, rows: Collection[Chosen], change: Change, by: User, at: datetime) -> None:
    """What of it is personal: one's subscriptions."""
    for one in rows:
        if change.watch is None or change.watch is one.is_watched:
            continue
        if change.watch:
            subscriptions.subscribe(user=by, target=one.row, at=at)
        elif one.watching is not None:
            subscriptions.end(row=one.watching, at=at)


def _together(others: int) -> str:
    if not others:
        return ""
    return f"Changed together with {others} {'other' if others == 1 else 'others'}."
