"""Day counts, precision and zones: the worked table, by hand, and the properties of the rules."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.domain.make import at, reading
from tracker.domain import durations, stated, zones
from tracker.domain.durations import Duration
from tracker.domain.errors import Invalid
from tracker.domain.facts import OpenEnd, Rule
from tracker.domain.stated import Window
from tracker.domain.terms import count_days, counted_end, end_of, stated_end

ZONES = sorted(available_timezones())
any_zone = st.sampled_from(ZONES)
any_day = st.dates(date(1990, 1, 1), date(2040, 12, 31))
any_local = st.datetimes(datetime(1990, 1, 1), datetime(2040, 12, 31))
whole_days = st.builds(Duration, months=st.integers(0, 61), days=st.integers(0, 2000))
DAY = timedelta(days=1)


def end(start: str, duration: str, rule: str) -> Window:
    begins = stated.parse(start)
    assert begins.zone is not None
    return counted_end(begins, durations.parse(duration), Rule(rule), begins.zone)


@pytest.mark.parametrize(
    ("start", "duration", "rule", "expected"),
    [
        ("2025-03-18 Europe/Moscow", "P30D", "inclusive", "2025-04-16T21:00Z"),
        ("2025-03-18 Europe/Kyiv", "P30D", "exclusive", "2025-04-17T21:00Z"),
        ("2025-03-18 Europe/Kyiv", "P30D", "inclusive", "2025-04-16T21:00Z"),
        ("2025-03-18 00:00 Europe/Kyiv", "PT720H", "elapsed", "2025-04-16T22:00Z"),
        ("2025-04-19 18:00 Europe/Moscow", "PT30H", "elapsed", "2025-04-20T21:00Z"),
        ("2024-11-27 04:00 Asia/Beirut", "P60D", "elapsed", "2025-01-26T02:00Z"),
        ("2022-11-02 Africa/Addis_Ababa", "P5D", "inclusive", "2022-11-06T21:00Z"),
        ("2022-11-02 Africa/Addis_Ababa", "P5D", "exclusive", "2022-11-07T21:00Z"),
        ("2025-03-25 Europe/Kyiv", "P30D", "inclusive", "2025-04-23T21:00Z"),
        ("2025-03-25 Europe/Kyiv", "P30D", "exclusive", "2025-04-24T21:00Z"),
        ("2024-11-27 04:00 Asia/Beirut", "P60D", "inclusive", "2025-01-25T22:00Z"),
        ("2024-11-27 04:00 Asia/Beirut", "P60D", "exclusive", "2025-01-26T22:00Z"),
        # months: clamped to the month's end, then counted like days
        ("2024-01-31 UTC", "P1M", "exclusive", "2024-03-01T00:00Z"),
        ("2024-01-31 UTC", "P1M", "inclusive", "2024-02-29T00:00Z"),
        ("2023-01-31 UTC", "P1M", "exclusive", "2023-03-01T00:00Z"),
        ("2020-02-29 UTC", "P5Y", "inclusive", "2025-02-28T00:00Z"),
        # the wall clock is kept over a change of offset; elapsed time is not
        ("2025-03-29 12:00 Europe/Kyiv", "P1D", "elapsed", "2025-03-30T09:00Z"),
        ("2025-03-29 12:00 Europe/Kyiv", "PT24H", "elapsed", "2025-03-30T10:00Z"),
        ("2025-10-25 12:00 Europe/Kyiv", "P1DT1H", "elapsed", "2025-10-26T11:00Z"),
    ],
)
def test_worked_cases(start: str, duration: str, rule: str, expected: str) -> None:
    assert end(start, duration, rule) == Window(at(expected), at(expected))


def test_elapsed_from_a_bare_date_is_a_window() -> None:
    found = end("2025-03-18 Europe/Kyiv", "PT24H", "elapsed")
    assert found == Window(at("2025-03-18T22:00Z"), at("2025-03-19T22:00Z"))


def test_a_month_precise_start_counts_from_its_first_and_last_day() -> None:
    found = end("2025-02 UTC", "P10D", "inclusive")
    assert found == Window(at("2025-02-11"), at("2025-03-10"))


def test_an_unstated_rule_spans_both_counts() -> None:
    start = stated.parse("2025-03-18 Europe/Moscow")
    found = counted_end(start, durations.parse("P30D"), None, "Europe/Moscow")
    assert found == Window(at("2025-04-16T21:00Z"), at("2025-04-17T21:00Z"))


@pytest.mark.parametrize("rule", ["inclusive", "exclusive"])
def test_hours_are_not_counted_in_days(rule: str) -> None:
    with pytest.raises(Invalid, match="has hours"):
        end("2025-03-18 Europe/Kyiv", "P1DT1H", rule)


@pytest.mark.parametrize("rule", ["through", "until"])
def test_end_date_rules_count_no_days(rule: str) -> None:
    with pytest.raises(Invalid, match="does not count days"):
        end("2025-03-18 Europe/Kyiv", "P1D", rule)


@pytest.mark.parametrize(
    ("text", "rule", "earliest", "latest"),
    [
        ("2025-04-16 Europe/Kyiv", "through", "2025-04-16T21:00Z", "2025-04-16T21:00Z"),
        ("2025-04-17 Europe/Kyiv", "until", "2025-04-16T21:00Z", "2025-04-16T21:00Z"),
        ("2025-04-16 24:00 Europe/Kyiv", None, "2025-04-16T21:00Z", "2025-04-16T21:00Z"),
        ("2025-04-16 Europe/Kyiv", None, "2025-04-15T21:00Z", "2025-04-16T21:00Z"),
        ("2025-04-16 18h Europe/Kyiv", None, "2025-04-16T15:00Z", "2025-04-16T16:00Z"),
        ("2025-04 Europe/Kyiv", "through", "2025-04-30T21:00Z", "2025-04-30T21:00Z"),
        ("2025-04 Europe/Kyiv", "until", "2025-03-31T21:00Z", "2025-03-31T21:00Z"),
    ],
)
def test_what_a_stated_end_means(text: str, rule: str | None, earliest: str, latest: str) -> None:
    found = stated_end(stated.parse(text), Rule(rule) if rule else None, None)
    assert found == Window(at(earliest), at(latest))


def test_three_ways_of_having_no_end() -> None:
    for kind in OpenEnd:
        assert end_of(reading(open_end=kind), []).open_end is kind
    assert end_of(reading(), []).open_end is OpenEnd.NOT_STATED


def test_an_end_that_cannot_be_computed_says_why() -> None:
    assert "start" in end_of(reading(duration="P30D"), []).missing
    nowhere = reading(duration="P30D", start="2025-03-18")
    assert nowhere.start is not None
    assert "zone" in end_of(nowhere, [nowhere.start]).missing
    beyond = reading(duration="P9000Y", start="2025-03-18 UTC", rule="inclusive")
    assert beyond.start is not None
    assert "calendar" in end_of(beyond, [beyond.start]).missing


def test_each_step_of_an_end_is_explained() -> None:
    told = reading(
        start="2025-03-18 Europe/Moscow",
        duration="P30D",
        rule="inclusive",
        because={"start": "account of the Kremlin"},
    )
    assert told.start is not None
    steps = end_of(told, [told.start]).steps
    words = [s.words for s in steps]
    assert words[0] == "Start as stated: 2025-03-18 Europe/Moscow"
    assert steps[0].because == "account of the Kremlin"
    assert "Counted in Europe/Moscow" in words[1]
    assert "day 1 (inclusive)" in words[2]
    assert "30 days added by the calendar" in words[3]
    assert "2025-04-17 00:00 Europe/Moscow, UTC+03:00" in words[4]
    assert "24:00 on 2025-04-16" in words[4]
    assert steps[4].instant == at("2025-04-16T21:00Z")


def test_gaps_and_repeated_hours_are_said() -> None:
    gap = reading(start="2025-03-30 03:30 Europe/Kyiv", duration="PT1H", rule="elapsed")
    twice = reading(start="2025-10-26 03:30 Europe/Kyiv", duration="PT1H", rule="elapsed")
    assert gap.start is not None
    assert twice.start is not None
    assert any("jumped over" in s.words for s in end_of(gap, [gap.start]).steps)
    assert any("showed that time twice" in s.words for s in end_of(twice, [twice.start]).steps)
    assert zones.instant(gap.start.local, "Europe/Kyiv") == at("2025-03-30T01:30Z")  # type: ignore[arg-type]
    assert zones.instant(twice.start.local, "Europe/Kyiv") == at("2025-10-26T00:30Z")  # type: ignore[arg-type]


def test_a_day_that_a_zone_left_out() -> None:
    skipped = date(2011, 12, 30)
    assert zones.first_instant_of(skipped, "Pacific/Apia") == at("2011-12-30T10:00Z")
    assert zones.first_instant_of(skipped + DAY, "Pacific/Apia") == at("2011-12-30T10:00Z")


def test_a_midnight_that_clocks_jumped_over() -> None:
    found = zones.first_instant_of(date(2022, 3, 27), "Asia/Beirut")
    assert found == at("2022-03-26T22:00Z")
    assert zones.local(found, "Asia/Beirut").time() == time(1, 0)


def test_a_gap_that_began_before_midnight() -> None:
    found = zones.first_instant_of(date(1919, 3, 31), "America/Toronto")  # 23:30 became 00:30
    assert found == at("1919-03-31T04:30Z")
    assert zones.local(found, "America/Toronto").time() == time(0, 30)


def test_a_time_in_a_gap_does_not_occur_twice() -> None:
    gap = datetime(2025, 3, 30, 3, 30)
    twice = datetime(2025, 10, 26, 3, 30)
    assert zones.is_in_gap(gap, "Europe/Kyiv")
    assert not zones.occurs_twice(gap, "Europe/Kyiv")
    assert zones.occurs_twice(twice, "Europe/Kyiv")
    assert not zones.is_in_gap(twice, "Europe/Kyiv")


@given(any_day, any_zone)
def test_the_first_instant_of_a_day_is_the_first(day: date, zone: str) -> None:
    found = zones.first_instant_of(day, zone)
    assert zones.local(found, zone).date() >= day
    for step in (timedelta(microseconds=1), timedelta(seconds=1), timedelta(minutes=40), DAY / 2):
        assert zones.local(found - step, zone).date() < day or _was_set_back(found, zone)


def _was_set_back(at: datetime, zone: str) -> bool:
    """Whether the zone's clocks were set back within the day before: then a date may recur."""
    tz = ZoneInfo(zone)
    before, after = (at - DAY).astimezone(tz).utcoffset(), at.astimezone(tz).utcoffset()
    assert before is not None
    assert after is not None
    return after < before


