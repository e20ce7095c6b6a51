"""Findings that correct findings, who confirms one, and a curve that marks its pledges."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests import kept
from tests.actions.house import PUBLIC, Made, bare, pledged
from tests.actions.people import holds, person
from tests.actions.test_phases import phases_are_the_trajectory
from tracker.actions import (
    dossiers,
    proposals,
    readings,
    record,
    sweeps,
    undoing,
    verifications,
)
from tracker.domain import freshness
from tracker.domain.errors import Invalid, NotAllowed, Unconfirmed
from tracker.domain.freshness import DEFAULT
from tracker.models import Dossier, LedgerEntry, Phase, StalePledge, Verification
from tracker.selectors import ledger, rows, steps
from tracker.selectors.facts import all_pledge_facts
from tracker.selectors.freshness import preview

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 6, 1, 9, tzinfo=UTC)


@pytest.fixture
@kept.once
def made() -> Made:
    """CASE-1 and CASE-2 run from 1 May for 60 days; ann is an analyst, rob and ria reviewers."""
    found = bare()
    for name, role in (("ann", "analyst"), ("rob", "reviewer"), ("ria", "reviewer")):
        found.rows[name] = person(name, found.dossier, role)
    found.clock = NOW
    for number in (1, 2):
        row = found.rows[f"p{number}"] = pledged(found, f"CASE-{number}")
        readings.add(of=row, start="2025-05-01 UTC", duration="P60D", public=PUBLIC, **found.how())
    return found


def find(made: Made, pledge: Any = None, **columns: Any) -> Verification:
    given = {
        "period_start": "2025-05-01 UTC",
        "period_end": "2025-05-31T00:00Z",
        "finding": "held",
        "reasoning": "Seen by two.",
        "reliability": "E",
        "credibility": 4,
        "public": "2025-06-01T08:00Z",
        **columns,
    }
    return verifications.record(pledge=pledge or made.p1, **{**made.how(), **given})


# Corrections


def test_a_correction_cites_the_last_word_on_the_same_pledge(made: Made) -> None:
    first = find(made)
    second = find(made, cites=first, finding="breached")
    with pytest.raises(Invalid, match="was corrected already") as refused:
        find(made, cites=first)
    assert refused.value.field == "cites"
    with pytest.raises(Invalid, match="on another pledge"):
        find(made, made.p2, cites=second)
    third = find(made, cites=second)
    assert third.cites == second
    phases_are_the_trajectory(made.dossier)
    holds("case")


def test_no_chain_of_corrections_comes_back_to_itself(made: Made) -> None:
    first = find(made)
    second = find(made, cites=first)
    third = find(made, cites=second)
    for cited in (first, second, third):
        with pytest.raises(Invalid) as refused:
            verifications.amend(row=first, cites=cited, **made.how())
        assert refused.value.field == "cites"
    first.refresh_from_db()
    assert first.cites is None


def test_once_a_correction_is_withdrawn_another_one_may_be_made(made: Made) -> None:
    first = find(made)
    second = find(made, cites=first)
    verifications.withdraw(
        row=second, when="2025-06-01T08:30Z", reason="Of another pledge", **made.how()
    )
    assert find(made, cites=first).cites == first
    second.refresh_from_db()
    verifications.amend(row=second, note="Kept as it was", **made.how())  # it cites as before


# Four eyes


@pytest.fixture
def careful(made: Made) -> Made:
    record.put("dossier", "case", {"four_eyes": True}, dossier=None, **made.how())
    made.dossier = Dossier.objects.get(slug="case")
    made.p1.dossier = made.p2.dossier = made.dossier
    return made


def test_nobody_writes_a_finding_past_a_second_person(careful: Made) -> None:
    for name in ("ann", "rob"):
        with pytest.raises(Unconfirmed):
            find(careful, by=careful.rows[name])
    assert not Verification.objects.exists()


@pytest.mark.parametrize("author", ["ann", "rob"])
def test_the_author_of_a_finding_cannot_confirm_it_and_it_drives_nothing_before(
    careful: Made, author: str
) -> None:
    by = careful.rows[author]
    before = list(Phase.objects.order_by("pk").values_list())
    noted = proposals.rehearsed(lambda: find(careful, by=by, is_final=True))
    row = proposals.propose(
        dossier=careful.dossier, steps=noted, title="A finding", by=by, at=careful.tick()
    )
    assert list(Phase.objects.order_by("pk").values_list()) == before
    seen = steps.token(steps.settled(row))
    with pytest.raises(NotAllowed):
        proposals.confirm(row=row, seen=seen, by=by, at=careful.tick())
    assert not Verification.objects.exists()
    proposals.confirm(row=row, seen=seen, by=careful.ria, at=careful.tick())
    assert Verification.objects.get().finding == "held"
    entry = LedgerEntry.objects.get(noun="verification")
    assert entry.by == str(by.uid)
    assert Phase.objects.filter(pledge=careful.p1, compliance="held").exists()


# The curve


def curve(**shares: int) -> dict[str, list[int]]:
    found = DEFAULT.stored
    for grade, share in shares.items():
        found[grade[0]][int(grade[1]) - 1] = share
    return found


LESS = curve(E4=20, E5=20, E6=20, F4=20, F5=20, F6=20)


def due(made: Made) -> set[str]:
    """The pledges whose check is due, as the phases of now say."""
    held = Phase.objects.filter(from_at__lte=made.clock).order_by("from_at")
    last = dict(held.values_list("pledge__ref", "flags"))
    return {ref for ref, flags in last.items() if "verification_due" in {one[0] for one in flags}}


def test_a_curve_marks_its_pledges_and_the_sweep_derives_them(made: Made) -> None:
    find(made)
    find(made, made.p2, reliability="B", credibility=2)
    made.clock = datetime(2025, 6, 2, tzinfo=UTC)
    assert due(made) == set()
    dossiers.amend(row=made.dossier, freshness=LESS, **made.how())
    assert StalePledge.objects.count() == 2
    sweeps.run(at=made.tick())
    assert not StalePledge.objects.exists()
    assert due(made) == {"CASE-1"}  # 20 % of a week is 33 h 36 min: 1 June, 09:36
    phases_are_the_trajectory(Dossier.objects.get(slug="case"))
    holds("case")


def test_the_same_curve_marks_nothing_and_the_register_s_own_is_kept_as_none(made: Made) -> None:
    dossiers.amend(row=made.dossier, freshness=DEFAULT.stored, title="Case 2", **made.how())
    assert not StalePledge.objects.exists()
    assert Dossier.objects.get(slug="case").freshness is None


def test_undoing_a_curve_marks_them_again(made: Made) -> None:
    dossiers.amend(row=made.dossier, freshness=LESS, by=made.ann, at=made.tick())
    sweeps.run(at=made.tick())
    seq = ledger.last_seq("case", "dossier", "case")
    undoing.undo(chain="case", first=seq, last=seq, by=made.ann, at=made.tick())
    assert Dossier.objects.get(slug="case").freshness is None
    assert StalePledge.objects.count() == 2


def test_a_curve_that_is_none_is_refused_at_its_column(made: Made) -> None:
    with pytest.raises(Invalid) as refused:
        dossiers.amend(row=made.dossier, freshness=curve(E4=60), **made.how())
    assert refused.value.field == "freshness"


def test_the_ledger_answers_with_the_curve_of_then(made: Made) -> None:
    find(made)
    then = made.tick()
    dossiers.amend(row=made.dossier, freshness=LESS, **made.how())
    for known, share in ((then, 40), (made.clock, 20)):
        facts = all_pledge_facts(ledger.tables("case", known=known))["CASE-1"]
        assert facts.freshness.share("E", 4) == share
    assert all_pledge_facts(rows.tables(made.dossier))["CASE-1"].freshness.share("E", 4) == 20


def test_the_preview_tells_whose_check_moves_and_writes_nothing(made: Made) -> None:
    find(made)
    find(made, made.p2, reliability="B", credibility=2)
    before = LedgerEntry.objects.count()
    at = datetime(2025, 6, 1, 20, tzinfo=UTC)
    found = preview(made.dossier, freshness.curve(LESS), at=at)
    assert [(one.ref, one.grade) for one in found.changed] == [("CASE-1", "E4")]
    one = found.changed[0]
    assert one.due_before == datetime(2025, 6, 2, 19, 12, tzinfo=UTC)
    assert one.due_after == datetime(2025, 6, 1, 9, 36, tzinfo=UTC)
    assert (one.before, one.after, found.restated) == ("fresh", "due", 1)
    assert (found.looked_at, found.there) == (2, 2)
    assert LedgerEntry.objects.count() == before
