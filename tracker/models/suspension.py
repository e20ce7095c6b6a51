"""A dated overlay on a pledge, whole or for named areas. It does not stop the clock."""

from django.db import models

from .constraints import filled
from .fact import COMMON, KEYED_CONSTRAINTS, KeyedFact
from .fields import LinesField, StatedField


class Suspension(KeyedFact):
    """No areas: the whole pledge. ``found``: found by somebody, not announced by a party."""

    NOUN = "suspension"
    ENTERED = ("pledge", "start", "end", "areas", "found", *COMMON)

    pledge = models.ForeignKey("Pledge", on_delete=models.PROTECT)
    start = StatedField()
    start_instant = models.DateTimeField(null=True, db_index=True, editable=False)
    end = StatedField(blank=True, default="")
    end_instant = models.DateTimeField(null=True, db_index=True, editable=False)
    areas = LinesField()
    found = models.BooleanField(default=False)

    class Meta:
        constraints = (*KEYED_CONSTRAINTS, *filled("start"))
