"""Writes to pledges. What hangs on a pledge has modules of its own."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from tracker.models import Dossier, Pledge, User

from . import four_eyes, ledger, record
from .verbs import FactVerbs, free_reference

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
    mechanism_operating, reciprocates, analyst, cadence, leads, tags, note.

    ``ref`` blank: one is made, as the dossier's others are.
    """
    with record.batch(at=at):  # so that nobody takes it meanwhile
        ledger.lock(dossier.slug)
        ref = ref or free_reference(
            Pledge, dossier, what=columns.get("subject"), who=columns.get("pledgor")
        )
        return _verbs.enter("register", ref, columns, dossier=dossier, by=by, at=at, reason=reason)


def hand_over(*, rows: Iterable[Pledge], to: User | None, by: User | None, at: datetime) -> None:
    """Another analyst watches these pledges, or None: nobody does.

    The history says no more than that: a public dossier shows it. It follows from what was decided
    about a member, so it counts at once also in a dossier with four eyes.
    """
    why = "Handed over." if to is not None else "Nobody has taken it over yet."
    with four_eyes.direct():
        for row in rows:
            amend(row=row, analyst=to, by=by, at=at, why=why)
