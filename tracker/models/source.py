"""One document: where it is from, what it says in full, and how far its publisher is relied on."""

from django.db import models

from .constraints import both_or_neither, choices, filled, one_of
from .fact import COMMON, KEYED_CONSTRAINTS, KeyedFact
from .fields import StatedField

KINDS = ("news", "readout", "statement", "agreement_text", "report", "social", "other")
RELIABILITY = ("A", "B", "C", "D", "E", "F")


class Source(KeyedFact):
    """``sha256`` is derived: the hash of the snapshot in UTF-8, blank without one.

    ``earlier``: the version that this one is newer than. ``file_sha256``: of the file that its text
    was read from (source_file.py), and what that was called.
    """

    NOUN = "source"
    ENTERED = (
        "title",
        "publisher",
        "url",
        "kind",
        "language",
        "published",
        "retrieved",
        "reliability",
        "snapshot",
        "earlier",
        "file_sha256",
        "file_name",
        *COMMON,
    )

    title = models.CharField(max_length=300)
    publisher = models.CharField(max_length=300, blank=True, default="")
    url = models.URLField(max_length=2000, blank=True, default="")
    kind = models.CharField(max_length=20, choices=choices(KINDS))
    language = models.CharField(max_length=300, blank=True, default="")
    published = StatedField(blank=True, default="")
    published_instant = models.DateTimeField(null=True, db_index=True, editable=False)
    retrieved = StatedField(blank=True, default="")
    retrieved_instant = models.DateTimeField(null=True, db_index=True, editable=False)
    reliability = models.CharField(max_length=1, choices=choices(RELIABILITY), default="F")
    snapshot = models.TextField(blank=True, default="")
    sha256 = models.CharField(max_length=64, blank=True, default="", editable=False)
    earlier = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="newer"
    )
    file_sha256 = models.CharField(max_length=64, blank=True, default="")
    file_name = models.CharField(max_length=150, blank=True, default="")

    class Meta:
        constraints = (
            *KEYED_CONSTRAINTS,
            *filled("title"),
            one_of("kind", KINDS),
            one_of("reliability", RELIABILITY),
            both_or_neither("file_sha256", "file_name"),
            models.UniqueConstraint(
                fields=("earlier",),
                condition=models.Q(withdrawn_at=""),
                name="source_has_one_newer_version",
            ),
        )
