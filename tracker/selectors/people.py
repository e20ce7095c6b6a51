"""People: as the ledger knows them, by an opaque id, and as site administrators find them."""

from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet

from tracker.models import User

from .rows import State

UID_LENGTH = 36
KINDS = ("admins", "inactive", "erasure")


def state(user: User) -> State:
    """What the ledger holds of a user."""
    return {"is_active": user.is_active, "is_site_admin": user.is_site_admin}


def states(users: Iterable[User]) -> dict[str, State]:
    """Users by opaque id."""
    return {str(user.uid): state(user) for user in users}


def by_uid(uid: str) -> User | None:
    return User.objects.filter(uid=uid).first()


def called(author: str) -> str:
    """The name of the author of a ledger entry."""
    found = by_uid(author) if len(author) == UID_LENGTH else None
    return str(found) if found is not None else "The register itself"


def by_email(email: str) -> User | None:
    return User.objects.filter(email=email.strip().lower()).first()


def admins() -> set[str]:
    """The opaque ids of the active site administrators."""
    found = User.objects.filter(is_site_admin=True, is_active=True).values_list("uid", flat=True)
    return {str(uid) for uid in found}


def listed(*, q: str = "", kind: str = "") -> "QuerySet[User]":
    """Everybody whose data were not erased, by name, with ``dossiers``: how many they belong to.

    ``q`` is found in the name or the address; ``kind`` is one of KINDS, blank: all.
    """
    found = User.objects.filter(erased_at__isnull=True)
    if q:
        found = found.filter(Q(name__icontains=q) | Q(email__icontains=q))
    if kind == "admins":
        found = found.filter(is_site_admin=True)
    elif kind == "inactive":
        found = found.filter(is_active=False)
    elif kind == "erasure":
        found = found.filter(erasure_asked_at__isnull=False)
    return found.annotate(dossiers=Count("memberships")).order_by("name", "email", "pk")
