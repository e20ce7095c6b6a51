"""What did not arrive: listed for site administrators, and to each person their own; sent again."""

import json
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import kept
from tests.actions.house import Made, bare
from tests.actions.people import person
from tests.actions.test_delivery import BEFORE, END, pledge
from tracker.actions import deliveries, outbox, sweeps, users
from tracker.domain.outbox import Attempt, Outcome
from tracker.models import AlertSettings, Message, Subscription, User, Webhook

pytestmark = [pytest.mark.django_db, pytest.mark.both]
PAGE = "/people/undelivered/"
SAID = "550 5.1.1 <b>no such user</b>"


@pytest.fixture
@kept.once
def made() -> Made:
    """Ann's letter was refused with her address, Bea's for its content."""
    found = bare()
    found.clock = BEFORE
    for name, role in (("ann", "analyst"), ("bea", "reader")):
        found.rows[name] = person(name, found.dossier, role)
    found.rows["boss"] = person("boss")
    users.set_site_admin(user=found.boss, is_site_admin=True, by=None, at=BEFORE)
    found.rows["one"] = pledge(found, "CASE-1")
    Subscription.objects.create(user=found.bea, pledge=found.one, made_at=BEFORE)
    sweeps.run(at=END)
    outbox.freeze(at=END)
    for message in outbox.claim(at=END):
        refused = message.recipient == found.ann
        outcome = Outcome.ADDRESS_REFUSED if refused else Outcome.CONTENT_REFUSED
        outbox.record(message, Attempt(outcome, 550, SAID), at=END)
    return found


