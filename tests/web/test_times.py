"""How times are written: never more precise than they were said, always with their zone."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker import instants
from tracker.domain import stated
from tracker.templatetags import times

END = datetime(2025, 4, 16, 21, tzinfo=UTC)


def test_an_end_at_midnight_is_also_24_00_of_the_day_before() -> None:
    assert instants.absolute(END, "Europe/Moscow", is_end=True) == (
        "Thu 17 Apr 2025, 00:00 Moscow (24:00 on 16 Apr; 16 Apr 21:00 UTC)"
    )


def test_a_start_at_midnight_is_not() -> None:
    assert instants.absolute(END, "Europe/Moscow") == (
        "Thu 17 Apr 2025, 00:00 Moscow (16 Apr 21:00 UTC)"
    )


@pytest.mark.parametrize("second", [-1, 1])
def test_only_midnight_itself_is_24_00(second: int) -> None:
    near = END + timedelta(seconds=second)
    assert "24:00" not in instants.absolute(near, "Europe/Moscow", is_end=True)


def test_utc_stands_alone() -> None:
    assert instants.absolute(END, "UTC") == "Wed 16 Apr 2025, 21:00 UTC"
    assert instants.absolute(END, "No/Where") == "Wed 16 Apr 2025, 21:00 UTC"
    assert instants.absolute(END, None) == "Wed 16 Apr 2025, 21:00 UTC"


def test_a_day_in_another_year_names_it() -> None:
    at = datetime(2024, 12, 31, 21, tzinfo=UTC)
    assert instants.absolute(at, "Europe/Moscow", is_end=True) == (
        "Wed 1 Jan 2025, 00:00 Moscow (24:00 on 31 Dec 2024; 31 Dec 2024 21:00 UTC)"
    )


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(days=2, hours=4, minutes=59), "2 days 4 h"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=100, hours=5), "100 days"),
        (timedelta(hours=23, minutes=59, seconds=59), "23 h 59 min"),
        (timedelta(hours=4), "4 h"),
        (timedelta(minutes=1), "1 min"),
        (timedelta(seconds=59), "less than a minute"),
        (timedelta(), "less than a minute"),
    ],
)
def test_what_is_left(length: timedelta, words: str) -> None:
    assert instants.left(length) == words
    assert instants.left(-length) == words


@pytest.mark.parametrize(
    ("kind", "seconds", "words"),
    [
        ("left", 3600, "1 h left"),
        ("left", -3600, "ran out 1 h ago"),
        ("left", 0, "ran out less than a minute ago"),
        ("starts", 3600, "starts in 1 h"),
        ("starts", -3600, "began 1 h ago"),
        ("due", 3600, "due in 1 h"),
        ("due", -3600, "passed 1 h ago"),
    ],
)
def test_a_countdown_says_which_way(kind: str, seconds: int, words: str) -> None:
    shown = times.countdown(END + timedelta(seconds=seconds), END, kind=kind)
    assert shown == f'<span class="countdown">{words}</span>'


def test_a_ticking_countdown_gives_the_script_what_it_needs() -> None:
    shown = times.countdown(END, END - timedelta(hours=1), ticks=True)
    assert 'data-countdown="2025-04-16T21:00Z"' in shown
    assert 'data-kind="left"' in shown


def test_an_instant_is_for_machines_too() -> None:
    assert times.instant(END, "Europe/Moscow", end=True).startswith(
        '<time datetime="2025-04-16T21:00Z">Thu 17 Apr 2025'
    )
    assert times.instant(None) == ""
    assert times.ago(None, END) == ""
    assert times.ago(END, END - timedelta(hours=2)) == "in 2 h"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2025-03-18 18:00 Europe/Moscow", "18 Mar 2025, 18:00 Moscow"),
        ("2025-03-18 18h Europe/Moscow", "18 Mar 2025, about 18:00 Moscow"),
        ("2025-03-18 Europe/Kyiv", "18 Mar 2025 (time not stated; whole day, Kyiv)"),
        ("2025-03-18", "18 Mar 2025 (time not stated; whole day, zone not stated)"),
        (
            "2025-03-18 ?America/New_York",
            "18 Mar 2025 (time not stated; whole day, zone not stated; New York assumed)",
        ),
        ("2025-03 Europe/Kyiv", "March 2025 (day not stated, Kyiv)"),
        ("2025-04-16T20:59Z", "16 Apr 2025, 20:59 UTC"),
        ("2025-04-16 20:59", "16 Apr 2025, 20:59 (zone not stated)"),
        ("unknown", "not known"),
        ("", ""),
        ("no time at all", "no time at all"),
    ],
)
def test_stated_times_say_what_they_leave_open(text: str, words: str) -> None:
    assert times.stated_words(text) == words


@given(st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1)))  # noqa: DTZ001 - local as stated
def test_a_day_is_never_given_an_hour(local: datetime) -> None:
    text = local.strftime("%Y-%m-%d Europe/Kyiv")
    assert ":" not in times.stated_words(text).partition("(")[0]
    assert stated.parse(text).is_bare_date


@pytest.mark.parametrize(
    ("text", "words"),
    [("P30D", "30 days"), ("PT30H", "30 hours"), ("", ""), ("a month", "a month")],
)
def test_durations(text: str, words: str) -> None:
    assert times.duration_words(text) == words


def test_a_day_alone() -> None:
    assert times.day_words("2025-03-18 18:00 Europe/Moscow") == "18 Mar 2025"
    assert times.day_words("2025-03 Europe/Moscow") == "Mar 2025"
    assert times.day_words("unknown") == "not known"
    assert times.day_words("") == ""
    assert times.day_words("rubbish") == "rubbish"
