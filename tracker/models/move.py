"""A dated judgement by a person: one machine goes to one state. What may follow what is data."""

from django.db import models

from tracker.domain.transitions import MOVES, Machine

from .constraints import choices, exactly_one, filled, one_of
from .fact import COMMON, KEYED_CONSTRAINTS, KeyedFact
from .fields import StatedField

MACHINES: dict[str, tuple[Machine, ...]] = {
    "pledge": (Machine.STAGE,),
    "condition": (
        Machine.CONDITION,
        Machine.RELEASE,
        Machine.ACKNOWLEDGEMENT,
        Machine.BINDING,
    ),
    "incident": (Machine.INCIDENT, Machine.ATTRIBUTION),
    "deadline": (Machine.DEADLINE,),
    "extension": (Machine.EXTENSION,),
}
ABOUT = tuple(MACHINES)


def _states() -> models.Q:
    """Each machine with the states that a person may move it to."""
    reached: dict[str, set[str]] = {}
    for move in MOVES:
        reached.setdefault(str(move.machine), set()).add(str(move.to))
    condition = models.Q()
    for machine in sorted(reached):
        condition |= models.Q(machine=machine, to__in=sorted(reached[machine]))
    return condition


def _owners() -> models.Q:
    """Each owner with the machines that it has."""
    condition = models.Q()
    for owner, machines in MACHINES.items():
        names = [str(machine) for machine in machines]
        condition |= models.Q(**{f"{owner}__isnull": False, "machine__in": names})
    return condition


class Move(KeyedFact):
    """``effective``: when the state changed; ``public``: when that was said."""

    NOUN = "move"
    ENTERED = (*ABOUT, "machine", "to", "effective", "reason", "by_party", *COMMON)

    pledge = models.ForeignKey("Pledge", null=True, blank=True, on_delete=models.PROTECT)
    condition = models.ForeignKey("Condition", null=True, blank=True, on_delete=models.PROTECT)
    incident = models.ForeignKey("Incident", null=True, blank=True, on_delete=models.PROTECT)
    deadline = models.ForeignKey("Deadline", null=True, blank=True, on_delete=models.PROTECT)
    extension = models.ForeignKey("Extension", null=True, blank=True, on_delete=models.PROTECT)
    machine = models.CharField(max_length=20, choices=choices(Machine))
    to = models.CharField(max_length=40)
    effective = StatedField()
    effective_instant = models.DateTimeField(null=True, db_index=True, editable=False)
    reason = models.TextField()
    by_party = models.ForeignKey(
        "Party", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = (
            *KEYED_CONSTRAINTS,
            *filled("effective", "reason"),
            one_of("machine", Machine),
            exactly_one("moves_one_thing", *ABOUT),
            models.CheckConstraint(condition=_states(), name="move_to_is_a_state_of_its_machine"),
            models.CheckConstraint(condition=_owners(), name="move_machine_is_its_owners"),
        )
