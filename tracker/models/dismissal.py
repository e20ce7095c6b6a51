"""That a suggestion which the tracker made of a source's text is not wanted. No fact, and no clock
reads it: it only keeps the same suggestion from being made again.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from .constraints import filled


class Dismissal(models.Model):
    """``start`` and ``end``: the passage in the snapshot, in code points; ``kind``: as what it was
    suggested.
    """

    source = models.ForeignKey("Source", on_delete=models.PROTECT, related_name="+")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    kind = models.CharField(max_length=30)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (
            *filled("kind"),
            models.CheckConstraint(condition=Q(start__lt=F("end")), name="dismissal_of_a_passage"),
            models.UniqueConstraint(
                fields=("source", "start", "end", "kind"), name="suggestion_is_dismissed_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.source_id}: {self.start}-{self.end} {self.kind}"