@given(any_local, any_zone)
def test_a_local_time_takes_the_earlier_offset(local: datetime, zone: str) -> None:
    found = zones.instant(local, zone)
    back = zones.local(found, zone)
    tz = ZoneInfo(zone)
    if zones.is_in_gap(local, zone):
        before = (found - timedelta(hours=25)).astimezone(tz).utcoffset()
        assert before is not None
        assert back > local
        assert found == (local - before).replace(tzinfo=UTC) or _several_changes(found, zone)
    else:
        assert back == local
        earlier = {found - timedelta(minutes=m) for m in (30, 60, 90, 120, 180)}
        assert all(zones.local(instant, zone) != local for instant in earlier)


def _several_changes(at: datetime, zone: str) -> bool:
    tz = ZoneInfo(zone)
    offsets = [(at - timedelta(hours=h)).astimezone(tz).utcoffset() for h in range(26)]
    return sum(a != b for a, b in pairwise(offsets)) > 1


@given(any_day, whole_days, any_zone)
def test_inclusive_is_exclusive_less_one_day(day: date, length: Duration, zone: str) -> None:
    inclusive = count_days(day, length, Rule.INCLUSIVE, zone)
    exclusive = count_days(day, length, Rule.EXCLUSIVE, zone)
    last = durations.add_to_date(day, length)
    assert inclusive == zones.first_instant_of(last, zone)
    assert exclusive == zones.first_instant_of(last + DAY, zone)
    assert inclusive <= exclusive <= inclusive + timedelta(hours=26)


