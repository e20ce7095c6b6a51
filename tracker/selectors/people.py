"""People as the ledger knows them: by an opaque id, with nothing personal."""

from collections.abc import Iterable

from tracker.models import User

from .rows import State


def state(user: User) -> State:
    """What the ledger holds of a user."""
    return {"is_active": user.is_active, "is_site_admin": user.is_site_admin}


def states(users: Iterable[User]) -> dict[str, State]:
    """Users by opaque id."""
    return {str(user.uid): state(user) for user in users}
