"""Writes to triggers: events that terms and deadlines rest on."""

from datetime import datetime
from typing import Any

from tracker.models import Dossier, Trigger, User

from .verbs import FactVerbs

_verbs = FactVerbs(Trigger, "triggers")
amend = _verbs.amend
withdraw = _verbs.withdraw
restore = _verbs.restore


def add(
    *,
    dossier: Dossier,
    key: str,
    by: User | None,
    at: datetime,
    reason: str = "",
    **columns: Any,
) -> Trigger:
    """A new trigger: title, kind, public, and of_condition or of_deadline, note."""
    return _verbs.enter("add", key, columns, dossier=dossier, by=by, at=at, reason=reason)
