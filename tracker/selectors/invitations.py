"""Invitations to dossiers: the open ones, the one behind a link, and what the ledger holds."""

from collections.abc import Iterable
from hashlib import sha256

from tracker.models import Dossier, Invitation, User

from .rows import State, iso


def digest(token: str) -> str:
    """What is stored of a link's token."""
    return sha256(token.encode()).hexdigest()


def state(row: Invitation) -> State:
    """What the ledger holds of an invitation: nothing of whom it was sent to."""
    return {"role": row.role, "outcome": str(row.outcome), "expires_at": iso(row.expires_at)}


def states(invitations: Iterable[Invitation]) -> dict[str, State]:
    """Invitations by opaque id."""
    return {str(row.uid): state(row) for row in invitations}


def open_to(dossier: Dossier) -> list[Invitation]:
    """Those that were neither accepted nor revoked, also the expired ones, latest first."""
    found = Invitation.objects.filter(
        dossier=dossier, accepted_at__isnull=True, revoked_at__isnull=True
    )
    return list(found.select_related("made_by").order_by("-sent_at", "-pk"))


def by_token(token: str) -> Invitation | None:
    """The invitation of that link, whatever became of it."""
    found = Invitation.objects.filter(digest=digest(token))
    return found.select_related("dossier", "made_by", "accepted_by").first()


def account_of(row: Invitation) -> User | None:
    """The account that has the address which an open invitation was sent to."""
    return User.objects.filter(email=row.email).first() if row.email else None
