"""One conflict or process under watch: the unit of membership and of publication."""

from django.conf import settings
from django.db import models

from .constraints import filled
from .fact import Entered
from .fields import CurveField, SpanField, ZoneField


class Dossier(Entered):
    """``zone`` is for display only. ``laid_at``: the instant around which practice dates lie.

    ``tells_details``: mail about it, while it is private, may say more than a reference. What
    nobody has acknowledged ``escalates_after`` it was due is owed to ``escalates_to``.
    ``four_eyes``: what a person changes counts once another has confirmed it. ``freshness``: how
    long findings of each grade last.
    """

    NOUN = "dossier"
    KEY = "slug"
    ENTERED = (
        "title",
        "summary",
        "is_public",
        "is_practice",
        "zone",
        "laid_at",
        "tells_details",
        "escalates_to",
        "escalates_after",
        "four_eyes",
        "freshness",
    )

    slug = models.SlugField(max_length=100, unique=True)
    title = models.CharField(max_length=300)
    summary = models.TextField(blank=True, default="")
    is_public = models.BooleanField(default=False)
    is_practice = models.BooleanField(default=False)
    zone = ZoneField(blank=True, default="")
    laid_at = models.DateTimeField(null=True, blank=True)
    tells_details = models.BooleanField(default=False)
    escalates_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    escalates_after = SpanField(blank=True, default="")
    four_eyes = models.BooleanField(default=False)
    freshness = CurveField()

    class Meta:
        constraints = (
            *filled("slug", "title"),
            models.CheckConstraint(
                condition=models.Q(laid_at__isnull=True) | models.Q(is_practice=True),
                name="dossier_laid_at_is_for_practice",
            ),
            models.CheckConstraint(
                condition=models.Q(escalates_to__isnull=True, escalates_after="")
                | (models.Q(escalates_to__isnull=False) & ~models.Q(escalates_after="")),
                name="dossier_escalates_to_somebody_after_some_time",
            ),
        )
