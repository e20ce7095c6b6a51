"""The ledger: one append-only entry per change that a person made, hash-chained per chain.

``append_only.py`` lays the triggers by which both databases refuse to alter or delete an entry.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

PARTIES = "parties"
PEOPLE = "people"
GLOBAL_CHAINS = (PARTIES, PEOPLE)


class LedgerChain(models.Model):
    """The head of a chain: a dossier's slug, ``parties`` or ``people``. Each writer locks it."""

    name = models.CharField(max_length=100, unique=True)
    seq = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)
    recorded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(seq=0, hash="") | (Q(seq__gt=0) & ~Q(hash="")),
                name="ledger_chain_has_a_head",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} #{self.seq}"


class LedgerEntry(models.Model):
    """One change: who, when, why, and the row's entered columns after it (null: deleted)."""

    # What the hash covers, besides the chain's name.
    HASHED: ClassVar[tuple[str, ...]] = (
        "seq",
        "recorded_at",
        "by",
        "action",
        "noun",
        "row_key",
        "row_id",
        "reason",
        "schema",
        "state",
        "previous",
    )

    chain = models.ForeignKey(
        LedgerChain, models.PROTECT, to_field="name", db_column="chain", related_name="entries"
    )
    seq = models.PositiveBigIntegerField()
    recorded_at = models.DateTimeField()
    by = models.CharField(max_length=64)
    action = models.CharField(max_length=60)
    noun = models.CharField(max_length=40)
    row_key = models.CharField(max_length=250)
    row_id = models.BigIntegerField()
    reason = models.TextField(blank=True)
    schema = models.PositiveIntegerField()
    state = models.TextField(null=True)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("chain", "seq"), name="ledger_entry_seq_is_unique"),
            models.CheckConstraint(
                condition=Q(seq=1, previous="") | (Q(seq__gt=1) & ~Q(previous="")),
                name="ledger_entry_follows_another",
            ),
        )
        indexes = (
            models.Index(fields=("chain", "noun", "row_key", "seq"), name="ledger_entry_of_a_row"),
        )

    def __str__(self) -> str:
        return f"{self.chain_id} #{self.seq}: {self.action} {self.row_key}"
