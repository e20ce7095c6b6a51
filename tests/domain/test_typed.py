"""Times as people type them: read to the canonical text, asked about, or refused; never guessed."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tracker.domain import clock_questions, durations, stated, zones
from tracker.domain.errors import Invalid, Unclear
from tracker.domain.stated import Precision, Stated
from tracker.domain.typed import typed
from tracker.domain.typed_tables import ABBREVIATIONS, MONTHS, PLACES

READ = {
    "18 Mar 2025": "2025-03-18",
    "18 March 2025, 18:00 Moscow": "2025-03-18 18:00 Europe/Moscow",
    "March 18, 2025": "2025-03-18",
    "March 18th 2025 at 6:30 p.m. (New York)": "2025-03-18 18:30 America/New_York",
    "18.03.2025 18:00": "2025-03-18 18:00",
    "18.03.2025": "2025-03-18",
    "2025/03/18": "2025-03-18",
    "3/18/2025": "2025-03-18",
    "4/4/2025": "2025-04-04",
    "18:00 on 18 March 2025": "2025-03-18 18:00",
    "6 pm, 18 Mar 2025 (Kyiv)": "2025-03-18 18:00 Europe/Kyiv",
    "12 am 18 Mar 2025": "2025-03-18 00:00",
    "12 pm 18 Mar 2025": "2025-03-18 12:00",
    "noon, 18 Mar 2025": "2025-03-18 12:00",
    "24:00 on 18 Mar 2025, Kyiv": "2025-03-19 00:00 Europe/Kyiv",
    "about 18h, 18 Mar 2025": "2025-03-18 18h",
    "18 Mar 2025, around 6 pm Kyiv": "2025-03-18 18h Europe/Kyiv",
    "18 Mar 2025, time not stated": "2025-03-18",
    "18 Mar 2025 (time not stated; whole day, zone not stated; New York assumed)": (
        "2025-03-18 ?America/New_York"
    ),
    "18 Mar 2025 ?Kyiv": "2025-03-18 ?Europe/Kyiv",
    "March 2025": "2025-03",
    "03/2025 Kyiv": "2025-03 Europe/Kyiv",
    "not known": "unknown",
    "18 Mar 2025 18:00 Moscow time": "2025-03-18 18:00 Europe/Moscow",
    "18 Mar 2025 18:00 MSK": "2025-03-18 18:00 Europe/Moscow",
    "18 Mar 2025 18:00 europe/kyiv": "2025-03-18 18:00 Europe/Kyiv",
    "18 Mar 2025 18:00 UTC+3": "2025-03-18T15:00Z",
    "18 Mar 2025 18:00 UTC−05:30": "2025-03-18T23:30Z",
    "18 Mar 2025 18:00 +03:00": "2025-03-18T15:00Z",
    "18 Mar 2025 18:00 Moscow (UTC+3)": "2025-03-18 18:00 Europe/Moscow",
    "26 Oct 2025 03:30 Kyiv (UTC+2)": "2025-10-26T01:30Z",
    "about 18h, 18 Mar 2025 UTC+3": "2025-03-18 15h UTC",
    "2025-03-18T18:00:30 Moscow": "2025-03-18 18:00:30 Europe/Moscow",
    "Tuesday, 18 March 2025": "2025-03-18",
    "١٨ مارس ٢٠٢٥، ١٨:٠٠ بتوقيت موسكو": "2025-03-18 18:00 Europe/Moscow",
    "۱۸/۳/۲۰۲۵": "2025-03-18",
    "18 марта 2025 г., 18:00 мск": "2025-03-18 18:00 Europe/Moscow",
    "18 березня 2025 року о 18:00 за Києвом": "2025-03-18 18:00 Europe/Kyiv",
    "le 18 mars 2025 à 18h00": "2025-03-18 18:00",
    "\u200f18\u00a0Mar\u00a02025\u200f": "2025-03-18",
}


@pytest.mark.parametrize(("text", "canonical"), READ.items())
def test_it_is_read(text: str, canonical: str) -> None:
    assert typed(text) == canonical
    assert str(stated.parse(canonical)) == canonical


ASKED = {
    "03/04/2025": ["2025-04-03", "2025-03-04"],
    "03-04-2025 18:00": ["2025-04-03 18:00", "2025-03-04 18:00"],
    "midnight, 18 March 2025, Kyiv": [
        "2025-03-18 00:00 Europe/Kyiv",
        "2025-03-19 00:00 Europe/Kyiv",
    ],
    "18 Mar 2025, about 18:30": ["2025-03-18 18h", "2025-03-18 18:30"],
    "18 Mar 2025 18:00 IST": [
        "2025-03-18 18:00 Asia/Jerusalem",
        "2025-03-18 18:00 Asia/Kolkata",
        "2025-03-18 18:00 Europe/Dublin",
    ],
    "03/04/2025 midnight": [
        "2025-04-03 00:00",
        "2025-04-04 00:00",
        "2025-03-04 00:00",
        "2025-03-05 00:00",
    ],
}


@pytest.mark.parametrize(("text", "answers"), ASKED.items())
def test_two_unknowns_never_meet_in_silence(text: str, answers: list[str]) -> None:
    with pytest.raises(Unclear) as raised:
        typed(text)
    assert [one.text for one in raised.value.answers] == answers
    assert all(one.words for one in raised.value.answers)
    for answer in answers:
        assert clock_questions.settled(text, answer).text == answer
    with pytest.raises(Unclear):
        clock_questions.settled(text, "something else")


def test_an_abbreviation_of_several_zones_is_asked_about_even_where_it_is_a_name() -> None:
    assert "EET" in zones.names()
    with pytest.raises(Unclear, match="several zones") as raised:
        typed("2025-03-18 18:00 EET")
    assert "Asia/Beirut" in str(raised.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "day is missing"),
        ("about 18h", "day is missing"),
        ("18 March", "year is missing"),
        ("18.03.25", "all four"),
        ("31 Feb 2025", "There is no 31 February 2025"),
        ("2025-02-29", "There is no 29 February 2025"),
        ("18 Mar 2025 25:00", "no 25:00"),
        ("18 Mar 2025 13 pm", "no 13 p.m."),
        ("Monday 18 March 2025", "is a Tuesday"),
        ("18 Mar 2025 18:00 Moscow (15:00 UTC)", "Two clock times"),
        ("18 Mar 2025 18:00 (Moscow) (Kyiv)", "Two zones"),
        ("18 Mar 2025 18:00 Moskow", "Europe/Moscow"),
        ("2025-03-18 18:00 Europe/Kiew", "Europe/Kiev"),
        ("18 Mar 2025 18:00 local time", "Whose local time"),
        ("18 Mar 2025 after lunch", "“after lunch” is not understood"),
        ("18 Mar 2025 UTC+3", "needs a zone"),
        ("18 Mar 2025 18:00 UTC+19", "No clock is"),
        ("18 Mar 2025 18:00 Moscow (UTC+2)", "is at UTC+03:00 then"),
        ("18 Mar 2025 18:00, time not stated", "says that none was stated"),
        ("about 18 Mar 2025", "About which hour"),
        ("March 2025 18:00", "Give the day too"),
        ("1404/01/15", "far away"),
        ("18 Mar 2025 ?", "Which zone is assumed"),
        ("x" * 300, "too long"),
    ],
)
def test_it_is_refused_and_how_to_mend_it_is_said(text: str, said: str) -> None:
    with pytest.raises(Invalid, match=re.escape(said)) as raised:
        typed(text)
    assert not isinstance(raised.value, Unclear)
    assert raised.value.mend


def formats(found: Stated) -> Iterator[str]:
    """A stated time in the ways in which people write one."""
    local = found.local
    assert local is not None
    if found.zone is None:
        places = [""]
    else:
        mark = "?" if found.zone_assumed else ""
        places = [f"{mark}{found.zone}", f"{mark}{found.zone.lower()}"]
    days = [
        f"{local.day} {local:%b %Y}",
        f"{local:%B} {local.day}, {local.year}",
        f"{local:%d.%m.%Y}",
    ]
    for place in places:
        match found.precision:
            case Precision.MONTH:
                yield from (f"{local:%B %Y} {place}", f"{local:%m/%Y} {place}")
            case Precision.DAY:
                yield from (f"{day} {place}" for day in days)
                yield from (f"{day}, time not stated {place}" for day in days)
            case Precision.HOUR:
                yield from (f"about {local:%H}h, {day} {place}" for day in days)
            case _:
                yield from (f"{day}, {local:%H:%M:%S} {place}" for day in days)
                yield from (f"{local:%I:%M:%S %p} on {day} {place}" for day in days)


ZONES = sorted(
    name
    for name in zones.names()
    if name.lower() not in ABBREVIATIONS and name.lower() not in PLACES
)
NAMED = st.sampled_from([name for name in ZONES if "/" in name and "Etc/" not in name])
PRECISE = st.sampled_from([Precision.MONTH, Precision.DAY, Precision.HOUR, Precision.MINUTE])


@st.composite
def times(draw: st.DrawFn) -> Stated:
    precision = draw(PRECISE)
    low, high = datetime(1900, 1, 1), datetime(2199, 12, 31)
    local = draw(st.datetimes(low, high)).replace(microsecond=0)
    match precision:
        case Precision.MONTH:
            local = local.replace(day=1, hour=0, minute=0, second=0)
        case Precision.DAY:
            local = local.replace(hour=0, minute=0, second=0)
        case Precision.HOUR:
            local = local.replace(minute=0, second=0)
        case _:
            pass
    zone = draw(st.none() | NAMED)
    return Stated(local, precision, zone, zone is not None and draw(st.booleans()))


@given(times())
def test_what_is_written_in_any_way_is_read_as_it_was(found: Stated) -> None:
    assert typed(str(found)) == str(found)
    for text in formats(found):
        assert typed(text) == str(found), text


@given(st.text(max_size=250))
@example("٠/٠/٠٠٠٠")
@example("0 Mar 2025")
@example("99/99/9999")
@example("2025-03-18 18:00 ?")
@example("\ud800")
def test_any_text_is_read_or_refused(text: str) -> None:
    _total(text)


PIECES = """18 03 3 2025 25 18:00 6 pm am 24:00 midnight noon about ? , . / - ( ) UTC+3 +03:00 Z T
Europe/Kyiv assumed unknown Monday of"""
WORDS = st.sampled_from(
    [*MONTHS, *PLACES, *ABBREVIATIONS, *PIECES.split(), "time not stated", "zone not stated"]
)


@given(st.lists(WORDS, max_size=9).map(" ".join))
def test_any_words_of_times_are_read_or_refused(text: str) -> None:
    _total(text)


def _total(text: str) -> None:
    for found in _settled(text):
        assert str(stated.parse(found)) == found
        assert typed(found) == found


def _settled(text: str) -> list[str]:
    """What a text is read as, after each answer to what is asked of it; nothing where refused."""
    try:
        return [clock_questions.settled(text).text]
    except Unclear as unclear:
        answers = [one.text for one in unclear.answers]
        return [clock_questions.settled(text, one).text for one in answers]
    except Invalid:
        return []


def test_a_time_in_the_spring_gap_is_asked_about() -> None:
    asked = clock_questions.question("2025-03-30 03:30 Europe/Kyiv")
    assert asked is not None
    assert "never came in Europe/Kyiv" in asked.message
    assert [one.text for one in asked.answers] == [
        "2025-03-30T01:30Z",
        "2025-03-30T00:30Z",
        "2025-03-30 03:30 Europe/Kyiv",
    ]
    assert "UTC+02:00; clocks showed 04:30 then" in asked.answers[0].words
    assert [one.zone for one in asked.answers] == ["Europe/Kyiv", "Europe/Kyiv", ""]


@pytest.mark.parametrize(
    ("clock", "is_asked"),
    [("02:59:59", False), ("03:00", True), ("03:59:59", True), ("04:00", False)],
)
def test_the_repeated_hour_is_asked_about_from_its_first_second_to_its_last(
    clock: str, is_asked: bool
) -> None:
    asked = clock_questions.question(f"2025-10-26 {clock} Europe/Kyiv")
    assert (asked is not None) is is_asked
    if asked is not None:
        first, second = (stated.parse(one.text).local for one in asked.answers[:2])
        assert first is not None
        assert second is not None
        assert second - first == timedelta(hours=1)


def test_a_day_that_begins_late_is_no_question() -> None:
    """In Beirut clocks go forward at midnight: 00:00 is the day's first instant all the same."""
    assert clock_questions.question("2025-03-30 00:00 Asia/Beirut") is None
    assert clock_questions.question("2025-03-30 00:30 Asia/Beirut") is not None
    assert clock_questions.question("2025-03-30 Asia/Beirut") is None


