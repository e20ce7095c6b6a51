"""Writes to sources."""

from datetime import datetime
from typing import Any

from tracker.models import Dossier, Source, User

from .verbs import FactVerbs

_verbs = FactVerbs(Source, "sources")
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
) -> Source:
    """A new source: title, kind, public, and publisher, url, language, published, retrieved,
    reliability (F), snapshot, note.
    """
    return _verbs.enter("add", key, columns, dossier=dossier, by=by, at=at, reason=reason)
