"""Readings: an unstated rule that matters makes two stand, and a rule fits what it counts."""

from typing import Any

import pytest

from tests.actions.house import PUBLIC, Made, bare, pledged
from tracker.actions import adoptions, deadlines, readings
from tracker.domain import status
from tracker.domain.errors import Invalid
from tracker.models import LedgerEntry, Pledge, Reading
from tracker.selectors import rows
from tracker.selectors.facts import pledge_facts

pytestmark = pytest.mark.django_db
START = "2025-03-18 Europe/Moscow"
DAYS = {"r-inclusive": "inclusive", "r-exclusive": "exclusive"}
DATES = {"r-through": "through", "r-until": "until"}


def added(**columns: Any) -> tuple[Made, list[Reading]]:
    made = bare()
    found = readings.add(of=pledged(made), key="r", public=PUBLIC, **columns, **made.how())
    return made, found


@pytest.mark.parametrize(
    ("columns", "stand"),
    [
        (
            {"start": START, "duration": "P30D"},
            DAYS,
        ),
        (
            {"start": START, "duration": "P2M"},
            DAYS,
        ),
        ({"duration": "P30D"}, DAYS),
        (
            {"start": START, "end": "2025-04-16 Europe/Moscow"},
            DATES,
        ),
        ({"end": "2025-04"}, DATES),
        ({"start": START, "duration": "PT30H"}, {"r": "elapsed"}),
        ({"start": START, "duration": "P1DT12H"}, {"r": "elapsed"}),
        ({"start": START, "duration": "P30D", "rule": "exclusive"}, {"r": "exclusive"}),
        ({"start": START, "end": "2025-04-16T21:00Z"}, {"r": ""}),
        ({"start": START, "end": "unknown"}, {"r": ""}),
        ({"start": START, "open_end": "indefinite"}, {"r": ""}),
        ({"start": START}, {"r": ""}),
    ],
)
def test_what_stands(columns: dict[str, str], stand: dict[str, str]) -> None:
    _, found = added(**columns)
    assert {r.key: r.rule for r in found} == stand
    assert LedgerEntry.objects.filter(action="readings.add").count() == len(stand)


def test_an_offset_counts_the_days_of_a_deadline() -> None:
    made = bare()
    step = deadlines.add(pledge=pledged(made), title="T", public=PUBLIC, **made.how())
    after = deadlines.add(pledge=step.pledge, title="Next", public=PUBLIC, **made.how())
    found = readings.add(
        of=after, key="d", start_deadline=step, start_offset="P14D", public=PUBLIC, **made.how()
    )
    assert [r.rule for r in found] == ["inclusive", "exclusive"]


@pytest.mark.parametrize(
    ("columns", "column"),
    [
        ({"duration": "PT30H", "rule": "inclusive"}, "rule"),
        ({"duration": "P1DT12H", "rule": "exclusive"}, "rule"),
        ({"duration": "P30D", "rule": "through"}, "rule"),
        ({"end": "2025-04-16 UTC", "rule": "inclusive"}, "rule"),
        ({"duration": "P30D", "end": "2025-04-16 UTC"}, "duration"),
        ({"duration": "30 days"}, "duration"),
        ({"end": "soon"}, "end"),
        ({"start": "2025-02-30 UTC"}, "start"),
        ({"zone": "Moscow"}, "zone"),
        ({"zone_assumed": True}, "zone"),
        ({"rule": "roughly"}, "rule"),
        ({"start_account": "nobody"}, "start_account"),
        ({"public": ""}, "public"),
    ],
)
def test_what_is_refused_names_its_column_and_leaves_nothing(
    columns: dict[str, Any], column: str
) -> None:
    made = bare()
    pledge = pledged(made)
    given = {"start": START, "public": PUBLIC, **columns}
    with pytest.raises(Invalid) as refused:
        readings.add(of=pledge, **given, **made.how())
    assert refused.value.field == column
    assert not Reading.objects.exists()


def test_an_adopted_reading_drives_and_a_set_aside_one_stands_no_more() -> None:
    made, (inclusive, exclusive) = added(start=START, duration="P30D")
    adoptions.adopt(reading=exclusive, public=PUBLIC, reason="As Kyiv counts", **made.how())
    readings.set_aside(row=inclusive, when="2025-03-20 UTC", reason="Not counted", **made.how())
    facts = pledge_facts(rows.tables(made.dossier), Pledge.objects.get().ref)
    found = status.evaluate(facts, at=made.clock)
    assert found.adopted == "r-exclusive"
    assert [t.reading.key for t in found.terms if t.is_standing] == ["r-exclusive"]


def test_setting_aside_takes_a_reason() -> None:
    made, (first, _) = added(start=START, duration="P30D")
    with pytest.raises(Invalid) as refused:
        readings.set_aside(row=first, when="2025-03-20 UTC", reason="", **made.how())
    assert refused.value.field == "set_aside_reason"
