"""The outbox against a real SMTP server: what it refuses, drops or never answers ends right."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import override_settings

from tests import kept
from tests.actions.house import Made, bare, pledged
from tests.actions.people import person
from tests.plugins.smtp import OK, Sink, serving
from tracker.actions import (
    deliveries,
    memberships,
    outbox,
    pledges,
    readings,
    record,
    sweeps,
)
from tracker.domain.outbox import GIVES_UP_AFTER, Attempt, Outcome
from tracker.mail import alerts
from tracker.models import Alert, AlertSettings, Delivery, Message, Reading, Subscription, User

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE = datetime.fromisoformat("2025-04-01T00:00Z")
END = datetime.fromisoformat("2025-04-11T00:00Z")  # ten days from 1 April, UTC
TICK = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


class Clock:
    """An instant that a test moves on."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def on(self, by: timedelta) -> None:
        self.at += by


@contextmanager
def server(sink: Sink) -> Iterator[None]:
    with (
        serving(sink) as (host, port),
        override_settings(
            EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
            EMAIL_HOST=host,
            EMAIL_PORT=port,
            EMAIL_TIMEOUT=1,
            EMAIL_HOST_USER="",
            EMAIL_HOST_PASSWORD="",
            EMAIL_USE_TLS=False,
            EMAIL_USE_SSL=False,
        ),
    ):
        yield


@pytest.fixture
@kept.once
def made() -> Made:
    """A private dossier with Ann as the analyst of CASE-1, which runs to END."""
    found = bare()
    found.clock = BEFORE
    found.rows["ann"] = person("ann", found.dossier, "analyst")
    found.rows["one"] = pledge(found, "CASE-1")
    return found


def pledge(made: Made, ref: str) -> Any:
    row = pledged(made, ref, analyst=made.ann, public="2025-03-31 UTC")
    readings.add(
        of=row,
        start="2025-04-01 UTC",
        duration="P10D",
        rule="inclusive",
        public="2025-03-31 UTC",
        **made.how(),
    )
    return row


def due(made: Made, clock: Clock) -> int:
    sweeps.run(at=clock())
    return Alert.objects.filter(message=None, dropped_at=None).count()


def outcomes() -> list[str]:
    return list(Delivery.objects.order_by("pk").values_list("outcome", flat=True))


def test_what_is_due_together_is_one_message_with_all_it_takes(made: Made) -> None:
    clock, sink = Clock(END), Sink()
    assert due(made, clock) >= 2
    with server(sink):
        assert deliveries.drain(now=clock) == 1
        assert deliveries.drain(now=clock) == 0
    (mail,) = sink.taken
    assert mail["To"] == "ann@example.org"
    assert mail["Subject"].strip().startswith("Late: Expired, Fri 11 Apr 2025, 00:00 UTC")
    assert "CASE-1" in mail["Subject"]  # private: no title
    assert "Alpha halts" not in mail.as_string()
    message = Message.objects.get()
    assert mail["Message-ID"] == f"<{message.uid}@localhost>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Unsubscribe"].strip().startswith("<http://localhost:8000/mail/")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert (message.state, message.is_late) == ("sent", True)
    assert outcomes() == ["sent"]
    assert not Alert.objects.exclude(message=message).exists()


def test_a_warning_on_time_says_how_long_still(made: Made) -> None:
    record.put("dossier", "case", {"tells_details": True}, dossier=None, by=None, at=made.tick())
    clock, sink = Clock(END - timedelta(days=3)), Sink()
    due(made, clock)
    Alert.objects.exclude(kind="due_soon").delete()
    with server(sink):
        deliveries.drain(now=clock)
    (mail,) = sink.taken
    assert mail["Subject"].startswith("Runs out in 3 days, Fri 11 Apr 2025, 00:00 UTC (24:00 on 10")
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "You get this because you are the analyst of this pledge." in text
    assert "/pledges/CASE-1/" in text


