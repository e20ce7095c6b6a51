"""One dated finding on a pledge over a period, to a stated standard, on evidence."""

from typing import Any

from django.db import models

from tracker.domain.transitions import FINDINGS

from .constraints import between, choices, filled, one_of
from .fact import COMMON, KEYED_CONSTRAINTS, KeyedFact
from .fields import StatedField
from .source import RELIABILITY

FOUND = tuple(sorted(FINDINGS))
# How sure one has to be, from the least on; blank: not stated.
PROOFS = ("reasonable_suspicion", "reasonable_grounds", "balance", "clear", "beyond_doubt")


class Verification(KeyedFact):
    """``standard``: what counts as kept, in words; ``proof``: how sure one has to be of it.
    ``cites``: the earlier finding of the same pledge that this one corrects.
    """

    NOUN = "verification"
    ENTERED = (
        "pledge",
        "period_start",
        "period_end",
        "finding",
        "standard",
        "proof",
        "reasoning",
        "reliability",
        "credibility",
        "is_final",
        "cites",
        "incidents",
        "sources",
        *COMMON,
    )

    pledge = models.ForeignKey("Pledge", on_delete=models.PROTECT)
    period_start = StatedField()
    period_start_instant = models.DateTimeField(null=True, db_index=True, editable=False)
    period_end = StatedField()
    period_end_instant = models.DateTimeField(null=True, db_index=True, editable=False)
    finding = models.CharField(max_length=30, choices=choices(FOUND))
    standard = models.TextField(blank=True, default="")
    proof = models.CharField(max_length=30, choices=choices(PROOFS), blank=True, default="")
    reasoning = models.TextField()
    reliability = models.CharField(max_length=1, choices=choices(RELIABILITY), default="F")
    credibility = models.PositiveSmallIntegerField(default=6)
    is_final = models.BooleanField(default=False)
    cites = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT)
    incidents: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        "Incident", blank=True, related_name="+"
    )
    sources: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        "Source", blank=True, related_name="+"
    )

    class Meta:
        constraints = (
            *KEYED_CONSTRAINTS,
            *filled("period_start", "period_end", "reasoning"),
            one_of("finding", FOUND),
            one_of("proof", PROOFS, blank=True),
            one_of("reliability", RELIABILITY),
            between("credibility", 1, 6),
            models.CheckConstraint(
                condition=models.Q(cites__isnull=True) | ~models.Q(cites=models.F("id")),
                name="verification_cites_another",
            ),
        )
