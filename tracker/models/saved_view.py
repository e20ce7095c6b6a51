"""A saved view: a filter of pledges under a name, as ``domain/filters.py`` reads it."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models

from .constraints import filled


class SavedView(models.Model):
    """``filters``: the query of an address, as lists of texts by name, last changed ``changed_at``.

    ``uid`` is in its link. Shared ones are for whoever has that; what they list is still what the
    visitor may see.
    """

    NOUN = "view"

    uid = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="saved_views"
    )
    name = models.CharField(max_length=200)
    filters: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    is_shared = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = filled("name")

    def __str__(self) -> str:
        return self.name
