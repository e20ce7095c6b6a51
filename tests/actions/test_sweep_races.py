"""Sweeps at once, and a sweep beside an edit: one result, on either database."""

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connections, transaction

from tests import kept
from tests.actions.house import Made, bare
from tests.actions.people import person
from tests.actions.test_delivery import BEFORE, END, pledge
from tracker.actions import outbox, phases, readings, sweeps
from tracker.models import Alert, Flag, Message, Phase, Pledge, Reading, StalePledge
from tracker.selectors.parcels import Parcel, parcels

pytestmark = pytest.mark.django_db(transaction=True)
TICK = timedelta(seconds=1)


@pytest.fixture
@kept.once
def made() -> Made:
    found = bare()
    found.clock = BEFORE
    found.rows["ann"] = person("ann", found.dossier, "analyst")
    for number in range(1, 9):
        found.rows[f"p{number}"] = pledge(found, f"CASE-{number}")
    return found


def together(*works: Any) -> list[Any]:
    """Each in a thread with a connection of its own, begun at one moment."""
    barrier = Barrier(len(works))
    results: list[Any] = [None] * len(works)

    def run(number: int, work: Any) -> None:
        try:
            barrier.wait(10)
            results[number] = work()
        except Exception as error:
            results[number] = error
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(n, work)) for n, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def result() -> tuple[set[Any], set[Any]]:
    flags = set(
        Flag.objects.values_list("pledge__ref", "kind", "subject", "lead", "since", "cleared_at")
    )
    alerts = Alert.objects.values_list("pledge__ref", "recipient", "kind", "subject", "true_at")
    assert len(alerts) == len(set(alerts))
    return flags, set(alerts)


def test_two_sweeps_at_once_come_to_what_one_does(made: Made) -> None:
    swept = together(*[lambda: sweeps.run(at=END)] * 3)
    assert not [one for one in swept if isinstance(one, Exception)]
    both = result()
    assert not Phase.objects.filter(from_at__lte=END, noticed_at=None).exists()
    assert both[0]
    since = BEFORE + timedelta(days=1)  # what the edits themselves raised stays
    Alert.objects.filter(true_at__gte=since).delete()
    Flag.objects.filter(since__gte=since).delete()
    Phase.objects.filter(from_at__gte=since, from_at__lte=END).update(noticed_at=None)
    sweeps.run(at=END)
    assert result() == both


def test_an_edit_beside_a_sweep_wins(made: Made) -> None:
    """The pledge ends later by the edit, so whatever the order, it has not expired."""
    row = Reading.objects.get(pledge=made.p1)
    done = together(
        lambda: sweeps.run(at=END),
        lambda: readings.amend(row=row, duration="P30D", by=None, at=END),
    )
    assert not [one for one in done if isinstance(one, Exception)]
    standing = Flag.objects.filter(pledge=made.p1, cleared_at=None, withdrawn_at=None)
    assert not standing.filter(kind="expired").exists()
    assert Flag.objects.filter(pledge=made.p2, kind="expired", withdrawn_at=None).exists()


def test_phases_of_another_version_are_not_believed(made: Made) -> None:
    Pledge.objects.filter(pk=made.p1.pk).update(version=made.p1.version + 5)
    sweeps.run(at=END)
    sweeps.run(at=END)
    assert not StalePledge.objects.exists()
    version = Pledge.objects.get(pk=made.p1.pk).version
    assert set(Phase.objects.filter(pledge=made.p1).values_list("pledge_version", flat=True)) == {
        version
    }
    assert Flag.objects.filter(pledge=made.p1, kind="expired").exists()


def test_two_who_freeze_and_claim_never_hold_one_message(made: Made) -> None:
    sweeps.run(at=END)
    together(*[lambda: outbox.freeze(at=END)] * 3)
    while outbox.freeze(at=END):
        pass
    assert Message.objects.count() == 8  # one per recipient and pledge, however many froze
    claimed = together(*[lambda: outbox.claim(at=END, most=4)] * 3)
    held = [message.pk for found in claimed for message in found]
    assert len(held) == len(set(held)) == 8


def test_a_sweep_that_is_killed_half_way_leaves_nothing(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = result()

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("killed")

    monkeypatch.setattr("tracker.actions.alerts.owe_for", fail)
    with pytest.raises(RuntimeError):
        phases.notice(at=END)
    assert result() == before
    assert Phase.objects.filter(from_at__lte=END, noticed_at=None).exists()


def test_seventy_two_hours_without_a_sweep_are_caught_up_in_one(made: Made) -> None:
    sweeps.run(at=END - timedelta(days=2))
    Alert.objects.all().delete()
    late = END + timedelta(days=1)
    done = sweeps.run(at=late)
    assert done.is_caught_up
    while outbox.freeze(at=late):
        pass
    pairs = list(Message.objects.values_list("recipient", "pledge"))
    assert len(pairs) == len(set(pairs)) == 8
    assert {a.true_at for a in Alert.objects.filter(kind="expired")} == {END}


def test_an_edit_while_the_clock_is_behind_takes_back_nothing_that_is_true(made: Made) -> None:
    sweeps.run(at=END)
    row = Reading.objects.get(pledge=made.p1)
    behind = END - timedelta(hours=1)
    readings.amend(row=row, note="Checked.", by=None, at=behind)
    standing = Flag.objects.filter(pledge=made.p1, kind="expired", withdrawn_at=None)
    assert standing.exists()
    assert not Alert.objects.filter(kind="corrected").exists()
    # But what the edit itself makes untrue is.
    readings.amend(row=row, duration="P30D", by=None, at=behind + TICK)
    assert not standing.exists()
    readings.amend(row=row, duration="P10D", by=None, at=behind + 2 * TICK)
    sweeps.run(at=END + TICK)
    assert standing.exists()
    assert Alert.objects.filter(pledge=made.p1, kind="expired", dropped_at=None).count() == 1


@pytest.mark.parametrize("is_frozen", [True, False])
def test_a_worker_beside_a_correction_sends_nothing_that_is_not_so(
    made: Made, is_frozen: bool
) -> None:
    """It cannot look before the edit, send after it, and nobody be told that it was not so."""
    sweeps.run(at=END)
    if is_frozen:
        while outbox.freeze(at=END):
            pass
    found: list[Parcel] = []

    def work() -> None:
        while outbox.freeze(at=END + TICK):
            pass
        found.extend(parcels(outbox.claim(at=END + TICK), at=END + TICK))
        connections.close_all()

    worker = Thread(target=work)
    with transaction.atomic():
        row = Reading.objects.get(pledge=made.p1)
        readings.amend(row=row, duration="P30D", by=None, at=END + TICK)
        worker.start()
        worker.join(2)  # SQLite lets it wait for us
    worker.join(30)
    assert len(found) >= 7
    said = {alert.kind for one in found for alert in one.alerts if one.message.pledge == made.p1}
    is_corrected = Alert.objects.filter(kind="corrected", subject__startswith="expired:").exists()
    assert ("expired" in said) is is_corrected


def test_a_clock_that_goes_back_and_forth_doubles_and_loses_nothing(made: Made) -> None:
    hour = timedelta(hours=1)
    for at in (END - hour, END, END - hour, END, END + hour):
        sweeps.run(at=at)
        while outbox.freeze(at=at):
            pass
    flags, _ = result()
    sweeps.run(at=END + hour)
    assert result()[0] == flags
    assert Alert.objects.filter(kind="expired").count() == 8
