"""Writes to moves: what people judge of states. Which may follow which is data."""

from datetime import datetime
from typing import Any

from tracker.domain.errors import Invalid
from tracker.domain.facts import ConditionKind
from tracker.domain.sentences import _
from tracker.domain.stated import Stated
from tracker.domain.transitions import MOVES, Machine
from tracker.models import Condition, Deadline, Extension, Incident, Move, Pledge, User
from tracker.models.move import ABOUT, MACHINES
from tracker.selectors import decisions

from .verbs import FactVerbs, about, decided

_verbs = FactVerbs(Move, "moves")
amend = _verbs.amend
withdraw = _verbs.withdraw
restore = _verbs.restore
Movable = Pledge | Condition | Incident | Deadline | Extension


def make(
    *,
    on: Movable,
    to: str,
    effective: str | Stated,
    reason: str,
    machine: Machine | str = "",
    key: str = "",
    by: User | None,
    at: datetime,
    seen: int | None = None,
    **columns: Any,
) -> Move:
    """A new move: public, and by_party, note. The machine follows from ``to`` where it is one.

    Raises Conflict when it was judged since ``seen`` (``decisions.judged``).
    """
    given = {
        **about(on, ABOUT),
        "machine": str(machine or machine_of(on, to)),
        "to": to,
        "effective": effective,
        "reason": reason,
        **columns,
    }
    with decided(on.dossier.slug, lambda: decisions.judged(on), seen, at=at):
        return _verbs.enter_owned(
            "make", key, on, given, dossier=on.dossier, by=by, at=at, reason=reason
        )


def machines_of(on: Movable) -> tuple[Machine, ...]:
    """The machines that a thing has: a release on breach has states of its own."""
    found = MACHINES[on.NOUN]
    if not isinstance(on, Condition):
        return found
    is_release = on.kind == ConditionKind.RELEASE_ON_BREACH
    other = Machine.CONDITION if is_release else Machine.RELEASE
    return tuple(machine for machine in found if machine is not other)


def machine_of(on: Movable, to: str) -> Machine:
    """The machine of ``on`` that has the state ``to``. Raises Invalid when none or two have."""
    machines = machines_of(on)
    reached = {move.to: move.machine for move in MOVES if move.machine in machines}
    if to not in reached:
        raise Invalid(
            _("A person cannot move a {noun} to “{to}”.", noun=on.NOUN, to=to),
            field="to",
            mend=_("Use one of: {reached}.", reached=", ".join(reached)),
        )
    return reached[to]
