"""How long ago the clock was looked at, in every page's footer."""

from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tracker.models import SweepRun
from tracker.web import health

from . import house

pytestmark = pytest.mark.usefixtures("open_house")
ADDRESSES = ("/", "/pledges/OPEN-HALT/", "/keys/", "/no/such/page/")


@pytest.fixture(autouse=True)
def _now_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "now", lambda: house.AT)


def ran(at: datetime | None) -> None:
    cache.set(health.LAST_SWEEP, [at], 3600)


@pytest.mark.parametrize(
    ("since", "words"),
    [
        (timedelta(seconds=12), "12 s"),
        (timedelta(seconds=59, milliseconds=900), "59 s"),
        (timedelta(seconds=60), "1 min"),
        (timedelta(hours=2, minutes=3), "2 h 3 min"),
        (timedelta(seconds=-3), "0 s"),
    ],
)
def test_every_page_says_how_long_before_it_the_clock_was_looked_at(
    client: Client, member: Client, since: timedelta, words: str
) -> None:
    ran(house.AT - since)
    for visitor in (client, member):
        for address in ADDRESSES:
            shown = visitor.get(address).content.decode()
            footer = " ".join(shown[shown.index("<footer") :].split())
            assert f"The clock was last looked at {words} before this page was made." in footer
            assert "aria-live" not in footer
            assert 'role="status"' not in footer


def test_that_nobody_has_looked_is_said(client: Client) -> None:
    ran(None)
    assert "Nobody has looked at the clock yet." in client.get("/").content.decode()


def test_it_is_asked_for_once_in_a_while_and_for_all(client: Client, member: Client) -> None:
    cache.delete(health.LAST_SWEEP)
    table = SweepRun._meta.db_table
    with CaptureQueriesContext(connection) as asked:
        client.get("/keys/")
    assert sum(table in one["sql"] for one in asked) == 1
    for visitor in (client, member):
        with CaptureQueriesContext(connection) as asked:
            visitor.get("/keys/")
        assert not any(table in one["sql"] for one in asked)


def test_a_database_that_does_not_answer_is_not_asked_by_every_page(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def silent() -> datetime:
        asked.append(1)
        raise OperationalError("silent")

    monkeypatch.setattr("tracker.selectors.sweeps.last_finished", silent)
    cache.delete(health.LAST_SWEEP)
    for _ in range(3):
        shown = client.get("/keys/").content.decode()
        assert "The clock was last looked at" not in shown
        assert "Nobody has looked" not in shown
    assert len(asked) == 1
