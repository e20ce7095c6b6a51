"""One alleged event that bears on pledges. What was found of it is told by moves.

``subject`` blank: not stated.
"""

from typing import Any

from django.db import models

from tracker.domain.facts import Subject

from .constraints import choices, filled, one_of
from .fact import COMMON, KEYED_CONSTRAINTS, KeyedFact
from .fields import StatedField


class Incident(KeyedFact):
    NOUN = "incident"
    ENTERED = (
        "occurred",
        "occurred_until",
        "place",
        "place_precision",
        "actor",
        "target",
        "claimants",
        "pledges",
        "description",
        "sources",
        "subject",
        *COMMON,
    )

    occurred = StatedField()
    occurred_instant = models.DateTimeField(null=True, db_index=True, editable=False)
    occurred_until = StatedField(blank=True, default="")
    occurred_until_instant = models.DateTimeField(null=True, db_index=True, editable=False)
    place = models.CharField(max_length=300, blank=True, default="")
    place_precision = models.CharField(max_length=300, blank=True, default="")
    actor = models.ForeignKey("Party", null=True, blank=True, on_delete=models.PROTECT)
    target = models.CharField(max_length=300, blank=True, default="")
    claimants: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        "Party", blank=True, related_name="+"
    )
    pledges: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        "Pledge", blank=True, related_name="incidents"
    )
    description = models.TextField()
    sources: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        "Source", blank=True, related_name="+"
    )

    subject = models.CharField(max_length=30, choices=choices(Subject), blank=True, default="")

    class Meta:
        constraints = (
            *KEYED_CONSTRAINTS,
            *filled("occurred", "description"),
            one_of("subject", Subject, blank=True),
        )
