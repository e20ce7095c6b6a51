"""A watch that does not run shows: a banner for those who rely on it, and red for machines."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from tests.actions.house import Made, bare
from tests.actions.people import person
from tests.actions.test_delivery import BEFORE, END, pledge
from tracker.actions import deliveries, outbox, sweeps
from tracker.domain.outbox import Attempt, Outcome
from tracker.models import Alert, Message

pytestmark = pytest.mark.django_db
SILENT = "The watch has not run"


@pytest.fixture
def made() -> Any:
    cache.clear()
    found = bare()
    found.clock = BEFORE
    found.rows["ann"] = person("ann", found.dossier, "analyst")
    found.rows["one"] = pledge(found, "CASE-1")
    yield found
    cache.clear()


def board(user: Any = None) -> str:
    client = Client()
    if user is not None:
        client.force_login(user)
    cache.clear()
    return client.get("/").content.decode()


def test_the_banner_comes_after_two_minutes_and_goes(made: Made) -> None:
    with time_machine.travel(END, tick=False):
        assert "The watch has not run yet." in board(made.ann)
        assert SILENT not in board()
        done = sweeps.run(at=END)
        assert SILENT not in board(made.ann)
    late = done.finished_at + timedelta(minutes=2)
    with time_machine.travel(late, tick=False):
        assert SILENT not in board(made.ann)
    with time_machine.travel(late + timedelta(seconds=1), tick=False):
        assert "The watch has not run since" in board(made.ann)


def test_a_mail_server_that_answers_nobody_turns_it_red(made: Made) -> None:
    """Also what was given back untried, and is to be tried again in a moment."""
    Alert.objects.all().delete()
    sweeps.run(at=END)
    outbox.freeze(at=END)
    (message,) = outbox.claim(at=END)
    outbox.record(message, Attempt(Outcome.UNCERTAIN, None, "TimeoutError"), at=END)
    assert is_red_at(END + timedelta(minutes=5, seconds=1))
    Message.objects.update(next_try_at=END)
    (message,) = outbox.claim(at=END)
    outbox.release([message], until=END + timedelta(hours=1))
    assert is_red_at(END + timedelta(minutes=5, seconds=1))
    Message.objects.update(next_try_at=END)
    (message,) = outbox.claim(at=END)
    outbox.record(message, Attempt(Outcome.DEFERRED, 451, "Later"), at=END)
    assert not is_red_at(END + timedelta(minutes=5, seconds=1))


def is_red_at(at: datetime) -> bool:
    with time_machine.travel(at, tick=False):
        return "outbox" in Client().get("/readyz").json()["red"]


def test_a_clock_that_was_ahead_hides_no_silence(made: Made) -> None:
    sweeps.run(at=END + timedelta(hours=1))
    with time_machine.travel(END, tick=False):
        assert SILENT in board(made.ann)
        sweeps.run(at=END)
        assert SILENT not in board(made.ann)


def test_what_nobody_tried_to_send_turns_it_red(made: Made) -> None:
    Alert.objects.all().delete()
    sweeps.run(at=END)
    soon, late = END + timedelta(minutes=5), END + timedelta(minutes=5, seconds=1)
    for at, is_red in ((soon, False), (late, True)):
        sweeps.run(at=at)
        with time_machine.travel(at, tick=False):
            answer = Client().get("/readyz").json()
        assert ("outbox" in answer["red"]) is is_red, answer
    deliveries.drain(now=lambda: late)
    with time_machine.travel(late, tick=False):
        assert "outbox" not in Client().get("/readyz").json()["red"]
