"""What nobody acknowledges in time is told to somebody else, once, where a dossier asks for it."""

from datetime import timedelta

import pytest

from tests import kept
from tests.actions.house import Made, bare
from tests.actions.people import holds, person
from tests.actions.test_delivery import BEFORE, END, pledge
from tracker.actions import (
    acknowledgements,
    departures,
    memberships,
    readings,
    record,
    sweeps,
)
from tracker.domain.errors import Invalid
from tracker.models import Alert, Membership, Reading, ReviewTask

pytestmark = pytest.mark.django_db
TICK = timedelta(microseconds=1)
WAIT = timedelta(hours=4)


@pytest.fixture
@kept.once
def made() -> Made:
    found = bare()
    found.clock = BEFORE
    found.rows["ann"] = person("ann", found.dossier, "analyst")
    found.rows["olga"] = person("olga", found.dossier, "owner")
    found.rows["one"] = pledge(found, "CASE-1")
    record.put(
        "dossier",
        "case",
        {"escalates_to": str(found.olga.uid), "escalates_after": "PT4H"},
        dossier=None,
        by=found.olga,
        at=BEFORE,
    )
    Alert.objects.all().delete()
    sweeps.run(at=END)
    return found


def told(made: Made) -> list[str]:
    return sorted(Alert.objects.filter(recipient=made.olga).values_list("kind", flat=True))


def test_it_escalates_at_its_time_and_once(made: Made) -> None:
    sweeps.run(at=END + WAIT - TICK)
    assert told(made) == []
    for at in (END + WAIT, END + WAIT, END + 2 * WAIT):
        sweeps.run(at=at)
    assert told(made).count("expired") == 1
    assert "due_soon" not in told(made)
    one = Alert.objects.get(recipient=made.olga, kind="expired")
    assert one.escalated_from == Alert.objects.get(recipient=made.ann, kind="expired")
    assert one.because == [{"by": "escalation", "of": str(one.escalated_from_id)}]


def test_what_was_acknowledged_does_not(made: Made) -> None:
    mine = Alert.objects.filter(recipient=made.ann, kind="expired")
    acknowledgements.acknowledge(alerts=mine, by=made.ann, at=END + TICK)
    sweeps.run(at=END + WAIT)
    assert "expired" not in told(made)


def test_nor_does_what_no_longer_stands(made: Made) -> None:
    row = Reading.objects.get(pledge=made.one)
    readings.amend(row=row, duration="P60D", by=None, at=END + TICK)
    sweeps.run(at=END + WAIT)
    assert "expired" not in told(made)


def test_a_failed_dependency_asks_for_a_review_of_the_analyst(made: Made) -> None:
    other = pledge(made, "CASE-2")
    record.put(
        "pledge", "CASE-1", {"reciprocates": ["CASE-2"]}, dossier=made.dossier, by=None, at=END
    )
    finding = {
        "pledge": other.ref,
        "period_start": "2025-04-02 UTC",
        "period_end": "2025-04-03 UTC",
        "finding": "breached",
        "reasoning": "Seen by two.",
        "public": "2025-04-10T23:00Z",
    }
    record.put("verification", "v", finding, dossier=made.dossier, by=None, at=END + TICK)
    task = ReviewTask.objects.get()
    assert (task.pledge, task.subject, task.done_at) == (made.one, "CASE-2", None)
    asked = Alert.objects.filter(kind="review_due")
    assert [a.recipient for a in asked] == [made.ann]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"escalates_to": "eve", "escalates_after": "PT1H"}, "escalates_to"),
        ({"escalates_to": "ann", "escalates_after": ""}, "escalates_after"),
        ({"escalates_to": "", "escalates_after": "PT1H"}, "escalates_to"),
        ({"escalates_to": "ann", "escalates_after": "P91D"}, "escalates_after"),
        ({"escalates_to": "ann", "escalates_after": "PT59S"}, "escalates_after"),
    ],
)
def test_it_is_to_a_member_after_a_time_that_comes(
    made: Made, given: dict[str, str], field: str
) -> None:
    made.rows["eve"] = person("eve", bare("other").dossier, "owner")
    to = given["escalates_to"]
    typed = given | {"escalates_to": str(made.rows[to].uid) if to else None}
    with pytest.raises(Invalid) as refused:
        record.put("dossier", "case", typed, dossier=None, by=None, at=END)
    assert refused.value.field == field


def escalates(made: Made) -> tuple[str, str]:
    made.dossier.refresh_from_db()
    row = made.dossier
    return str(row.escalates_to or ""), row.escalates_after


def test_who_leaves_the_dossier_is_told_no_more(made: Made) -> None:
    person("odo", made.dossier, "owner")
    row = Membership.objects.get(dossier=made.dossier, user=made.olga)
    memberships.change(row=row, role="reader", by=None, at=END + TICK)
    assert escalates(made) == ("Olga", "PT4H")
    memberships.revoke(row=row, by=made.olga, at=END + TICK, reason="Moves on")
    assert escalates(made) == ("", "")
    sweeps.run(at=END + WAIT)
    assert told(made) == []
    holds("case")


@pytest.mark.parametrize("successor", ["ann", None])
def test_who_is_deactivated_hands_it_over_or_nobody_is_told(
    made: Made, successor: str | None
) -> None:
    person("odo", made.dossier, "owner")
    chosen = {"case": made.ann} if successor else {}
    departures.deactivate(
        user=made.olga, successors=chosen, by=None, at=END + TICK, reason="Moves on"
    )
    assert escalates(made) == (("Ann", "PT4H") if successor else ("", ""))
    sweeps.run(at=END + WAIT)
    holds("case")
    if successor is None:
        return
    departures.deactivate(user=made.ann, successors={}, by=None, at=END + TICK, reason="Too")
    departures.erase(user=made.ann, by=None, at=END + TICK, reason="Asked")
    assert escalates(made) == ("", "")