@pytest.fixture
def client_of(made: Made) -> Any:
    def of(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    with time_machine.travel(END + timedelta(hours=1), tick=False):
        yield of


def states() -> dict[str, str]:
    rows = Message.objects.select_related("recipient").order_by("pk")
    return {str(one.recipient): one.state for one in rows}


def test_they_are_listed_with_what_the_server_said(made: Made, client_of: Any) -> None:
    assert states() == {"Ann": "refused", "Bea": "dead"}
    shown = client_of(made.boss).get(PAGE).content.decode()
    assert (
        shown.count("550 5.1.1 &lt;b&gt;no such user&lt;/b&gt;") == 3
    )  # two messages, one address
    for words in (
        "ann@example.org",
        "bea@example.org",
        "CASE-1",
        "the address was refused for good",
    ):
        assert words in shown
    suppressed = shown[shown.index('id="h-suppressed"') :]
    assert "Ann" in suppressed
    assert "Bea" not in suppressed
    for user in (made.ann, made.bea):
        assert client_of(user).get(PAGE).status_code == 404
        assert client_of(user).post(PAGE, {"all": "yes"}).status_code == 404


def test_those_ticked_or_all_go_again_and_arrive(
    made: Made, client_of: Any, mailoutbox: list[Any]
) -> None:
    client = client_of(made.boss)
    bea = Message.objects.get(recipient=made.bea)
    said = client.post(PAGE, {"message": [str(bea.pk), "x", "9" * 30]}, follow=True)
    assert "1 message goes again." in said.content.decode()
    assert states() == {"Ann": "refused", "Bea": "waiting"}
    assert (
        "1 message goes again." in client.post(PAGE, {"all": "yes"}, follow=True).content.decode()
    )
    assert states() == {"Ann": "waiting", "Bea": "waiting"}
    deliveries.drain(now=lambda: END + timedelta(hours=1))
    assert sorted(mail.to[0] for mail in mailoutbox) == ["ann@example.org", "bea@example.org"]
    assert set(states().values()) == {"sent"}
    assert "All messages arrived" in client.get(PAGE).content.decode()


def test_one_given_up_after_many_attempts_has_its_day_anew(made: Made) -> None:
    message = Message.objects.get(recipient=made.bea)
    Message.objects.filter(pk=message.pk).update(attempts=outbox.MOST_ATTEMPTS + 5)
    later = END + timedelta(days=2)
    outbox.send_again(message=message, by=None, at=later)
    (claimed,) = outbox.claim(at=later)
    outbox.record(claimed, Attempt(Outcome.DEFERRED, 451, "later"), at=later)
    claimed.refresh_from_db()
    assert claimed.state == "waiting"
    assert claimed.next_try_at == later + timedelta(seconds=30)


def test_an_administrator_lets_an_address_take_mail_again(made: Made, client_of: Any) -> None:
    client = client_of(made.boss)
    assert client.post(PAGE, {"user": "999999"}).status_code == 404
    assert client.post(PAGE, {"user": str(made.ann.pk)}).status_code == 302
    assert AlertSettings.objects.get(user=made.ann).refused_at is None
    assert "every address takes mail" in client.get(PAGE).content.decode()


def test_each_sees_and_sends_again_their_own(made: Made, client_of: Any) -> None:
    ann, bea = client_of(made.ann), client_of(made.bea)
    shown = ann.get("/alerts/").content.decode()
    assert "Your address was refused" in shown
    assert "What did not reach you" in shown
    assert "bea@example.org" not in shown
    assert "no such user" in ann.get("/settings/alerts/").content.decode()
    theirs = Message.objects.get(recipient=made.ann)
    bea.post("/alerts/", {"deed": "send-again", "message": str(theirs.pk)})
    assert states() == {"Ann": "refused", "Bea": "dead"}
    bea.post("/alerts/", {"deed": "send-again", "all": "yes"})
    assert states() == {"Ann": "refused", "Bea": "waiting"}
    assert "Your address was refused" not in bea.get("/alerts/").content.decode()


def test_the_number_of_queries_does_not_grow(made: Made, client_of: Any) -> None:
    client = client_of(made.boss)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        client.get(PAGE)
    for number in range(12):
        one = person(f"p{number}")
        Message.objects.create(
            recipient=one,
            channel="mail",
            state="dead",
            made_at=END,
            next_try_at=END,
            ended_at=END,
        )
    with CaptureQueriesContext(connection) as many:
        client.get(PAGE)
    assert len(many) == len(few)


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("deadletters", *arguments, stdout=out)
    return out.getvalue()


def test_the_operator_lists_them_and_sends_them_again(made: Made) -> None:
    shown = run()
    assert "ann@example.org, mail" in shown
    assert "no such user" in shown
    assert shown.rstrip().endswith("2 did not arrive.")
    listed = json.loads(run("--json"))
    assert {one["state"] for one in listed} == {"refused", "dead"}
    assert {one["code"] for one in listed} == {550}
    assert datetime.fromisoformat(listed[0]["ended_at"]) == END
    with pytest.raises(CommandError):
        run("--send-again", "nonsense")
    bea = str(Message.objects.get(recipient=made.bea).uid)
    assert "1 message goes again." in run("--send-again", bea)
    assert states() == {"Ann": "refused", "Bea": "waiting"}
    assert "1 message goes again." in run("--send-again")
    assert "0 did not arrive." in run()


def test_a_webhook_that_was_refused_is_tried_again(made: Made, client_of: Any) -> None:
    hook = Webhook.objects.create(
        user=made.bea,
        address="https://example.org/hook",
        sealed_secret="sealed",
        made_at=BEFORE,
        refused_at=END,
        refused_detail="410 Gone",
    )
    boss = client_of(made.boss)
    shown = boss.get(PAGE).content.decode()
    assert "410 Gone" in shown
    assert '<input type="hidden" name="channel" value="webhook">' in shown
    tried = {"user": str(made.bea.pk), "channel": "webhook"}
    assert client_of(made.bea).post(PAGE, tried).status_code == 404
    answer = boss.post(PAGE, tried, follow=True)
    assert "goes to the webhook of" in answer.content.decode()
    hook.refresh_from_db()
    assert (hook.refused_at, hook.refused_detail) == (None, "")
    assert AlertSettings.objects.get(user=made.ann).refused_at, "mail to Ann stays suppressed"
    assert boss.post(PAGE, {"user": str(made.ann.pk), "channel": "webhook"}).status_code == 404
