"""A claimant's total over a period. Not incidents, and never netted against the other side's."""

from django.db import models

from .constraints import choices, filled, one_of
from .fact import COMMON, KEYED_CONSTRAINTS, KeyedFact
from .fields import StatedField

QUALIFIERS = ("exactly", "more_than", "about", "at_least")


class Count(KeyedFact):
    NOUN = "count"
    ENTERED = (
        "pledge",
        "claimant",
        "of",
        "number",
        "qualifier",
        "period_start",
        "period_end",
        "supersedes",
        "source",
        *COMMON,
    )

    pledge = models.ForeignKey("Pledge", null=True, blank=True, on_delete=models.PROTECT)
    claimant = models.ForeignKey("Party", on_delete=models.PROTECT)
    of = models.CharField(max_length=300)
    number = models.PositiveBigIntegerField()
    qualifier = models.CharField(max_length=20, choices=choices(QUALIFIERS), default="exactly")
    period_start = StatedField(blank=True, default="")
    period_start_instant = models.DateTimeField(null=True, db_index=True, editable=False)
    period_end = StatedField(blank=True, default="")
    period_end_instant = models.DateTimeField(null=True, db_index=True, editable=False)
    supersedes = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT)
    source = models.ForeignKey("Source", on_delete=models.PROTECT)

    class Meta:
        constraints = (
            *KEYED_CONSTRAINTS,
            *filled("of"),
            one_of("qualifier", QUALIFIERS),
            models.CheckConstraint(
                condition=models.Q(number__gte=0), name="count_number_is_not_negative"
            ),
            models.CheckConstraint(
                condition=models.Q(supersedes__isnull=True) | ~models.Q(supersedes=models.F("id")),
                name="count_supersedes_another",
            ),
        )
