"""Writes to clock stops."""

from datetime import datetime
from typing import Any

from tracker.domain.stated import Stated
from tracker.models import ClockStop, Pledge, User

from .verbs import FactVerbs

_verbs = FactVerbs(ClockStop, "clock_stops")
amend = _verbs.amend
withdraw = _verbs.withdraw
restore = _verbs.restore


def stop(
    *,
    pledge: Pledge,
    key: str = "",
    by: User | None,
    at: datetime,
    reason: str = "",
    **columns: Any,
) -> ClockStop:
    """The clock stood still from ``start``: start, public, and end (blank: it still does), note."""
    return _verbs.enter_owned(
        "stop",
        key,
        pledge,
        {"pledge": pledge, **columns},
        dossier=pledge.dossier,
        by=by,
        at=at,
        reason=reason,
    )


def resume(
    *,
    row: ClockStop,
    end: str | Stated,
    by: User | None,
    at: datetime,
    reason: str = "",
    seen: int | None = None,
) -> ClockStop:
    """The clock ran again from ``end`` on."""
    return _verbs.change("resume", row, {"end": end}, by=by, at=at, reason=reason, seen=seen)
