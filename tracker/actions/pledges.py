"""Writes to pledges. What hangs on a pledge has modules of its own."""

from datetime import datetime
from typing import Any

from tracker.models import Dossier, Pledge, User

from .verbs import FactVerbs

_verbs = FactVerbs(Pledge, "pledges")
amend = _verbs.amend
withdraw = _verbs.withdraw
restore = _verbs.restore


def register(
    *,
    dossier: Dossier,
    ref: str,
    by: User | None,
    at: datetime,
    reason: str = "",
    **columns: Any,
) -> Pledge:
    """A new pledge: title, instrument, pledgor, act, subject, public, and beneficiaries, scope,
    area, prohibited, permitted, protected_objects, specificity, mechanism_agreed,
    mechanism_operating, reciprocates, analyst, cadence, leads, note.
    """
    return _verbs.enter("register", ref, columns, dossier=dossier, by=by, at=at, reason=reason)
