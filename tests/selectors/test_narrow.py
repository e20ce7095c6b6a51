"""What is read for some pledges: all that their evaluation needs, and nothing of the others."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.actions.house import MINUTE, PUBLIC, Made, full, pledged
from tests.load import rows as bulk
from tracker.actions import moves, readings, record, verifications
from tracker.domain.facts import PledgeFacts
from tracker.models import Dossier, Incident, Pledge, Source
from tracker.selectors import narrow, rows
from tracker.selectors.facts import all_pledge_facts, pledge_facts, some_pledge_facts

pytestmark = pytest.mark.django_db
TEXTS = ('"snapshot"', '"description"', '"quotation"', '"reasoning"')


def pks(dossier: Dossier) -> list[int]:
    return list(Pledge.objects.filter(dossier=dossier).order_by("pk").values_list("pk", flat=True))


def told(dossier: Dossier) -> dict[str, PledgeFacts]:
    return all_pledge_facts(rows.tables(dossier))


def of(dossier: Dossier, some: list[int]) -> dict[str, PledgeFacts]:
    return all_pledge_facts(narrow.of_pledges(dossier, some))


def many_sided() -> Made:
    """One of everything, a breach and a withdrawal that others rest on, and moves of each kind."""
    made = full()
    with record.batch(at=made.clock):
        third = pledged(made, "case-3", reciprocates=[made.pledge])
        readings.add(
            of=third, start_trigger=made.trigger, duration="P9D", public=PUBLIC, **made.how()
        )
        verifications.record(
            pledge=made.pledge,
            period_start=PUBLIC,
            period_end="2025-04-03 Europe/Moscow",
            finding="breached",
            reasoning="Seen",
            public="2025-04-04 UTC",
            **made.how(),
        )
        for on, to in ((made.incident, "minor_violation"), (made.other, "withdrawn")):
            moves.make(
                on=on,
                to=to,
                effective="2025-04-02 UTC",
                public="2025-04-02 UTC",
                reason="R",
                **made.how(),
            )
    return made


def test_each_pledge_alone_has_the_facts_that_it_has_in_the_whole_dossier() -> None:
    made = many_sided()
    whole = told(made.dossier)
    assert any(one.failures for one in whole.values())
    assert any(one.incidents and one.incidents[0].moves for one in whole.values())
    for row in Pledge.objects.filter(dossier=made.dossier):
        assert of(made.dossier, [row.pk]) == {row.ref: whole[row.ref]}


def test_several_together_have_theirs() -> None:
    made = many_sided()
    assert of(made.dossier, pks(made.dossier)) == told(made.dossier)
    assert of(made.dossier, pks(made.dossier)[1:]).keys() == {"case-2", "case-3"}


def test_the_real_cases_have_the_same_facts() -> None:
    call_command("loadseeds", verbosity=0)
    found = list(Dossier.objects.all())
    assert len(found) > 1
    for dossier in found:
        whole = told(dossier)
        assert of(dossier, pks(dossier)) == whole
        for pk in pks(dossier):
            for ref, facts in of(dossier, [pk]).items():
                assert facts == whole[ref]


def test_the_term_alone_is_the_same_without_what_else_is_told() -> None:
    made = many_sided()
    whole = told(made.dossier)
    for row in Pledge.objects.filter(dossier=made.dossier).select_related("dossier"):
        facts = pledge_facts(narrow.of_term(row), row.ref)
        for name in ("triggers", "deadlines", "extensions", "conditions", "moves", "verifications"):
            assert getattr(facts, name) == getattr(whole[row.ref], name)
        assert [one.key for one in facts.readings] == [one.key for one in whole[row.ref].readings]
        assert (facts.incidents, facts.failures, facts.accounts) == ((), (), ())


def test_it_is_as_many_queries_for_any_number_of_pledges_and_none_reads_a_text() -> None:
    made = many_sided()
    with CaptureQueriesContext(connection) as one:
        narrow.of_pledges(made.dossier, pks(made.dossier)[:1])
    with CaptureQueriesContext(connection) as many:
        narrow.of_pledges(made.dossier, pks(made.dossier))
    assert len(one) <= len(many) <= 36
    assert not [q["sql"] for q in many if any(text in q["sql"] for text in TEXTS)]


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rows each reading of states comes to."""
    found: list[int] = []
    asked = rows.states

    def states(*args: Any, **more: Any) -> Any:
        made = asked(*args, **more)
        found.append(len(made))
        return made

    for module in (rows, narrow):
        monkeypatch.setattr(module, "states", states)
    return found


