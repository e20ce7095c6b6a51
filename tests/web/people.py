"""Who comes to the pages about people: one of each kind, by name."""

from typing import Any

from django.test import Client

from tracker.actions import users
from tracker.models import User

from . import house

KINDS = ("anonymous", "stranger", "reader", "analyst", "reviewer", "owner", "admin")


def crowd() -> dict[str, Client]:
    """A client for each of KINDS; those with a role have it in both dossiers."""
    clients = {"anonymous": Client()}
    for kind in KINDS[1:]:
        roles = {} if kind in ("stranger", "admin") else {"open": kind, "shut": kind}
        user = house.person(kind, **roles)
        if kind == "admin":
            users.set_site_admin(user=user, is_site_admin=True, by=None, at=house.AT)
        clients[kind] = Client()
        clients[kind].force_login(user)
    return clients


def html_of(letter: Any) -> str:
    """The HTML part of a letter that was sent."""
    return str(letter.alternatives[0][0])


def named(kind: str) -> User:
    return User.objects.get(email=f"{kind}@example.org")


def statuses(
    crowd: dict[str, Client], address: str, data: dict[str, str] | None = None
) -> dict[str, int]:
    """What each kind is answered: to GET, or to POST with data."""
    return {
        kind: (client.get(address) if data is None else client.post(address, data)).status_code
        for kind, client in crowd.items()
    }


def answers(*codes: int) -> dict[str, int]:
    return dict(zip(KINDS, codes, strict=True))
