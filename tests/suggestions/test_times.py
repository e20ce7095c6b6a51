"""Durations and times: as stated, and what is made of them, a day of publication given or not."""

from datetime import date

import pytest

from tracker.suggestions import Moment, Suggestion, suggest

DAY = date(2025, 4, 17)  # a Thursday


def first(text: str, published: date | None = DAY) -> Suggestion:
    return suggest(text, published=published)[0]


def stated(moment: Moment | None) -> str:
    assert moment is not None
    return str(moment.stated)


@pytest.mark.parametrize(
    ("words", "duration"),
    [
        ("for 30 days", "P30D"),
        ("for thirty days", "P30D"),
        ("for one hundred and eighty (180) days", "P180D"),
        ("for two weeks", "P14D"),
        ("for an initial period of 60 days, renewable", "P60D"),
        ("within 60 days", "P60D"),
        ("for 72 hours", "PT72H"),
        ("for another two months", "P2M"),
        ("for twenty-one days", "P21D"),
        ("over a period of six months", "P6M"),
    ],
)
def test_durations(words: str, duration: str) -> None:
    assert str(first(f"Chad agreed to halt all strikes {words}.").duration) == duration


def test_a_compound_measures_only_a_term() -> None:
    assert str(first("Chad announced a 72-hour truce.").duration) == "PT72H"
    assert first("After a 90-minute call Chad agreed to a truce.").duration is None
    assert first("Chad, at war for 20 years, agreed to a truce.").duration is None


def test_within_is_marked() -> None:
    assert "within" in first("Chad will withdraw its forces within 60 days.").marks
    assert "renewable" in first("Chad agreed to a truce for 60 days, renewable.").marks


@pytest.mark.parametrize(
    ("words", "begins", "ends"),
    [
        (
            "from 6pm Moscow time on Saturday until midnight on Sunday",
            "2025-04-19 18:00 Europe/Moscow",
            "2025-04-21 00:00",
        ),
        ("until 30 April 2025", None, "2025-04-30"),
        ("until April 30", None, "2025-04-30"),
        ("from 5 May to 9 May", "2025-05-05", "2025-05-09"),
        ("starting 05.05.2025 at 08:00 GMT", "2025-05-05T08:00Z", None),
        ("from tomorrow", "2025-04-18", None),
        ("as of 04:00 local time on 27 November 2025", "2025-11-27 04:00", None),
    ],
)
def test_times(words: str, begins: str | None, ends: str | None) -> None:
    one = first(f"Chad declared a truce {words}.")
    assert (stated(one.begins) if one.begins else None) == begins
    assert (stated(one.ends) if one.ends else None) == ends


def test_what_was_taken_for_granted_is_said() -> None:
    ends = first("The truce will last until midnight on Sunday.").ends
    assert ends is not None
    assert any("Sunday" in rest and "2025-04-17" in rest for rest in ends.rests_on)
    assert any("midnight" in rest for rest in ends.rests_on)


def test_nothing_is_imputed_without_a_day_of_publication() -> None:
    ends = first("The truce will last until midnight on Sunday.", published=None).ends
    assert ends is not None
    assert ends.stated is None
    assert ends.rests_on == ("wants the day of publication",)
    dated = first("Chad declared a truce until 30 April 2025.", published=None).ends
    assert stated(dated) == "2025-04-30"


def test_an_event_is_an_end_without_a_time() -> None:
    ends = first("Chad will halt strikes until the harvest is over.").ends
    assert ends is not None
    assert ends.event
    assert ends.stated is None
