"""How and when somebody is told: by mail or webhook, at once or in a digest, and when not."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from tracker.domain import addresses
from tracker.domain.timing import Rhythm

from .constraints import between, choices, one_of
from .fields import ZoneField


class AlertSettings(models.Model):
    """Times of day are the person's own, in ``zone``; blank: UTC. ``weekday``: Monday is 0.

    Quiet hours run from one time of day to another, over midnight where the first is later.
    ``by_mention``: told when somebody mentions the person in a comment; ``by_proposal``: when a
    change waits for the person to decide, and what became of one's own.
    ``refused_at``: the address was refused for good, so that no mail is tried until it changes or
    the person asks to try again.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="alert_settings"
    )
    zone = ZoneField(blank=True, default="")
    by_mail = models.BooleanField(default=True)
    by_mention = models.BooleanField(default=True)
    by_proposal = models.BooleanField(default=True)
    rhythm = models.CharField(max_length=20, choices=choices(Rhythm), default=Rhythm.AT_ONCE)
    hour = models.PositiveSmallIntegerField(default=8, validators=[MaxValueValidator(23)])
    weekday = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(6)])
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    snoozed_until = models.DateTimeField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)
    refused_detail = models.TextField(blank=True, default="")

    class Meta:
        verbose_name_plural = "alert settings"
        constraints = (
            one_of("rhythm", Rhythm),
            between("hour", 0, 23),
            between("weekday", 0, 6),
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="quiet_hours_begin_and_end",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id}: {self.rhythm}"


class Snooze(models.Model):
    """Nothing of this pledge leaves to this person before ``until``."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="snoozes"
    )
    pledge = models.ForeignKey("Pledge", on_delete=models.PROTECT, related_name="+")
    until = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "pledge"), name="snooze_is_unique"),)

    def __str__(self) -> str:
        return f"{self.user_id}: {self.pledge_id} until {self.until}"


class Webhook(models.Model):
    """Where somebody's own program is told: an address, and the secret that signs what it gets."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="webhook"
    )
    address = models.URLField(max_length=2000)
    sealed_secret = models.TextField()
    made_at = models.DateTimeField()
    refused_at = models.DateTimeField(null=True, blank=True)
    refused_detail = models.TextField(blank=True, default="")

    def __str__(self) -> str:
        return f"{self.user_id}: webhook"

    @property
    def place(self) -> str:
        """Its server. What follows in the address may be a secret."""
        return addresses.parse(self.address).place
