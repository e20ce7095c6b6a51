"""Writes to counts: a claimant's total, never netted against another one's."""

from datetime import datetime
from typing import Any

from tracker.models import Count, Dossier, Pledge, User

from .verbs import FactVerbs

_verbs = FactVerbs(Count, "counts")
amend = _verbs.amend
withdraw = _verbs.withdraw
restore = _verbs.restore


def record(
    *,
    dossier: Dossier,
    pledge: Pledge | None = None,
    key: str = "",
    by: User | None,
    at: datetime,
    reason: str = "",
    **columns: Any,
) -> Count:
    """A new total: claimant, of, number, source, public, and qualifier (exactly), period_start,
    period_end, supersedes, note.
    """
    return _verbs.enter_owned(
        "record",
        key,
        pledge,
        {"pledge": pledge, **columns},
        dossier=dossier,
        by=by,
        at=at,
        reason=reason,
    )
