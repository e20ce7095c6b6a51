"""Webhooks against a real HTTP server: what it says, does or never does ends right."""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC
from django.test import override_settings

from tests import kept
from tests.actions.house import Made, bare
from tests.actions.people import person
from tests.actions.test_delivery import BEFORE, END, TICK, Clock, due, outcomes, pledge, server
from tests.plugins.http import HANG, Endpoint, Reply, Seen, answer, serving
from tests.plugins.smtp import Sink
from tracker.actions import (
    alert_settings,
    deliveries,
    outbox,
    pledges,
    record,
    sealing,
    subscriptions,
    sweeps,
    webhooks,
)
from tracker.domain.addresses import networks
from tracker.domain.errors import Invalid, NotFound
from tracker.domain.outbox import LONGEST_ASKED, Outcome, next_try
from tracker.models import Alert, AlertSettings, Delivery, Message, User, Webhook
from tracker.outside import calls
from tracker.selectors.audience import MAIL, WEBHOOK

pytestmark = pytest.mark.django_db(transaction=True)
HERE = networks(["127.0.0.0/8"])
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _quick(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.OUTBOUND_NETWORKS = HERE
    monkeypatch.setattr(calls.post, "__kwdefaults__", {"seconds": 2.0})


@pytest.fixture
@kept.once
def made() -> Made:
    """A private dossier; Ann is the analyst of CASE-1, which runs to END, and takes no mail."""
    found = bare()
    found.clock = BEFORE
    found.rows["ann"] = person("ann", found.dossier, "analyst")
    AlertSettings.objects.create(user=found.ann, by_mail=False)
    found.rows["one"] = pledge(found, "CASE-1")
    return found


@contextmanager
def hooked(user: User, reply: Reply = lambda n: answer()) -> Iterator[tuple[Endpoint, str]]:
    """A server that is told of the user's alerts, and the secret."""
    with serving(Endpoint(reply)) as found:
        yield found, webhooks.point(user=user, address=f"{found.address}/hook", at=BEFORE)


def send(clock: Clock) -> int:
    return deliveries.drain(now=clock, channels=(WEBHOOK,))


def holds(seen: Seen, secret: str) -> bool:
    """Whether the signature is right, computed by another library than ours."""
    mac = HMAC(b64decode(secret.removeprefix("whsec_")), hashes.SHA256())
    for part in ("webhook-id", "webhook-timestamp"):
        mac.update(seen.headers[part].encode() + b".")
    mac.update(seen.body)
    return seen.headers["webhook-signature"] == "v1," + b64encode(mac.finalize()).decode()


# --- what is said


def test_a_message_is_signed_json_under_its_id(made: Made) -> None:
    record.put("dossier", "case", {"tells_details": True}, dossier=None, by=None, at=made.tick())
    pledges.amend(row=made.one, title="<b>Halts</b> strikes", by=None, at=made.tick())
    clock = Clock(END - timedelta(days=3))
    with hooked(made.ann) as (endpoint, secret):
        due(made, clock)
        assert send(clock) == 1
        assert send(clock) == 0
    (seen,) = endpoint.seen
    message = Message.objects.get()
    assert (message.state, message.channel, outcomes()) == ("sent", WEBHOOK, ["sent"])
    assert (seen.method, seen.target) == ("POST", "/hook")
    assert seen.headers["content-type"] == "application/json"
    assert seen.headers["webhook-id"] == str(message.uid)
    assert seen.headers["webhook-timestamp"] == str(int(clock().timestamp()))
    assert holds(seen, secret)
    assert not holds(replace(seen, body=seen.body + b" "), secret)
    told = json.loads(seen.body)
    assert (told["type"], told["timestamp"]) == ("pledge.alerts", "2025-04-08T00:00:00Z")
    (one,) = told["data"]["pledges"]
    assert one["ref"] == "CASE-1"
    assert one["link"] == "http://localhost:8000/pledges/CASE-1/"
    assert (one["title"], one["dossier"]) == ("<b>Halts</b> strikes", "Case")
    assert (one["stage"], one["ends_at"], one["zone"]) == (
        "in_force",
        "2025-04-11T00:00:00Z",
        "UTC",
    )
    (reading,) = one["readings"]
    assert (reading["ends_at"], reading["is_open"]) == ("2025-04-11T00:00:00Z", False)
    soon = next(a for a in one["alerts"] if a["kind"] == "due_soon")
    row = Alert.objects.get(kind="due_soon", lead=soon["lead"], channel=WEBHOOK)
    assert (soon["id"], soon["label"], soon["lead"]) == (row.pk, "Runs out soon", "3d")
    assert (soon["still_true"], soon["is_late"], soon["by_edit"]) == (True, False, False)
    assert soon["because"] == [{"by": "analyst", "label": "you are the analyst of this pledge"}]
    assert soon["link"] == f"http://localhost:8000/alerts/{row.pk}/"


def test_of_a_private_dossier_the_reference_alone_is_said(made: Made) -> None:
    clock = Clock(END + timedelta(days=3))
    with hooked(made.ann) as (endpoint, _):
        due(made, clock)
        send(clock)
    (seen,) = endpoint.seen
    told = json.loads(seen.body)["data"]
    assert told["is_late"] is True
    (one,) = told["pledges"]
    assert set(one) == {"ref", "link", "alerts"}
    assert {alert["about"] for alert in one["alerts"]} == {""}
    assert b"Alpha" not in seen.body
    assert {"expired"} < {alert["kind"] for alert in one["alerts"]}
    assert next(a for a in one["alerts"] if a["kind"] == "expired")["is_late"] is True


def test_a_test_says_that_it_is_one_and_is_asked_for_once_at_a_time(made: Made) -> None:
    clock = Clock(BEFORE)
    with hooked(made.ann) as (endpoint, secret):
        first = outbox.send_test(user=made.ann, channel=WEBHOOK, at=clock())
        assert outbox.send_test(user=made.ann, channel=WEBHOOK, at=clock()) == first
        assert send(clock) == 1
        assert outbox.send_test(user=made.ann, channel=WEBHOOK, at=clock()) != first
    (seen,) = endpoint.seen
    assert json.loads(seen.body)["type"] == "test"
    assert holds(seen, secret)


def test_a_digest_is_a_letter_and_no_webhook_waits_for_it(made: Made) -> None:
    pledge(made, "CASE-2")
    AlertSettings.objects.filter(user=made.ann).update(by_mail=True, rhythm="daily", hour=9)
    clock, sink = Clock(END), Sink()
    with hooked(made.ann) as (endpoint, _), server(sink):
        due(made, clock)
        deliveries.drain(now=clock)
        assert (len(endpoint.seen), len(sink.taken)) == (2, 0)  # one message to a pledge
        clock.on(9 * HOUR)
        deliveries.drain(now=clock)
        assert (len(endpoint.seen), len(sink.taken)) == (2, 1)


def test_quiet_hours_and_pauses_are_for_both(made: Made) -> None:
    quiet = {"quiet_from": END.time(), "quiet_until": (END + HOUR).time()}
    AlertSettings.objects.filter(user=made.ann).update(rhythm="weekly", **quiet)
    with hooked(made.ann):
        due(made, Clock(END))
    waiting = Alert.objects.filter(channel=WEBHOOK, owed_at=END)
    assert set(waiting.values_list("due_at", flat=True)) == {END + HOUR}
    alert_settings.snooze(user=made.ann, until=END + 5 * HOUR, at=END)
    assert set(waiting.values_list("due_at", flat=True)) == {END + 5 * HOUR}


# --- what becomes of it


@pytest.mark.parametrize("code", [408, 425, 429, 500, 502, 503, 504])
def test_what_may_pass_is_tried_again_under_the_same_id(made: Made, code: int) -> None:
    clock = Clock(END)
    with hooked(made.ann, lambda n: answer(code) if n < 2 else answer(204)) as (endpoint, secret):
        due(made, clock)
        for _ in range(3):
            send(clock)
            clock.on(2 * HOUR)
    assert outcomes() == ["deferred", "deferred", "sent"]
    assert [one.code for one in Delivery.objects.order_by("pk")] == [code, code, 204]
    assert len({one.headers["webhook-id"] for one in endpoint.seen}) == 1
    assert len({one.headers["webhook-timestamp"] for one in endpoint.seen}) == 3
    assert all(holds(one, secret) for one in endpoint.seen)


@pytest.mark.parametrize(
    ("asked", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("5", timedelta(seconds=30)),  # ours is longer
        ("9999999", LONGEST_ASKED),
        ("99999999999999999999999", LONGEST_ASKED),
        ("Fri, 11 Apr 2025 00:10:00 GMT", timedelta(minutes=10)),
        ("Fri, 11 Apr 2025 00:10:00", timedelta(minutes=10)),
        ("Thu, 10 Apr 2025 00:10:00 GMT", timedelta(seconds=30)),
        ("soon", timedelta(seconds=30)),
        ("-5", timedelta(seconds=30)),
    ],
)
def test_what_a_server_asks_for_is_granted_within_reason(
    made: Made, asked: str, wait: timedelta
) -> None:
    clock = Clock(END)
    with hooked(made.ann, lambda n: answer(503, Retry_After=asked)):
        due(made, clock)
        send(clock)
    assert Message.objects.get().next_try_at == END + wait


def test_who_asks_for_time_is_asked_nothing_else_meanwhile(made: Made) -> None:
    for number in range(2, 8):
        pledge(made, f"CASE-{number}")
    clock = Clock(END)
    busy = lambda n: answer(429, Retry_After="600") if n == 0 else answer()  # noqa: E731
    with hooked(made.ann, busy) as (endpoint, _):
        due(made, clock)
        send(clock)
        clock.on(timedelta(minutes=9))
        send(clock)
        assert len(endpoint.seen) == 1
        clock.on(timedelta(minutes=1))
        send(clock)
    assert len(endpoint.seen) == 8
    assert Message.objects.filter(state="sent").count() == 7
    assert set(Message.objects.values_list("attempts", flat=True)) == {1, 2}


def test_it_is_given_up_after_a_day(made: Made) -> None:
    clock = Clock(END)
    with hooked(made.ann, lambda n: answer(500)):
        due(made, clock)
        while Message.objects.filter(state="waiting").exists() or not outcomes():
            send(clock)
            clock.on(2 * HOUR)
    assert Message.objects.get().state == "dead"
    assert next_try(made_at=END, attempts=1, at=END + timedelta(days=1), wait=HOUR) is None


@pytest.mark.parametrize("code", [301, 303, 307, 400, 401, 403, 404, 422])
def test_what_is_refused_is_a_dead_letter_and_can_be_sent_again(made: Made, code: int) -> None:
    clock = Clock(END)
    where = {"Location": "http://127.0.0.1:1/else"} if code < 400 else {}
    with hooked(
        made.ann, lambda n: answer(code, b"<p>No\n</p>\x00", **where) if n == 0 else answer()
    ) as (endpoint, _):
        due(made, clock)
        send(clock)
        message = Message.objects.get()
        assert (message.state, outcomes()) == ("dead", ["content_refused"])
        said = Delivery.objects.get().detail
        assert said.startswith(f"{code}")
        assert ("It leads to http://127.0.0.1:1/else" in said) is (code < 400)
        assert not Webhook.objects.exclude(refused_at=None).exists()
        outbox.send_again(message=message, by=made.ann, at=clock())
        send(clock)
    assert len(endpoint.seen) == 2
    assert Message.objects.get().state == "sent"


def test_gone_is_for_good_until_its_owner_says_otherwise(made: Made) -> None:
    for number in (2, 3):
        pledge(made, f"CASE-{number}")
    clock = Clock(END)
    with hooked(made.ann, lambda n: answer(410, b"No more") if n == 0 else answer()) as (
        endpoint,
        _,
    ):
        due(made, clock)
        send(clock)
        held = Webhook.objects.get()
        assert (held.refused_at, held.refused_detail) == (END, "410 No more")
        assert set(Message.objects.values_list("state", flat=True)) == {"refused"}
        assert outcomes() == ["address_refused"]
        clock.on(timedelta(days=20))
        sweeps.run(at=clock())
        send(clock)
        assert len(endpoint.seen) == 1
        webhooks.try_again(user=made.ann)
        for message in Message.objects.all():
            outbox.send_again(message=message, by=made.ann, at=clock())
        send(clock)
        assert len(endpoint.seen) == 4
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}


