"""What all rows share that people enter, and which of their columns the ledger keeps.

Must not live here: a noun of its own. ``ENTERED`` names the columns that somebody typed; whatever
else a row holds is derived from them and can be computed again.
"""

from typing import ClassVar

from django.db import models

from .constraints import filled
from .fields import StatedField

COMMON = ("public", "withdrawn_at", "withdrawn_reason", "note")


class Entered(models.Model):
    """A row that people entered, so that the ledger holds its history.

    ``recorded_at`` is the instant of its first ledger entry; each edit raises ``version``.
    """

    NOUN: ClassVar[str]
    KEY: ClassVar[str] = "key"
    ENTERED: ClassVar[tuple[str, ...]]

    recorded_at = models.DateTimeField(editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(getattr(self, self.KEY))


class Fact(Entered):
    """A fact of a dossier, with its public time and its withdrawal."""

    dossier = models.ForeignKey("tracker.Dossier", on_delete=models.PROTECT, related_name="+")
    public = StatedField()
    public_instant = models.DateTimeField(null=True, db_index=True, editable=False)
    withdrawn_at = StatedField(blank=True, default="")
    withdrawn_at_instant = models.DateTimeField(null=True, db_index=True, editable=False)
    withdrawn_reason = models.TextField(blank=True, default="")
    note = models.TextField(blank=True, default="")

    class Meta:
        abstract = True


class KeyedFact(Fact):
    """A fact that is known by a key of its own within its dossier."""

    key = models.CharField(max_length=250)

    class Meta:
        abstract = True


FACT_CONSTRAINTS = (
    *filled("public"),
    models.CheckConstraint(
        condition=models.Q(public_instant__isnull=False), name="%(class)s_public_gives_an_instant"
    ),
    models.CheckConstraint(
        condition=models.Q(withdrawn_reason="") | ~models.Q(withdrawn_at=""),
        name="%(class)s_withdrawn_reason_has_its_time",
    ),
)
KEYED_CONSTRAINTS = (
    *FACT_CONSTRAINTS,
    *filled("key"),
    models.UniqueConstraint(fields=("dossier", "key"), name="%(class)s_key_is_unique"),
)
