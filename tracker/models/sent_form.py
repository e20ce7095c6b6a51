"""Forms that were sent, so that one sent twice enters one row. Forgotten after a month."""

from django.conf import settings
from django.db import models

from .constraints import filled


class SentForm(models.Model):
    """``token``: made with the form; ``key``: of the row that it entered."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    token = models.CharField(max_length=40)
    key = models.CharField(max_length=250, blank=True, default="")
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (
            *filled("token"),
            models.UniqueConstraint(fields=("by", "token"), name="sent_form_counts_once"),
        )

    def __str__(self) -> str:
        return f"{self.by_id}: {self.key}"
