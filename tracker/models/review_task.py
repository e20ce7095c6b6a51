"""Review tasks: that a person should look, raised by a failed dependency. It judges nothing."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class ReviewTask(models.Model):
    """``subject``: what failed, as its flag names it; ``since``: when it did. Done by a person."""

    pledge = models.ForeignKey("Pledge", on_delete=models.PROTECT, related_name="review_tasks")
    subject = models.CharField(max_length=300, blank=True, default="")
    since = models.DateTimeField()
    raised_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.TextField(blank=True, default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("pledge", "subject", "since"), name="review_task_is_raised_once"
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="review_task_is_done_by_somebody",
            ),
        )
        indexes = (
            models.Index(
                fields=("since", "pledge"), condition=Q(done_at__isnull=True), name="review_is_open"
            ),
        )

    def __str__(self) -> str:
        return f"{self.pledge_id}: {self.subject}"
