"""Being told: settings, subscriptions, mutes, snoozes, the list of alerts and each one's story."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests import kept
from tests.actions.house import Made, bare
from tests.actions.people import person
from tests.actions.test_delivery import BEFORE, END, pledge
from tracker.actions import alert_settings, deliveries, outbox, subscriptions, sweeps
from tracker.domain.errors import Invalid, NotFound
from tracker.models import Alert, AlertSettings, Message, Subscription, User

pytestmark = pytest.mark.django_db
SETTINGS = {"by_mail": "on", "rhythm": "at_once", "hour": "8", "weekday": "0"}


@pytest.fixture
@kept.once
def made() -> Made:
    found = bare()
    found.clock = BEFORE
    found.rows["ann"] = person("ann", found.dossier, "analyst")
    found.rows["bea"] = person("bea", found.dossier, "reader")
    found.rows["eve"] = person("eve", bare("other").dossier, "analyst")
    found.rows["one"] = pledge(found, "CASE-1")
    return found


@pytest.fixture
def client_of(made: Made) -> Any:
    def of(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    with time_machine.travel(END, tick=False):
        yield of


def kinds_to(user: User) -> set[str]:
    return set(Alert.objects.filter(recipient=user).values_list("kind", flat=True))


def test_a_reader_watches_and_is_told_of_what_was_ticked(made: Made, client_of: Any) -> None:
    client = client_of(made.bea)
    page = "/pledges/CASE-1/watch/"
    assert client.get(page).status_code == 200
    done = client.post(page, {"kinds": ["expired", "due_soon"], "leads": ["24h"]})
    assert done.headers["Location"] == "/pledges/CASE-1/"
    sweeps.run(at=END)
    assert kinds_to(made.bea) == {"expired", "due_soon"}
    assert list(
        Alert.objects.filter(recipient=made.bea, kind="due_soon").values_list("lead", flat=True)
    ) == ["24h"]
    assert client.post(page, {"kinds": ["nonsense"]}).status_code == 422
    shown = client.get("/settings/alerts/").content.decode()
    assert "Alpha halts strikes" in shown
    one = Subscription.objects.get(user=made.bea, ended_at=None)
    client.post("/settings/alerts/", {"deed": "end", "subscription": str(one.pk)})
    assert not Subscription.objects.filter(user=made.bea, ended_at=None).exists()


def test_nobody_ends_the_subscription_of_another(made: Made, client_of: Any) -> None:
    row = subscriptions.subscribe(user=made.bea, target=made.dossier, at=END)
    answer = client_of(made.ann).post("/settings/alerts/", {"deed": "end", "subscription": row.pk})
    assert answer.status_code == 404
    row.refresh_from_db()
    assert row.ended_at is None


@pytest.mark.parametrize("target", ["dossier", "alpha", "one"])
def test_dossier_party_and_pledge_lead_to_the_same_alerts(made: Made, target: str) -> None:
    subscriptions.subscribe(user=made.bea, target=getattr(made, target), at=BEFORE)
    Alert.objects.all().delete()
    sweeps.run(at=END)
    assert kinds_to(made.bea) == kinds_to(made.ann)
    assert "expired" in kinds_to(made.bea)


def test_what_one_may_not_see_one_is_not_told_of(made: Made) -> None:
    for target in (made.one, made.dossier):
        with pytest.raises(NotFound):
            subscriptions.subscribe(user=made.eve, target=target, at=BEFORE)
    subscriptions.subscribe(user=made.eve, target=made.alpha, at=BEFORE)
    sweeps.run(at=END)
    assert kinds_to(made.eve) == set()
    with pytest.raises(Invalid):
        subscriptions.subscribe(user=made.ann, target=made.one, leads=["2d"], at=BEFORE)


def test_the_analyst_mutes_and_is_told_again(made: Made, client_of: Any) -> None:
    client = client_of(made.ann)
    Alert.objects.all().delete()
    client.post("/pledges/CASE-1/watch/", {"deed": "mute"})
    sweeps.run(at=END)
    assert kinds_to(made.ann) == set()
    client.post("/pledges/CASE-1/watch/", {"deed": "end"})
    sweeps.run(at=END + timedelta(days=30))
    assert Subscription.objects.filter(user=made.ann, ended_at=None).count() == 0


def test_settings_are_saved_and_what_waits_is_timed_anew(made: Made, client_of: Any) -> None:
    client = client_of(made.ann)
    sweeps.run(at=END)
    waiting = Alert.objects.filter(recipient=made.ann, message=None)
    assert set(waiting.values_list("due_at", flat=True)) <= {END, *waiting.values_list(
        "owed_at", flat=True
    )}  # fmt: skip
    daily = SETTINGS | {"rhythm": "daily", "hour": "9", "zone": "Europe/Kyiv"}
    assert client.post("/settings/alerts/", daily).status_code == 302
    six = datetime.fromisoformat("2025-04-11T06:00Z")
    assert set(waiting.values_list("due_at", flat=True)) == {six}
    quiet = SETTINGS | {"quiet_from": "22:00", "quiet_until": "07:00", "zone": "UTC"}
    assert client.post("/settings/alerts/", quiet).status_code == 302
    assert set(waiting.values_list("due_at", flat=True)) == {
        datetime.fromisoformat("2025-04-11T07:00Z")
    }
    assert client.post("/settings/alerts/", SETTINGS).status_code == 302
    assert set(waiting.values_list("due_at", flat=True)) == {END}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"zone": "Moon/Base"}, "zone"),
        ({"quiet_from": "22:00"}, "quiet_until"),
        ({"quiet_from": "late"}, "quiet_from"),
        ({"rhythm": "hourly"}, "rhythm"),
        ({"hour": "25"}, "hour"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_at_its_field(
    made: Made, client_of: Any, wrong: dict[str, str], field: str
) -> None:
    answer = client_of(made.ann).post("/settings/alerts/", SETTINGS | wrong)
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert not AlertSettings.objects.exists()


def test_a_pause_holds_back_and_ends(made: Made, client_of: Any) -> None:
    client = client_of(made.ann)
    client.post("/settings/alerts/", {"deed": "snooze", "for_days": "3"})
    sweeps.run(at=END)
    late = Alert.objects.filter(owed_at=END)
    assert set(late.values_list("due_at", flat=True)) == {END + timedelta(days=3)}
    client.post("/settings/alerts/", {"deed": "snooze", "for_days": "0"})
    assert set(late.values_list("due_at", flat=True)) == {END}
    alert_settings.snooze_pledge(
        user=made.ann, pledge=made.one, until=END + timedelta(days=1), at=END
    )
    assert set(late.values_list("due_at", flat=True)) == {END + timedelta(days=1)}


def test_a_test_message_goes_the_way_that_alerts_go(
    made: Made, client_of: Any, mailoutbox: list[Any]
) -> None:
    Alert.objects.all().delete()
    client_of(made.ann).post("/settings/alerts/", {"deed": "test"})
    assert mailoutbox == []
    deliveries.drain(now=lambda: END)
    (mail,) = mailoutbox
    assert mail.to == ["ann@example.org"]
    assert mail.subject == "Test message of the register"
    assert Message.objects.get().state == "sent"


def test_the_list_and_the_story_of_each_alert(made: Made, client_of: Any) -> None:
    client = client_of(made.ann)
    Alert.objects.all().delete()
    sweeps.run(at=END)
    shown = client.get("/alerts/").content.decode()
    assert "Expired" in shown
    expired = Alert.objects.get(kind="expired")
    page = f"/alerts/{expired.pk}/"
    story = client.get(page).content.decode()
    assert "you are the analyst of this pledge" in story
    assert "not sent yet" in story
    deliveries.drain(now=lambda: END)
    story = client.get(page).content.decode()
    assert "taken by the mail server" in story
    assert str(Message.objects.get().uid) in story
    assert client_of(made.bea).get(page).status_code == 404
    assert client_of(made.bea).post(page).status_code == 404
    assert client.post("/alerts/", {"alert": [str(expired.pk)]}).status_code == 302
    expired.refresh_from_db()
    assert (expired.acknowledged_at, expired.acknowledged_by) == (END, made.ann)
    left = Alert.objects.filter(acknowledged_at=None).count()
    assert left
    assert f"{left} not acknowledged" in client.get("/alerts/").content.decode()
    client.post("/alerts/", {"all": "yes"})
    assert not Alert.objects.filter(acknowledged_at=None).exists()


def test_a_pledge_says_what_is_to_come_and_what_came(made: Made, client_of: Any) -> None:
    client = client_of(made.bea)
    with time_machine.travel(BEFORE + timedelta(hours=1), tick=False):
        shown = client.get("/pledges/CASE-1/alerts/").content.decode()
    assert "Expired" in shown
    assert "you are the analyst of this pledge" in shown
    sweeps.run(at=END)
    while outbox.freeze(at=END):
        pass
    shown = client.get("/pledges/CASE-1/alerts/").content.decode()
    assert "waits" in shown
    assert client_of(made.eve).get("/pledges/CASE-1/alerts/").status_code == 404
