"""What somebody has typed into a form and not sent yet. Personal, not in the ledger, forgotten."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from .constraints import filled


class Draft(models.Model):
    """``address``: of the form; ``typed``: its fields as sent, as JSON; ``seen``: the ledger's
    entry that the form was made from. ``window``: the loaded page that saves it, ``turn``: how many
    pages did so before. A draft that was sent keeps nothing of what was typed.
    """

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    address = models.TextField()
    title = models.CharField(max_length=400, blank=True, default="")
    typed = models.TextField(blank=True, default="")
    size = models.PositiveIntegerField(default=0)
    seen = models.PositiveBigIntegerField(null=True)
    window = models.CharField(max_length=32)
    turn = models.PositiveIntegerField(default=0)
    begun_at = models.DateTimeField()
    saved_at = models.DateTimeField(db_index=True)
    discarded_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            *filled("address", "window"),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(typed="", size=0),
                name="draft_that_was_sent_keeps_nothing",
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(discarded_at__isnull=True),
                name="draft_is_sent_or_discarded",
            ),
        )
        indexes = (models.Index(fields=("by", "saved_at"), name="draft_of_somebody"),)

    def __str__(self) -> str:
        return f"{self.by_id}: {self.address}"