@pytest.mark.parametrize(
    "steps",
    [
        [HANG],
        [],
        [b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"],
        [b"HTTP/1.1 200 OK\r\n", *[one for _ in range(50) for one in (0.1, b"X: y\r\n")]],
        [b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n"],
    ],
    ids=["hangs", "hangs up", "cut off", "drips", "headers"],
)
def test_no_whole_answer_leaves_it_open_and_it_goes_again(made: Made, steps: Any) -> None:
    """Whether it was taken is not known: it goes as it is, under its id, and alone."""
    clock = Clock(END)
    with hooked(made.ann, lambda n: steps if n == 0 else answer()) as (endpoint, _):
        due(made, clock)
        send(clock)
        assert Message.objects.get().is_uncertain
        clock.on(HOUR)
        sweeps.run(at=clock())
        send(clock)
    assert outcomes()[:2] == ["uncertain", "sent"]
    assert endpoint.seen[0].headers["webhook-id"] == endpoint.seen[1].headers["webhook-id"]


def test_nobody_there_is_tried_again(made: Made) -> None:
    pledge(made, "CASE-2")
    clock = Clock(END)
    with hooked(made.ann) as (endpoint, _):
        pass
    due(made, clock)
    assert send(clock) == 1
    assert outcomes() == ["deferred"]
    assert "Connection refused" in Delivery.objects.get().detail
    assert endpoint.seen == []
    assert Message.objects.filter(state="waiting", leased_until=None).count() == 2


def test_where_nothing_may_be_sent_nothing_is(made: Made) -> None:
    """Allowed when it was set, or a public name that leads to a private network since."""
    clock = Clock(END)
    with hooked(made.ann) as (endpoint, _), override_settings(OUTBOUND_NETWORKS=()):
        due(made, clock)
        send(clock)
        assert endpoint.connections == 0
    assert outcomes() == ["address_refused"]
    held = Webhook.objects.get()
    assert held.refused_at == END
    assert held.refused_detail == "127.0.0.1 is this very machine."


def test_what_was_removed_is_not_called(made: Made) -> None:
    clock = Clock(END)
    with hooked(made.ann) as (endpoint, _):
        due(made, clock)
        outbox.send_test(user=made.ann, channel=WEBHOOK, at=clock())
        webhooks.remove(user=made.ann)
        send(clock)
        assert endpoint.seen == []
    assert set(Message.objects.values_list("state", flat=True)) == {"dropped"}
    assert set(Alert.objects.values_list("dropped_why", flat=True)) == {"channel_gone"}


def test_what_nobody_can_sign_waits_for_its_key(made: Made) -> None:
    clock = Clock(END)
    with hooked(made.ann) as (endpoint, _):
        due(made, clock)
        with override_settings(SECRET_KEY="n" * 50, SECRET_KEY_FALLBACKS=[]):
            send(clock)
        assert endpoint.seen == []
        assert "no key opens the webhook's secret" in Delivery.objects.get().detail
        clock.on(HOUR)
        send(clock)
        assert len(endpoint.seen) == 1


# --- nobody waits for another's server


def test_a_dead_server_beside_healthy_ones_and_mail(made: Made) -> None:
    """It takes its second; the others are served meanwhile, and mail does not wait at all."""
    people = [person(name, made.dossier, "reader") for name in ("bea", "cem", "dan")]
    for one in people:
        AlertSettings.objects.create(user=one, by_mail=False)
    for number in range(2, 9):
        pledge(made, f"CASE-{number}")
    for one in people:
        subscriptions.subscribe(user=one, target=made.dossier, at=BEFORE)
    AlertSettings.objects.filter(user=made.ann).update(by_mail=True)
    clock, sink = Clock(END), Sink()
    with ExitStack() as stack:
        dead, _ = stack.enter_context(hooked(made.ann, lambda n: [HANG]))
        healthy = [stack.enter_context(hooked(one))[0] for one in people]
        stack.enter_context(server(sink))
        due(made, clock)
        while deliveries.drain(now=clock, channels=(WEBHOOK,)):
            pass
        told = list(Delivery.objects.order_by("pk").values_list("outcome", flat=True))
        assert told.index("uncertain") >= 3, "others waited for the server that hangs"
        assert deliveries.drain(now=clock, channels=(MAIL,)) == 8
        assert [len(one.seen) for one in healthy] == [8, 8, 8]
        assert len(dead.seen) == 1
    assert len(sink.taken) == 8
    waiting = Message.objects.filter(recipient=made.ann, channel=WEBHOOK)
    assert set(waiting.values_list("state", flat=True)) == {"waiting"}
    assert sum(waiting.values_list("attempts", flat=True)) == 1


def test_one_message_that_its_server_cannot_take_holds_up_no_other(made: Made) -> None:
    for number in range(2, 6):
        pledge(made, f"CASE-{number}")
    clock = Clock(END)
    with serving(Endpoint()) as endpoint:
        webhooks.point(user=made.ann, address=endpoint.address, at=BEFORE)
        endpoint.reply = lambda n: [HANG] if b'"CASE-1"' in endpoint.seen[-1].body else answer()
        due(made, clock)
        for _ in range(3):
            send(clock)
            clock.on(timedelta(minutes=5))
    left = Message.objects.exclude(state="sent")
    assert [one.pledge.ref for one in left.select_related("pledge") if one.pledge] == ["CASE-1"]


def test_of_one_recipient_so_many_are_taken_at_a_time(made: Made) -> None:
    bea = person("bea", made.dossier, "reader")
    for user, count in ((made.ann, 30), (bea, 2)):
        Message.objects.bulk_create(
            Message(recipient=user, channel=WEBHOOK, made_at=END, next_try_at=END + n * TICK)
            for n in range(count)
        )
    at = END + HOUR
    first = outbox.claim(at=at, channel=WEBHOOK, each=5)
    assert [m.recipient_id for m in first].count(made.ann.pk) == 5
    assert [m.recipient_id for m in first].count(bea.pk) == 2
    second = outbox.claim(at=at, channel=WEBHOOK, each=5)
    assert {m.recipient_id for m in second} == {made.ann.pk}
    assert not {m.pk for m in first} & {m.pk for m in second}
    assert outbox.claim(at=at, channel=MAIL) == []


def test_the_time_of_a_drain_is_kept_within_a_batch(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(2, 6):
        pledge(made, f"CASE-{number}")
    clock = Clock(END)
    with hooked(made.ann) as (endpoint, _):
        due(made, clock)
        # A second for each that was sent.
        monkeypatch.setattr(deliveries, "perf_counter", lambda: float(len(endpoint.seen)))
        deliveries.drain(now=clock, within=2.0, channels=(WEBHOOK,))
        assert len(endpoint.seen) == 2
        assert Message.objects.filter(state="waiting", attempts=0, leased_until=None).count() == 3


def test_queries_do_not_grow_with_the_pledges(
    made: Made, django_assert_max_num_queries: Any
) -> None:
    for number in range(2, 6):
        pledge(made, f"CASE-{number}")
    clock = Clock(END)
    with hooked(made.ann) as (endpoint, _):
        due(made, clock)
        # One batch of 5: freeze, claim and load once; then write and end for each.
        with django_assert_max_num_queries(60 + 5 * 8):
            send(clock)
    assert len(endpoint.seen) == 5


# --- the webhook itself


def test_an_address_is_checked_where_it_is_entered(made: Made) -> None:
    with override_settings(OUTBOUND_NETWORKS=()), pytest.raises(Invalid, match="private") as no:
        webhooks.point(user=made.ann, address="http://10.0.0.1/", at=BEFORE)
    assert no.value.field == "address"
    assert not Webhook.objects.exists()
    for deed in (webhooks.renew_secret, webhooks.remove, webhooks.try_again):
        with pytest.raises(NotFound):
            deed(user=made.ann)


def test_a_secret_is_told_once_and_kept_sealed(made: Made) -> None:
    secret = webhooks.point(user=made.ann, address="https://example.org/a", at=BEFORE)
    held = Webhook.objects.get()
    assert secret.startswith("whsec_")
    assert secret.removeprefix("whsec_") not in held.sealed_secret
    assert sealing.unseal(held.sealed_secret, purpose=sealing.WEBHOOKS) == secret
    assert sealing.unseal(held.sealed_secret) is None  # a seal is for one purpose
    Webhook.objects.update(refused_at=BEFORE, refused_detail="410")
    assert webhooks.point(user=made.ann, address="https://example.org/b", at=BEFORE) == ""
    held.refresh_from_db()
    assert (held.address, held.refused_at) == ("https://example.org/b", None)
    again = webhooks.renew_secret(user=made.ann)
    held.refresh_from_db()
    assert again != secret
    assert sealing.unseal(held.sealed_secret, purpose=sealing.WEBHOOKS) == again
    assert sealing.reseal() == (1, 0)
    held.refresh_from_db()
    assert sealing.unseal(held.sealed_secret, purpose=sealing.WEBHOOKS) == again
    with override_settings(SECRET_KEY="n" * 50, SECRET_KEY_FALLBACKS=[]):
        assert sealing.reseal() == (0, 1)


def test_outcomes_are_the_five_that_there_are() -> None:
    """What a webhook's story has words for (words.py)."""
    from tracker.words import LABELS

    assert set(LABELS["webhook_outcome"]) == set(Outcome) == set(LABELS["outcome"])
