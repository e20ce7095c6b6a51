"""The state machines and the moves that people may make, as data.

Four machines, never mixed: stage, compliance, condition, incident; beside them the small ones of
what hangs on those. What the clock moves is in ``status.py``; nothing here happens by itself.
``docs/transitions.md`` is generated from this table.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from .errors import Invalid, NotAllowed
from .sentences import _


class Machine(StrEnum):
    STAGE = "stage"
    CONDITION = "condition"
    RELEASE = "release"
    ACKNOWLEDGEMENT = "acknowledgement"
    BINDING = "binding"
    INCIDENT = "incident"
    ATTRIBUTION = "attribution"
    DEADLINE = "deadline"
    EXTENSION = "extension"


class Stage(StrEnum):
    """Where a pledge stands. The values after ``expired`` are reached by a person's move only."""

    ANNOUNCED = "announced"
    AWAITING_CONDITIONS = "awaiting_conditions"
    AWAITING_TRIGGER = "awaiting_trigger"
    SCHEDULED = "scheduled"
    IN_FORCE = "in_force"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    TERMINATED = "terminated"
    WITHDRAWN = "withdrawn"
    RELEASED = "released"
    CONDITION_FAILED = "condition_failed"
    HOSTILITIES_RESUMED = "hostilities_resumed"
    COMPLETED = "completed"
    NEVER_ENTERED = "never_entered"
    REJECTED = "rejected"


ENDED = frozenset(
    {
        Stage.SUPERSEDED,
        Stage.TERMINATED,
        Stage.WITHDRAWN,
        Stage.RELEASED,
        Stage.CONDITION_FAILED,
        Stage.HOSTILITIES_RESUMED,
        Stage.COMPLETED,
    }
)
NEVER = frozenset({Stage.NEVER_ENTERED, Stage.REJECTED})
CLOSED = ENDED | NEVER
BEFORE_ENTRY = frozenset(
    {Stage.ANNOUNCED, Stage.AWAITING_CONDITIONS, Stage.AWAITING_TRIGGER, Stage.SCHEDULED}
)


class Compliance(StrEnum):
    """What verifications find. The last three before the levels are verdicts on deeds done."""

    NOT_ASSESSED = "not_assessed"
    HELD = "held"
    HELD_IN_PART = "held_in_part"
    CONTESTED = "contested"
    BREACHED = "breached"
    FULFILLED = "fulfilled"
    FULFILLED_LATE = "fulfilled_late"
    CANNOT_BE_DETERMINED = "cannot_be_determined"
    NOT_INITIATED = "not_initiated"
    MINIMUM = "minimum"
    INTERMEDIATE = "intermediate"
    COMPLETE = "complete"


DEED_LEVELS = frozenset(
    {
        Compliance.NOT_INITIATED,
        Compliance.MINIMUM,
        Compliance.INTERMEDIATE,
        Compliance.COMPLETE,
    }
)
FINDINGS = frozenset(Compliance) - {Compliance.NOT_ASSESSED}


@dataclass(frozen=True, slots=True)
class Allowed:
    """One allowed move: a verb, the states that it may leave, the state that it reaches."""

    machine: Machine
    verb: str
    to: str
    sources: frozenset[str]


_LIVE = BEFORE_ENTRY | {Stage.IN_FORCE}
_STAGE_MOVES: tuple[tuple[str, Stage, frozenset[Stage]], ...] = (
    ("enter into force", Stage.IN_FORCE, BEFORE_ENTRY),
    ("supersede", Stage.SUPERSEDED, _LIVE | {Stage.EXPIRED}),
    ("terminate by mutual agreement", Stage.TERMINATED, _LIVE),
    ("withdraw", Stage.WITHDRAWN, _LIVE),
    ("release on the other's breach", Stage.RELEASED, _LIVE),
    ("end because a condition failed", Stage.CONDITION_FAILED, _LIVE),
    ("end by resumed hostilities", Stage.HOSTILITIES_RESUMED, _LIVE | {Stage.EXPIRED}),
    ("complete", Stage.COMPLETED, _LIVE | {Stage.EXPIRED}),
    ("find that it never entered into force", Stage.NEVER_ENTERED, BEFORE_ENTRY),
    ("reject by its addressee", Stage.REJECTED, BEFORE_ENTRY),
)
_CONDITION_STATES = (
    "pending",
    "met",
    "partly_met",
    "unmet",
    "waived",
    "lapsed",
    "cannot_be_verified",
)
_INCIDENT_STATES = (
    "alleged",
    "under_inquiry",
    "not_an_incident",
    "incident_without_violation",
    "minor_violation",
    "grave_violation",
    "unsubstantiated",
    "access_denied",
)
_CLOSED_CONDITION = {"waived", "lapsed"}


