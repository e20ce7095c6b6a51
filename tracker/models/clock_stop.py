"""The clock of a pledge stood still: from, to; the remaining time is kept."""

from django.db import models

from .constraints import filled
from .fact import COMMON, KEYED_CONSTRAINTS, KeyedFact
from .fields import StatedField


class ClockStop(KeyedFact):
    """A blank end: it still stands still."""

    NOUN = "clock_stop"
    ENTERED = ("pledge", "start", "end", *COMMON)

    pledge = models.ForeignKey("Pledge", on_delete=models.PROTECT)
    start = StatedField()
    start_instant = models.DateTimeField(null=True, db_index=True, editable=False)
    end = StatedField(blank=True, default="")
    end_instant = models.DateTimeField(null=True, db_index=True, editable=False)

    class Meta:
        constraints = (*KEYED_CONSTRAINTS, *filled("start"))
