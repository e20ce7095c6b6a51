"""One way to compute a term, when a trigger occurred, or when a deadline is due."""

from django.db import models

from tracker.domain.facts import OpenEnd, Rule

from .constraints import both_or_neither, choices, exactly_one, one_of
from .fact import COMMON, KEYED_CONSTRAINTS, KeyedFact
from .fields import SpanField, StatedField, ZoneField

ABOUT = ("pledge", "trigger", "deadline")
PROVENANCE = ("start_account", "duration_account", "end_account", "rule_account", "zone_account")
Q = models.Q


class Reading(KeyedFact):
    """``speaker`` null: the analyst. ``withdrawn_at``: its speaker took it back; ``set_aside_at``:
    an analyst set it aside. A field's account null: it is the analyst's assumption.
    """

    NOUN = "reading"
    ENTERED = (
        *ABOUT,
        "speaker",
        "start",
        "start_trigger",
        "start_deadline",
        "start_offset",
        "start_fixed",
        "duration",
        "rule",
        "end",
        "end_trigger",
        "open_end",
        "zone",
        "zone_assumed",
        *PROVENANCE,
        "assumption",
        "set_aside_at",
        "set_aside_reason",
        *COMMON,
    )

    pledge = models.ForeignKey("Pledge", null=True, blank=True, on_delete=models.PROTECT)
    trigger = models.ForeignKey("Trigger", null=True, blank=True, on_delete=models.PROTECT)
    deadline = models.ForeignKey("Deadline", null=True, blank=True, on_delete=models.PROTECT)
    speaker = models.ForeignKey("Party", null=True, blank=True, on_delete=models.PROTECT)
    start = StatedField(blank=True, default="")
    start_instant = models.DateTimeField(null=True, db_index=True, editable=False)
    start_trigger = models.ForeignKey(
        "Trigger", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    start_deadline = models.ForeignKey(
        "Deadline", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    start_offset = SpanField(blank=True, default="")
    start_fixed = models.BooleanField(default=False)
    duration = SpanField(blank=True, default="")
    rule = models.CharField(max_length=10, choices=choices(Rule), blank=True, default="")
    end = StatedField(blank=True, default="")
    end_instant = models.DateTimeField(null=True, db_index=True, editable=False)
    end_trigger = models.ForeignKey(
        "Trigger", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    open_end = models.CharField(max_length=20, choices=choices(OpenEnd), blank=True, default="")
    zone = ZoneField(blank=True, default="")
    zone_assumed = models.BooleanField(default=False)
    start_account = models.ForeignKey(
        "Account", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    duration_account = models.ForeignKey(
        "Account", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    end_account = models.ForeignKey(
        "Account", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    rule_account = models.ForeignKey(
        "Account", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    zone_account = models.ForeignKey(
        "Account", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    assumption = models.TextField(blank=True, default="")
    set_aside_at = StatedField(blank=True, default="")
    set_aside_at_instant = models.DateTimeField(null=True, db_index=True, editable=False)
    set_aside_reason = models.TextField(blank=True, default="")

    class Meta:
        constraints = (
            *KEYED_CONSTRAINTS,
            exactly_one("is_about_one_thing", *ABOUT),
            one_of("rule", Rule, blank=True),
            one_of("open_end", OpenEnd, blank=True),
            both_or_neither("set_aside_at", "set_aside_reason"),
            models.CheckConstraint(
                condition=Q(start_trigger__isnull=True, start_deadline__isnull=True)
                | Q(start="", start_trigger__isnull=True)
                | Q(start="", start_deadline__isnull=True),
                name="reading_has_one_start",
            ),
            models.CheckConstraint(
                condition=Q(start_offset="")
                | Q(start_trigger__isnull=False)
                | Q(start_deadline__isnull=False),
                name="reading_start_offset_has_its_base",
            ),
            models.CheckConstraint(
                condition=Q(end="", end_trigger__isnull=True)
                | Q(duration="", end_trigger__isnull=True)
                | Q(duration="", end=""),
                name="reading_has_one_end",
            ),
            models.CheckConstraint(
                condition=Q(open_end="") | Q(duration="", end=""),
                name="reading_open_end_stands_alone",
            ),
            models.CheckConstraint(
                condition=Q(zone_assumed=False) | ~Q(zone=""),
                name="reading_assumed_zone_is_named",
            ),
        )
