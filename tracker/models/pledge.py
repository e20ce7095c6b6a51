"""What one pledgor undertook, under one reference, with one term."""

from typing import Any

from django.conf import settings
from django.db import models

from tracker.domain.facts import Act, Subject

from .constraints import choices, filled, one_of
from .fact import COMMON, FACT_CONSTRAINTS, Fact
from .fields import LinesField, SpanField, SpansField, TagsField

SPECIFICITY = ("vague", "specific", "measurable")


class Pledge(Fact):
    """``version`` is raised by every edit of any fact that its evaluation reads.

    ``search``: what it is found by, as ``domain/filters.py`` folds it; ``tag_search``: its tags, as
    ``domain/tags.py`` does. ``merged_into``: the pledge of the dossier that it turned out to be; it
    is listed nowhere then.
    """

    NOUN = "pledge"
    KEY = "ref"
    ENTERED = (
        "title",
        "instrument",
        "pledgor",
        "beneficiaries",
        "act",
        "subject",
        "scope",
        "area",
        "prohibited",
        "permitted",
        "protected_objects",
        "specificity",
        "mechanism_agreed",
        "mechanism_operating",
        "reciprocates",
        "analyst",
        "cadence",
        "leads",
        "merged_into",
        "tags",
        *COMMON,
    )

    ref = models.CharField(max_length=100, unique=True)
    title = models.CharField(max_length=300)
    instrument = models.ForeignKey("Instrument", on_delete=models.PROTECT)
    pledgor = models.ForeignKey("Party", on_delete=models.PROTECT, related_name="pledges")
    beneficiaries: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        "Party", blank=True, related_name="+"
    )
    act = models.CharField(max_length=20, choices=choices(Act))
    subject = models.CharField(max_length=30, choices=choices(Subject))
    scope = models.TextField(blank=True, default="")
    area = models.TextField(blank=True, default="")
    prohibited = models.TextField(blank=True, default="")
    permitted = models.TextField(blank=True, default="")
    protected_objects = LinesField()
    specificity = models.CharField(max_length=20, choices=choices(SPECIFICITY), default="specific")
    mechanism_agreed = models.TextField(blank=True, default="")
    mechanism_operating = models.TextField(blank=True, default="")
    reciprocates = models.ManyToManyField(
        "self",
        blank=True,
        symmetrical=False,
        through="Reciprocation",
        through_fields=("pledge", "reciprocated"),
        related_name="reciprocated_by",
    )
    analyst = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    cadence = SpanField(blank=True, default="")
    leads = SpansField()
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )
    tags = TagsField()
    search = models.TextField(blank=True, default="", editable=False)
    tag_search = models.TextField(blank=True, default="", editable=False)

    class Meta:
        constraints = (
            *FACT_CONSTRAINTS,
            *filled("ref", "title"),
            one_of("act", Act),
            one_of("subject", Subject),
            one_of("specificity", SPECIFICITY),
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True)
                | ~models.Q(merged_into=models.F("id")),
                name="pledge_is_merged_into_another",
            ),
        )
        indexes = (
            # Which tags there are to choose from, and who has one: few pledges of many.
            models.Index(
                fields=("dossier",), condition=~models.Q(tag_search=""), name="pledge_is_tagged"
            ),
        )


class Reciprocation(models.Model):
    """That a pledge answers another one: a join row, part of the first one's state."""

    pledge = models.ForeignKey(Pledge, on_delete=models.CASCADE, related_name="+")
    reciprocated = models.ForeignKey(Pledge, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("pledge", "reciprocated"), name="reciprocation_is_unique"
            ),
            models.CheckConstraint(
                condition=~models.Q(pledge=models.F("reciprocated")),
                name="reciprocation_is_not_with_itself",
            ),
        )

    def __str__(self) -> str:
        return f"{self.pledge_id} → {self.reciprocated_id}"