@given(any_day, st.integers(1, 400), any_zone)
def test_an_inclusive_term_of_n_days_covers_n_local_dates(day: date, n: int, zone: str) -> None:
    begin = zones.first_instant_of(day, zone)
    finish = count_days(day, Duration(days=n), Rule.INCLUSIVE, zone)
    assert zones.local(finish, zone).date() >= day + n * DAY
    last = zones.local(finish - timedelta(microseconds=1), zone).date()
    assert last == day + (n - 1) * DAY or _left_out(day + (n - 1) * DAY, zone)
    assert begin <= finish


def _left_out(day: date, zone: str) -> bool:
    return zones.local(zones.first_instant_of(day, zone), zone).date() != day


@given(any_day, whole_days, any_zone)
def test_24_00_is_the_first_instant_of_the_next_day(day: date, length: Duration, zone: str) -> None:
    through = stated_end(stated.parse(f"{day} {zone}"), Rule.THROUGH, zone)
    midnight = stated_end(stated.parse(f"{day} 24:00 {zone}"), None, zone)
    until = stated_end(stated.parse(f"{day + DAY} {zone}"), Rule.UNTIL, zone)
    assert through == midnight == until


@given(any_local, whole_days, any_zone)
def test_calendar_arithmetic_keeps_the_wall_clock(
    local: datetime, length: Duration, zone: str
) -> None:
    local = local.replace(second=0, microsecond=0)
    start = zones.instant(local, zone)
    moved = zones.local(durations.add(start, length, zone), zone)
    wall = zones.local(start, zone)
    expected = datetime.combine(durations.add_to_date(wall.date(), length), wall.time())
    assume(not zones.is_in_gap(expected, zone))
    assert moved == (expected if length.has_calendar else wall)


