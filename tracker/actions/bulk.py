"""Changing many pledges together: all of them through their own verbs, or none."""

from collections.abc import Collection, Mapping
from datetime import datetime

from tracker.domain.bulk import MOST, Change
from tracker.domain.errors import Conflict, Invalid
from tracker.models import User
from tracker.selectors import access
from tracker.selectors.bulk import Chosen, analysts, chosen

from . import ledger, pledges, record, subscriptions


class OvertakenError(Conflict):
    """Some of them were changed since they were looked at; ``refs``: which."""

    def __init__(self, refs: Collection[str]) -> None:
        super().__init__(
            "Somebody changed some of these since you looked: " + ", ".join(refs) + ".",
            mend="Nothing is changed yet. Look at what would change now.",
        )
        self.refs = refs


def change(
    *, seen: Mapping[str, int], change: Change, by: User, at: datetime, reason: str = ""
) -> list[Chosen]:
    """The pledges that were changed, as they were before. ``seen``: of each that is to be changed
    the number of its ledger entry that its author looked at.

    In one transaction. Raises OvertakenError when one has a later entry, is gone, or is no longer
    for this person to change; then nothing is changed.
    """
    if len(seen) > MOST:
        raise Invalid(f"{len(seen)} pledges are too many.", mend=f"Choose {MOST} at most.")
    with record.batch(at=at):
        found = chosen(by, access.viewer(by), seen)
        for chain in sorted({one.row.dossier.slug for one in found}):
            ledger.lock(chain)
        found = chosen(by, access.viewer(by), seen)
        late = sorted(set(seen) - {one.row.ref for one in found if seen[one.row.ref] == one.seq})
        if late:
            raise OvertakenError(late)
        members = analysts({one.row.dossier_id for one in found})
        for one in found:
            change.check_analyst(members[one.row.dossier_id])
        return [one for one in found if _change(one, change, len(found) - 1, by, at, reason)]


def _change(one: Chosen, change: Change, others: int, by: User, at: datetime, reason: str) -> bool:
    """Whether anything of it came out otherwise."""
    given = change.columns(one.state)
    if given:
        why = reason or _together(others)
        pledges.amend(row=one.row, by=by, at=at, why=why, seen=one.seq, **given)
    if change.watch is None or change.watch is one.is_watched:
        return bool(given)
    if change.watch:
        subscriptions.subscribe(user=by, target=one.row, at=at)
    elif one.watching is not None:
        subscriptions.end(row=one.watching, at=at)
    return True


def _together(others: int) -> str:
    if not others:
        return ""
    return f"Changed together with {others} {'other' if others == 1 else 'others'}."
