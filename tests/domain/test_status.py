"""Stages, envelopes, extensions, stops, conditions and flags, each at its boundaries."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.domain.make import (
    adopt,
    at,
    link,
    move,
    pledge,
    precondition,
    reading,
    verification,
)
from tracker.domain import stated, status
from tracker.domain.facts import (
    Account,
    Base,
    ClockStop,
    Condition,
    ConditionKind,
    Count,
    Deadline,
    Failure,
    Incident,
    PledgeFacts,
    Reading,
    Stance,
    Suspension,
    Trigger,
)
from tracker.domain.status import Assessment
from tracker.domain.transitions import Stage

TICK = timedelta(microseconds=1)
SECOND = timedelta(seconds=1)

RUSSIA_IN = reading(
    "ru-in",
    start="2025-03-18 Europe/Moscow",
    duration="P30D",
    rule="inclusive",
    public="2025-03-17T21:00Z",
)
RUSSIA_EX = reading(
    "ru-ex",
    start="2025-03-18 Europe/Moscow",
    duration="P30D",
    rule="exclusive",
    public="2025-03-17T21:00Z",
)
UKRAINE_IN = reading(
    "ua-in",
    start="2025-03-25 Europe/Kyiv",
    duration="P30D",
    rule="inclusive",
    public="2025-03-24T22:00Z",
)
UKRAINE_EX = reading(
    "ua-ex",
    start="2025-03-25 Europe/Kyiv",
    duration="P30D",
    rule="exclusive",
    public="2025-03-24T22:00Z",
)
FOUR = (RUSSIA_IN, RUSSIA_EX, UKRAINE_IN, UKRAINE_EX)
TEN = reading(start="2025-06-01 UTC", duration="P10D", rule="inclusive")  # to 2025-06-11T00Z


def halt(*readings: Reading, **more: Any) -> PledgeFacts:
    return pledge(*readings, public="2025-03-17T21:00Z", **more)


def seen(facts: PledgeFacts, when: str | datetime) -> Assessment:
    return status.evaluate(facts, at=at(when) if isinstance(when, str) else when)


def kinds(found: Assessment) -> set[str]:
    return {f.kind for f in found.flags}


def flag(found: Assessment, kind: str) -> list[tuple[str, str, str]]:
    return sorted((f.subject, f.link, f.lead) for f in found.flags if f.kind == kind)


def stages(facts: PledgeFacts) -> list[tuple[str, Stage | None]]:
    """The trajectory as (instant, stage), where the stage changes."""
    found: list[tuple[str, Stage | None]] = []
    for phase in status.trajectory(facts):
        if not found or found[-1][1] != phase.stage:
            found.append((phase.start.strftime("%Y-%m-%dT%H:%MZ"), phase.stage))
    return found


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


# Extensions and clock stops


@pytest.mark.parametrize(
    ("links", "changes"),
    [
        (  # a duration shifts the end, an end replaces it
            [link("extended", duration="P5D")],
            [("2025-06-16T00:00Z", Stage.EXPIRED)],
        ),
        (
            [link("extended", end="2025-06-20 UTC", rule="through")],
            [("2025-06-21T00:00Z", Stage.EXPIRED)],
        ),
        (
            [link("extended", duration="P5D"), link("extended", 2, duration="P1M")],
            [("2025-07-16T00:00Z", Stage.EXPIRED)],
        ),
        ([link("shortened", duration="P3D")], [("2025-06-08T00:00Z", Stage.EXPIRED)]),
        (
            [link("shortened", end="2025-06-05 UTC", rule="until")],
            [("2025-06-05T00:00Z", Stage.EXPIRED)],
        ),
        ([link("tacit")], []),
        (  # renewed with its own start: expired in the gap
            [link("renewed", start="2025-06-15 UTC", duration="P2D", rule="inclusive")],
            [
                ("2025-06-11T00:00Z", Stage.EXPIRED),
                ("2025-06-15T00:00Z", Stage.IN_FORCE),
                ("2025-06-17T00:00Z", Stage.EXPIRED),
            ],
        ),
        (  # renewed without a gap bridges
            [link("renewed", start="2025-06-11 UTC", duration="P2D", rule="inclusive")],
            [("2025-06-13T00:00Z", Stage.EXPIRED)],
        ),
        (  # revived from its acceptance on
            [link("revived", accepted="2025-06-14", end="2025-06-20 UTC", rule="until")],
            [
                ("2025-06-11T00:00Z", Stage.EXPIRED),
                ("2025-06-14T00:00Z", Stage.IN_FORCE),
                ("2025-06-20T00:00Z", Stage.EXPIRED),
            ],
        ),
        ([link("extended", accepted=None, duration="P5D")], [("2025-06-11T00:00Z", Stage.EXPIRED)]),
    ],
)
def test_links_of_the_chain(links: list[Any], changes: list[tuple[str, Stage]]) -> None:
    facts = pledge(TEN, extensions=tuple(links))
    in_force = [("2025-06-01T00:00Z", Stage.IN_FORCE), *changes]
    assert stages(facts)[1:] == in_force


def test_an_extension_is_seen_from_its_acceptance() -> None:
    late = link("extended", accepted="2025-06-13", duration="P5D")
    assert stages(pledge(TEN, extensions=(late,)))[1:] == [
        ("2025-06-01T00:00Z", Stage.IN_FORCE),
        ("2025-06-11T00:00Z", Stage.EXPIRED),
        ("2025-06-13T00:00Z", Stage.IN_FORCE),
        ("2025-06-16T00:00Z", Stage.EXPIRED),
    ]


def test_a_revived_term_leaves_its_gap_unless_it_is_retroactive() -> None:
    plain = link("revived", accepted="2025-06-14", end="2025-06-20 UTC", rule="until")
    back = link(
        "revived", accepted="2025-06-14", end="2025-06-20 UTC", rule="until", retroactive=True
    )
    gap = seen(pledge(TEN, extensions=(plain,)), "2025-06-15").terms[0].segments
    assert [(s.start, s.end and s.end.latest) for s in gap] == [
        (at("2025-06-01"), at("2025-06-11")),
        (at("2025-06-14"), at("2025-06-20")),
    ]
    whole = seen(pledge(TEN, extensions=(back,)), "2025-06-15").terms[0].segments
    assert [(s.start, s.end and s.end.latest) for s in whole] == [
        (at("2025-06-01"), at("2025-06-20"))
    ]


def test_each_link_has_its_own_lead_times() -> None:
    facts = pledge(TEN, extensions=(link("extended", duration="PT24H"),))
    assert flag(seen(facts, at("2025-06-12") - TICK), "due_soon") == [
        ("r", "x1", "1h"),
        ("r", "x1", "6h"),
    ]


def test_an_extension_waits_for_its_binding_condition() -> None:
    held = Condition(
        key="c",
        public=at("2000-01-01"),
        kind=ConditionKind.EXTENSION_CONDITION,
        extension="x1",
        moves=(move("binding", "binding", "2000-01-01"), move("condition", "met", "2025-06-05")),
    )
    facts = pledge(TEN, extensions=(link("extended", duration="P5D"),), conditions=(held,))
    before, after = seen(facts, at("2025-06-05") - TICK), seen(facts, "2025-06-05")
    assert before.ends is not None
    assert before.ends.latest == at("2025-06-11")
    assert after.ends is not None
    assert after.ends.latest == at("2025-06-16")


def stop(start: str, end: str | None, key: str = "s") -> ClockStop:
    return ClockStop(key=key, public=at(start), start=at(start), end=at(end) if end else None)


def test_a_stopped_clock_keeps_the_remaining_time() -> None:
    facts = halt(RUSSIA_IN, clock_stops=(stop("2025-04-01T06:00Z", "2025-04-02T18:00Z"),))
    assert seen(facts, at("2025-04-01T06:00Z") - TICK).ends is not None
    stopped = seen(facts, "2025-04-01T06:00Z")
    assert stopped.ends is None
    assert stopped.overlays == ("clock_stopped",)
    assert stopped.stage is Stage.IN_FORCE
    running = seen(facts, "2025-04-02T18:00Z")
    assert running.ends == stated.Window(at("2025-04-18T09:00Z"), at("2025-04-18T09:00Z"))
    assert stages(facts)[-1] == ("2025-04-18T09:00Z", Stage.EXPIRED)


def test_a_stop_without_an_end_never_expires() -> None:
    facts = halt(RUSSIA_IN, clock_stops=(stop("2025-04-01", None),))
    assert stages(facts) == [("2025-03-17T21:00Z", Stage.IN_FORCE)]


def test_overlapping_stops_count_once_and_stops_after_the_end_do_not() -> None:
    stops = (
        stop("2025-06-02", "2025-06-04"),
        stop("2025-06-03", "2025-06-05", "t"),
        stop("2025-06-20", "2025-06-25", "u"),
    )
    assert stages(pledge(TEN, clock_stops=stops))[-1] == ("2025-06-14T00:00Z", Stage.EXPIRED)


def test_stop_then_extension() -> None:
    facts = pledge(
        TEN,
        clock_stops=(stop("2025-06-02", "2025-06-03"), stop("2025-06-13", "2025-06-14", "t")),
        extensions=(link("extended", duration="P5D"),),
    )
    assert stages(facts)[-1] == ("2025-06-18T00:00Z", Stage.EXPIRED)


# Suspension


def test_a_suspension_does_not_stop_the_clock() -> None:
    whole = Suspension(
        key="s", public=at("2025-06-02"), start=at("2025-06-03"), end=at("2025-06-05")
    )
    area = Suspension(key="a", public=at("2025-06-02"), start=at("2025-06-04"), areas=("Kherson",))
    facts = pledge(TEN, suspensions=(whole, area))
    assert seen(facts, at("2025-06-03") - TICK).overlays == ()
    assert seen(facts, "2025-06-03").overlays == ("suspended",)
    assert seen(facts, "2025-06-04").overlays == ("suspended", "suspended:Kherson")
    assert seen(facts, "2025-06-05").overlays == ("suspended:Kherson",)
    assert stages(facts)[-1] == ("2025-06-11T00:00Z", Stage.EXPIRED)
    assert seen(facts, "2025-06-11").overlays == ()


# Conditions, triggers, deadlines


def test_an_entry_precondition_holds_the_start_back() -> None:
    met = precondition("c", move("condition", "met", "2025-06-03T12:00Z"))
    facts = pledge(TEN, conditions=(met,))
    assert stages(facts) == [
        ("2000-01-01T00:00Z", Stage.SCHEDULED),
        ("2025-06-01T00:00Z", Stage.AWAITING_CONDITIONS),
        ("2025-06-03T12:00Z", Stage.IN_FORCE),
        ("2025-06-13T00:00Z", Stage.EXPIRED),  # day 1 is 3 June
    ]


def test_a_precondition_that_does_not_bind_holds_nothing_back() -> None:
    facts = pledge(TEN, conditions=(precondition(binding=False),))
    assert seen(facts, "2025-06-01").stage is Stage.IN_FORCE


def test_a_fixed_start_keeps_the_end_while_conditions_hold_it_back() -> None:
    fixed = reading(start="2025-06-01 UTC", duration="P10D", rule="inclusive", start_fixed=True)
    met = precondition("c", move("condition", "waived", "2025-06-03"))
    assert stages(pledge(fixed, conditions=(met,)))[2:] == [
        ("2025-06-03T00:00Z", Stage.IN_FORCE),
        ("2025-06-11T00:00Z", Stage.EXPIRED),
    ]
    never = seen(pledge(fixed, conditions=(precondition(),)), "2025-06-11")
    assert never.stage is Stage.AWAITING_CONDITIONS
    assert "term_passed_unstarted" in kinds(never)
    assert "term_passed_unstarted" not in kinds(
        seen(pledge(fixed, conditions=(precondition(),)), at("2025-06-11") - TICK)
    )


def test_an_unknown_trigger_is_awaited_without_a_flag() -> None:
    event = Trigger(
        key="signature",
        public=at("2000-01-01"),
        readings=(reading("when", start="2025-06-01 Asia/Beirut", public="2025-06-02"),),
    )
    told = reading(base=Base(trigger="signature"), duration="P10D", rule="exclusive")
    plain = pledge(told, triggers=(event,), public="2025-06-01")
    facts = pledge(told, triggers=(event,), adoptions=(adopt("r"),), public="2025-06-01")
    assert stages(plain) == stages(facts)
    before = seen(facts, "2025-06-01T12:00Z")
    assert before.stage is Stage.AWAITING_TRIGGER
    assert before.flags == ()
    after = seen(facts, "2025-06-02")
    assert after.stage is Stage.IN_FORCE
    assert after.ends is not None
    assert after.ends.latest == at("2025-06-11T21:00Z")


def test_a_disputed_trigger_makes_a_window() -> None:
    event = Trigger(
        key="signature",
        public=at("2000-01-01"),
        readings=(
            reading("one", start="2025-06-01 UTC"),
            reading("other", start="2025-06-03 UTC"),
        ),
    )
    told = reading(base=Base(trigger="signature"), duration="P10D", rule="inclusive")
    found = seen(pledge(told, triggers=(event,)), "2025-06-05")
    assert found.ends == stated.Window(at("2025-06-11"), at("2025-06-13"))


def deadline(*moves: Any, **more: Any) -> Deadline:
    return Deadline(key="d", public=at("2000-01-01"), moves=moves, **more)


def test_a_deadline_relative_to_a_trigger_is_missed_at_its_instant() -> None:
    signed = Trigger(
        key="signature",
        public=at("2000-01-01"),
        readings=(reading("when", start="2015-02-12 Europe/Kyiv"),),
    )
    due = reading("due", base=Base(trigger="signature"), duration="P30D", rule="exclusive")
    facts = pledge(
        reading("open"),
        triggers=(signed,),
        deadlines=(deadline(readings=(due,)),),
        public="2015-02-12",
    )
    instant = at("2015-03-14T22:00Z")  # through 24:00 on 14 March in Kyiv
    assert "deadline_missed" not in kinds(seen(facts, instant - TICK))
    assert flag(seen(facts, instant), "deadline_missed") == [("d", "", "")]
    assert flag(seen(facts, instant - TICK), "deadline_due") == [
        ("d", "due", x) for x in ("24h", "3d", "7d")
    ]


def test_a_deadline_done_or_waived_is_missed_no_more() -> None:
    due = (reading("due", end="2025-06-10 UTC", rule="through"),)
    for to in ("done", "waived"):
        facts = pledge(TEN, deadlines=(deadline(move("deadline", to, "2025-06-09"), readings=due),))
        assert "deadline_missed" not in kinds(seen(facts, "2025-06-30"))
    assert "deadline_missed" in kinds(
        seen(pledge(TEN, deadlines=(deadline(readings=due),)), "2025-06-11")
    )


def test_the_latest_reading_of_a_deadline_decides_while_none_is_adopted() -> None:
    told = (
        reading("a", end="2025-06-05 UTC", rule="through"),
        reading("b", end="2025-06-08 UTC", rule="through"),
    )
    open_term = reading("open")
    loose = pledge(open_term, deadlines=(deadline(readings=told),))
    firm = pledge(open_term, deadlines=(deadline(readings=told, adoptions=(adopt("a"),)),))
    assert "deadline_missed" not in kinds(seen(loose, "2025-06-06"))
    assert "deadline_missed" in kinds(seen(loose, "2025-06-09"))
    assert "deadline_missed" in kinds(seen(firm, "2025-06-06"))


def test_deadlines_that_rest_on_each_other_are_undated() -> None:
    one = Deadline(
        key="one",
        public=at("2000-01-01"),
        readings=(reading("r1", base=Base(deadline="two"), duration="P1D"),),
    )
    two = Deadline(
        key="two",
        public=at("2000-01-01"),
        readings=(reading("r2", base=Base(deadline="one"), duration="P1D"),),
    )
    assert seen(pledge(TEN, deadlines=(one, two)), "2025-06-02").stage is Stage.IN_FORCE


def test_a_condition_past_its_date_is_overdue_until_it_is_settled() -> None:
    due = stated.window(stated.parse("2025-06-05 UTC"))
    late = Condition(
        key="c",
        public=at("2000-01-01"),
        kind=ConditionKind.CONTINUING,
        due=due,
        moves=(move("condition", "met", "2025-06-08"),),
    )
    facts = pledge(TEN, conditions=(late,))
    assert "condition_overdue" not in kinds(seen(facts, at("2025-06-06") - TICK))
    assert flag(seen(facts, "2025-06-06"), "condition_overdue") == [("c", "", "")]
    assert "condition_overdue" not in kinds(seen(facts, "2025-06-08"))


# Acts that are deeds


def test_a_positive_act_does_not_expire() -> None:
    facts = pledge(TEN, act="withdraw", moves=(move("stage", "completed", "2025-07-01"),))
    late = seen(facts, "2025-06-11")
    assert late.stage is Stage.IN_FORCE
    assert flag(late, "deadline_missed") == [("term", "term", "")]
    assert "expired" not in kinds(late)
    assert "deadline_missed" not in kinds(seen(facts, at("2025-06-11") - TICK))
    done = seen(facts, "2025-07-01")
    assert done.stage is Stage.COMPLETED
    assert done.flags == ()


# Moves by people


def test_moves_take_effect_at_their_instant_once_they_are_public() -> None:
    facts = pledge(TEN, moves=(move("stage", "withdrawn", "2025-06-05", public="2025-06-06"),))
    assert seen(facts, "2025-06-05").stage is Stage.IN_FORCE
    assert seen(facts, at("2025-06-06") - TICK).stage is Stage.IN_FORCE
    assert seen(facts, "2025-06-06").stage is Stage.WITHDRAWN
    ahead = pledge(TEN, moves=(move("stage", "terminated", "2025-06-08", public="2025-06-02"),))
    assert seen(ahead, at("2025-06-08") - TICK).stage is Stage.IN_FORCE
    assert seen(ahead, "2025-06-08").stage is Stage.TERMINATED


def test_a_pledge_without_a_start_is_announced_until_a_person_enters_it() -> None:
    facts = pledge(
        reading(duration="P10D", rule="inclusive", zone="UTC"),
        moves=(move("stage", "in_force", "2025-06-01"),),
    )
    assert stages(facts)[0] == ("2000-01-01T00:00Z", Stage.ANNOUNCED)
    assert seen(facts, "2025-06-01").stage is Stage.IN_FORCE
    assert stages(facts)[-1] == ("2025-06-11T00:00Z", Stage.EXPIRED)


def test_an_ended_pledge_can_be_revived() -> None:
    facts = pledge(
        TEN,
        moves=(move("stage", "hostilities_resumed", "2025-06-05"),),
        extensions=(link("revived", accepted="2025-06-07", end="2025-06-20 UTC", rule="until"),),
    )
    assert stages(facts)[2:] == [
        ("2025-06-05T00:00Z", Stage.HOSTILITIES_RESUMED),
        ("2025-06-07T00:00Z", Stage.IN_FORCE),
        ("2025-06-20T00:00Z", Stage.EXPIRED),
    ]


# Verification


def test_verification_is_due_a_cadence_after_entry_or_the_last_period() -> None:
    facts = halt(RUSSIA_IN)  # 30 days: a quarter is over 7 days, so 7 days
    entry = at("2025-03-17T21:00Z")
    due, stale = entry + timedelta(days=7), entry + timedelta(days=10.5)
    assert "verification_due" not in kinds(seen(facts, due - TICK))
    assert flag(seen(facts, due), "verification_due") == [("entry", "", "")]
    assert "unverified" not in kinds(seen(facts, stale - TICK))
    assert "unverified" in kinds(seen(facts, stale))
    checked = halt(RUSSIA_IN, verifications=(verification("2025-03-18", "2025-03-24"),))
    assert "verification_due" not in kinds(seen(checked, "2025-03-30"))
    assert flag(seen(checked, "2025-03-31"), "verification_due") == [("v-2025-03-24", "", "")]


def test_the_cadence_of_a_short_truce_is_at_least_six_hours() -> None:
    facts = pledge(reading(start="2025-04-19 18:00 UTC", duration="PT12H", rule="elapsed"))
    assert "verification_due" not in kinds(seen(facts, at("2025-04-20") - TICK))
    assert "verification_due" in kinds(seen(facts, "2025-04-20"))


def test_before_entry_a_status_check_takes_its_place() -> None:
    facts = pledge(TEN, public="2025-05-01")
    assert "verification_due" not in kinds(seen(facts, at("2025-05-08") - TICK))
    assert flag(seen(facts, "2025-05-08"), "verification_due") == [("status", "", "")]
    assert "verification_due" not in kinds(seen(facts, "2025-06-01"))


def test_the_check_stops_at_whole_suspension_and_expiry_and_starts_anew() -> None:
    whole = Suspension(
        key="s", public=at("2025-06-02"), start=at("2025-06-05"), end=at("2025-06-06")
    )
    facts = pledge(TEN, suspensions=(whole,), public="2025-06-01")
    assert "verification_due" in kinds(seen(facts, "2025-06-04"))
    assert "verification_due" not in kinds(seen(facts, "2025-06-05"))
    assert "verification_due" not in kinds(seen(facts, "2025-06-06"))
    assert "verification_due" in kinds(seen(facts, "2025-06-08T12:00Z"))
    assert "verification_due" not in kinds(seen(facts, "2025-06-11"))
    back = link("revived", accepted="2025-06-20", end="2025-07-20 UTC", rule="until")
    revived = pledge(TEN, extensions=(back,))
    assert "verification_due" not in kinds(seen(revived, at("2025-06-27") - TICK))
    assert "verification_due" in kinds(seen(revived, "2025-06-27"))


def test_a_final_verification_settles_an_expired_pledge() -> None:
    final = verification("2025-06-01", "2025-06-11", public="2025-06-15", is_final=True)
    facts = pledge(TEN, verifications=(final,))
    assert "expired_unassessed" in kinds(seen(facts, at("2025-06-15") - TICK))
    settled = seen(facts, "2025-06-15")
    assert "expired_unassessed" not in kinds(settled)
    assert "expired" in kinds(settled)
    assert settled.compliance == "held"


# Violations, differences, dependencies


def test_a_reported_violation_stands_until_it_is_checked_or_cleared() -> None:
    event = Incident(key="i", public=at("2025-06-03"), occurred=at("2025-06-02"))
    cleared = Incident(
        key="j",
        public=at("2025-06-03"),
        occurred=at("2025-06-02"),
        moves=(move("incident", "not_an_incident", "2025-06-04"),),
    )
    total = Count(key="n", public=at("2025-06-03"), number=30, period_end=at("2025-06-03"))
    facts = pledge(
        TEN,
        incidents=(event, cleared),
        counts=(total,),
        verifications=(verification("2025-06-01", "2025-06-05", finding="contested"),),
    )
    assert [s for s, _, _ in flag(seen(facts, "2025-06-03"), "violation_reported")] == [
        "i",
        "j",
        "n",
    ]
    assert [s for s, _, _ in flag(seen(facts, "2025-06-04"), "violation_reported")] == ["i", "n"]
    checked = seen(facts, "2025-06-05")
    assert flag(checked, "violation_reported") == []
    assert checked.compliance == "contested"


def said(key: str, public: str, stance: Stance, value: str = "", on: str = "scope") -> Account:
    return Account(
        key=key, public=at(public), stances={on: stance}, values={on: value} if value else {}
    )


def test_accounts_differ_from_the_second_one_on() -> None:
    kremlin = said("k", "2025-06-01", Stance.ASSERTS, "energy infrastructure")
    house = said("w", "2025-06-02", Stance.ASSERTS, "energy and infrastructure")
    same = said("s", "2025-06-02", Stance.ASSERTS, " Energy  infrastructure")
    silent = said("q", "2025-06-02", Stance.SILENT)
    denial = said("d", "2025-06-03", Stance.DENIES)
    assert "accounts_differ" not in kinds(
        seen(pledge(TEN, accounts=(kremlin, same, silent)), "2025-07-01")
    )
    told = pledge(TEN, accounts=(kremlin, house))
    assert "accounts_differ" not in kinds(seen(told, at("2025-06-02") - TICK))
    assert flag(seen(told, "2025-06-02"), "accounts_differ") == [("scope", "", "")]
    contested = pledge(TEN, accounts=(kremlin, denial))
    assert "accounts_differ" in kinds(seen(contested, "2025-06-03"))
    assert seen(contested, "2025-06-04").ends == seen(pledge(TEN), "2025-06-04").ends


def test_other_words_for_the_same_fact_are_no_difference() -> None:
    told = (
        said("k", "2025-06-01", Stance.ASSERTS, "agreed in the call", on="existence"),
        said("w", "2025-06-02", Stance.ASSERTS, "published as an outcome", on="existence"),
    )
    assert "accounts_differ" not in kinds(seen(pledge(TEN, accounts=told), "2025-07-01"))
    denial = said("d", "2025-06-03", Stance.DENIES, on="existence")
    found = seen(pledge(TEN, accounts=(*told, denial)), "2025-06-03")
    assert flag(found, "accounts_differ") == [("existence", "", "")]


def test_a_count_without_a_period_is_covered_by_a_check_of_its_day() -> None:
    total = Count(key="n", public=at("2025-06-03"), number=30)
    checked = verification("2025-06-01", "2025-06-05")
    facts = pledge(TEN, counts=(total,), verifications=(checked,))
    assert "violation_reported" in kinds(seen(facts, "2025-06-03"))
    assert "violation_reported" not in kinds(seen(facts, "2025-06-05"))


def test_a_failed_dependency_is_flagged_and_judges_nothing() -> None:
    broken = Failure(
        key="f",
        public=at("2025-06-03"),
        on="OTHER",
        what="breached",
        effective=at("2025-06-03"),
        until=at("2025-06-06"),
    )
    facts = pledge(TEN, failures=(broken,))
    assert "dependency_failed" not in kinds(seen(facts, at("2025-06-03") - TICK))
    found = seen(facts, "2025-06-03")
    assert flag(found, "dependency_failed") == [("OTHER", "", "")]
    assert found.stage is Stage.IN_FORCE
    assert found.compliance == "not_assessed"
    assert "dependency_failed" not in kinds(seen(facts, "2025-06-06"))


@pytest.mark.parametrize(
    ("machine", "to", "fails"),
    [
        ("condition", "unmet", True),
        ("condition", "lapsed", True),
        ("condition", "met", False),
        ("release", "claimed", False),
        ("release", "invoked", True),
    ],
)
def test_a_condition_that_fails_or_is_invoked_flags_its_pledge(
    machine: str, to: str, fails: bool
) -> None:
    held = Condition(
        key="c",
        public=at("2000-01-01"),
        kind=ConditionKind.RELEASE_ON_BREACH,
        moves=(move(machine, to, "2025-06-03"),),
    )
    found = seen(pledge(TEN, conditions=(held,)), "2025-06-03")
    assert ("dependency_failed" in kinds(found)) is fails
