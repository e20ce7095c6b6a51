"""Writes to verifications: a person finds, the clock never does."""

from datetime import datetime
from typing import Any

from tracker.models import Pledge, User, Verification

from . import record as register
from . import viewings
from .verbs import FactVerbs

_verbs = FactVerbs(Verification, "verifications")
amend = _verbs.amend
withdraw = _verbs.withdraw
restore = _verbs.restore


def record(
    *,
    pledge: Pledge,
    key: str = "",
    viewed: bool = False,
    by: User | None,
    at: datetime,
    reason: str = "",
    **columns: Any,
) -> Verification:
    """A new finding: period_start, period_end, finding, reasoning, public, and standard,
    reliability, credibility, is_final, cites, incidents, sources, note.

    ``viewed``: its author opened and checked each of the sources, which is recorded of each.
    """
    with register.batch(at=at):
        made = _verbs.enter_owned(
            "record",
            key,
            pledge,
            {"pledge": pledge, **columns},
            dossier=pledge.dossier,
            by=by,
            at=at,
            reason=reason,
        )
        if viewed:
            for source in made.sources.order_by("key"):
                viewings.record(source=source, by=by, at=at, reason=f"For {made.key}.")
    return made
