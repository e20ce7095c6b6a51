"""A change that somebody proposes in a dossier with four eyes, and what became of it.

It drives no clock and changes no row: its steps are applied when somebody else confirms it.
"""

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from tracker.domain.proposals import Standing

from .constraints import choices, filled, one_of


class Proposal(models.Model):
    """``title``: what it is about; ``why``: of a decision, its reason. ``address`` and ``typed``:
    the form that it was sent from and its fields as JSON, kept until it is confirmed, so that its
    author can take it up again.
    """

    NOUN = "proposal"

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    dossier = models.ForeignKey("Dossier", on_delete=models.PROTECT, related_name="proposals")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=400)
    made_at = models.DateTimeField()
    standing = models.CharField(max_length=20, choices=choices(Standing), default=Standing.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    why = models.TextField(blank=True, default="")
    address = models.TextField(blank=True, default="")
    typed = models.TextField(blank=True, default="")

    class Meta:
        constraints = (
            one_of("standing", Standing),
            *filled("title"),
            models.CheckConstraint(
                condition=Q(standing=Standing.OPEN, decided_by__isnull=True, decided_at=None)
                | (
                    ~Q(standing=Standing.OPEN)
                    & Q(decided_by__isnull=False, decided_at__gte=F("made_at"))
                ),
                name="proposal_is_open_or_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(standing__in=[Standing.CONFIRMED, Standing.DECLINED])
                | ~Q(decided_by=F("by")),
                name="proposal_is_confirmed_or_declined_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(standing=Standing.WITHDRAWN) | Q(decided_by=F("by")),
                name="proposal_is_withdrawn_by_its_author",
            ),
            models.CheckConstraint(
                condition=~Q(standing=Standing.DECLINED) | ~Q(why=""),
                name="proposal_is_declined_for_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(standing=Standing.CONFIRMED) | Q(typed=""),
                name="proposal_that_is_confirmed_keeps_no_typing",
            ),
        )
        indexes = (
            models.Index(fields=("dossier", "standing", "made_at"), name="proposal_of_dossier"),
            models.Index(fields=("by", "made_at"), name="proposal_of_somebody"),
        )

    def __str__(self) -> str:
        return f"{self.dossier_id}: {self.title}, {self.standing}"


class ProposedStep(models.Model):
    """One row that a proposal enters or changes, in the ledger's shape.

    ``columns``: those that it changes, of a new row all. ``seen``: the last entry of the ledger
    that it was made on top of; null: it is made on top of a step before it. ``pledges``: references
    of those that it bears on. ``entry``: once it is applied, its entry in ``chain``.
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="steps")
    order = models.PositiveIntegerField()
    chain = models.CharField(max_length=100)
    noun = models.CharField(max_length=40)
    key = models.CharField(max_length=250)
    is_new = models.BooleanField()
    action = models.CharField(max_length=60)
    reason = models.TextField(blank=True, default="")
    columns: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField()
    seen = models.PositiveBigIntegerField(null=True)
    pledges: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)
    entry = models.PositiveBigIntegerField(null=True)

    class Meta:
        constraints = (
            *filled("chain", "noun", "key", "action"),
            models.UniqueConstraint(fields=("proposal", "order"), name="proposed_step_has_a_place"),
            models.UniqueConstraint(
                fields=("chain", "entry"),
                condition=Q(entry__isnull=False),
                name="proposed_step_is_applied_once",
            ),
        )
        indexes = (models.Index(fields=("chain", "key"), name="proposed_step_of_a_row"),)

    def __str__(self) -> str:
        return f"{self.proposal_id}.{self.order}: {self.noun} {self.key}"
