"""One link of a term's chain: proposed, until a move accepts or rejects it."""

from django.db import models

from tracker.domain.facts import LinkKind, Rule

from .constraints import choices, one_of
from .fact import COMMON, KEYED_CONSTRAINTS, KeyedFact
from .fields import SpanField, StatedField, ZoneField


class Extension(KeyedFact):
    """An end replaces every reading's; a duration shifts each."""

    NOUN = "extension"
    ENTERED = (
        "pledge",
        "order",
        "kind",
        "start",
        "end",
        "duration",
        "rule",
        "zone",
        "retroactive",
        *COMMON,
    )

    pledge = models.ForeignKey("Pledge", on_delete=models.PROTECT)
    order = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=choices(LinkKind))
    start = StatedField(blank=True, default="")
    start_instant = models.DateTimeField(null=True, db_index=True, editable=False)
    end = StatedField(blank=True, default="")
    end_instant = models.DateTimeField(null=True, db_index=True, editable=False)
    duration = SpanField(blank=True, default="")
    rule = models.CharField(max_length=10, choices=choices(Rule), blank=True, default="")
    zone = ZoneField(blank=True, default="")
    retroactive = models.BooleanField(default=False)

    class Meta:
        constraints = (
            *KEYED_CONSTRAINTS,
            one_of("kind", LinkKind),
            one_of("rule", Rule, blank=True),
            models.UniqueConstraint(fields=("pledge", "order"), name="extension_order_is_unique"),
            models.CheckConstraint(
                condition=models.Q(order__gte=1), name="extension_order_counts_from_one"
            ),
            models.CheckConstraint(
                condition=models.Q(end="") | models.Q(duration=""), name="extension_has_one_end"
            ),
            models.CheckConstraint(
                condition=models.Q(start="") | models.Q(kind__in=["renewed", "revived"]),
                name="extension_start_begins_anew",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="tacit") | models.Q(end="", duration=""),
                name="extension_tacit_is_open",
            ),
        )
