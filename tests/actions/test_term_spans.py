"""The stretches that incidents are matched with: written with each edit, and derived anew alike."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.actions.house import Made, full
from tracker.actions import phases, readings
from tracker.domain.spans import spans
from tracker.models import Incident, Pledge, Reading, TermSpan
from tracker.selectors import matches, rows
from tracker.selectors.facts import all_pledge_facts

pytestmark = pytest.mark.django_db


def held() -> list[tuple[Any, ...]]:
    columns = ("pledge__ref", "reading", "number", "starts_at", "starts_by", "ends_from", "ends_at")
    more = ("zone", "is_adopted", "stands_until", "dossier")
    return list(TermSpan.objects.order_by(*columns[:3]).values_list(*columns, *more))


def derived(made: Made) -> list[tuple[Any, ...]]:
    found = [
        (
            ref,
            one.reading,
            one.number,
            one.start.earliest,
            one.start.latest,
            one.end.earliest if one.end else None,
            one.end.latest if one.end else None,
            one.zone or "",
            one.is_adopted,
            one.stands_until,
            made.dossier.pk,
        )
        for ref, facts in all_pledge_facts(rows.tables(made.dossier)).items()
        for one in spans(facts)
    ]
    return sorted(found, key=lambda one: one[:3])


def test_an_edit_writes_them_and_a_rebuild_finds_the_same() -> None:
    made = full()
    before = held()
    assert before == derived(made) != []
    reading = Reading.objects.filter(pledge=made.pledge).order_by("pk").first()
    assert reading is not None
    readings.set_aside(row=reading, when="2025-04-01 UTC", reason="R", by=None, at=made.tick())
    changed = held()
    assert changed == derived(made) != before
    TermSpan.objects.all().delete()
    phases.rebuild(
        dossier=made.dossier, refs=Pledge.objects.values_list("ref", flat=True), at=made.tick()
    )
    assert held() == changed
    TermSpan.objects.all().delete()
    call_command("rebuildphases", verbosity=0)
    assert held() == changed


def test_they_are_found_by_an_index_with_as_many_queries_for_any_number() -> None:
    made = full()
    with CaptureQueriesContext(connection) as asked:
        list(matches.every(made.dossier, Incident.objects.filter(dossier=made.dossier)))
    assert len(asked) <= 6
    if connection.vendor != "sqlite":
        return
    (query,) = [one["sql"] for one in asked if 'FROM "tracker_pledge"' in one["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {query}")
        plan = " | ".join(str(line[-1]) for line in cursor.fetchall())
    assert "SCAN" not in plan.replace("SCAN CONSTANT ROW", ""), plan
    assert "span_" in plan, plan
