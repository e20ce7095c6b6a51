"""Windows: the earliest instant warns and the latest expires, wherever one meets the clock."""

from datetime import timedelta
from typing import Any

import pytest

from tests.domain.make import (
    TICK,
    adopt,
    at,
    flag,
    kinds,
    link,
    move,
    pledge,
    reading,
    seen,
    stages,
    verification,
)
from tracker.domain import durations, flags
from tracker.domain.facts import Base, Count, Deadline, Incident, Suspension, Trigger
from tracker.domain.stated import Window
from tracker.domain.transitions import Stage

# From a bare date 48 elapsed hours end between 3 June and 4 June.
WIDE = reading("wide", start="2025-06-01 UTC", duration="PT48H", rule="elapsed")
NARROW = reading("narrow", start="2025-06-01 UTC", end="2025-06-03 12:00 UTC")
OPEN = reading("open")


def test_while_none_is_adopted_the_earliest_end_ahead_warns() -> None:
    facts = pledge(WIDE, NARROW)
    first = seen(facts, "2025-06-02T12:00Z")
    assert first.warns_at == at("2025-06-03")
    assert {s for s, _, _ in flag(first, "due_soon")} == {"wide"}
    # Between its earliest and its latest the window is still ahead, and still the first to warn.
    assert seen(facts, "2025-06-03T06:00Z").warns_at == at("2025-06-03")
    assert seen(facts, at("2025-06-03T12:00Z") - TICK).envelope == Window(
        at("2025-06-03"), at("2025-06-04")
    )
    assert flag(seen(facts, "2025-06-03T12:00Z"), "reading_ended") == [("narrow", "term", "")]
    assert seen(facts, at("2025-06-04") - TICK).stage is Stage.IN_FORCE
    assert seen(facts, "2025-06-04").stage is Stage.EXPIRED


def test_another_readings_window_has_ended_with_its_latest() -> None:
    facts = pledge(
        WIDE,
        reading("long", start="2025-06-01 UTC", end="2025-07-01 UTC", rule="until"),
        adoptions=(adopt("long"),),
    )
    assert "reading_ended" not in kinds(seen(facts, at("2025-06-04") - TICK))
    assert flag(seen(facts, "2025-06-04"), "reading_ended") == [("wide", "term", "")]


def test_a_reading_that_ends_with_the_driving_end_is_not_told_twice() -> None:
    twin = reading("twin", start="2025-06-01 UTC", end="2025-06-03 12:00 UTC")
    facts = pledge(NARROW, twin, adoptions=(adopt("narrow"),))
    assert "reading_ended" not in kinds(seen(facts, "2025-06-10"))


def test_a_day_precise_start_begins_with_its_first_instant() -> None:
    facts = pledge(reading("r", start="2025-06-01 Europe/Kyiv", end="2025-06-09 UTC", rule="until"))
    assert stages(facts)[1] == ("2025-05-31T21:00Z", Stage.IN_FORCE)
    found = seen(facts, "2025-06-01")
    assert found.starts == Window(at("2025-05-31T21:00Z"), at("2025-06-01T21:00Z"))
    assert found.entered == at("2025-05-31T21:00Z")


def test_the_earliest_start_starts_whatever_its_key() -> None:
    early = reading("z", start="2025-06-01 UTC", end="2025-06-20 UTC", rule="until")
    late = reading("a", start="2025-06-05 UTC", end="2025-06-20 UTC", rule="until")
    assert stages(pledge(late, early))[1] == ("2025-06-01T00:00Z", Stage.IN_FORCE)


def due(*told: Any, **more: Any) -> Deadline:
    return Deadline(key="d", public=at("2000-01-01"), readings=told, **more)


