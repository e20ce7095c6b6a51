"""The bytes that a source's text was read from, or its picture, as they came: fetched or uploaded.

In the database, so that a backup holds them. Must not live here: what they say (documents).
"""

from django.conf import settings
from django.db import models

from .constraints import choices, filled, one_of

KINDS = ("pdf", "html", "text", "png", "jpeg", "webp")


class SourceFile(models.Model):
    """``kind``: what it is by its content. A source names it by its hash.

    ``entered_at`` is null while it is only shown in a form: such a file is forgotten in time.
    """

    dossier = models.ForeignKey("tracker.Dossier", on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    kind = models.CharField(max_length=10, choices=choices(KINDS))
    size = models.PositiveIntegerField()
    content = models.BinaryField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    kept_at = models.DateTimeField(db_index=True)
    entered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            *filled("sha256"),
            one_of("kind", KINDS),
            models.UniqueConstraint(fields=("dossier", "sha256"), name="source_file_is_kept_once"),
        )

    def __str__(self) -> str:
        return self.sha256
