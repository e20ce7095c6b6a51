"""Derived: each stretch of a pledge's trajectory in which nothing that is compared changes."""

from typing import Any

from django.db import models

from tracker.domain.transitions import Compliance, Stage

from .constraints import choices, one_of


class Phase(models.Model):
    """Half-open, [from_at, until_at). ``stage`` blank: the pledge is not listed.

    ``noticed_at`` null: the sweep has not yet seen that it began. ``pledge_version``: under whose
    facts it was derived. ``ends_at``: the end that drives expiry; ``warns_at``: the one that is
    warned of; ``earliest_end`` to ``latest_end``: the envelope, without a latest where ``is_open``.
    ``terms``: each reading, as ``domain/status.py`` sums it up; ``open_conditions``,
    ``verified_until`` and ``ended`` are as it says as well.
    """

    # Derived rows go with what they are derived from. phase_begins_once finds them by their pledge.
    pledge = models.ForeignKey(
        "Pledge", on_delete=models.CASCADE, related_name="phases", db_index=False
    )
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    stage = models.CharField(max_length=30, choices=choices(Stage), blank=True, default="")
    overlays: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    flags: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    compliance = models.CharField(
        max_length=30, choices=choices(Compliance), default=Compliance.NOT_ASSESSED
    )
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    warns_at = models.DateTimeField(null=True)
    earliest_end = models.DateTimeField(null=True)
    latest_end = models.DateTimeField(null=True)
    is_open = models.BooleanField(default=False)
    adopted = models.CharField(max_length=250, blank=True, default="")
    terms: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    open_conditions = models.PositiveIntegerField(default=0)
    verified_until = models.DateTimeField(null=True)
    ended = models.CharField(max_length=100, blank=True, default="")
    pledge_version = models.PositiveIntegerField(default=1)
    noticed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            one_of("stage", Stage, blank=True),
            one_of("compliance", Compliance),
            models.UniqueConstraint(fields=("pledge", "from_at"), name="phase_begins_once"),
            models.CheckConstraint(
                condition=models.Q(until_at__isnull=True)
                | models.Q(until_at__gt=models.F("from_at")),
                name="phase_ends_after_it_begins",
            ),
        )
        indexes = (
            models.Index(
                fields=("from_at",),
                condition=models.Q(noticed_at__isnull=True),
                name="phase_due",
            ),
            models.Index(fields=("until_at", "from_at"), name="phase_holds"),
        )

    def __str__(self) -> str:
        return f"{self.pledge_id}: {self.stage or 'not listed'} from {self.from_at}"


class StalePledge(models.Model):
    """A pledge whose phases are to be derived anew, because a rule or zone data changed."""

    # Derived rows go with what they are derived from.
    pledge = models.OneToOneField("Pledge", on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.pledge_id}: stale since {self.asked_at}"
