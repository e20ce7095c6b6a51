"""Writes to deadlines. When one is due is told by its readings; done or waived by moves."""

from datetime import datetime
from typing import Any

from tracker.models import Deadline, Pledge, User

from .verbs import FactVerbs

_verbs = FactVerbs(Deadline, "deadlines")
amend = _verbs.amend
withdraw = _verbs.withdraw
restore = _verbs.restore


def add(
    *,
    pledge: Pledge,
    key: str = "",
    by: User | None,
    at: datetime,
    reason: str = "",
    **columns: Any,
) -> Deadline:
    """A new step of a pledge: title, public, and kind (milestone), note."""
    return _verbs.enter_owned(
        "add",
        key,
        pledge,
        {"pledge": pledge, **columns},
        dossier=pledge.dossier,
        by=by,
        at=at,
        reason=reason,
    )