def test_a_deadlines_window_warns_early_and_is_missed_late() -> None:
    wide = reading("w", start="2025-06-01 UTC", duration="PT48H", rule="elapsed")
    facts = pledge(OPEN, deadlines=(due(wide),))
    assert flag(seen(facts, "2025-06-02"), "deadline_due") == [("d", "w", "24h")]
    assert "deadline_due" not in kinds(seen(facts, at("2025-06-02") - TICK))
    assert "deadline_missed" not in kinds(seen(facts, at("2025-06-04") - TICK))
    assert flag(seen(facts, "2025-06-04"), "deadline_missed") == [("d", "", "")]


def test_the_earliest_reading_of_a_deadline_still_ahead_warns() -> None:
    told = (
        reading("a", start="2025-06-01 UTC", duration="P4D", rule="inclusive"),
        reading("b", start="2025-06-01 UTC", duration="P8D", rule="inclusive"),
    )
    facts = pledge(OPEN, deadlines=(due(*told),))
    assert [s for _, s, _ in flag(seen(facts, at("2025-06-05") - TICK), "deadline_due")] == [
        "a", "a", "a",
    ]  # fmt: skip
    assert [s for _, s, _ in flag(seen(facts, "2025-06-08"), "deadline_due")] == ["b", "b"]


def test_an_absolute_deadline_counts_its_lead_from_the_pledges_publication() -> None:
    facts = pledge(
        OPEN,
        public="2025-06-01",
        deadlines=(due(reading("r", end="2025-06-03 UTC", rule="until")),),
    )
    assert [lead for _, _, lead in flag(seen(facts, at("2025-06-03") - TICK), "deadline_due")] == [
        "1h", "24h", "6h",
    ]  # fmt: skip


def test_an_offset_alone_is_counted_as_the_duration() -> None:
    signed = Trigger(
        key="t", public=at("2000-01-01"), readings=(reading("when", start="2025-06-01 UTC"),)
    )
    told = reading(
        "r",
        base=Base(trigger="t", offset=durations.parse("P2D")),
        rule="exclusive",
    )
    facts = pledge(OPEN, triggers=(signed,), deadlines=(due(told),))
    assert "deadline_missed" not in kinds(seen(facts, at("2025-06-04") - TICK))
    assert "deadline_missed" in kinds(seen(facts, "2025-06-04"))


def test_a_start_some_days_after_a_trigger_keeps_its_precision() -> None:
    signed = Trigger(
        key="t",
        public=at("2000-01-01"),
        readings=(reading("when", start="2025-06-01 Europe/Kyiv"),),
    )
    told = reading(
        "r",
        base=Base(trigger="t", offset=durations.parse("P2D")),
        duration="P10D",
        rule="inclusive",
    )
    found = seen(pledge(told, triggers=(signed,)), "2025-06-01")
    assert found.starts == Window(at("2025-06-02T21:00Z"), at("2025-06-03T21:00Z"))
    assert found.ends == Window(at("2025-06-12T21:00Z"), at("2025-06-12T21:00Z"))
    hours = reading(
        "r",
        base=Base(trigger="t", offset=durations.parse("PT6H")),
        duration="PT1H",
        rule="elapsed",
    )
    later = seen(pledge(hours, triggers=(signed,)), "2025-06-01")
    assert later.ends == Window(at("2025-06-01T04:00Z"), at("2025-06-01T04:00Z"))


@pytest.mark.parametrize(
    ("lead", "name"),
    [
        (timedelta(days=30), "30d"),
        (timedelta(days=2), "2d"),
        (timedelta(days=1), "24h"),
        (timedelta(hours=36), "36h"),
        (timedelta(hours=50), "50h"),
        (timedelta(minutes=90), "90m"),
    ],
)
def test_leads_are_named_as_people_say_them(lead: timedelta, name: str) -> None:
    assert flags.lead_name(lead) == name


