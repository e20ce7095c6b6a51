"""A step inside a pledge. When it is due is told by its readings; none: undated."""

from django.db import models

from .constraints import choices, filled, one_of
from .fact import COMMON, KEYED_CONSTRAINTS, KeyedFact

KINDS = ("milestone", "report", "review")


class Deadline(KeyedFact):
    NOUN = "deadline"
    ENTERED = ("pledge", "title", "kind", *COMMON)

    pledge = models.ForeignKey("Pledge", on_delete=models.PROTECT)
    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=20, choices=choices(KINDS), default="milestone")

    class Meta:
        constraints = (*KEYED_CONSTRAINTS, *filled("title"), one_of("kind", KINDS))
