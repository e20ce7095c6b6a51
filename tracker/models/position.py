"""What was said but not promised. Never counted as a pledge."""

from django.db import models

from .constraints import choices, filled, one_of
from .fact import COMMON, FACT_CONSTRAINTS, Fact

KINDS = ("demand", "concern", "refusal", "proposal", "shared_aim", "discussed")


class Position(Fact):
    """``became``: the pledge that it was turned into, keeping its accounts."""

    NOUN = "position"
    KEY = "ref"
    ENTERED = (
        "title",
        "kind",
        "party",
        "addressee",
        "instrument",
        "text",
        "speaker",
        "became",
        *COMMON,
    )

    ref = models.CharField(max_length=100, unique=True)
    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=20, choices=choices(KINDS))
    party = models.ForeignKey("Party", on_delete=models.PROTECT, related_name="positions")
    addressee = models.ForeignKey(
        "Party", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    instrument = models.ForeignKey("Instrument", null=True, blank=True, on_delete=models.PROTECT)
    text = models.TextField(blank=True, default="")
    speaker = models.CharField(max_length=300, blank=True, default="")
    became = models.ForeignKey(
        "Pledge", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = (*FACT_CONSTRAINTS, *filled("ref", "title"), one_of("kind", KINDS))