def test_leads_and_cadence_can_be_set_on_the_pledge() -> None:
    facts = pledge(
        reading("r", start="2025-06-01 UTC", end="2025-06-11 UTC", rule="until"),
        leads=(timedelta(hours=2),),
        cadence=durations.parse("P3D"),
    )
    assert flag(seen(facts, at("2025-06-11") - TICK), "due_soon") == [("r", "term", "2h")]
    assert "verification_due" not in kinds(seen(facts, at("2025-06-04") - TICK))
    assert "verification_due" in kinds(seen(facts, "2025-06-04"))


# Findings, counts and suspensions


def test_compliance_is_the_latest_public_finding() -> None:
    found = seen(
        pledge(
            reading("r", start="2025-06-01 UTC", end="2025-06-11 UTC", rule="until"),
            verifications=(
                verification("2025-06-01", "2025-06-05", finding="breached", public="2025-06-07"),
                verification("2025-06-01", "2025-06-06", finding="held", public="2025-06-06"),
            ),
        ),
        "2025-06-08",
    )
    assert found.compliance == "breached"


def test_counts_of_nothing_or_superseded_report_no_violation() -> None:
    def count(key: str, number: int, **more: Any) -> Count:
        return Count(key=key, public=at("2025-06-03"), number=number, **more)

    told = (count("none", 0), count("old", 1000), count("new", 5000, supersedes="old"))
    found = seen(pledge(OPEN, counts=told), "2025-06-04")
    assert flag(found, "violation_reported") == [("new", "", "")]


@pytest.mark.parametrize(
    ("start", "end", "public", "covers"),
    [
        ("2025-06-01", "2025-06-05", "2025-06-05", True),
        ("2025-06-02", "2025-06-02", "2025-06-05", True),
        ("2025-06-03", "2025-06-05", "2025-06-05", False),
        ("2025-06-01", "2025-06-01", "2025-06-05", False),
        ("2025-06-01", "2025-06-05", "2025-06-02", False),
        ("2025-06-01", "2025-06-05", "2025-06-03", True),
    ],
)
def test_a_check_covers_what_was_reported_before_it_in_its_period(
    start: str, end: str, public: str, covers: bool
) -> None:
    event = Incident(key="i", public=at("2025-06-03"), occurred=at("2025-06-02"))
    facts = pledge(
        OPEN, incidents=(event,), verifications=(verification(start, end, public=public),)
    )
    assert ("violation_reported" not in kinds(seen(facts, "2025-06-06"))) is covers


def test_a_suspended_area_leaves_the_check_due() -> None:
    area = Suspension(
        key="s", public=at("2025-06-02"), start=at("2025-06-03"), end=at("2025-06-04"), areas=("x",)
    )
    facts = pledge(
        reading("r", start="2025-06-01 UTC", end="2025-06-29 UTC", rule="until"),
        suspensions=(area,),
    )
    assert flag(seen(facts, "2025-06-08"), "verification_due") == [("entry", "", "")]


def test_an_ended_pledge_is_not_reopened_by_a_link_that_began_before() -> None:
    facts = pledge(
        reading("r", start="2025-06-01 UTC", end="2025-06-11 UTC", rule="until"),
        moves=(move("stage", "withdrawn", "2025-06-20"),),
        extensions=(link("renewed", start="2025-06-15 UTC", end="2025-07-01 UTC", rule="until"),),
    )
    assert seen(facts, "2025-06-16").stage is Stage.IN_FORCE
    assert seen(facts, "2025-06-20").stage is Stage.WITHDRAWN
    assert seen(facts, "2025-06-25").stage is Stage.WITHDRAWN


def test_an_adopted_deed_whose_deadline_lies_ahead_is_not_missed() -> None:
    facts = pledge(
        reading("r", start="2025-06-01 UTC", end="2025-06-11 UTC", rule="until"), act="release"
    )
    found = seen(facts, "2025-06-10T12:00Z")
    assert "deadline_missed" not in kinds(found)
    assert "due_soon" in kinds(found)
    assert found.reasons[0] == "Its term is running."
    assert seen(facts, "2025-06-11").reasons[0] == "Its deadline has passed; it stays owed."
