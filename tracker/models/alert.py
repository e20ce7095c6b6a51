"""Alerts: one message owed to one recipient for one cause; and each attempt to deliver it."""

from django.conf import settings
from django.db import models

from tracker.domain.flags import KINDS

from .constraints import choices, one_of

CHANNELS = ("mail", "webhook")
OUTCOMES = ("sent", "deferred", "refused")


class Alert(models.Model):
    """Nobody is alerted twice for one cause: the constraint holds whatever the code does.

    ``true_at``: since when the flag was true; ``owed_at``: when the alert was queued. It is open
    until a delivery was sent or refused for good.
    """

    pledge = models.ForeignKey("Pledge", on_delete=models.PROTECT, related_name="alerts")
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="alerts"
    )
    channel = models.CharField(max_length=20, choices=choices(CHANNELS))
    kind = models.CharField(max_length=30, choices=choices(KINDS))
    subject = models.CharField(max_length=300, blank=True, default="")
    link = models.CharField(max_length=300, blank=True, default="")
    lead = models.CharField(max_length=20, blank=True, default="")
    true_at = models.DateTimeField()
    owed_at = models.DateTimeField()

    class Meta:
        constraints = (
            one_of("channel", CHANNELS),
            one_of("kind", KINDS),
            models.UniqueConstraint(
                fields=(
                    "pledge",
                    "recipient",
                    "channel",
                    "kind",
                    "subject",
                    "link",
                    "lead",
                    "true_at",
                ),
                name="alert_is_owed_once",
            ),
            models.CheckConstraint(
                condition=models.Q(owed_at__gte=models.F("true_at")),
                name="alert_is_owed_after_it_is_true",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} of {self.pledge_id} to {self.recipient_id}"


class Delivery(models.Model):
    """One attempt to send an alert, and what came of it."""

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="deliveries")
    attempt = models.PositiveIntegerField()
    at = models.DateTimeField()
    outcome = models.CharField(max_length=20, choices=choices(OUTCOMES))
    detail = models.TextField(blank=True, default="")

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = (
            one_of("outcome", OUTCOMES),
            models.UniqueConstraint(fields=("alert", "attempt"), name="delivery_attempt_is_unique"),
        )

    def __str__(self) -> str:
        return f"{self.alert_id} #{self.attempt}: {self.outcome}"
