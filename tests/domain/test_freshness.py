"""How long findings last by their grade: the curve, boundaries, and properties of any facts."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.make import RUSSIA_IN, TICK, at, flag, halt, kinds, seen, verification
from tests.domain.test_evaluate import curves, instants, pledges
from tracker.domain import checks, freshness, status
from tracker.domain.errors import Invalid
from tracker.domain.facts import PledgeFacts, Suspension, Verification
from tracker.domain.freshness import CREDIBILITY, DEFAULT, RELIABILITY, Curve
from tracker.domain.now import Now
from tracker.domain.status import Flag

WEEK = timedelta(days=7)
GRADES = [(letter, number) for letter in RELIABILITY for number in CREDIBILITY]


def test_the_register_s_own_curve() -> None:
    assert DEFAULT.share("B", 2) == 100
    assert DEFAULT.share("E", 4) == 40
    assert DEFAULT.share("F", 6) == 25
    assert DEFAULT.share("", 0) == 100  # never graded
    assert freshness.kept(DEFAULT.stored) is None
    assert freshness.curve(None) is DEFAULT


def test_a_curve_is_monotone_in_both_directions() -> None:
    for letter, number in GRADES:
        for worse in GRADES:
            if worse[0] >= letter and worse[1] >= number:
                assert DEFAULT.share(*worse) <= DEFAULT.share(letter, number)


@given(curves())
def test_what_is_kept_reads_back(curve: Curve) -> None:
    assert freshness.curve(freshness.kept(curve.stored)) == curve


def changed(grade: str, share: Any) -> Any:
    stored: Any = DEFAULT.stored
    stored[grade[0]][int(grade[1]) - 1] = share
    return stored


@pytest.mark.parametrize(
    ("given_", "said"),
    [
        (changed("E4", 41), None),
        (changed("E4", 51), "E4 would cover more"),  # than E3
        (changed("D6", 20), "E6 would cover more (25 %) than D6"),
        (changed("A1", 101), "A1 covers 101"),
        (changed("F6", 0), "F6 covers 0"),
        (changed("F6", True), "F6 covers True"),
        (changed("F6", "9"), "F6 covers 9"),
        ({"A": [1] * 6}, "a row for each of A to F"),
        ({letter: [100] * 5 for letter in RELIABILITY}, "a share for each of 1 to 6"),
        ("AB", "a row for each of A to F"),
    ],
)
def test_what_is_no_curve_is_refused_with_the_grade(given_: Any, said: str | None) -> None:
    if said is None:
        freshness.kept(given_)
        return
    with pytest.raises(Invalid) as refused:
        freshness.kept(given_)
    assert said in str(refused.value)


@pytest.mark.parametrize(("letter", "number"), [("B", 2), ("C", 3), ("E", 4), ("F", 6)])
def test_the_next_check_is_due_by_the_grade_to_the_microsecond(letter: str, number: int) -> None:
    """30 days: a cadence of 7 days. Entered into force on 17 March, checked up to 3 April."""
    made = verification("2025-03-18", "2025-04-03", reliability=letter, credibility=number)
    facts = halt(RUSSIA_IN, verifications=(made,))
    share = DEFAULT.share(letter, number)
    due = at("2025-04-03") + WEEK * share / 100
    stale = at("2025-04-03") + WEEK * share * 1.5 / 100
    assert "verification_due" not in kinds(seen(facts, due - TICK))
    assert flag(seen(facts, due), "verification_due") == [(made.key, "", "")]
    assert "unverified" not in kinds(seen(facts, stale - TICK))
    assert "unverified" in kinds(seen(facts, stale))


def test_e4_covers_two_days_nineteen_hours_and_twelve_minutes_of_a_week() -> None:
    made = verification("2025-03-18", "2025-05-03", reliability="E", credibility=4)
    facts = halt(replace(RUSSIA_IN, duration=None, rule=None, open_end=None), verifications=(made,))
    assert check(facts, "2025-05-03").due.due == at("2025-05-05T19:12Z")


def check(facts: PledgeFacts, when: str) -> checks.Check:
    now = Now(at(when))
    found = checks.check(facts, status.situation(facts, now), now)
    assert found is not None
    return found


def test_a_weak_finding_makes_nothing_due_sooner() -> None:
    strong = verification("2025-03-18", "2025-04-01", reliability="B", credibility=2)
    weak = verification("2025-04-01", "2025-04-02", reliability="E", credibility=4)
    facts = halt(RUSSIA_IN, verifications=(strong, weak))
    found = check(facts, "2025-04-03")
    assert found.due.key == strong.key
    assert found.due.due == at("2025-04-08")
    later = replace(weak, key="late", period_end=at("2025-04-06"))
    assert check(halt(RUSSIA_IN, verifications=(strong, later)), "2025-04-07").due.key == "late"


def test_the_curve_of_a_dossier_decides() -> None:
    made = verification("2025-03-18", "2025-04-03", reliability="E", credibility=4)
    whole = Curve(tuple((100,) * 6 for _ in RELIABILITY))
    facts = halt(RUSSIA_IN, verifications=(made,), freshness=whole)
    assert check(facts, "2025-04-03").due.due == at("2025-04-10")


def test_a_status_check_and_a_pause_are_covered_whole() -> None:
    early = replace(RUSSIA_IN, start=RUSSIA_IN.start)
    found = check(halt(early), "2025-03-18")
    assert (found.due.key, found.due.share) == ("entry", 100)
    pause = Suspension(
        key="s", public=at("2025-03-19"), start=at("2025-03-20"), end=at("2025-03-22")
    )
    found = check(halt(early, suspensions=(pause,)), "2025-03-22")
    assert (found.due.key, found.due.due) == ("s", at("2025-03-29"))


# Corrections


def correcting(made: Verification, **more: Any) -> Verification:
    return replace(made, key="correction", public=at("2025-04-05"), cites=made.key, **more)


def test_what_is_corrected_counts_for_nothing_from_then_on() -> None:
    wrong = verification(
        "2025-03-18", "2025-04-03", finding="breached", reliability="B", credibility=2
    )
    right = correcting(wrong, finding="held", period_end=at("2025-04-01"))
    facts = halt(RUSSIA_IN, verifications=(wrong, right))
    before, after = seen(facts, at("2025-04-05") - TICK), seen(facts, "2025-04-05")
    assert (before.compliance, before.verified_until) == ("breached", at("2025-04-03"))
    assert (after.compliance, after.verified_until) == ("held", at("2025-04-01"))
    assert check(facts, "2025-04-06").due.due == at("2025-04-08")
    gone = halt(RUSSIA_IN, verifications=(wrong, replace(right, withdrawn=at("2025-04-06"))))
    assert seen(gone, "2025-04-06").compliance == "breached"


def test_a_final_verdict_falls_with_its_correction_unless_that_is_final_too() -> None:
    final = verification("2025-03-18", "2025-04-17", is_final=True)
    for is_final in (False, True):
        made = (final, replace(correcting(final, is_final=is_final), public=at("2025-05-01")))
        found = kinds(seen(halt(RUSSIA_IN, verifications=made), "2025-05-01"))
        assert ("expired_unassessed" in found) is not is_final


def test_a_chain_of_corrections_leaves_its_last_word_and_a_cycle_leaves_none() -> None:
    first = verification("2025-03-18", "2025-04-03", finding="breached")
    second = correcting(first, finding="contested")
    third = replace(second, key="third", finding="held", cites="correction")
    found = halt(RUSSIA_IN, verifications=(third, first, second))
    assert seen(found, "2025-04-06").compliance == "held"
    cycle = halt(RUSSIA_IN, verifications=(replace(first, cites="correction"), second))
    assert seen(cycle, "2025-04-06").compliance == "not_assessed"


# Any facts


@given(pledges(), instants, instants, st.sampled_from(GRADES))
def test_one_more_finding_never_makes_a_check_due_sooner(
    facts: PledgeFacts, end: datetime, when: datetime, grade: tuple[str, int]
) -> None:
    now = Now(when)
    before = checks.check(facts, status.situation(facts, now), now)
    more = Verification(
        key="more",
        public=facts.public,
        finding="held",
        period_start=end,
        period_end=end,
        reliability=grade[0],
        credibility=grade[1],
    )
    wider = replace(facts, verifications=(*facts.verifications, more))
    now = Now(when)
    after = checks.check(wider, status.situation(wider, now), now)
    assert (before is None) is (after is None)
    if before is not None and after is not None:
        assert after.due.due >= before.due.due
        assert after.unverified.unverified >= before.unverified.unverified


@given(pledges(), curves(), instants)
def test_a_curve_moves_checks_and_nothing_else(
    facts: PledgeFacts, curve: Curve, when: datetime
) -> None:
    def rest(found: status.Assessment) -> Any:
        moved = ("verification_due", "unverified")
        flags = tuple(one for one in found.flags if one.kind not in moved)
        return found.stage, found.overlays, flags, found.compliance, found.ends

    other = replace(facts, freshness=curve)
    assert rest(status.evaluate(facts, at=when)) == rest(status.evaluate(other, at=when))


@given(pledges(), instants)
def test_what_is_unverified_is_due_as_well(facts: PledgeFacts, when: datetime) -> None:
    found: dict[str, Flag] = {one.kind: one for one in status.evaluate(facts, at=when).flags}
    if "unverified" in found:
        assert "verification_due" in found
