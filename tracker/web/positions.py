"""What was said but not promised, with its parties by name and the conditions put on it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from tracker.selectors.entries import FactView
from tracker.selectors.facts import State, Tables, earliest_of, times


@dataclass(frozen=True, slots=True)
class Asserted:
    """A condition on a position: who asserts it, and how far it was acknowledged."""

    kind: str
    text: str
    asserted_by: str
    acknowledgement: str
    binding: str


@dataclass(frozen=True, slots=True)
class Position:
    key: str
    fact: FactView
    party: str
    addressee: str
    conditions: list[Asserted]


def position(fact: FactView, *, tables: Tables, names: Mapping[str, str], at: datetime) -> Position:
    party, addressee = fact.state.get("party") or "", fact.state.get("addressee") or ""
    return Position(
        fact.key,
        fact,
        names.get(party, party),
        names.get(addressee, addressee),
        list(_conditions(fact.key, tables, names, at)),
    )


def _conditions(
    key: str, tables: Tables, names: Mapping[str, str], at: datetime
) -> Iterator[Asserted]:
    for own, state in tables.get("condition", {}).items():
        if state.get("position") != key or not _stands(state, at):
            continue
        judged = _judged(own, tables, at)
        by = state.get("asserted_by") or ""
        yield Asserted(
            kind=state["kind"],
            text=str(state.get("text") or ""),
            asserted_by=names.get(by, by),
            acknowledgement=judged.get("acknowledgement", "unacknowledged"),
            binding=judged.get("binding", "not_binding"),
        )


def _judged(condition: str, tables: Tables, at: datetime) -> dict[str, str]:
    """The state of each of the condition's machines at ``at``."""
    moves = [
        (effective, move)
        for move in tables.get("move", {}).values()
        if move.get("condition") == condition and _stands(move, at)
        if (effective := earliest_of(move["effective"])) is not None and effective <= at
    ]
    ordered = sorted(moves, key=lambda made: (made[0], made[1]["public"]))
    return {move["machine"]: move["to"] for _, move in ordered}


def _stands(state: State, at: datetime) -> bool:
    known = times(state)
    withdrawn = known["withdrawn"]
    return known["public"] <= at and (withdrawn is None or withdrawn > at)
