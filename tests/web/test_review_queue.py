"""The queue of reviews: the chain in words, finished with a note by who may judge."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import kept
from tests.actions.house import PUBLIC, Made, bare, pledged
from tests.actions.people import person
from tracker import clock
from tracker.actions import conditions, dependencies, moves, readings, record, verifications
from tracker.models import ReviewTask, User
from tracker.web.views import reviews

pytestmark = [pytest.mark.django_db, pytest.mark.both]
QUEUE = "/queues/review/"


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Made:
    found = resting_on_each_other()
    monkeypatch.setattr(clock, "now", found.tick)
    return found


@kept.once
def resting_on_each_other() -> Made:
    """CASE-2 rests on CASE-1 in two ways, CASE-3 on CASE-2; CASE-1 was found breached."""
    found = bare()
    for name, role in (("ann", "analyst"), ("rob", "reviewer"), ("bea", "reader")):
        found.rows[name] = person(name, found.dossier, role)
    found.rows["eve"] = person("eve", bare("other").dossier, "analyst")
    found.rows["one"] = in_force(found, "CASE-1", title="Alpha halts strikes")
    found.rows["two"] = in_force(
        found, "CASE-2", title="Beta opens the road", reciprocates=[found.one], analyst=found.ann
    )
    found.rows["three"] = in_force(found, "CASE-3", title="Alpha frees prisoners")
    for pledge, on in ((found.two, found.one), (found.three, found.two)):
        dependencies.add(
            pledge=pledge,
            on_pledge=on,
            kind="rests_on",
            reason=f"It mirrors {on.ref}",
            public=PUBLIC,
            **found.how(),
        )
    breach(found, found.one)
    return found


def in_force(made: Made, ref: str, **columns: Any) -> Any:
    row = pledged(made, ref, **columns)
    start = f"{made.clock - timedelta(days=1):%Y-%m-%dT%H:%MZ}"
    readings.add(of=row, start=start, duration="P30D", public=PUBLIC, **made.how())
    return row


def breach(made: Made, pledge: Any) -> None:
    at = f"{made.clock:%Y-%m-%dT%H:%MZ}"
    verifications.record(
        pledge=pledge,
        period_start=at,
        period_end=at,
        finding="breached",
        reasoning="Seen by two.",
        public=at,
        **made.how(),
    )


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_chain_is_told_in_words(made: Made) -> None:
    shown = signed_in(made.rob).get(QUEUE).content.decode()
    task = ReviewTask.objects.get()
    assert (task.pledge, task.subject) == (made.two, "CASE-1")
    for words in (
        "Beta opens the road",
        "Alpha halts strikes",
        "Breached",
        "It reciprocates it",
        "It rests on it: <bdi>It mirrors CASE-1</bdi>",
        "Alpha frees prisoners",  # what rests on it
        f'id="review-{task.pk}"',
        "/dossiers/case/facts/pledge/CASE-2/judge/",
        "/dossiers/case/facts/verification/new/?pledge=CASE-2",
    ):
        assert words in shown, words
    assert "of <bdi>Ann</bdi>" in shown


def test_a_condition_that_failed_is_told_as_such(made: Made) -> None:
    row = conditions.add(
        on=made.three, kind="continuing", text="The road stays open", public=PUBLIC, **made.how()
    )
    moves.make(
        on=row,
        to="unmet",
        effective=f"{made.clock:%Y-%m-%dT%H:%MZ}",
        public=f"{made.clock:%Y-%m-%dT%H:%MZ}",
        reason="It was closed",
        **made.how(),
    )
    shown = signed_in(made.rob).get(QUEUE).content.decode()
    assert "The road stays open" in shown
    assert "Unmet" in shown
    assert "no other pledge" in shown


def test_who_may_judge_finishes_it_with_a_note(made: Made) -> None:
    task = ReviewTask.objects.get()
    client = signed_in(made.ann)
    empty = client.post(QUEUE, {"task": task.pk, f"{task.pk}-note": "  "})
    assert empty.status_code == 422
    assert "What you found is missing." in empty.content.decode()
    blank = client.post(QUEUE, {"task": task.pk, f"{task.pk}-note": ""})
    assert blank.status_code == 422
    assert "Say in a sentence what you found." in blank.content.decode()
    typed = {"task": str(task.pk), f"{task.pk}-note": "Beta goes on <b>all</b> the same."}
    assert client.post(QUEUE, typed).status_code == 302
    task.refresh_from_db()
    assert (task.done_by, task.note) == (made.ann, "Beta goes on <b>all</b> the same.")
    assert task.done_at is not None
    shown = client.get(QUEUE).content.decode()
    done = shown[shown.index('id="done"') :]
    assert "Beta goes on &lt;b&gt;all&lt;/b&gt; the same." in done
    assert "Ann" in done
    again = client.post(QUEUE, typed)
    assert again.status_code == 422
    assert "This review is done already." in again.content.decode()
    page = signed_in(made.bea).get("/pledges/CASE-2/").content.decode()
    assert "Beta goes on" in page
    assert "Beta goes on" not in Client().get("/pledges/CASE-2/").content.decode()


def test_others_see_none_and_finish_none(made: Made) -> None:
    record.put("dossier", "case", {"is_public": True}, dossier=None, by=None, at=made.tick())
    task = ReviewTask.objects.get()
    for user in (made.bea, made.eve):
        client = signed_in(user)
        assert "Beta opens the road" not in client.get(QUEUE).content.decode()
        typed = {"task": task.pk, f"{task.pk}-note": "Mine"}
        assert client.post(QUEUE, typed).status_code == 404
        assert client.post(QUEUE, {"task": "x"}).status_code == 404
    User.objects.filter(pk=made.eve.pk).update(is_site_admin=True)
    assert "Beta opens the road" in signed_in(made.eve).get(QUEUE).content.decode()
    task.refresh_from_db()
    assert task.done_at is None
    shown = Client().get("/pledges/CASE-2/").content.decode()
    assert 'id="reviews"' not in shown


def test_what_is_no_longer_so_says_it(made: Made) -> None:
    at = f"{made.clock:%Y-%m-%dT%H:%MZ}"
    verifications.record(
        pledge=made.one,
        period_start=at,
        period_end=at,
        finding="held",
        reasoning="It was a misreading.",
        public=at,
        **made.how(),
    )
    assert "no longer so since" in signed_in(made.rob).get(QUEUE).content.decode()


def test_it_is_paged_and_the_number_of_queries_does_not_grow(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(made.rob)
    client.get(QUEUE)
    with CaptureQueriesContext(connection) as one:
        client.get(QUEUE)
    with record.batch(at=made.clock):
        for number in range(4, 10):
            in_force(made, f"CASE-{number}", reciprocates=[made.one, made.three])
    breach(made, made.three)
    assert ReviewTask.objects.filter(done_at=None).count() >= 7
    with CaptureQueriesContext(connection) as many:
        client.get(QUEUE)
    assert len(many) == len(one)
    monkeypatch.setattr(reviews, "AT_ONCE", 2)
    assert "Page 2 of" in client.get(QUEUE, {"page": "2"}).content.decode()
    for task in ReviewTask.objects.all()[:3]:
        client.post(QUEUE, {"task": task.pk, f"{task.pk}-note": "Seen."})
    shown = client.get(QUEUE, {"done": "2"}).content.decode()
    assert shown.count("Seen.") == 1
