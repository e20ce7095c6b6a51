"""What pledges were made in: a call, a statement, an agreement and so on."""

from typing import Any

from django.db import models

from .constraints import choices, filled, one_of
from .fact import COMMON, KEYED_CONSTRAINTS, KeyedFact
from .fields import StatedField

KINDS = ("call", "statement", "agreement", "unilateral_declaration", "resolution", "other")
FORMS = ("oral", "written")


class Instrument(KeyedFact):
    NOUN = "instrument"
    ENTERED = (
        "title",
        "kind",
        "form",
        "parties",
        "mediators",
        "guarantors",
        "monitors",
        "concluded",
        "signed",
        "published",
        "sources",
        *COMMON,
    )

    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=30, choices=choices(KINDS))
    form = models.CharField(max_length=10, choices=choices(FORMS))
    parties: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        "Party", blank=True, related_name="+"
    )
    mediators: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        "Party", blank=True, related_name="+"
    )
    guarantors: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        "Party", blank=True, related_name="+"
    )
    monitors: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        "Party", blank=True, related_name="+"
    )
    concluded = StatedField(blank=True, default="")
    concluded_instant = models.DateTimeField(null=True, db_index=True, editable=False)
    signed = StatedField(blank=True, default="")
    signed_instant = models.DateTimeField(null=True, db_index=True, editable=False)
    published = StatedField(blank=True, default="")
    published_instant = models.DateTimeField(null=True, db_index=True, editable=False)
    sources: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        "Source", blank=True, related_name="+"
    )

    class Meta:
        constraints = (
            *KEYED_CONSTRAINTS,
            *filled("title"),
            one_of("kind", KINDS),
            one_of("form", FORMS),
        )
