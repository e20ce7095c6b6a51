"""Phases and flags: derived with each edit, noticed by the sweep, withdrawn when untrue."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.actions.test_ledger import entered, opened
from tracker.actions import memberships, record, subscriptions, sweeps, users
from tracker.domain import status
from tracker.models import Alert, Dossier, Flag, Phase, Pledge, User
from tracker.selectors import rows
from tracker.selectors.facts import all_pledge_facts

pytestmark = pytest.mark.django_db
BEFORE = datetime(2025, 3, 1, tzinfo=UTC)
END = datetime(2025, 4, 11, tzinfo=UTC)  # ten days from 1 April, inclusive
TICK = timedelta(microseconds=1)


def standing(at: datetime) -> set[tuple[str, str]]:
    """The flags that the rows say stand, by kind and lead."""
    found = Flag.objects.filter(since__lte=at, cleared_at=None, withdrawn_at=None)
    return {(f.kind, f.lead) for f in found}


def evaluated(dossier: Dossier, at: datetime) -> set[tuple[str, str]]:
    facts = all_pledge_facts(rows.tables(dossier))
    return {(f.kind, f.lead) for x in facts.values() for f in status.evaluate(x, at=at).flags}


def phases_are_the_trajectory(dossier: Dossier) -> None:
    for ref, facts in all_pledge_facts(rows.tables(dossier)).items():
        held = list(Phase.objects.filter(pledge__ref=ref).order_by("from_at"))
        told = status.trajectory(facts)
        assert [(p.from_at, p.until_at, p.stage, tuple(p.overlays)) for p in held] == [
            (p.start, p.until, p.stage or "", p.overlays) for p in told
        ]
        assert [len(p.flags) for p in held] == [len(p.flags) for p in told]


def test_an_edit_writes_the_whole_trajectory() -> None:
    dossier = opened()
    entered(dossier, at=BEFORE)
    phases_are_the_trajectory(dossier)
    last = Phase.objects.order_by("-from_at").first()
    assert last is not None
    assert (last.from_at, last.stage) == (END, "expired")
    assert not Phase.objects.exclude(noticed_at=None).exists()


def test_the_sweep_notices_each_flag_at_its_instant_and_once() -> None:
    dossier = opened()
    entered(dossier, at=BEFORE)
    for at in (END - timedelta(days=3), END - TICK, END, END + timedelta(days=1)):
        sweeps.run(at=at)
        assert standing(at) == evaluated(dossier, at)
        before = Flag.objects.count()
        assert sweeps.run(at=at).noticed == 0
        assert Flag.objects.count() == before
    expired = Flag.objects.get(kind="expired")
    assert (expired.since, expired.noticed_at) == (END, END)
    assert {f.cleared_at for f in Flag.objects.filter(kind="due_soon")} == {END}


def test_what_was_missed_is_caught_up_in_one_run_with_its_true_time() -> None:
    dossier = opened()
    entered(dossier, at=BEFORE)
    late = END + timedelta(days=30)
    sweeps.run(at=late)
    assert standing(late) == evaluated(dossier, late)
    due = Flag.objects.filter(kind="due_soon").order_by("since")
    assert [f.since for f in due] == [
        END - d for d in (timedelta(days=3), timedelta(days=1), timedelta(hours=6))
    ]
    assert {f.noticed_at for f in due} == {late}


def test_a_corrected_fact_withdraws_the_flag_and_keeps_its_row() -> None:
    dossier = opened()
    entered(dossier, at=BEFORE)
    sweeps.run(at=END)
    record.put("reading", "P-1.r", {"duration": "P20D"}, dossier=dossier, by=None, at=END + TICK)
    expired = Flag.objects.get(kind="expired")
    assert expired.withdrawn_at == END + TICK
    assert standing(END + TICK) == evaluated(dossier, END + TICK)
    record.put(
        "reading", "P-1.r", {"duration": "P10D"}, dossier=dossier, by=None, at=END + 2 * TICK
    )
    assert Flag.objects.get(kind="expired").withdrawn_at is None
    phases_are_the_trajectory(dossier)


def test_a_finding_on_one_pledge_derives_what_rests_on_it() -> None:
    dossier = opened()
    entered(dossier, "P-1", at=BEFORE)
    entered(dossier, "P-2", at=BEFORE)
    record.put("pledge", "P-2", {"reciprocates": ["P-1"]}, dossier=dossier, by=None, at=BEFORE)
    version = Pledge.objects.get(ref="P-2").version
    finding: dict[str, Any] = {
        "pledge": "P-1",
        "period_start": "2025-04-01 UTC",
        "period_end": "2025-04-02 UTC",
        "finding": "breached",
        "reasoning": "Seen by two.",
        "public": "2025-04-03 UTC",
    }
    seen = datetime(2025, 4, 2, tzinfo=UTC)
    record.put("verification", "v", finding, dossier=dossier, by=None, at=seen)
    phases_are_the_trajectory(dossier)
    at = datetime(2025, 4, 3, tzinfo=UTC)
    sweeps.run(at=at)
    failed = Flag.objects.get(kind="dependency_failed")
    assert (failed.pledge.ref, failed.subject, failed.since) == ("P-2", "P-1", at)
    assert Pledge.objects.get(ref="P-2").version > version


def test_a_sweep_with_nothing_due_is_one_indexed_query_and_its_record() -> None:
    entered(opened(), at=BEFORE)
    sweeps.run(at=BEFORE)
    with CaptureQueriesContext(
        connection,
    ) as made:
        sweeps.run(at=BEFORE)
    reads = [q["sql"] for q in made.captured_queries if q["sql"].startswith("SELECT")]
    assert len(reads) == 1
    plan = Phase.objects.filter(from_at__lte=BEFORE, noticed_at=None).order_by("from_at").explain()
    if connection.vendor == "sqlite":
        assert "phase_due" in plan


def test_a_batch_takes_as_many_queries_for_many_as_for_one() -> None:
    dossier = opened()

    def queries(at: datetime) -> int:
        with CaptureQueriesContext(connection) as made:
            sweeps.run(at=at)
        return len(made)

    entered(dossier, "P-0", at=BEFORE)
    one = queries(END)
    for number in range(1, 8):
        entered(dossier, f"P-{number}", at=BEFORE)
    assert queries(END) <= one


def analysed(at: datetime = BEFORE) -> tuple[Dossier, User]:
    """P-1 with Ada as its analyst, a member of its dossier."""
    dossier = opened()
    ada = users.register(email="ada@example.org", name="Ada", password=None, by=None, at=at)
    memberships.grant(dossier=dossier, user=ada, role="analyst", by=None, at=at)
    entered(dossier, at=at)
    record.put("pledge", "P-1", {"analyst": str(ada.uid)}, dossier=dossier, by=ada, at=at)
    return dossier, ada


def owed() -> set[tuple[str, str, datetime]]:
    return {(a.kind, a.lead, a.true_at) for a in Alert.objects.all()}


def test_a_flag_is_owed_once_to_the_analyst() -> None:
    _, ada = analysed()
    sweeps.run(at=END)
    flags = {(f.kind, f.lead, f.since) for f in Flag.objects.all()}
    assert owed() == flags
    assert set(Alert.objects.values_list("recipient", "channel")) == {(ada.pk, "mail")}
    count = Alert.objects.count()
    Phase.objects.update(noticed_at=None)  # a worker died after its claim
    sweeps.run(at=END + TICK)
    assert Alert.objects.count() == count


def test_the_database_owes_nobody_twice() -> None:
    analysed()
    sweeps.run(at=END)
    alert = Alert.objects.first()
    assert alert is not None
    alert.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        alert.save(force_insert=True)


def test_history_entered_late_alerts_nobody_but_an_outage_is_caught_up() -> None:
    analysed(at=END + timedelta(days=30))
    assert Flag.objects.exists()
    assert not Alert.objects.exists()


def test_what_an_outage_missed_is_owed_whatever_its_age() -> None:
    analysed()
    sweeps.run(at=END + timedelta(days=30))
    assert ("expired", "", END) in owed()


def test_an_edit_first_catches_up_on_what_was_due_under_the_old_facts() -> None:
    dossier, _ = analysed()
    late = END + timedelta(days=30)
    record.put("pledge", "P-1", {"title": "Alpha halts"}, dossier=dossier, by=None, at=late)
    assert ("expired", "", END) in owed()


def test_a_flag_that_an_edit_makes_true_now_is_owed() -> None:
    dossier, _ = analysed()
    at = datetime(2025, 4, 5, tzinfo=UTC)
    sweeps.run(at=at)
    record.put("reading", "P-1.r", {"duration": "P4D"}, dossier=dossier, by=None, at=at)
    assert ("expired", "", at) in owed()


def test_nobody_is_told_who_has_left() -> None:
    _, ada = analysed()
    User.objects.filter(pk=ada.pk).update(is_active=False)
    sweeps.run(at=END)
    assert not Alert.objects.exists()


def test_a_stage_that_an_edit_changes_is_told_to_all_but_its_author() -> None:
    dossier, ada = analysed()
    bob = users.register(email="bob@example.org", name="Bob", password=None, by=None, at=BEFORE)
    memberships.grant(dossier=dossier, user=bob, role="analyst", by=None, at=BEFORE)
    pledge = Pledge.objects.get(ref="P-1")
    subscriptions.subscribe(user=bob, target=pledge, at=BEFORE)
    at = END - timedelta(days=5)
    sweeps.run(at=at)
    Alert.objects.all().delete()
    record.put("reading", "P-1.r", {"duration": "P2D"}, dossier=dossier, by=ada, at=at)
    changed = Alert.objects.filter(kind="stage_changed")
    assert [(a.recipient, a.subject, a.true_at) for a in changed] == [(bob, "expired", at)]
    # The flag itself had been true for longer than two days when the fact was entered.
    assert not Alert.objects.filter(kind="expired").exists()
    assert Flag.objects.get(kind="expired").is_backfilled
