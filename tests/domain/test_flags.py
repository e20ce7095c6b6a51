"""Flags of verification, violation, difference and dependency, each at its boundaries."""

from datetime import timedelta

import pytest

from tests.domain.make import (
    RUSSIA_IN,
    TEN,
    TICK,
    at,
    flag,
    halt,
    kinds,
    link,
    move,
    pledge,
    reading,
    seen,
    verification,
)
from tracker.domain.facts import (
    Account,
    Condition,
    ConditionKind,
    Count,
    Failure,
    Incident,
    Stance,
    Suspension,
)
from tracker.domain.transitions import Stage

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
