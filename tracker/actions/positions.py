"""Writes to positions, which are never counted as pledges."""

from datetime import datetime
from typing import Any

from tracker.models import Dossier, Pledge, Position, User

from . import ledger
from . import record as records
from .verbs import FactVerbs, free_reference

_verbs = FactVerbs(Position, "positions")
amend = _verbs.amend
withdraw = _verbs.withdraw
restore = _verbs.restore


def record(
    *,
    dossier: Dossier,
    ref: str,
    by: User | None,
    at: datetime,
    reason: str = "",
    **columns: Any,
) -> Position:
    """A new position: title, kind, party, public, and addressee, instrument, text, speaker,
    note.

    ``ref`` blank: one is made, as the dossier's others are.
    """
    with records.batch(at=at):  # so that nobody takes it meanwhile
        ledger.lock(dossier.slug)
        ref = ref or free_reference(
            Position, dossier, what=columns.get("kind"), who=columns.get("party")
        )
        return _verbs.enter("record", ref, columns, dossier=dossier, by=by, at=at, reason=reason)


def become(
    *,
    row: Position,
    pledge: Pledge,
    by: User | None,
    at: datetime,
    reason: str = "",
    seen: int | None = None,
) -> Position:
    """The position was turned into a pledge; it keeps its accounts."""
    return _verbs.change("become", row, {"became": pledge}, by=by, at=at, reason=reason, seen=seen)