def test_after_an_outage_nothing_is_said_to_run_out_that_has(made: Made) -> None:
    clock, sink = Clock(END + timedelta(days=3)), Sink()
    due(made, clock)
    with server(sink):
        deliveries.drain(now=clock)
    (mail,) = sink.taken
    assert "Runs out in" not in mail.as_string()
    assert mail["Subject"].startswith("Late: ")


@pytest.mark.parametrize("reply", ["451 Try later", "421 Busy"])
def test_a_passing_refusal_is_tried_again_under_the_same_id(made: Made, reply: str) -> None:
    clock, sink = Clock(END), Sink(data=lambda n: reply if n < 2 else OK)
    due(made, clock)
    with server(sink):
        for _ in range(3):
            deliveries.drain(now=clock)
            clock.on(timedelta(hours=2))
    assert outcomes() == ["deferred", "deferred", "sent"]
    assert sink.ids == [f"<{Message.objects.get().uid}@localhost>"]
    assert Delivery.objects.order_by("pk")[0].code == int(reply[:3])


def test_it_waits_longer_each_time_and_gives_up_after_a_day(made: Made) -> None:
    clock, sink = Clock(END), Sink(rcpt=lambda n: "451 Try later")
    due(made, clock)
    waits: list[timedelta] = []
    with server(sink):
        while Message.objects.filter(state="waiting").exists() or not waits:
            deliveries.drain(now=clock)
            message = Message.objects.get()
            if message.state == "waiting":
                waits.append(message.next_try_at - clock())
                clock.at = message.next_try_at
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (timedelta(seconds=30), timedelta(hours=1))
    assert Message.objects.get().state == "dead"
    assert clock() - END >= GIVES_UP_AFTER
    again = outbox.send_again(message=Message.objects.get(), by=made.ann, at=clock())
    sink.rcpt = lambda n: OK
    with server(sink):
        deliveries.drain(now=clock)
    again.refresh_from_db()
    assert (again.state, len(sink.taken)) == ("sent", 1)


@pytest.mark.parametrize(
    ("reply", "state", "is_suppressed"),
    [
        ("550 5.1.1 No such user", "refused", True),
        ("553 Bad mailbox", "refused", True),
        ("550 5.7.1 We do not like you", "dead", False),
        ("554 Looks like spam", "dead", False),
    ],
)
def test_what_is_refused_for_good_is_not_tried_again(
    made: Made, reply: str, state: str, is_suppressed: bool
) -> None:
    clock, sink = Clock(END), Sink(rcpt=lambda n: reply)
    due(made, clock)
    with server(sink):
        for _ in range(3):
            deliveries.drain(now=clock)
            clock.on(timedelta(hours=2))
    assert Message.objects.get().state == state
    assert len(outcomes()) == 1
    held = AlertSettings.objects.filter(user=made.ann, refused_at__isnull=False)
    assert held.exists() is is_suppressed


def test_refused_content_is_a_dead_letter_and_suppresses_nobody(made: Made) -> None:
    clock, sink = Clock(END), Sink(data=lambda n: "554 5.6.0 Content refused")
    due(made, clock)
    with server(sink):
        deliveries.drain(now=clock)
    assert Message.objects.get().state == "dead"
    assert not AlertSettings.objects.exists()


def test_a_server_that_takes_a_message_and_hangs_up_gets_it_again_under_one_id(made: Made) -> None:
    clock, sink = Clock(END), Sink(data=lambda n: "close after" if n == 0 else OK)
    due(made, clock)
    with server(sink):
        deliveries.drain(now=clock)
        assert Message.objects.get().is_uncertain
        clock.on(timedelta(hours=1))
        deliveries.drain(now=clock)
    assert outcomes() == ["uncertain", "sent"]
    assert len(sink.ids) == 2
    assert len(set(sink.ids)) == 1


