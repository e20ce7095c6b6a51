"""How days are counted: windows and zones, terms over readings, baselines, gaps. Pure."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.make import at
from tracker.domain import compliance, stated
from tracker.domain.compliance import Happened, Part, Stretch
from tracker.domain.stated import Window

KYIV = "Europe/Kyiv"


def window(text: str) -> Window:
    found = stated.window(stated.parse(text), default_zone="UTC")
    assert found is not None
    return found


def until(text: str | None) -> Window | None:
    return Window(at(text), at(text)) if text else None


def spans(*readings: Sequence[tuple[str, str | None]], end: str = "2025-06-01") -> list[Stretch]:
    told = [[(at(start), until(stop)) for start, stop in one] for one in readings]
    return compliance.stretches(told, until=at(end))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2025-03-18 Europe/Kyiv", 18, 18),  # a day of the zone itself
        ("2025-03-18 Europe/Moscow", 17, 18),  # begins at 23:00 in Kyiv
        ("2025-03-18 18:00 Europe/Moscow", 18, 18),
        ("2025-03-18 00:30 Europe/Moscow", 17, 17),
        ("2025-03-18 23h Europe/Kyiv", 18, 18),  # until 24:00, which is of that day
        ("2025-03-30 Europe/Kyiv", 30, 30),  # the day of 23 hours
        ("2025-03 Europe/Kyiv", 1, 31),
    ],
)
def test_the_days_on_which_it_may_fall(text: str, first: int, last: int) -> None:
    found = compliance.days_of(window(text), KYIV)
    assert found == (date(2025, 3, first), date(2025, 3, last))


def test_a_term_over_readings() -> None:
    first, second = [("2025-04-01", "2025-04-11")], [("2025-04-03", "2025-04-13")]
    assert [(s.start.day, s.end.day, s.is_sure) for s in spans(first, second)] == [
        (1, 3, False),
        (3, 11, True),
        (11, 13, False),
    ]
    assert spans() == []
    assert [s.is_sure for s in spans(first)] == [True]


def test_an_open_reading_runs_until_the_instant_and_a_gap_stays_one() -> None:
    opened = spans([("2025-04-01", "2025-04-11")], [("2025-04-01", None)])
    assert [(s.end, s.is_sure) for s in opened] == [
        (at("2025-04-11"), True),
        (at("2025-06-01"), False),
    ]
    renewed = spans([("2025-04-01", "2025-04-11"), ("2025-04-20", "2025-04-30")])
    assert [(s.start.day, s.end.day) for s in renewed] == [(1, 11), (20, 30)]


def test_a_windowed_end_is_disputed() -> None:
    told = [[(at("2025-04-01"), Window(at("2025-04-11"), at("2025-04-12")))]]
    found = compliance.stretches(told, until=at("2025-06-01"))
    assert [(s.end.day, s.is_sure) for s in found] == [(11, True), (12, False)]


def test_the_baseline_is_as_long_by_the_calendar_of_the_zone() -> None:
    """Clocks in Kyiv went forward on 30 March: 12 days before 1 April begin at midnight even so."""
    term = [Stretch(at("2025-03-31T21:00Z"), at("2025-04-12T21:00Z"), is_sure=True)]
    found = compliance.baseline_of(term, zone=KYIV, at=at("2025-06-01"))
    assert found is not None
    assert found.start == at("2025-03-19T22:00Z")
    running = compliance.baseline_of(term, zone=KYIV, at=at("2025-04-02T21:00Z"))
    assert running is not None
    assert running.start == at("2025-03-29T22:00Z")  # two days of it have passed
    assert compliance.baseline_of(term, zone=KYIV, at=at("2025-03-01")) is None
    assert compliance.baseline_of([], zone=KYIV, at=at("2025-06-01")) is None


def test_where_a_day_lies_and_whether_somebody_looked() -> None:
    term = spans([("2025-04-01", "2025-04-05")], [("2025-04-02", "2025-04-05T12:00Z")])
    baseline = compliance.baseline_of(term, zone="UTC", at=at("2025-04-04"))
    days = compliance.series(
        [Happened(window("2025-04-03 UTC"), "alleged", ("x", "y"))],
        first=date(2025, 3, 28),
        last=date(2025, 4, 6),
        zone="UTC",
        at=at("2025-04-04"),
        term=term,
        baseline=baseline,
        observed=[window("2025-04-02 UTC")],
    )
    by_day = {one.day.day if one.day.month == 4 else -one.day.day: one for one in days}
    assert by_day[-28].part is Part.OUTSIDE
    assert by_day[-29].part is by_day[-31].part is Part.BASELINE
    assert by_day[1].part is Part.DISPUTED
    assert by_day[2].part is by_day[4].part is Part.TERM
    assert by_day[5].part is Part.DISPUTED  # by one reading, and until noon
    assert by_day[6].part is Part.OUTSIDE
    assert {day for day, one in by_day.items() if one.is_observed} == {2, 3}
    assert {day for day, one in by_day.items() if one.seen == "ahead"} == {5, 6}
    assert (
        by_day[3].all.sure,
        by_day[3].by_claimant["x"].sure,
        by_day[3].by_claimant["y"].sure,
    ) == (
        1,
        1,
        1,
    )


instants = st.datetimes(datetime(2025, 3, 1), datetime(2025, 4, 30), timezones=st.just(UTC)).map(
    lambda one: one.replace(microsecond=0)
)
windows = st.builds(
    lambda start, hours: Window(start, start + timedelta(hours=hours)),
    instants,
    st.integers(0, 80),
)
happened = st.builds(
    Happened,
    windows,
    st.sampled_from(["alleged", "grave_violation"]),
    st.lists(st.sampled_from(["x", "y"]), unique=True).map(tuple),
)


@given(st.lists(happened, max_size=8), st.sampled_from([KYIV, "UTC", "Asia/Kathmandu"]))
def test_each_incident_is_told_of_each_day_on_which_it_may_fall(
    told: list[Happened], zone: str
) -> None:
    """By finding the days add up to all; a sure one is counted once; none is lost or netted."""
    days = compliance.series(
        told, first=date(2025, 2, 1), last=date(2025, 6, 1), zone=zone, at=at("2025-06-01")
    )
    for day in days:
        for name in ("sure", "possible"):
            of_findings = sum(getattr(one, name) for one in day.by_finding.values())
            assert of_findings == getattr(day.all, name)
        assert all(one.most <= day.all.most for one in day.by_claimant.values())
    spans = [compliance.days_of(one.window, zone) for one in told]
    assert sum(day.all.sure for day in days) == sum(1 for a, b in spans if a == b)
    assert sum(day.all.possible for day in days) == sum(
        (b - a).days + 1 for a, b in spans if a != b
    )
    totals = compliance.totals(told, days, zone)
    assert totals.outside == len(told)  # there is no term
