"""Writes to sources."""

from datetime import datetime
from typing import Any

from tracker.models import Dossier, Source, User

from . import record, source_files
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
    reliability (F), snapshot, earlier, file_sha256 with file_name, note.

    With ``earlier`` it is a newer version of that source.
    """
    with record.batch(at=at):
        made = _verbs.enter("add", key, columns, dossier=dossier, by=by, at=at, reason=reason)
        if made.file_sha256:
            source_files.entered(dossier=dossier, digest=made.file_sha256, at=at)
    return made