def test_a_server_that_falls_silent_is_left_alone_and_nothing_is_lost(made: Made) -> None:
    for number in range(2, 7):
        pledge(made, f"CASE-{number}")
    clock, sink = Clock(END), Sink(data=lambda n: "hang")
    due(made, clock)
    with server(sink):
        assert deliveries.drain(now=clock) == 2
    assert outcomes() == ["uncertain", "uncertain"]
    assert Message.objects.filter(state="waiting", leased_until=None).count() == 6
    assert Message.objects.filter(attempts=0).count() == 4
    clock.on(timedelta(minutes=10))
    sink.data = lambda n: OK
    with server(sink):
        deliveries.drain(now=clock)
    assert Message.objects.filter(state="sent").count() == 6
    assert len(set(sink.ids)) == 6


def test_nobody_there_at_all(made: Made) -> None:
    pledge(made, "CASE-2")
    clock = Clock(END)
    due(made, clock)
    with serving(Sink()) as (host, port):
        pass
    with override_settings(
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
        EMAIL_HOST=host,
        EMAIL_PORT=port,
        EMAIL_TIMEOUT=1,
    ):
        assert deliveries.drain(now=clock) == 1
    assert outcomes() == ["deferred"]
    assert Message.objects.filter(state="waiting", leased_until=None).count() == 2


def test_a_server_that_takes_one_in_three_gets_each_once(made: Made) -> None:
    for number in range(2, 10):
        pledge(made, f"CASE-{number}")
    clock, sink = Clock(END), Sink(data=lambda n: OK if n % 3 == 2 else "451 Later")
    due(made, clock)
    with server(sink):
        while Message.objects.filter(state="waiting").exists() or not sink.taken:
            deliveries.drain(now=clock)
            clock.on(timedelta(minutes=30))
    assert Message.objects.filter(state="sent").count() == 9
    assert len(sink.ids) == len(set(sink.ids)) == 9


def test_an_outage_of_the_server_ends_in_one_message_per_pledge(made: Made) -> None:
    clock, down = Clock(END - timedelta(days=3)), Sink(rcpt=lambda n: "451 Later")
    with server(down):
        for _ in range(40):
            sweeps.run(at=clock())
            deliveries.drain(now=clock)
            clock.on(timedelta(hours=2))
    assert Message.objects.filter(state="waiting").count() == 1
    up = Sink()
    with server(up):
        clock.on(timedelta(hours=2))
        deliveries.drain(now=clock)
    assert len(up.taken) == 1
    assert "Expired" in up.taken[0]["Subject"]


def test_a_worker_that_died_leaves_a_lease_that_runs_out(made: Made) -> None:
    clock, sink = Clock(END), Sink()
    due(made, clock)
    outbox.freeze(at=clock())
    (claimed,) = outbox.claim(at=clock())
    with server(sink):
        assert deliveries.drain(now=clock) == 0
        clock.on(outbox.LEASE - TICK)
        assert deliveries.drain(now=clock) == 0
        clock.on(TICK)
        assert deliveries.drain(now=clock) == 1
    message = Message.objects.get()
    assert (message.state, message.attempts, message.is_uncertain) == ("sent", 2, True)
    assert sink.ids == [f"<{claimed.uid}@localhost>"]
    # The dead one comes back and has no say any more.
    outbox.record(claimed, Attempt(Outcome.DEFERRED), at=clock())
    message.refresh_from_db()
    assert message.state == "sent"