def retitled(made: Made, title: str) -> None:
    record.put(
        "pledge", "case-1", {"title": title}, dossier=made.dossier, by=None, at=made.tick() + MINUTE
    )


def test_an_edit_of_a_pledge_reads_no_more_rows_for_what_else_the_dossier_holds(
    loaded: list[int],
) -> None:
    made = many_sided()
    loaded.clear()
    retitled(made, "Before")
    few = sum(loaded)
    bulk.incidents(made.dossier, 300)
    strangers = Incident.objects.filter(dossier=made.dossier, key__startswith="other-")
    bulk.judged(strangers)
    Source.objects.bulk_create(
        Source(
            dossier=made.dossier,
            key=f"more-{n}",
            title="More",
            kind="news",
            snapshot="A long text",
            public=bulk.PUBLIC,
            public_instant=bulk.SINCE,
            recorded_at=bulk.SINCE,
        )
        for n in range(50)
    )
    loaded.clear()
    with CaptureQueriesContext(connection) as asked:
        retitled(made, "After")
    assert sum(loaded) == few
    assert not [q["sql"] for q in asked if any(text in q["sql"] for text in TEXTS)]


def test_a_move_of_a_stage_and_a_start_that_waits_read_no_incidents(loaded: list[int]) -> None:
    made = full()
    bulk.incidents(made.dossier, 300)
    loaded.clear()
    moves.make(
        on=made.other,
        to="withdrawn",
        effective="2025-04-02 UTC",
        public="2025-04-02 UTC",
        reason="R",
        **made.how(),
    )
    readings.add(
        of=made.other, start_trigger=made.trigger, duration="P9D", public=PUBLIC, **made.how()
    )
    assert sum(loaded) < 300


def test_what_waits_for_what_is_told_of_the_rows_that_wait() -> None:
    made = full()
    found = narrow.waiting(made.dossier)
    assert set(found) == {"condition", "trigger", "reading"}
    (condition,) = found["condition"].values()
    assert condition["depends_on_pledge"] == "case-1"
    waits = [(one["deadline"], one["start_trigger"]) for one in found["reading"].values()]
    assert (made.deadline.key, "signing") in waits
    assert all(one["start_trigger"] or one["start_deadline"] for one in found["reading"].values())


def test_a_pledge_of_the_dossier_that_is_not_asked_for_is_not_there() -> None:
    made = full()
    found = narrow.of_pledges(made.dossier, pks(made.dossier)[:1])
    assert some_pledge_facts(found, ("case-2",)) == {}


def test_a_page_of_a_pledge_reads_no_other_incidents_and_no_texts_of_sources() -> None:
    made = many_sided()
    bulk.incidents(made.dossier, 30)
    whole = rows.tables(made.dossier)
    with CaptureQueriesContext(connection) as asked:
        found = rows.tables_about(made.dossier, "case-1")
    assert not [q["sql"] for q in asked if '"snapshot"' in q["sql"]]
    assert set(found["incident"]) == {made.incident.key} < set(whole["incident"])
    assert "snapshot" not in found["source"][made.source.key]
    assert found["move"] == whole["move"]
    assert pledge_facts(found, "case-1") == pledge_facts(whole, "case-1")
    assert found["pledge"] == whole["pledge"]
