"""Derived: the stretches in which a pledge is in force by each of its readings.

What incidents are matched with; see ``domain/spans.py``. ``starts_at`` and ``ends_at`` are the
clock's: the earliest start and the latest end, without one where it has none.
"""

from django.db import models
from django.db.models import F, Q

from .constraints import filled


class TermSpan(models.Model):
    """Half-open. ``starts_by`` and ``ends_from``: the other ends of the windows in which start and
    end lie. ``stands_until``: from then on the reading was withdrawn or set aside.
    """

    # Derived rows go with what they are derived from. The constraint finds them by their pledge.
    pledge = models.ForeignKey(
        "Pledge", on_delete=models.CASCADE, related_name="spans", db_index=False
    )
    dossier = models.ForeignKey(
        "Dossier", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    reading = models.CharField(max_length=250)
    number = models.PositiveIntegerField()
    starts_at = models.DateTimeField()
    starts_by = models.DateTimeField()
    ends_from = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    zone = models.CharField(max_length=64, blank=True, default="")
    is_adopted = models.BooleanField(default=False)
    stands_until = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            *filled("reading"),
            models.UniqueConstraint(
                fields=("pledge", "reading", "number"), name="span_of_a_reading_is_kept_once"
            ),
            models.CheckConstraint(
                condition=Q(starts_by__gte=F("starts_at")), name="span_start_is_a_window"
            ),
            models.CheckConstraint(
                condition=Q(ends_from__isnull=True, ends_at__isnull=True)
                | Q(ends_at__gte=F("ends_from")),
                name="span_end_is_a_window",
            ),
        )
        indexes = (
            models.Index(fields=("dossier", "ends_at", "starts_at"), name="span_is_under_way"),
            models.Index(fields=("dossier", "starts_at"), name="span_begins"),
        )

    def __str__(self) -> str:
        return f"{self.pledge_id}: {self.reading} from {self.starts_at}"