def test_of_each_date_in_a_repeated_hour_both_hours_are_offered() -> None:
    with pytest.raises(Unclear) as raised:
        clock_questions.settled("10/10/2025 IST 18:00")
    assert len(raised.value.answers) == 3
    with pytest.raises(Unclear) as raised:
        clock_questions.settled("26 Oct 2025 03:30 EET")
    assert "2025-10-26T01:30Z" in [one.text for one in raised.value.answers]


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("thirty days", "P30D"),
        ("twenty-one days", "P21D"),
        ("a month", "P1M"),
        ("30-day", "P30D"),
        ("٣٠ days", "P30D"),
        ("2 months and 3 days", "P2M3D"),
        ("1,000 hours", "PT1000H"),
    ],
)
def test_lengths_in_words(text: str, made: str) -> None:
    assert durations.typed(text) == made


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0 days", "no length"),
        ("P0D", "no length"),
        ("PT0S", "no length"),
        ("-5 days", "less than nothing"),
        ("minus five days", "less than nothing"),
        ("10,000 years", "longer than 1000 years"),
        ("P10000Y", "longer than 1000 years"),
        ("ten", "not a duration"),
    ],
)
def test_lengths_that_no_term_can_have(text: str, said: str) -> None:
    with pytest.raises(Invalid, match=said) as raised:
        durations.typed(text)
    assert raised.value.mend


def test_a_zone_that_does_not_exist_names_the_nearest() -> None:
    with pytest.raises(Invalid, match="Europe/Kyiv"):
        zones.zone("Europe/Kyivv")
    assert zones.nearest("Moskow")[0] == "Europe/Moscow"
    assert zones.nearest("qqqqqqqq") == []
