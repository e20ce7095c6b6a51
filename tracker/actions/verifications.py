"""Writes to verifications: a person finds, the clock never does."""

from datetime import datetime
from typing import Any

from tracker.models import Pledge, User, Verification

from .verbs import FactVerbs

_verbs = FactVerbs(Verification, "verifications")
amend = _verbs.amend
withdraw = _verbs.withdraw
restore = _verbs.restore


def record(
    *,
    pledge: Pledge,
    key: str = "",
    by: User | None,
    at: datetime,
    reason: str = "",
    **columns: Any,
) -> Verification:
    """A new finding: period_start, period_end, finding, reasoning, public, and standard,
    reliability, credibility, is_final, cites, incidents, sources, note.
    """
    return _verbs.enter_owned(
        "record",
        key,
        pledge,
        {"pledge": pledge, **columns},
        dossier=pledge.dossier,
        by=by,
        at=at,
        reason=reason,
    )
