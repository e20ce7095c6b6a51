"""A house with a public and a private dossier, and who comes to its doors."""

import pytest
from django.core.cache import cache
from django.test import Client

from tests import kept
from tracker import clock
from tracker.models import User
from tracker.web import health

from . import house


@pytest.fixture(autouse=True)
def _watch_ran() -> None:
    """The watch ran just now, and nobody need ask the database for it."""
    cache.set(health.LAST_SWEEP, [clock.now()], 3600)


@pytest.fixture
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: house.AT)


@pytest.fixture
def open_house(db: None, _now: None) -> None:
    """The public dossier ``open`` and the private one ``shut``."""
    kept.begin_with("open house", house.open_and_shut)


@pytest.fixture
def alice(open_house: None) -> User:
    return house.person("alice", open="analyst", shut="analyst")


@pytest.fixture
def bob(open_house: None) -> User:
    return house.person("bob")


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
