"""What a failure does to what rests on it: flags and reviews along chains and cycles."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import kept
from tests.actions.house import PUBLIC, Made, bare, pledged
from tests.actions.people import person
from tracker.actions import (
    conditions,
    dependencies,
    moves,
    readings,
    record,
    sweeps,
    verifications,
)
from tracker.models import Flag, Phase, Pledge, ReviewTask, Verification
from tracker.selectors import access, reviews
from tracker.selectors.filters import holding

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 6, 1, 9, tzinfo=UTC)


@pytest.fixture
@kept.once
def made() -> Made:
    """CASE-3 rests on CASE-2, CASE-2 on CASE-1; all three are in force."""
    found = bare()
    found.rows["rob"] = person("rob", found.dossier, "reviewer")
    found.clock = NOW
    with record.batch(at=NOW):
        for number in (1, 2, 3):
            row = found.rows[f"p{number}"] = pledged(found, f"CASE-{number}", title=f"P {number}")
            readings.add(
                of=row, start="2025-05-20 UTC", duration="P60D", public=PUBLIC, **found.how()
            )
    return found


def rests(made: Made, pledge: Any, on: Any) -> None:
    dependencies.add(
        pledge=pledge,
        on_pledge=on,
        kind="rests_on",
        reason=f"It mirrors {on.ref}",
        public=PUBLIC,
        **made.how(),
    )


def chained(made: Made) -> None:
    rests(made, made.p2, made.p1)
    rests(made, made.p3, made.p2)


def find(made: Made, pledge: Any, finding: str, **columns: Any) -> Any:
    at = f"{made.clock:%Y-%m-%dT%H:%MZ}"
    given = {"period_start": "2025-05-20 UTC", "period_end": at, "public": at, **columns}
    return verifications.record(
        pledge=pledge, finding=finding, reasoning="Seen by two.", **given, **made.how()
    )


def move(made: Made, on: Any, to: str) -> Any:
    at = f"{made.clock:%Y-%m-%dT%H:%MZ}"
    return moves.make(on=on, to=to, effective=at, public=at, reason="It said so", **made.how())


def failed() -> set[tuple[str, str]]:
    """By pledge what failed, of the flags that stand."""
    standing = Flag.objects.filter(kind="dependency_failed", cleared_at=None, withdrawn_at=None)
    return set(standing.values_list("pledge__ref", "subject"))


def asked() -> set[tuple[str, str]]:
    return set(ReviewTask.objects.values_list("pledge__ref", "subject"))


def judged(at: datetime) -> dict[str, tuple[str, str]]:
    held = Phase.objects.filter(holding(at)).values_list("pledge__ref", "stage", "compliance")
    return {ref: (stage, compliance) for ref, stage, compliance in held}


def told(made: Made) -> dict[str, reviews.Review]:
    viewer = access.viewer(made.rob)
    found = reviews.told(reviews.asked(viewer, is_done=False), at=made.clock)
    return {f"{one.task.pledge.ref} < {one.task.subject}": one for one in found}


def test_a_breach_is_told_one_step_on_and_its_review_shows_the_whole_chain(made: Made) -> None:
    chained(made)
    find(made, made.p1, "breached")
    assert failed() == asked() == {("CASE-2", "CASE-1")}
    review = told(made)["CASE-2 < CASE-1"]
    assert [(one.pledge.ref, one.depth) for one in review.resting] == [("CASE-3", 1)]
    move(made, made.p2, "released")
    assert ("CASE-3", "CASE-2") in failed()
    further = told(made)["CASE-3 < CASE-2"]
    assert [one.subject for one in further.behind] == ["CASE-1"]
    assert further.stage == "released"


def test_the_chain_beneath_is_told_over_several_steps(made: Made) -> None:
    chained(made)
    made.rows["p0"] = pledged(made, "CASE-0", title="P 0")
    rests(made, made.p1, made.p0)
    find(made, made.p0, "breached")
    review = told(made)["CASE-1 < CASE-0"]
    assert [(one.pledge.ref, one.depth) for one in review.resting] == [("CASE-2", 1), ("CASE-3", 2)]
    assert review.behind == ()


def test_nobody_s_verdict_is_written_for_them(made: Made) -> None:
    chained(made)
    find(made, made.p1, "breached")
    found = judged(made.clock)
    assert found["CASE-1"] == ("in_force", "breached")
    assert found["CASE-2"] == found["CASE-3"] == ("in_force", "not_assessed")
    assert Verification.objects.count() == 1


def test_a_condition_that_fails_flags_its_pledge_and_the_chain_beneath_is_shown(made: Made) -> None:
    chained(made)
    row = conditions.add(
        on=made.p1, kind="continuing", text="The road stays open", public=PUBLIC, **made.how()
    )
    move(made, row, "unmet")
    assert failed() == {("CASE-1", row.key)}
    review = told(made)[f"CASE-1 < {row.key}"]
    assert review.condition == row
    assert [one.pledge.ref for one in review.resting] == ["CASE-2", "CASE-3"]
    move(made, made.p1, "condition_failed")
    assert judged(made.clock)["CASE-2"][0] == "in_force"


def test_what_failed_first_is_told_behind_what_failed_then(made: Made) -> None:
    chained(made)
    row = conditions.add(
        on=made.p1, kind="continuing", text="The road stays open", public=PUBLIC, **made.how()
    )
    move(made, row, "unmet")
    find(made, made.p1, "breached")
    review = told(made)["CASE-2 < CASE-1"]
    assert [one.condition for one in review.behind] == [row]


def test_release_on_breach_is_told_and_left_to_a_person(made: Made) -> None:
    row = conditions.add(
        on=made.p2,
        kind="release_on_breach",
        text="Free of it once the other breaks it",
        depends_on_pledge=made.p1,
        public=PUBLIC,
        **made.how(),
    )
    rests(made, made.p3, made.p2)
    find(made, made.p1, "breached")
    assert failed() == {("CASE-2", "CASE-1")}
    review = told(made)["CASE-2 < CASE-1"]
    assert [(tie.how, tie.words) for tie in review.ties] == [("condition", row.text)]
    assert judged(made.clock)["CASE-2"][0] == "in_force"  # it is not released by that
    move(made, row, "invoked")
    assert failed() == {("CASE-2", "CASE-1"), ("CASE-2", row.key)}
    assert judged(made.clock)["CASE-2"][0] == "in_force"


def test_a_pledge_with_release_on_breach_that_is_breached_flags_what_rests_on_it(
    made: Made,
) -> None:
    conditions.add(
        on=made.p1, kind="release_on_breach", text="Else free", public=PUBLIC, **made.how()
    )
    chained(made)
    find(made, made.p1, "breached")
    assert failed() == {("CASE-2", "CASE-1")}


def test_a_cycle_of_reciprocity_ends(made: Made) -> None:
    """Each answers the next one, and the third the first."""
    for pledge, on in ((made.p1, made.p2), (made.p2, made.p3), (made.p3, made.p1)):
        record.put(
            "pledge", pledge.ref, {"reciprocates": [on.ref]}, dossier=made.dossier, **made.how()
        )
    find(made, made.p1, "breached")
    assert failed() == asked() == {("CASE-3", "CASE-1")}
    review = told(made)["CASE-3 < CASE-1"]
    assert [(one.pledge.ref, one.depth) for one in review.resting] == [("CASE-2", 1)]
    assert review.behind == ()
    find(made, made.p3, "breached")
    find(made, made.p2, "breached")
    assert failed() == {("CASE-3", "CASE-1"), ("CASE-2", "CASE-3"), ("CASE-1", "CASE-2")}
    last = told(made)["CASE-1 < CASE-2"]
    assert [one.subject for one in last.behind] == ["CASE-3"]
    assert last.resting[0].pledge.ref == "CASE-3"


def test_two_that_answer_each_other_both_breached(made: Made) -> None:
    for pledge, on in ((made.p1, made.p2), (made.p2, made.p1)):
        record.put(
            "pledge", pledge.ref, {"reciprocates": [on.ref]}, dossier=made.dossier, **made.how()
        )
    find(made, made.p1, "breached")
    find(made, made.p2, "breached")
    assert failed() == {("CASE-1", "CASE-2"), ("CASE-2", "CASE-1")}
    for review in told(made).values():
        assert (review.behind, review.resting) == ((), ())


def test_a_correction_clears_what_the_breach_raised_and_withdrawing_it_brings_that_back(
    made: Made,
) -> None:
    chained(made)
    first = find(made, made.p1, "breached")
    second = find(made, made.p1, "held", cites=first)
    assert failed() == set()
    verifications.withdraw(
        row=second, when=f"{made.clock:%Y-%m-%dT%H:%MZ}", reason="Misread", **made.how()
    )
    assert failed() == {("CASE-2", "CASE-1")}
    assert judged(made.clock)["CASE-1"][1] == "breached"


def test_the_clock_alone_raises_none(made: Made) -> None:
    chained(made)
    later = NOW + timedelta(days=90)
    sweeps.run(at=later)
    assert judged(later)["CASE-1"][0] == "expired"
    assert failed() == asked() == set()


def test_the_chains_of_many_reviews_take_as_many_queries_as_of_one(made: Made) -> None:
    chained(made)
    find(made, made.p1, "breached")
    viewer = access.viewer(made.rob)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            reviews.told(reviews.asked(viewer, is_done=False), at=made.clock)
        return len(found)

    few = queries()
    with record.batch(at=made.clock):
        for number in range(12):
            row = pledged(made, f"MORE-{number}")
            rests(made, row, made.p1)
            rests(made, made.p3, row)
    assert ReviewTask.objects.count() == 13
    assert queries() == few <= 11
    assert Pledge.objects.count() == 15
