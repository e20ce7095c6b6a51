"""When an alert may leave: never early, never in quiet hours, and digests at their hour."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.causes import LATE_AFTER, is_late
from tracker.domain.outbox import GIVES_UP_AFTER, next_try
from tracker.domain.timing import Rhythm, Timing, leaves_at

TICK = timedelta(microseconds=1)
KYIV = "Europe/Kyiv"
times = st.times().map(lambda t: t.replace(second=0, microsecond=0, fold=0))
instants = st.datetimes(datetime(2024, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))
timings = st.builds(
    Timing,
    zone=st.sampled_from([KYIV, "UTC", "America/New_York", "Australia/Lord_Howe"]),
    rhythm=st.sampled_from(Rhythm),
    hour=st.integers(0, 23),
    weekday=st.integers(0, 6),
    quiet_from=times,
    quiet_until=times,
)


def local(at: datetime, zone: str) -> datetime:
    return at.astimezone(ZoneInfo(zone))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@given(timings, instants)
def test_it_never_leaves_early_nor_waits_for_long(timing: Timing, when: datetime) -> None:
    leaves = leaves_at(timing, when)
    longest = {Rhythm.AT_ONCE: 1, Rhythm.DAILY: 1, Rhythm.WEEKLY: 7}[timing.rhythm]
    assert when <= leaves <= when + timedelta(days=longest, hours=2)  # a change of clocks
    assert leaves_at(timing, leaves) == leaves


@given(timings, instants)
def test_a_digest_leaves_at_its_hour(timing: Timing, when: datetime) -> None:
    leaves = local(leaves_at(timing, when), timing.zone)
    if timing.rhythm is Rhythm.AT_ONCE:
        return
    assert leaves.minute in (0, 30)  # half an hour where clocks jump by that
    if timing.rhythm is Rhythm.WEEKLY:
        assert leaves.weekday() == timing.weekday


@pytest.mark.parametrize(
    ("when", "leaves"),
    [
        ("2025-01-10T19:59:59Z", "2025-01-10T19:59:59Z"),  # 21:59:59 in Kyiv
        ("2025-01-10T20:00:00Z", "2025-01-11T05:00:00Z"),  # 22:00, to 07:00
        ("2025-01-11T04:59:59Z", "2025-01-11T05:00:00Z"),
        ("2025-01-11T05:00:00Z", "2025-01-11T05:00:00Z"),
        ("2025-03-29T22:00:00Z", "2025-03-30T04:00:00Z"),  # the night in which clocks go forward
        ("2025-10-25T22:00:00Z", "2025-10-26T05:00:00Z"),  # and back
    ],
)
def test_quiet_hours_over_midnight(when: str, leaves: str) -> None:
    timing = Timing(zone=KYIV, quiet_from=time(22), quiet_until=time(7))
    assert leaves_at(timing, at(when)) == at(leaves)


def test_quiet_hours_within_a_day_and_none() -> None:
    noon = Timing(quiet_from=time(12), quiet_until=time(14))
    assert leaves_at(noon, at("2025-01-10T13:00Z")) == at("2025-01-10T14:00Z")
    assert leaves_at(noon, at("2025-01-10T11:59Z")) == at("2025-01-10T11:59Z")
    same = Timing(quiet_from=time(9), quiet_until=time(9))
    assert leaves_at(same, at("2025-01-10T09:00Z")) == at("2025-01-10T09:00Z")


def test_a_digest_leaves_at_the_hour_itself_and_else_the_next() -> None:
    daily = Timing(zone=KYIV, rhythm=Rhythm.DAILY, hour=9)
    nine = at("2025-01-10T07:00Z")
    assert leaves_at(daily, nine) == nine
    assert leaves_at(daily, nine - TICK) == nine
    assert leaves_at(daily, nine + TICK) == nine + timedelta(days=1)
    weekly = Timing(zone=KYIV, rhythm=Rhythm.WEEKLY, hour=9, weekday=4)  # a Friday, as that was
    assert leaves_at(weekly, nine + TICK) == nine + timedelta(days=7)


def test_a_snooze_ends_before_anything_else_is_asked() -> None:
    until = at("2025-01-10T13:00Z")
    noon = Timing(quiet_from=time(12), quiet_until=time(14), snoozed_until=until)
    assert leaves_at(noon, at("2025-01-10T10:00Z")) == at("2025-01-10T14:00Z")
    assert leaves_at(Timing(), at("2025-01-10T10:00Z"), snoozed_until=until) == until
    assert leaves_at(Timing(), until + TICK, snoozed_until=until) == until + TICK


def test_each_wait_is_twice_the_last_and_the_day_ends_it() -> None:
    made = at("2025-01-10T00:00Z")
    waits = [next_try(made_at=made, attempts=n, at=made) for n in range(1, 12)]
    lengths = [wait - made for wait in waits if wait is not None]
    assert lengths[:4] == [timedelta(seconds=s) for s in (30, 60, 120, 240)]
    assert lengths[-1] == timedelta(hours=1)
    last = made + GIVES_UP_AFTER
    assert next_try(made_at=made, attempts=5, at=last - TICK) is not None
    assert next_try(made_at=made, attempts=5, at=last) is None


@pytest.mark.parametrize("by_edit", [True, False])
def test_late_is_what_could_have_left_long_before(by_edit: bool) -> None:
    true_at = at("2025-01-10T00:00Z")
    due = true_at + timedelta(hours=8)  # held back by quiet hours

    def late(*, owed: timedelta, sent: timedelta) -> bool:
        return is_late(
            true_at=true_at,
            owed_at=true_at + owed,
            due_at=due,
            by_edit=by_edit,
            sent_at=due + sent,
        )

    assert not late(owed=LATE_AFTER, sent=LATE_AFTER)
    assert late(owed=LATE_AFTER, sent=LATE_AFTER + TICK)
    # What the sweep noticed late was missed; what an edit brought about could not be noticed.
    assert late(owed=LATE_AFTER + TICK, sent=timedelta()) is not by_edit
