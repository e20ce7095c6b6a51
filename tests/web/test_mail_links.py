"""The links in a message: a GET asks, a POST acts, nobody signs in, and no other token does it."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from tests import kept
from tests.actions.house import Made, bare
from tests.actions.people import person
from tests.actions.test_delivery import BEFORE, END, pledge
from tracker.actions import outbox, sweeps
from tracker.mail import links
from tracker.models import Alert, Message, Subscription, User

pytestmark = pytest.mark.django_db


@pytest.fixture
@kept.once
def made() -> Made:
    found = bare()
    found.clock = BEFORE
    found.rows["ann"] = person("ann", found.dossier, "analyst")
    found.rows["bea"] = person("bea", found.dossier, "reader")
    found.rows["one"] = pledge(found, "CASE-1")
    Subscription.objects.create(user=found.bea, pledge=found.one, made_at=BEFORE)
    sweeps.run(at=END)
    outbox.freeze(at=END)
    return found


def message_to(user: User) -> Message:
    return Message.objects.get(recipient=user)


def due_to(user: User, at: datetime) -> int:
    return Alert.objects.filter(recipient=user, owed_at=at).count()


def test_a_look_changes_nothing_and_a_post_ends_the_subscription(made: Made) -> None:
    page = links.unsubscribe(message_to(made.bea))
    visitor = Client(enforce_csrf_checks=True)
    assert visitor.get(page).status_code == 200
    assert Subscription.objects.filter(ended_at=None).count() == 1
    one_click = {"List-Unsubscribe": "One-Click"}
    assert visitor.post(page, one_click).status_code == 200
    assert not Subscription.objects.filter(user=made.bea, ended_at=None).exists()
    assert visitor.post(page, one_click).status_code == 200
    later = END + timedelta(days=30)
    sweeps.run(at=later)
    assert due_to(made.bea, later) == 0
    assert due_to(made.ann, later) == Alert.objects.filter(owed_at=later).count()


def test_the_analyst_is_muted_for_the_pledge_alone(made: Made) -> None:
    other = pledge(made, "CASE-2")
    assert Client().post(links.unsubscribe(message_to(made.ann))).status_code == 200
    mute = Subscription.objects.get(user=made.ann)
    assert (mute.is_mute, mute.pledge) == (True, made.one)
    later = END + timedelta(days=30)
    sweeps.run(at=later)
    mine = Alert.objects.filter(recipient=made.ann, owed_at=later)
    assert {alert.pledge for alert in mine} <= {other}


def test_acknowledging_is_asked_first_and_done_once(made: Made) -> None:
    page = links.acknowledge(message_to(made.bea))
    visitor = Client()
    assert visitor.get(page).status_code == 200
    assert not Alert.objects.exclude(acknowledged_at=None).exists()
    assert visitor.post(page).status_code == 200
    mine = Alert.objects.filter(recipient=made.bea)
    assert mine.exists()
    assert not mine.filter(acknowledged_at=None).exists()
    assert set(mine.values_list("acknowledged_by", flat=True)) == {made.bea.pk}
    assert not Alert.objects.filter(recipient=made.ann).exclude(acknowledged_at=None).exists()
    before = list(mine.values_list("acknowledged_at", flat=True))
    visitor.post(page)
    assert list(mine.values_list("acknowledged_at", flat=True)) == before


def test_a_token_of_one_purpose_or_changed_does_nothing(made: Made) -> None:
    leave, seen = (
        made_by(message_to(made.bea)).split("/")[2]
        for made_by in (links.unsubscribe, links.acknowledge)
    )
    visitor = Client()
    for page in (
        f"/mail/{leave}/acknowledge/",
        f"/mail/{seen}/unsubscribe/",
        f"/mail/{leave[:-1]}x/unsubscribe/",
        "/mail/x/unsubscribe/",
    ):
        assert visitor.get(page).status_code == 404
        assert visitor.post(page).status_code == 404
    assert Subscription.objects.filter(ended_at=None).count() == 1
