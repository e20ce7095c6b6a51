"""Writes to conditions. Met, binding and acknowledged are told by moves."""

from datetime import datetime
from typing import Any

from tracker.models import Condition, Extension, Pledge, Position, User
from tracker.models.condition import ABOUT

from .verbs import FactVerbs, about

_verbs = FactVerbs(Condition, "conditions")
amend = _verbs.amend
withdraw = _verbs.withdraw
restore = _verbs.restore


def add(
    *,
    on: Pledge | Extension | Position,
    key: str = "",
    by: User | None,
    at: datetime,
    reason: str = "",
    **columns: Any,
) -> Condition:
    """A new condition: kind, text, public, and asserted_by, due, depends_on_pledge,
    depends_on_trigger, note. It binds only once a move says so.
    """
    return _verbs.enter_owned(
        "add",
        key,
        on,
        {**about(on, ABOUT), **columns},
        dossier=on.dossier,
        by=by,
        at=at,
        reason=reason,
    )
