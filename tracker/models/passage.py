"""Derived: what each row is found by, folded, with what decides who finds it at which instant."""

from django.db import models

from .constraints import choices, filled, one_of

# As what something is found, in the order in which it is listed. ``text``: a source's own; an
# ``entry``: what only the page of a single entry shows.
KINDS = (
    "pledge",
    "position",
    "account",
    "condition",
    "deadline",
    "verification",
    "incident",
    "count",
    "source",
    "text",
    "instrument",
    "party",
    "dossier",
    "comment",
    "entry",
)


class Passage(models.Model):
    """Of the row with that number and key. ``public_at`` null: always; ``until_at`` null: still.

    ``pledge``: the one on whose page alone it stands; it is found while that is listed.
    ``selectors/passages.py`` says what of a row is in ``text``, which comes last here, so that a
    database that reads a row from its start need not read all of it.
    """

    kind = models.CharField(max_length=20, choices=choices(KINDS))
    noun = models.CharField(max_length=30)
    row = models.BigIntegerField()
    key = models.CharField(max_length=250)
    dossier = models.ForeignKey(
        "Dossier", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    pledge = models.ForeignKey(
        "Pledge", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    public_at = models.DateTimeField(null=True)
    until_at = models.DateTimeField(null=True)
    text = models.TextField()

    class Meta:
        constraints = (one_of("kind", KINDS), *filled("noun", "key", "text"))
        indexes = (
            models.Index(fields=("noun", "row"), name="passage_of_row"),
            # The newest of each kind are read in their order, where most of them have the words.
            models.Index(fields=("kind", "-public_at", "-id"), name="passage_newest_of_kind"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
