"""What one source says of one thing, field by field. Silent is not denies."""

from django.db import models

from tracker.domain.facts import ACCOUNT_FIELDS, Stance

from .constraints import between, choices, exactly_one, one_of
from .fact import COMMON, KEYED_CONSTRAINTS, KeyedFact
from .fields import PlaceField, SaidField, StatedField

ABOUT = ("pledge", "condition", "position", "extension", "trigger", "deadline")


def _stance() -> "models.CharField[str, str]":
    return models.CharField(max_length=10, choices=choices(Stance), default=Stance.SILENT.value)


class Account(KeyedFact):
    """Two accounts within one party are two accounts."""

    NOUN = "account"
    ENTERED = (
        "source",
        "speaker",
        "party",
        "quotation",
        "is_paraphrase",
        "place",
        "credibility",
        "said",
        *ABOUT,
        *ACCOUNT_FIELDS,
        "values",
        *COMMON,
    )

    source = models.ForeignKey("Source", on_delete=models.PROTECT)
    speaker = models.CharField(max_length=300, blank=True, default="")
    party = models.ForeignKey("Party", null=True, blank=True, on_delete=models.PROTECT)
    quotation = models.TextField(blank=True, default="")
    is_paraphrase = models.BooleanField(default=False)
    place = PlaceField()
    credibility = models.PositiveSmallIntegerField(default=6)
    said = StatedField(blank=True, default="")
    said_instant = models.DateTimeField(null=True, db_index=True, editable=False)
    pledge = models.ForeignKey("Pledge", null=True, blank=True, on_delete=models.PROTECT)
    condition = models.ForeignKey("Condition", null=True, blank=True, on_delete=models.PROTECT)
    position = models.ForeignKey("Position", null=True, blank=True, on_delete=models.PROTECT)
    extension = models.ForeignKey("Extension", null=True, blank=True, on_delete=models.PROTECT)
    trigger = models.ForeignKey("Trigger", null=True, blank=True, on_delete=models.PROTECT)
    deadline = models.ForeignKey("Deadline", null=True, blank=True, on_delete=models.PROTECT)
    existence = _stance()
    scope = _stance()
    area = _stance()
    start = _stance()
    duration = _stance()
    end = _stance()
    conditions = _stance()
    acceptance = _stance()
    compliance = _stance()
    values = SaidField()

    class Meta:
        constraints = (
            *KEYED_CONSTRAINTS,
            exactly_one("is_about_one_thing", *ABOUT),
            between("credibility", 1, 6),
            *(one_of(field, Stance) for field in ACCOUNT_FIELDS),
        )
