"""Writes to suspensions, which do not stop the clock."""

from datetime import datetime
from typing import Any

from tracker.domain.stated import Stated
from tracker.models import Pledge, Suspension, User

from .verbs import FactVerbs

_verbs = FactVerbs(Suspension, "suspensions")
amend = _verbs.amend
withdraw = _verbs.withdraw
restore = _verbs.restore


def suspend(
    *,
    pledge: Pledge,
    key: str = "",
    by: User | None,
    at: datetime,
    reason: str = "",
    **columns: Any,
) -> Suspension:
    """Suspended from ``start``: start, public, and end, areas (none: whole), found, note."""
    return _verbs.enter_owned(
        "suspend",
        key,
        pledge,
        {"pledge": pledge, **columns},
        dossier=pledge.dossier,
        by=by,
        at=at,
        reason=reason,
    )


def lift(
    *,
    row: Suspension,
    end: str | Stated,
    by: User | None,
    at: datetime,
    reason: str = "",
    seen: int | None = None,
) -> Suspension:
    """The suspension ended with ``end``."""
    return _verbs.change("lift", row, {"end": end}, by=by, at=at, reason=reason, seen=seen)
