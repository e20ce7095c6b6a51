"""What a pledge, one of its links, or a position hangs on. Binding only when so marked."""

from django.db import models

from tracker.domain.facts import ConditionKind

from .constraints import choices, exactly_one, filled, one_of
from .fact import COMMON, KEYED_CONSTRAINTS, KeyedFact
from .fields import StatedField

ABOUT = ("pledge", "extension", "position")


class Condition(KeyedFact):
    NOUN = "condition"
    ENTERED = (
        *ABOUT,
        "kind",
        "text",
        "asserted_by",
        "due",
        "depends_on_pledge",
        "depends_on_trigger",
        *COMMON,
    )

    pledge = models.ForeignKey("Pledge", null=True, blank=True, on_delete=models.PROTECT)
    extension = models.ForeignKey("Extension", null=True, blank=True, on_delete=models.PROTECT)
    position = models.ForeignKey("Position", null=True, blank=True, on_delete=models.PROTECT)
    kind = models.CharField(max_length=30, choices=choices(ConditionKind))
    text = models.TextField()
    asserted_by = models.ForeignKey("Party", null=True, blank=True, on_delete=models.PROTECT)
    due = StatedField(blank=True, default="")
    due_instant = models.DateTimeField(null=True, db_index=True, editable=False)
    depends_on_pledge = models.ForeignKey(
        "Pledge", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    depends_on_trigger = models.ForeignKey(
        "Trigger", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = (
            *KEYED_CONSTRAINTS,
            *filled("text"),
            one_of("kind", ConditionKind),
            exactly_one("stands_on_one_thing", *ABOUT),
            models.CheckConstraint(
                condition=models.Q(depends_on_pledge__isnull=True)
                | models.Q(pledge__isnull=True)
                | ~models.Q(pledge=models.F("depends_on_pledge")),
                name="condition_depends_on_another_pledge",
            ),
        )
