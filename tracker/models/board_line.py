"""Derived: what boards look for and sort by, of the phase of each pledge that holds now."""

from django.conf import settings
from django.db import models

from tracker.domain.bands import Shelf
from tracker.domain.facts import Act, Subject
from tracker.domain.queues import Queue
from tracker.domain.transitions import Stage

from .constraints import choices, one_of

ASKED_FOR = ("stage", "subject", "act", "kinds", "pledgor")  # by filters, of the line alone


class BoardLine(models.Model):
    """One narrow row to a pledge, so that a hundred thousand are counted at once.

    It says what holds from ``from_at`` until ``until_at``; past that it is stale until the sweep
    has noticed. ``stage`` and ``shelf`` blank: not listed. ``sorts_at``: see ``bands.sorts_at``.
    ``kinds``: those of the flags, with blanks around each. The last three say since when it waits
    in a queue (``domain/queues.py``); null: it does not.
    """

    # Derived rows go with what they are derived from. What lists are read by is indexed below.
    pledge = models.OneToOneField(
        "Pledge", primary_key=True, on_delete=models.CASCADE, related_name="line"
    )
    dossier = models.ForeignKey(
        "Dossier", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    pledgor = models.ForeignKey("Party", on_delete=models.PROTECT, related_name="+")
    analyst = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    act = models.CharField(max_length=20, choices=choices(Act))
    subject = models.CharField(max_length=30, choices=choices(Subject))
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    stage = models.CharField(max_length=30, choices=choices(Stage), blank=True, default="")
    shelf = models.CharField(max_length=10, choices=choices(Shelf), blank=True, default="")
    sorts_at = models.DateTimeField()
    verified_until = models.DateTimeField(null=True)
    kinds = models.TextField(blank=True, default="")
    unchecked_since = models.DateTimeField(null=True)
    unassessed_since = models.DateTimeField(null=True)
    contested_since = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            one_of("act", Act),
            one_of("subject", Subject),
            one_of("stage", Stage, blank=True),
            one_of("shelf", Shelf, blank=True),
        )
        indexes = (
            # Bands are counted within the one, the latest changes found within the other, without
            # a look at the rows.
            models.Index(
                fields=("dossier", "shelf", "sorts_at", *ASKED_FOR, "pledge"), name="line_counts"
            ),
            models.Index(
                fields=("from_at", "dossier", "shelf", *ASKED_FOR, "pledge"), name="line_begins"
            ),
            models.Index(fields=("shelf", "sorts_at"), name="line_sorts"),
            models.Index(fields=("shelf", "verified_until"), name="line_verified"),
            models.Index(fields=("until_at",), name="line_ends"),
            *(
                models.Index(
                    fields=(f"{queue}_since", "pledge", "dossier"),
                    condition=models.Q(**{f"{queue}_since__isnull": False}),
                    name=f"line_{queue}",
                )
                for queue in Queue
            ),
        )

    def __str__(self) -> str:
        return f"{self.pledge_id}: {self.stage or 'not listed'}"
