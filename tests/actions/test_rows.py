"""A dossier is read with as many queries, however much it holds."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.actions.house import MINUTE, PUBLIC, bare, full, pledged
from tracker.actions import readings, record
from tracker.models import DOSSIER_NOUNS, FACTS
from tracker.selectors import ledger, rows

pytestmark = pytest.mark.django_db
# One query per noun, and one per column of many references.
MANY = sum(len(m._meta.many_to_many) for m in FACTS.values())
QUERIES = len(DOSSIER_NOUNS) + MANY


def test_the_number_of_queries_does_not_grow() -> None:
    made = full()
    with CaptureQueriesContext(
        connection,
    ) as few:
        assert len(rows.tables(made.dossier)["pledge"]) == 2
    with record.batch(at=made.clock):
        for number in range(8):
            one = pledged(made, f"MORE-{number}", reciprocates=[made.pledge, made.other])
            readings.add(of=one, start=PUBLIC, duration="P30D", public=PUBLIC, **made.how())
    with CaptureQueriesContext(connection) as many:
        assert len(rows.tables(made.dossier)["pledge"]) == 10
    assert len(few) == len(many) == QUERIES


def test_a_state_names_rows_by_their_keys() -> None:
    made = full()
    state = rows.tables(made.dossier)["pledge"]["case-2"]
    assert state["instrument"] == "call"
    assert state["pledgor"] == "case-beta"
    assert state["beneficiaries"] == ["case-beta"]
    assert state["reciprocates"] == ["case-1"]
    assert state["analyst"] is None
    assert state["leads"] is None
    assert state["recorded_at"].endswith("Z")
    assert state == rows.state(made.other.__class__.objects.get(ref="case-2"))


def test_rows_and_ledger_tell_the_same_at_the_head_and_the_ledger_also_what_was_before() -> None:
    made = bare()
    one = pledged(made)
    before = made.clock
    record.put(
        "pledge",
        one.ref,
        {"title": "Alpha halts all strikes"},
        dossier=made.dossier,
        by=None,
        at=before + MINUTE,
    )
    now = rows.tables(made.dossier)
    assert ledger.tables("case") == now
    then = ledger.tables("case", known=before)
    assert then["pledge"][one.ref]["title"] == "Alpha halts strikes"
    assert then["pledge"][one.ref]["recorded_at"] == now["pledge"][one.ref]["recorded_at"]
    assert ledger.tables("case", known=before - 100 * MINUTE)["pledge"] == {}
