"""Runs of the sweep: what /readyz reads. Derived; the ledger knows nothing of them."""

from django.db import models


class SweepRun(models.Model):
    """One run. `noticed` counts the pledges that it brought in line; more may have been left."""

    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(db_index=True)
    noticed = models.PositiveIntegerField(default=0)
    is_caught_up = models.BooleanField(default=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(finished_at__gte=models.F("started_at")),
                name="sweep_run_finishes_after_its_start",
            ),
        )

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M:%S} ({self.noticed})"
