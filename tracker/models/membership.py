"""Who belongs to a dossier, and in which role."""

from django.conf import settings
from django.db import models

from tracker.domain.access import Role

from .constraints import choices, one_of
from .fact import Entered


class Membership(Entered):
    """Its key is the member's opaque id. Revoking it deletes the row; the ledger remembers."""

    NOUN = "membership"
    KEY = "user"
    ENTERED = ("role",)

    dossier = models.ForeignKey("Dossier", on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(max_length=20, choices=choices(Role))

    class Meta:
        constraints = (
            one_of("role", Role),
            models.UniqueConstraint(fields=("dossier", "user"), name="membership_is_unique"),
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.role}"
