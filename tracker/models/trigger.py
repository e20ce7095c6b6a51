"""An event that terms and deadlines rest on; readings of its own say when it occurred."""

from django.db import models

from .constraints import choices, filled, one_of
from .fact import COMMON, KEYED_CONSTRAINTS, KeyedFact

KINDS = ("signature", "acceptance", "repositioning", "condition_met", "step_done", "other")


class Trigger(KeyedFact):
    """``of_condition``, ``of_deadline``: it occurs when that condition is met or step done."""

    NOUN = "trigger"
    ENTERED = ("title", "kind", "of_condition", "of_deadline", *COMMON)

    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=20, choices=choices(KINDS))
    of_condition = models.ForeignKey(
        "Condition", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    of_deadline = models.ForeignKey(
        "Deadline", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = (
            *KEYED_CONSTRAINTS,
            *filled("title"),
            one_of("kind", KINDS),
            models.CheckConstraint(
                condition=models.Q(of_condition__isnull=True) | models.Q(of_deadline__isnull=True),
                name="trigger_is_one_event",
            ),
        )
