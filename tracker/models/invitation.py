"""An invitation to a dossier, by e-mail. Whoever has its link may accept it, once."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from tracker.domain.access import Role
from tracker.domain.members import Outcome

from .constraints import choices, filled, one_of


class Invitation(models.Model):
    """The ledger knows it by ``uid``, with no address. The link's token is kept as a digest only.

    The address is kept while the invitation is open, and no longer.
    """

    NOUN = "invitation"

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    dossier = models.ForeignKey("Dossier", on_delete=models.PROTECT, related_name="invitations")
    role = models.CharField(max_length=20, choices=choices(Role))
    email = models.EmailField(max_length=254, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            one_of("role", Role),
            *filled("digest"),
            models.CheckConstraint(
                condition=Q(email=Lower("email")), name="invitation_email_is_lower_case"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True) & ~Q(email="")
                | Q(accepted_at__isnull=False, revoked_at__isnull=True, email="")
                | Q(accepted_at__isnull=True, revoked_at__isnull=False, email=""),
                name="invitation_has_an_address_while_it_is_open",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="invitation_is_accepted_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("sent_at"), sent_at__gte=F("made_at")),
                name="invitation_expires_after_it_is_sent",
            ),
            models.UniqueConstraint(
                fields=("dossier", "email"),
                condition=~Q(email=""),
                name="invitation_is_open_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.dossier_id}: {self.role}, {self.outcome}"

    @property
    def outcome(self) -> Outcome:
        if self.accepted_at is not None:
            return Outcome.ACCEPTED
        return Outcome.REVOKED if self.revoked_at is not None else Outcome.OPEN
