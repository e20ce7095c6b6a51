"""A table of incidents that somebody imports: its file, what its columns mean, what became of it.

Nothing here is in a ledger: what an import enters is, and names it in its reason. Must not live
here: what a plan means (domain/importing.py).
"""

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from .constraints import choices, filled, one_of

OPEN, PROPOSED, QUEUED, ENTERED = "open", "proposed", "queued", "entered"
UNDO_PROPOSED, UNDO_QUEUED, UNDONE = "undo_proposed", "undo_queued", "undone"
STANDINGS = (OPEN, PROPOSED, QUEUED, ENTERED, UNDO_PROPOSED, UNDO_QUEUED, UNDONE)
WAITING = (QUEUED, UNDO_QUEUED)


class IncidentImport(models.Model):
    """``plan``: what its columns mean, as ``domain/importing.py`` keeps it. ``encoding`` and
    ``delimiter`` blank: told from the file. ``asked_by``: who wants it entered, or undone;
    ``confirmed_by``: the second one, where four eyes are asked for. ``told``: what came of the last
    attempt. ``attempts``: how often it was begun and not ended.
    """

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    dossier = models.ForeignKey("Dossier", on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    content = models.BinaryField()
    encoding = models.CharField(max_length=30, blank=True, default="")
    delimiter = models.CharField(max_length=1, blank=True, default="")
    plan: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    standing = models.CharField(max_length=20, choices=choices(STANDINGS), default=OPEN)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undo_reason = models.TextField(blank=True, default="")
    number = models.PositiveIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    told: "models.JSONField[Any, Any]" = models.JSONField(default=dict)

    class Meta:
        constraints = (
            *filled("file_name", "sha256"),
            one_of("standing", STANDINGS),
            models.CheckConstraint(
                condition=Q(standing__in=STANDINGS[:3], entered_at=None)
                | Q(standing__in=STANDINGS[3:], entered_at__isnull=False),
                name="import_is_entered_at_some_time",
            ),
        )
        indexes = (
            models.Index(
                fields=("asked_at",), condition=Q(standing__in=WAITING), name="import_waits"
            ),
        )

    def __str__(self) -> str:
        return f"{self.file_name} ({self.uid})"


class ImportedRow(models.Model):
    """An incident and the line that it came from. ``identity``: by what a double is known, also
    in another file; ``content``: what it said. ``is_undone``: its import was taken back, so that
    the same may be entered again.
    """

    by_import = models.ForeignKey(IncidentImport, on_delete=models.PROTECT, related_name="rows")
    dossier = models.ForeignKey(
        "Dossier", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    incident = models.OneToOneField("Incident", on_delete=models.PROTECT, related_name="imported")
    line = models.PositiveIntegerField()
    identity = models.CharField(max_length=64)
    content = models.CharField(max_length=64)
    is_undone = models.BooleanField(default=False)

    class Meta:
        constraints = (
            *filled("identity", "content"),
            models.UniqueConstraint(
                fields=("dossier", "identity"),
                condition=Q(is_undone=False),
                name="imported_row_is_no_double",
            ),
            models.UniqueConstraint(fields=("by_import", "line"), name="line_is_imported_once"),
        )

    def __str__(self) -> str:
        return f"{self.by_import_id}: line {self.line}"


class ColumnMapping(models.Model):
    """What the columns of a header meant when a table with it was last entered in the dossier."""

    dossier = models.ForeignKey(
        "Dossier", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    header = models.CharField(max_length=64)
    plan: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = (
            *filled("header"),
            models.UniqueConstraint(
                fields=("dossier", "header"), name="mapping_of_a_header_is_saved_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.dossier_id}: {self.header[:8]}"
