"""An analyst's choice of a reading, with a reason. The latest public one of a subject wins."""

from django.db import models

from .constraints import filled
from .fact import COMMON, KEYED_CONSTRAINTS, KeyedFact


class Adoption(KeyedFact):
    NOUN = "adoption"
    ENTERED = ("reading", "reason", *COMMON)

    reading = models.ForeignKey("Reading", on_delete=models.PROTECT)
    reason = models.TextField()

    class Meta:
        constraints = (*KEYED_CONSTRAINTS, *filled("reason"))
