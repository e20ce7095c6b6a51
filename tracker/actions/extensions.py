"""Writes to extensions: links of a term's chain, proposed until a move settles them."""

from datetime import datetime
from typing import Any

from tracker.domain.stated import Stated
from tracker.models import Extension, Move, Pledge, User

from . import moves
from .verbs import FactVerbs

_verbs = FactVerbs(Extension, "extensions")
amend = _verbs.amend
withdraw = _verbs.withdraw
restore = _verbs.restore


def propose(
    *,
    pledge: Pledge,
    order: int | None = None,
    key: str = "",
    by: User | None,
    at: datetime,
    reason: str = "",
    **columns: Any,
) -> Extension:
    """A new link, after all others unless ``order`` says otherwise: kind, public, and start, end
    or duration, rule, zone, retroactive, note.
    """
    if order is None:
        orders = Extension.objects.filter(pledge=pledge).values_list("order", flat=True)
        order = max(orders, default=0) + 1
    return _verbs.enter_owned(
        "propose",
        key,
        pledge,
        {"pledge": pledge, "order": order, **columns},
        dossier=pledge.dossier,
        by=by,
        at=at,
        reason=reason,
    )


def accept(
    *,
    row: Extension,
    effective: str | Stated,
    reason: str,
    by: User | None,
    at: datetime,
    **columns: Any,
) -> Move:
    """The link holds from ``effective`` on: public, and by_party, note."""
    return moves.make(
        on=row, to="accepted", effective=effective, reason=reason, by=by, at=at, **columns
    )


def reject(
    *,
    row: Extension,
    effective: str | Stated,
    reason: str,
    by: User | None,
    at: datetime,
    **columns: Any,
) -> Move:
    """The link does not come about: public, and by_party, note."""
    return moves.make(
        on=row, to="rejected", effective=effective, reason=reason, by=by, at=at, **columns
    )
