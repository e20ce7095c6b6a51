"""Messages: which alerts travel together, and each attempt to deliver them."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from tracker.domain.outbox import MessageState, Outcome

from .alert import CHANNELS
from .constraints import choices, one_of


class Message(models.Model):
    """Frozen when it is first claimed: a retry says the same under the same id.

    ``uid`` makes the Message-ID. ``pledge`` null: a digest, or a test. From ``made_at`` the
    day of retries counts.
    ``attempts`` counts claims, so that one which kills its worker comes to an end. A waiting one is
    tried from ``next_try_at`` on by whoever holds the lease. ``is_uncertain``: an attempt may have
    been delivered without our being told; then nothing is added to it.
    """

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="messages"
    )
    channel = models.CharField(max_length=20, choices=choices(CHANNELS))
    pledge = models.ForeignKey(
        "Pledge", null=True, on_delete=models.PROTECT, related_name="messages"
    )
    is_test = models.BooleanField(default=False)
    state = models.CharField(
        max_length=20, choices=choices(MessageState), default=MessageState.WAITING
    )
    made_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    is_uncertain = models.BooleanField(default=False)
    is_late = models.BooleanField(default=False)
    subject = models.CharField(max_length=500, blank=True, default="")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            one_of("channel", CHANNELS),
            one_of("state", MessageState),
            models.CheckConstraint(
                condition=Q(state=MessageState.WAITING, ended_at__isnull=True)
                | (~Q(state=MessageState.WAITING) & Q(ended_at__isnull=False)),
                name="message_ends_when_it_no_longer_waits",
            ),
            models.CheckConstraint(
                condition=Q(next_try_at__gte=F("made_at")), name="message_is_tried_after_it_is_made"
            ),
        )
        indexes = (
            models.Index(
                fields=("next_try_at",),
                condition=Q(state=MessageState.WAITING),
                name="message_waiting",
            ),
            models.Index(fields=("recipient", "-made_at"), name="message_of_recipient"),
        )

    def __str__(self) -> str:
        return f"{self.uid} to {self.recipient_id}: {self.state}"


class Delivery(models.Model):
    """One attempt to hand a message over, and what came of it: ``code`` and ``detail`` as told."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="deliveries")
    attempt = models.PositiveIntegerField()
    at = models.DateTimeField()
    outcome = models.CharField(max_length=20, choices=choices(Outcome))
    code = models.PositiveIntegerField(null=True)
    detail = models.TextField(blank=True, default="")

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = (
            one_of("outcome", Outcome),
            models.UniqueConstraint(
                fields=("message", "attempt"), name="delivery_attempt_is_unique"
            ),
        )

    def __str__(self) -> str:
        return f"{self.message_id} #{self.attempt}: {self.outcome}"
