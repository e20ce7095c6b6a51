"""Writes to instruments."""

from datetime import datetime
from typing import Any

from tracker.models import Dossier, Instrument, User

from .verbs import FactVerbs

_verbs = FactVerbs(Instrument, "instruments")
amend = _verbs.amend
withdraw = _verbs.withdraw
restore = _verbs.restore


def conclude(
    *,
    dossier: Dossier,
    key: str,
    by: User | None,
    at: datetime,
    reason: str = "",
    **columns: Any,
) -> Instrument:
    """A new instrument: title, kind, form, public, and parties, mediators, guarantors, monitors,
    concluded, signed, published, sources, note.
    """
    return _verbs.enter("conclude", key, columns, dossier=dossier, by=by, at=at, reason=reason)