def _among(machine: Machine, states: tuple[str, ...], *, stuck: set[str]) -> Iterator[Allowed]:
    """Any state to any other, except that nothing leaves a stuck one but back to the first."""
    for to in states:
        sources = {s for s in states if s != to and (s not in stuck or to == states[0])}
        yield Allowed(machine, f"mark {to.replace('_', ' ')}", to, frozenset(sources))


def _table() -> tuple[Allowed, ...]:
    stage = [Allowed(Machine.STAGE, v, to, frozenset(src)) for v, to, src in _STAGE_MOVES]
    pairs = (
        (Machine.ACKNOWLEDGEMENT, ("unacknowledged", "accepted", "disputed")),
        (Machine.BINDING, ("not_binding", "binding")),
        (Machine.ATTRIBUTION, ("none", "claimed", "assessed", "established")),
    )
    return (
        *stage,
        *_among(Machine.CONDITION, _CONDITION_STATES, stuck=_CLOSED_CONDITION),
        Allowed(Machine.RELEASE, "claim release", "claimed", frozenset({"not_triggered"})),
        Allowed(
            Machine.RELEASE,
            "invoke release",
            "invoked",
            frozenset({"not_triggered", "claimed"}),
        ),
        Allowed(
            Machine.RELEASE,
            "take back the claim",
            "not_triggered",
            frozenset({"claimed"}),
        ),
        *(allowed for machine, states in pairs for allowed in _among(machine, states, stuck=set())),
        *_among(Machine.INCIDENT, _INCIDENT_STATES, stuck=set()),
        Allowed(Machine.DEADLINE, "mark done", "done", frozenset({"open"})),
        Allowed(Machine.DEADLINE, "waive", "waived", frozenset({"open"})),
        Allowed(Machine.DEADLINE, "open again", "open", frozenset({"done", "waived"})),
        Allowed(Machine.EXTENSION, "accept", "accepted", frozenset({"proposed"})),
        Allowed(Machine.EXTENSION, "reject", "rejected", frozenset({"proposed"})),
    )


MOVES: tuple[Allowed, ...] = _table()
INITIAL: dict[Machine, str] = {
    Machine.STAGE: Stage.ANNOUNCED,
    Machine.CONDITION: "pending",
    Machine.RELEASE: "not_triggered",
    Machine.ACKNOWLEDGEMENT: "unacknowledged",
    Machine.BINDING: "not_binding",
    Machine.INCIDENT: "alleged",
    Machine.ATTRIBUTION: "none",
    Machine.DEADLINE: "open",
    Machine.EXTENSION: "proposed",
}


def states(machine: Machine) -> tuple[str, ...]:
    """The states of a machine, its initial one first."""
    if machine is Machine.STAGE:
        return tuple(Stage)
    found = [INITIAL[machine]]
    found += [move.to for move in MOVES if move.machine is machine and move.to not in found]
    return tuple(found)


def find(machine: Machine, to: str) -> Allowed:
    """The move that reaches a state. Raises Invalid when people cannot move anything there."""
    for allowed in MOVES:
        if allowed.machine is machine and allowed.to == to:
            return allowed
    reachable = ", ".join(sorted(m.to for m in MOVES if m.machine is machine))
    raise Invalid(
        _("“{to}” is no state that a person can move the {machine} to.", to=to, machine=machine),
        field="to",
        mend=_("Use one of: {reachable}.", reachable=reachable),
    )


def check(machine: Machine, *, current: str, to: str) -> Allowed:
    """The move from ``current`` to ``to``. Raises Invalid or NotAllowed with the reason."""
    allowed = find(machine, to)
    if current not in allowed.sources:
        raise NotAllowed(
            _(
                "The {machine} is “{current}”: one cannot {verb} then.",
                machine=machine,
                current=current.replace("_", " "),
                verb=allowed.verb,
            ),
            field="to",
            mend=_(
                "It can be done from: {sources}.",
                sources=", ".join(sorted(allowed.sources)).replace("_", " "),
            ),
        )
    return allowed


def possible(machine: Machine, current: str) -> tuple[Allowed, ...]:
    """The moves that a person may make from a state, in the table's order."""
    return tuple(m for m in MOVES if m.machine is machine and current in m.sources)