@given(any_local, st.timedeltas(timedelta(), timedelta(days=4000)), any_zone)
def test_elapsed_time_is_elapsed_whatever_clocks_do(
    local: datetime, length: timedelta, zone: str
) -> None:
    start = zones.instant(local, zone)
    assert durations.add(start, Duration(elapsed=length), zone) - start == length


def test_nominal_lengths_and_words() -> None:
    whole = durations.parse("P1Y2M2W3DT1H30M5S")
    assert whole.nominal == timedelta(days=365 + 60 + 17, hours=1, minutes=30, seconds=5)
    assert whole.words == "1 year 2 months 17 days 1 hour 30 minutes 5 seconds"
    assert str(whole) == "P1Y2M17DT1H30M5S"
    assert durations.parse("PT0S").words == "no time"


def test_subtracting_goes_back_by_the_wall_clock() -> None:
    def back(text: str) -> datetime:
        return durations.subtract(at("2025-04-16T21:00Z"), durations.parse(text), "Europe/Kyiv")

    assert back("P30D") == at("2025-03-17T22:00Z")
    assert back("PT720H") == at("2025-03-17T21:00Z")
    assert back("P1MT6H") == at("2025-03-16T16:00Z")


@given(st.integers(0, 200), st.integers(0, 4000), st.integers(0, 90_000))
def test_durations_round_trip(months: int, days: int, minutes: int) -> None:
    duration = Duration(months, days, timedelta(minutes=minutes))
    assert durations.parse(str(duration)) == duration


@pytest.mark.parametrize("text", ["", "P", "PT", "30D", "P30", "P-3D", "P1.5D", "P3DT", "P٣D"])
def test_what_is_no_duration_is_refused_with_a_mend(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        durations.parse(text)
    assert refused.value.mend


@given(
    any_local,
    st.sampled_from(["minute", "hour", "day", "month"]),
    st.one_of(st.none(), any_zone),
    st.booleans(),
)
def test_stated_times_round_trip(
    local: datetime, precision: str, zone: str | None, assumed: bool
) -> None:
    cut = {
        "minute": local.replace(second=0, microsecond=0),
        "hour": local.replace(minute=0, second=0, microsecond=0),
        "day": datetime.combine(local.date(), time.min),
        "month": datetime.combine(local.date().replace(day=1), time.min),
    }[precision]
    value = stated.Stated(cut, stated.Precision(precision), zone, assumed and zone is not None)
    assert stated.parse(str(value)) == value


@pytest.mark.parametrize(
    "text",
    [
        "2025-02-30 Europe/Kyiv",
        "2025-03-18 25:00 Europe/Kyiv",
        "2025-03-18 24:30 Europe/Kyiv",
        "2025-03-18 Europe/Kiew",
        "18.03.2025",
        "2025-3-18",
        "",
        "0001-01-01 UTC",
        "9999-12-31T23:59Z",
        "2025-03-18T10:00+99:00",
    ],
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        stated.parse(text)
    assert refused.value.message


def test_precisions_have_windows() -> None:
    def lies(text: str) -> Window | None:
        return stated.window(stated.parse(text))

    assert lies("unknown") is None
    assert lies("2025-03-18") is None
    assert lies("2025-03-18 Europe/Kyiv") == Window(
        at("2025-03-17T22:00Z"), at("2025-03-18T22:00Z")
    )
    assert lies("2025-03-30 Europe/Kyiv") == Window(
        at("2025-03-29T22:00Z"), at("2025-03-30T21:00Z")
    )
    assert lies("2025-03 UTC") == Window(at("2025-03-01"), at("2025-04-01"))
    assert lies("2025-03-18 18h UTC") == Window(at("2025-03-18T18:00Z"), at("2025-03-18T19:00Z"))
    assert lies("2025-03-18T18:00+03:00") == Window(
        at("2025-03-18T15:00Z"), at("2025-03-18T15:00Z")
    )


def test_instants_in_addresses() -> None:
    assert stated.parse_instant("2025-03-18") == datetime(2025, 3, 18, tzinfo=UTC)
    assert stated.parse_instant("2025-04-16T23:59+03:00") == at("2025-04-16T20:59Z")
    for text in ("today", "2025-13-01", "2025-03-18T25:00Z", "20250318", "0001-01-01"):
        with pytest.raises(Invalid):
            stated.parse_instant(text)
