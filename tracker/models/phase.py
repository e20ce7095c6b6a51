"""Derived: each stretch of a pledge's trajectory in which nothing that is compared changes."""

from typing import Any

from django.db import models

from tracker.domain.transitions import Stage

from .constraints import choices, one_of


class Phase(models.Model):
    """Half-open, [from_at, until_at). ``stage`` blank: the pledge is not listed.

    ``noticed_at`` null: the sweep has not yet seen that it began.
    """

    # Derived rows go with what they are derived from.
    pledge = models.ForeignKey("Pledge", on_delete=models.CASCADE, related_name="phases")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    stage = models.CharField(max_length=30, choices=choices(Stage), blank=True, default="")
    overlays: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    flags: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    noticed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            one_of("stage", Stage, blank=True),
            models.UniqueConstraint(fields=("pledge", "from_at"), name="phase_begins_once"),
            models.CheckConstraint(
                condition=models.Q(until_at__isnull=True)
                | models.Q(until_at__gt=models.F("from_at")),
                name="phase_ends_after_it_begins",
            ),
        )
        indexes = (
            models.Index(
                fields=("from_at",),
                condition=models.Q(noticed_at__isnull=True),
                name="phase_due",
            ),
        )

    def __str__(self) -> str:
        return f"{self.pledge_id}: {self.stage or 'not listed'} from {self.from_at}"
