"""Derived: what the clock or a dependency raised on a pledge, and what became of it."""

from django.db import models

from tracker.domain.flags import KINDS

from .constraints import choices, one_of


class Flag(models.Model):
    """True since ``since``; the sweep saw it at ``noticed_at``. Withdrawn: a fact was corrected.

    ``is_backfilled``: it had been true for long when its facts were entered, and alerts nobody.
    """

    # Derived rows go with what they are derived from.
    pledge = models.ForeignKey("Pledge", on_delete=models.CASCADE, related_name="flags")
    kind = models.CharField(max_length=30, choices=choices(KINDS))
    subject = models.CharField(max_length=300, blank=True, default="")
    link = models.CharField(max_length=300, blank=True, default="")
    lead = models.CharField(max_length=20, blank=True, default="")
    since = models.DateTimeField()
    noticed_at = models.DateTimeField()
    is_backfilled = models.BooleanField(default=False)
    cleared_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            one_of("kind", KINDS),
            models.CheckConstraint(
                condition=models.Q(noticed_at__gte=models.F("since")),
                name="flag_is_noticed_after_it_is_true",
            ),
            models.UniqueConstraint(
                fields=("pledge", "kind", "subject", "link", "lead", "since"),
                name="flag_is_unique",
            ),
        )

    def __str__(self) -> str:
        return f"{self.pledge_id}: {self.kind} since {self.since}"
