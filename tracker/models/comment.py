"""What members say among themselves about a fact: plain text, for members only.

No clock reads it.
"""

from typing import Any

from django.conf import settings
from django.db import models

from .constraints import exactly_one, filled
from .fact import COMMON, KEYED_CONSTRAINTS, KeyedFact

ABOUT = ("pledge", "position", "source", "incident", "condition")


class Comment(KeyedFact):
    """``mentions``: whom it tells, by opaque id in the ledger, so that names can be erased."""

    NOUN = "comment"
    ENTERED = (*ABOUT, "text", "mentions", *COMMON)

    pledge = models.ForeignKey("Pledge", null=True, blank=True, on_delete=models.PROTECT)
    position = models.ForeignKey("Position", null=True, blank=True, on_delete=models.PROTECT)
    source = models.ForeignKey("Source", null=True, blank=True, on_delete=models.PROTECT)
    incident = models.ForeignKey("Incident", null=True, blank=True, on_delete=models.PROTECT)
    condition = models.ForeignKey("Condition", null=True, blank=True, on_delete=models.PROTECT)
    text = models.TextField()
    mentions: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="+"
    )

    class Meta:
        constraints = (
            *KEYED_CONSTRAINTS,
            *filled("text"),
            exactly_one("is_on_one_thing", *ABOUT),
        )
