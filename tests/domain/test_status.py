"""Stages: preconditions, triggers, deadlines, deeds, and what people move."""

from typing import Any

from tests.domain.make import (
    TEN,
    TICK,
    adopt,
    at,
    flag,
    kinds,
    link,
    move,
    pledge,
    precondition,
    reading,
    seen,
    stages,
)
from tracker.domain import stated
from tracker.domain.facts import (
    Base,
    Condition,
    ConditionKind,
    Deadline,
    Trigger,
)
from tracker.domain.transitions import Stage

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
