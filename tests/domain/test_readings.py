"""Which reading drives, what the envelope spans, and when warnings are due."""

from datetime import timedelta

import pytest

from tests.domain.make import (
    FOUR,
    RUSSIA_EX,
    RUSSIA_IN,
    SECOND,
    TEN,
    TICK,
    UKRAINE_IN,
    adopt,
    at,
    flag,
    halt,
    kinds,
    pledge,
    reading,
    seen,
    stages,
)
from tracker.domain import stated
from tracker.domain.facts import (
    Base,
)
from tracker.domain.transitions import Stage

# The first dossier


def test_nothing_is_listed_before_the_call() -> None:
    facts = halt(*FOUR)
    assert not seen(facts, at("2025-03-17T21:00Z") - TICK).is_listed
    assert seen(facts, "2025-03-17T21:00Z").stage is Stage.IN_FORCE
    assert seen(facts, "2020-01-01").next_change_at == at("2025-03-17T21:00Z")


def test_the_halt_under_the_adopted_reading() -> None:
    facts = halt(*FOUR, adoptions=(adopt("ru-in", "2025-03-17T21:00Z"),))
    assert stages(facts) == [
        ("2025-03-17T21:00Z", Stage.IN_FORCE),
        ("2025-04-16T21:00Z", Stage.EXPIRED),
    ]
    early = seen(facts, "2025-03-18")
    assert early.ends is not None
    assert early.ends.latest == at("2025-04-16T21:00Z")
    assert early.envelope == stated.Window(at("2025-04-16T21:00Z"), at("2025-04-17T21:00Z"))
    later = seen(facts, "2025-03-25")
    assert later.envelope == stated.Window(at("2025-04-16T21:00Z"), at("2025-04-24T21:00Z"))
    assert seen(facts, "2025-04-16T20:59Z").stage is Stage.IN_FORCE
    over = seen(facts, "2025-04-16T21:00Z")
    assert over.stage is Stage.EXPIRED
    assert {"expired", "expired_unassessed"} <= kinds(over)
    assert flag(seen(facts, "2025-04-17T21:00Z"), "reading_ended") == [("ru-ex", "term", "")]
    assert flag(seen(facts, at("2025-04-23T21:00Z") - TICK), "reading_ended") == [
        ("ru-ex", "term", "")
    ]
    assert len(flag(seen(facts, "2025-04-23T21:00Z"), "reading_ended")) == 2
    assert len(flag(seen(facts, "2025-04-24T21:00Z"), "reading_ended")) == 3


def test_the_halt_while_no_reading_is_adopted() -> None:
    facts = halt(*FOUR)
    assert stages(facts)[-1] == ("2025-04-24T21:00Z", Stage.EXPIRED)
    warned = seen(facts, "2025-04-16T20:59Z")
    assert flag(warned, "due_soon") == [("ru-in", "term", x) for x in ("24h", "3d", "7d")]
    assert warned.warns_at == at("2025-04-16T21:00Z")
    between = seen(facts, "2025-04-16T21:00Z")
    assert between.stage is Stage.IN_FORCE
    assert flag(between, "reading_ended") == [("ru-in", "term", "")]
    assert between.warns_at == at("2025-04-17T21:00Z")
    assert "No reading is adopted." in between.reasons


def test_the_first_standing_start_starts() -> None:
    facts = pledge(UKRAINE_IN, RUSSIA_IN)
    assert seen(facts, "2025-03-20").starts == stated.Window(
        at("2025-03-17T21:00Z"), at("2025-03-18T21:00Z")
    )


def test_a_reading_that_was_withdrawn_or_set_aside_counts_no_more() -> None:
    gone = reading("x", end="2025-05-01 UTC", rule="until", withdrawn=at("2025-04-01"))
    aside = reading("y", end="2025-06-01 UTC", rule="until", set_aside=at("2025-04-02"))
    facts = pledge(RUSSIA_IN, gone, aside)
    assert seen(facts, "2025-03-30").envelope == stated.Window(
        at("2025-04-16T21:00Z"), at("2025-06-01")
    )
    assert seen(facts, at("2025-04-02")).envelope == stated.Window(
        at("2025-04-16T21:00Z"), at("2025-04-16T21:00Z")
    )


