"""A house with a public and a private dossier, and who comes to its doors."""

import pytest
from django.core.cache import cache
from django.test import Client

from tests import kept
from tracker import clock
from tracker.models import User
from tracker.web import health

from . import house

ROLES: dict[str, dict[str, str]] = {"alice": {"open": "analyst", "shut": "analyst"}, "bob": {}}


@pytest.fixture(autouse=True)
def _watch_ran() -> None:
    """The watch ran just now, and nobody need ask the database for it."""
    cache.set(health.LAST_SWEEP, [clock.now()], 3600)


@pytest.fixture
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: house.AT)


@pytest.fixture
def open_house(request: pytest.FixtureRequest, db: None, _now: None) -> None:
    """The public dossier ``open`` and the private one ``shut``, and whom the test asks for."""
    asked = [name for name in ROLES if name in request.fixturenames]

    def make() -> None:
        house.open_and_shut()
        for name in asked:
            house.person(name, **ROLES[name])

    kept.begin_with(f"open house, {asked}", make)


def _who_came(name: str) -> User:
    """Who was asked for in the midst of a test comes only now."""
    found = User.objects.filter(email=f"{name}@example.org").first()
    return found or house.person(name, **ROLES[name])


@pytest.fixture
def alice(open_house: None) -> User:
    return _who_came("alice")


@pytest.fixture
def bob(open_house: None) -> User:
    return _who_came("bob")


@pytest.fixture
def member(alice: User) -> Client:
    client = Client()
    client.force_login(alice)
    return client


@pytest.fixture
def stranger(bob: User) -> Client:
    client = Client()
    client.force_login(bob)
    return client