def test_one_that_cannot_be_rendered_holds_up_nobody(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    pledge(made, "CASE-2")
    clock, sink = Clock(END), Sink()
    due(made, clock)
    render = alerts.letter

    def fails(parcel: Any, *, at: datetime) -> Any:
        if parcel.pledges[0].ref == "CASE-1":
            raise ValueError("no words")
        return render(parcel, at=at)

    monkeypatch.setattr(alerts, "letter", fails)
    with server(sink):
        deliveries.drain(now=clock)
    assert sorted(outcomes()) == ["deferred", "sent"]
    assert Message.objects.get(pledge=made.one).state == "waiting"


def test_what_kills_its_worker_goes_alone_and_comes_to_an_end(made: Made) -> None:
    pledge(made, "CASE-2")
    clock = Clock(END)
    due(made, clock)
    outbox.freeze(at=clock())
    assert len(outbox.claim(at=clock())) == 2  # and the worker dies
    alone = []
    for _ in range(40):
        clock.on(2 * outbox.LEASE)
        alone.append(len(outbox.claim(at=clock())))
    assert set(alone) == {1, 0}
    assert set(Message.objects.values_list("state", flat=True)) == {"dead"}


def test_what_a_server_put_off_is_not_given_up_when_one_worker_dies(made: Made) -> None:
    clock, sink = Clock(END), Sink(rcpt=lambda n: "451 Try later")
    due(made, clock)
    with server(sink):
        for _ in range(outbox.MOST_CUT_OFF):
            deliveries.drain(now=clock)
            clock.at = Message.objects.get().next_try_at
        assert len(outbox.claim(at=clock())) == 1  # and the worker dies
        clock.on(2 * outbox.LEASE)
        sink.rcpt = lambda n: OK
        deliveries.drain(now=clock)
    assert Message.objects.get().state == "sent"


@pytest.mark.parametrize("is_tried", [True, False])
def test_a_clock_that_is_set_back_meanwhile_refuses_no_record(made: Made, is_tried: bool) -> None:
    clock = Clock(END)
    due(made, clock)
    outbox.freeze(at=clock())
    (claimed,) = outbox.claim(at=clock())
    clock.on(-timedelta(hours=1))
    if is_tried:
        outbox.record(claimed, Attempt(Outcome.DEFERRED, 451, "Later"), at=clock())
    else:
        outbox.release([claimed], until=clock() + MINUTE)
    message = Message.objects.get()
    assert (message.leased_until, message.next_try_at) == (None, END)


def test_a_refused_address_gets_nothing_more_until_it_works_again(made: Made) -> None:
    for number in range(2, 5):
        pledge(made, f"CASE-{number}")
    clock, sink = Clock(END), Sink(rcpt=lambda n: "550 5.1.1 No such user")
    due(made, clock)
    with server(sink):
        deliveries.drain(now=clock)
        sweeps.run(at=clock())
        deliveries.drain(now=clock)
    assert outcomes() == ["address_refused"]
    assert set(Message.objects.values_list("state", flat=True)) == {"refused"}
    assert not Alert.objects.filter(message=None, dropped_at=None).exists()


def test_what_became_untrue_before_it_left_is_not_sent(made: Made) -> None:
    clock, sink = Clock(END), Sink()
    due(made, clock)
    outbox.freeze(at=clock())
    row = readings_of(made)
    readings.amend(row=row, duration="P20D", by=None, at=END + TICK)
    clock.on(2 * TICK)
    with server(sink):
        deliveries.drain(now=clock)
    assert Alert.objects.get(kind="expired").dropped_why == "untrue"
    for mail in sink.taken:
        assert "Expired" not in mail["Subject"]


def test_who_was_told_of_what_was_not_so_gets_one_correction(made: Made) -> None:
    clock, sink = Clock(END), Sink()
    due(made, clock)
    with server(sink):
        deliveries.drain(now=clock)
        readings.amend(row=readings_of(made), duration="P20D", by=None, at=END + TICK)
        clock.on(2 * TICK)
        deliveries.drain(now=clock)
        deliveries.drain(now=clock)
    assert len(sink.taken) == 2
    text = sink.taken[1].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "Not so after all: Expired" in text
    assert Alert.objects.filter(kind="corrected", subject="expired:").count() == 1


def test_who_may_no_longer_see_it_is_not_told(made: Made) -> None:
    clock, sink = Clock(END), Sink()
    due(made, clock)
    member = made.dossier.memberships.get(user=made.ann)
    pledges.amend(row=made.one, analyst=None, by=None, at=clock())
    memberships.revoke(row=member, by=None, at=clock(), reason="Gone")
    with server(sink):
        deliveries.drain(now=clock)
    assert sink.taken == []
    assert set(Alert.objects.values_list("dropped_why", flat=True)) <= {"no_access"}


def test_who_has_unsubscribed_meanwhile_is_not_told(made: Made) -> None:
    bea = person("bea", made.dossier, "reader")
    one = Subscription.objects.create(user=bea, pledge=made.one, made_at=BEFORE)
    clock, sink = Clock(END), Sink()
    due(made, clock)
    Subscription.objects.filter(pk=one.pk).update(ended_at=clock())
    with server(sink):
        deliveries.drain(now=clock)
    assert [mail["To"] for mail in sink.taken] == ["ann@example.org"]
    assert set(Alert.objects.filter(recipient=bea).values_list("dropped_why", flat=True)) == {
        "unsubscribed"
    }


def test_a_daily_digest_is_one_message_at_its_hour_in_the_readers_zone(made: Made) -> None:
    pledge(made, "CASE-2")
    AlertSettings.objects.create(user=made.ann, zone="Europe/Kyiv", rhythm="daily", hour=9)
    Alert.objects.all().delete()
    clock, sink = Clock(END), Sink()
    due(made, clock)
    six = datetime.fromisoformat("2025-04-11T06:00Z")  # nine in Kyiv
    with server(sink):
        for at in (END, six - TICK, six):
            clock.at = at
            deliveries.drain(now=clock)
            assert len(sink.taken) == (at == six)
    (mail,) = sink.taken
    assert mail["Subject"].strip().startswith("Late: Expired, Fri 11 Apr 2025, 00:00 UTC")
    assert mail["Subject"].endswith(": CASE-1 · and 1 more")
    assert "CASE-1" in mail.as_string()
    assert "CASE-2" in mail.as_string()


@pytest.mark.parametrize("bad", ["x\r\nBcc: eve@example.org", "x\nSubject: y", "x\u2028y\x85z"])
def test_no_header_comes_out_of_a_title_or_a_name(made: Made, bad: str) -> None:
    record.put(
        "dossier",
        "case",
        {"tells_details": True, "title": bad},
        dossier=None,
        by=None,
        at=made.tick(),
    )
    pledges.amend(row=made.one, title=bad, by=None, at=made.tick())
    User.objects.filter(pk=made.ann.pk).update(name=bad)
    clock, sink = Clock(END), Sink()
    due(made, clock)
    with server(sink):
        deliveries.drain(now=clock)
    (mail,) = sink.taken
    assert mail["Bcc"] is None
    assert mail.get_all("Subject") is not None
    assert len(mail.get_all("Subject") or []) == 1
    assert mail.get_all("To") == ["ann@example.org"]


def test_an_address_that_injects_is_refused_and_the_others_go(made: Made) -> None:
    pledge(made, "CASE-2")
    User.objects.filter(pk=made.ann.pk).update(email="ann@example.org\r\nbcc: eve@example.org")
    clock, sink = Clock(END), Sink()
    due(made, clock)
    with server(sink):
        deliveries.drain(now=clock)
    assert sink.taken == []
    assert set(Message.objects.values_list("state", flat=True)) == {"dead"}


def test_one_connection_carries_many_and_queries_do_not_grow(
    made: Made, django_assert_max_num_queries: Any
) -> None:
    for number in range(2, 19):
        pledge(made, f"CASE-{number}")
    clock, sink = Clock(END), Sink()
    due(made, clock)
    # One batch of 18: freeze, claim and load once; then drop, write and end for each.
    with server(sink), django_assert_max_num_queries(60 + 18 * 8):
        deliveries.drain(now=clock)
    assert len(sink.taken) == 18
    assert sink.sessions == 1


def readings_of(made: Made) -> Any:
    return Reading.objects.get(pledge=made.one)