def test_an_adoption_holds_while_its_reading_stands_and_the_latest_wins() -> None:
    facts = halt(*FOUR, adoptions=(adopt("ru-in", "2025-03-18"), adopt("ua-in", "2025-04-01")))
    assert seen(facts, "2025-03-18").adopted == "ru-in"
    assert seen(facts, at("2025-04-01") - TICK).adopted == "ru-in"
    assert seen(facts, "2025-04-01").adopted == "ua-in"
    withdrawn = halt(
        RUSSIA_EX,
        reading("ru-in", start="2025-03-18 UTC", duration="P9D", withdrawn=at("2025-03-20")),
        adoptions=(adopt("ru-in", "2025-03-18"),),
    )
    assert seen(withdrawn, "2025-03-20").adopted is None


def test_an_open_reading_leaves_no_latest_end() -> None:
    facts = pledge(TEN, reading("open"))
    found = seen(facts, "2025-07-01")
    assert found.stage is Stage.IN_FORCE
    assert found.is_open
    assert found.ends is None
    assert found.envelope == stated.Window(at("2025-06-11"), at("2025-06-11"))


def test_a_reading_without_a_computable_end_stays_outside() -> None:
    facts = pledge(TEN, reading("hangs", base=Base(trigger="gone"), duration="P90D"))
    found = seen(facts, "2025-06-12")
    assert found.stage is Stage.EXPIRED
    assert not found.is_open
    assert found.terms[0].current.missing


# Precision


def test_a_window_warns_with_its_earliest_end_and_expires_with_its_latest() -> None:
    facts = pledge(reading(start="2025-06-01 UTC", duration="PT48H", rule="elapsed"))
    assert flag(seen(facts, "2025-06-02"), "due_soon") == [("r", "term", "24h")]
    assert seen(facts, at("2025-06-04") - TICK).stage is Stage.IN_FORCE
    assert seen(facts, "2025-06-04").stage is Stage.EXPIRED


# Lead times, to the tick


@pytest.mark.parametrize(
    ("duration", "leads"),
    [
        ("PT24H", ["6h", "1h"]),
        ("PT30H", ["6h", "1h"]),
        ("PT48H", ["24h", "6h", "1h"]),
        ("PT1H59M", []),
        ("P6D", ["3d", "24h", "6h"]),
        ("P14D", ["7d", "3d", "24h"]),
        ("P30D", ["7d", "3d", "24h"]),
        ("P1Y", ["7d", "3d", "24h"]),
        ("P13M", ["30d", "7d", "3d"]),
        ("P5Y", ["30d", "7d", "3d"]),
    ],
)
def test_lead_times_at_their_instants(duration: str, leads: list[str]) -> None:
    facts = pledge(reading(start="2025-06-01 00:00 UTC", duration=duration, rule="elapsed"))
    ends = seen(facts, "2025-06-01").ends
    assert ends is not None
    lengths = {"30d": 720, "7d": 168, "3d": 72, "24h": 24, "6h": 6, "1h": 1}
    told = flag(seen(facts, ends.earliest - SECOND), "due_soon")
    assert [lead for _, _, lead in told] == sorted(leads)
    for lead in leads:
        due = ends.earliest - timedelta(hours=lengths[lead])
        assert ("r", "term", lead) not in flag(seen(facts, due - TICK), "due_soon")
        assert ("r", "term", lead) in flag(seen(facts, due), "due_soon")
        assert ("r", "term", lead) in flag(seen(facts, due + TICK), "due_soon")
        since = {f.lead: f.since for f in seen(facts, due + TICK).flags if f.kind == "due_soon"}
        assert since[lead] == due
    assert "due_soon" not in kinds(seen(facts, ends.latest))


def test_a_flag_is_true_only_from_when_its_facts_are_public() -> None:
    facts = pledge(
        reading(start="2025-06-01 UTC", duration="P10D", rule="inclusive", public="2025-06-10")
    )
    found = seen(facts, "2025-06-10T12:00Z")
    assert {f.since for f in found.flags if f.kind == "due_soon"} == {
        at("2025-06-10"),
    }


def test_starts_soon_and_the_start_itself() -> None:
    facts = pledge(TEN)
    assert seen(facts, at("2025-05-31") - TICK).flags == seen(facts, "2025-05-30").flags
    assert "starts_soon" not in kinds(seen(facts, at("2025-05-31") - TICK))
    assert "starts_soon" in kinds(seen(facts, "2025-05-31"))
    assert seen(facts, at("2025-06-01") - TICK).stage is Stage.SCHEDULED
    assert seen(facts, "2025-06-01").stage is Stage.IN_FORCE
    assert "starts_soon" not in kinds(seen(facts, "2025-06-01"))
