"""One conflict or process under watch: the unit of membership and of publication."""

from django.db import models

from .constraints import filled
from .fact import Entered
from .fields import ZoneField


class Dossier(Entered):
    """``zone`` is for display only. ``laid_at``: the instant around which practice dates lie."""

    NOUN = "dossier"
    KEY = "slug"
    ENTERED = ("title", "summary", "is_public", "is_practice", "zone", "laid_at")

    slug = models.SlugField(max_length=100, unique=True)
    title = models.CharField(max_length=300)
    summary = models.TextField(blank=True, default="")
    is_public = models.BooleanField(default=False)
    is_practice = models.BooleanField(default=False)
    zone = ZoneField(blank=True, default="")
    laid_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            *filled("slug", "title"),
            models.CheckConstraint(
                condition=models.Q(laid_at__isnull=True) | models.Q(is_practice=True),
                name="dossier_laid_at_is_for_practice",
            ),
        )
