"""Alerts: one message owed to one recipient for one cause, on one channel."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from tracker.domain.causes import ALERT_KINDS, MENTIONED, OF_PROPOSALS, Dropped

from .constraints import choices, one_of

if TYPE_CHECKING:
    from .dossier import Dossier

CHANNELS = ("mail", "webhook")
CAUSE = ("pledge", "recipient", "channel", "kind", "subject", "link", "lead", "true_at")


class Alert(models.Model):
    """Nobody is alerted twice for one cause: the constraint holds whatever the code does.

    ``true_at``: since when its cause was true; ``owed_at``: when it was queued; ``due_at``: when it
    may leave, after quiet hours, a snooze, or at the hour of a digest. ``because``: why this person
    is told, as subscriptions said then. It is open until it travels in a message, or is dropped.
    ``comment``: of a mention, the comment that makes it; one on a source or position has no pledge.
    ``proposal``: the change that waits for its reader, or was decided; there is no pledge then.
    """

    pledge = models.ForeignKey("Pledge", null=True, on_delete=models.PROTECT, related_name="alerts")
    comment = models.ForeignKey(
        "Comment", null=True, on_delete=models.PROTECT, related_name="alerts"
    )
    proposal = models.ForeignKey(
        "Proposal", null=True, on_delete=models.PROTECT, related_name="alerts"
    )
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="alerts"
    )
    channel = models.CharField(max_length=20, choices=choices(CHANNELS))
    kind = models.CharField(max_length=30, choices=choices(ALERT_KINDS))
    subject = models.CharField(max_length=300, blank=True, default="")
    link = models.CharField(max_length=300, blank=True, default="")
    lead = models.CharField(max_length=20, blank=True, default="")
    true_at = models.DateTimeField()
    owed_at = models.DateTimeField()
    due_at = models.DateTimeField()
    by_edit = models.BooleanField(default=False)
    because: "models.JSONField[list[dict[str, str]], list[dict[str, str]]]" = models.JSONField(
        default=list
    )
    message = models.ForeignKey(
        "Message", null=True, on_delete=models.PROTECT, related_name="alerts"
    )
    dropped_at = models.DateTimeField(null=True)
    dropped_why = models.CharField(max_length=20, choices=choices(Dropped), blank=True, default="")
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    escalates_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    escalated_from = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="escalations"
    )

    class Meta:
        constraints = (
            one_of("channel", CHANNELS),
            one_of("kind", ALERT_KINDS),
            one_of("dropped_why", Dropped, blank=True),
            models.UniqueConstraint(fields=CAUSE, name="alert_is_owed_once"),
            models.UniqueConstraint(
                fields=("comment", "recipient", "channel"), name="alert_of_a_mention_is_owed_once"
            ),
            models.UniqueConstraint(
                fields=("proposal", "recipient", "channel", "kind"),
                name="alert_of_a_proposal_is_owed_once",
            ),
            models.CheckConstraint(
                condition=Q(kind=MENTIONED, comment__isnull=False, proposal__isnull=True)
                | Q(
                    kind__in=sorted(OF_PROPOSALS),
                    proposal__isnull=False,
                    comment__isnull=True,
                    pledge__isnull=True,
                )
                | (
                    ~Q(kind__in=sorted({MENTIONED, *OF_PROPOSALS}))
                    & Q(comment__isnull=True, proposal__isnull=True, pledge__isnull=False)
                ),
                name="alert_names_its_comment_or_proposal_any_other_a_pledge",
            ),
            models.CheckConstraint(
                condition=Q(owed_at__gte=F("true_at"), due_at__gte=F("owed_at")),
                name="alert_is_owed_after_it_is_true_and_due_after_that",
            ),
            models.CheckConstraint(
                condition=Q(dropped_at__isnull=True, dropped_why="")
                | (Q(dropped_at__isnull=False) & ~Q(dropped_why="")),
                name="alert_is_dropped_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True, acknowledged_by__isnull=True)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                name="alert_is_acknowledged_by_somebody",
            ),
        )
        indexes = (
            models.Index(
                fields=("due_at",),
                condition=Q(message__isnull=True, dropped_at__isnull=True),
                name="alert_unsent",
            ),
            models.Index(
                fields=("escalates_at",),
                condition=Q(
                    escalates_at__isnull=False,
                    escalated_at__isnull=True,
                    acknowledged_at__isnull=True,
                    dropped_at__isnull=True,
                ),
                name="alert_escalates",
            ),
            models.Index(fields=("recipient", "-owed_at"), name="alert_of_recipient"),
        )

    def __str__(self) -> str:
        return f"{self.kind} of {self.pledge_id} to {self.recipient_id}"

    @property
    def ref(self) -> str:
        """The pledge's reference; of what has none, its dossier's slug."""
        if self.pledge is not None:
            return self.pledge.ref
        return self.dossier.slug if self.dossier is not None else ""

    @property
    def about_title(self) -> str:
        """The pledge's title, or the proposal's; of a mention that has none, its dossier's."""
        if self.pledge is not None:
            return self.pledge.title
        if self.proposal is not None:
            return self.proposal.title
        return self.comment.dossier.title if self.comment is not None else ""

    @property
    def dossier(self) -> "Dossier | None":
        """Of what names no pledge: where its comment or its proposal stands."""
        about = self.comment or self.proposal
        return about.dossier if about is not None else None
