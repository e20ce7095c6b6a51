"""What somebody wants to be told of: a pledge, a party's pledges, a dossier, or a saved view."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from .constraints import exactly_one
from .fields import LinesField

TARGETS = ("pledge", "party", "dossier", "view")


class Subscription(models.Model):
    """``kinds`` and ``leads`` empty: all of them. ``is_mute``: not told, whatever else says so.

    The analyst of a pledge is told without one. An ended one stays, so that it can be answered why
    somebody was or was not alerted.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="subscriptions"
    )
    pledge = models.ForeignKey("Pledge", null=True, on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey("Party", null=True, on_delete=models.PROTECT, related_name="+")
    dossier = models.ForeignKey("Dossier", null=True, on_delete=models.PROTECT, related_name="+")
    view = models.ForeignKey("SavedView", null=True, on_delete=models.PROTECT, related_name="+")
    kinds = LinesField()
    leads = LinesField()
    is_mute = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            exactly_one("is_to_one_thing", *TARGETS),
            *(
                models.UniqueConstraint(
                    fields=("user", target),
                    condition=Q(ended_at__isnull=True),
                    name=f"subscription_to_{target}_is_unique",
                )
                for target in TARGETS
            ),
        )

    def __str__(self) -> str:
        target = next(name for name in TARGETS if getattr(self, f"{name}_id") is not None)
        return f"{self.user_id}: {target} {getattr(self, f'{target}_id')}"
