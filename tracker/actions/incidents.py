"""Writes to incidents. What is found of one is told by moves."""

from datetime import datetime
from typing import Any

from tracker.models import Dossier, Incident, User

from .verbs import FactVerbs

_verbs = FactVerbs(Incident, "incidents")
amend = _verbs.amend
withdraw = _verbs.withdraw
restore = _verbs.restore


def report(
    *,
    dossier: Dossier,
    key: str,
    by: User | None,
    at: datetime,
    reason: str = "",
    **columns: Any,
) -> Incident:
    """A new incident: occurred, description, public, and occurred_until, place, place_precision,
    actor, target, claimants, pledges, sources, note.
    """
    return _verbs.enter("report", key, columns, dossier=dossier, by=by, at=at, reason=reason)
