"""That an incident does not bear on a pledge which it was suggested with. No fact, and no clock
reads it: it only keeps the same pair from being suggested again.
"""

from django.conf import settings
from django.db import models


class MatchDismissal(models.Model):
    incident = models.ForeignKey(
        "Incident", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    pledge = models.ForeignKey("Pledge", on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("incident", "pledge"), name="match_is_dismissed_once"),
        )

    def __str__(self) -> str:
        return f"{self.incident_id}: not on {self.pledge_id}"
