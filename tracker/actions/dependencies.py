"""Writes to dependencies between pledges."""

from datetime import datetime
from typing import Any

from tracker.models import Dependency, Pledge, User

from .verbs import FactVerbs

_verbs = FactVerbs(Dependency, "dependencies")
amend = _verbs.amend
withdraw = _verbs.withdraw
restore = _verbs.restore


def add(
    *,
    pledge: Pledge,
    on_pledge: Pledge,
    reason: str,
    key: str = "",
    by: User | None,
    at: datetime,
    **columns: Any,
) -> Dependency:
    """That ``pledge`` rests on, supersedes or is part of (kind) another one: kind, public, note."""
    return _verbs.enter_owned(
        "add",
        key,
        pledge,
        {"pledge": pledge, "on_pledge": on_pledge, "reason": reason, **columns},
        dossier=pledge.dossier,
        by=by,
        at=at,
        reason=reason,
    )
