"""The sweep's task and the record that it leaves."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings

from tracker.actions import sweeps
from tracker.clock import now
from tracker.config.celery import app
from tracker.models import SweepRun
from tracker.tasks.sweep import sweep

AT = datetime(2025, 4, 16, 21, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_a_run_is_recorded_at_its_instant() -> None:
    done = sweeps.run(at=AT)
    assert done.started_at == AT
    assert AT <= done.finished_at < AT + timedelta(seconds=10)


@pytest.mark.django_db
def test_the_task_runs_the_action() -> None:
    before = now()
    sweep()
    assert before <= SweepRun.objects.get().started_at <= now()


@pytest.mark.django_db
def test_old_records_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeps, "PRUNED_EVERY", 1)
    sweeps.run(at=AT - timedelta(days=8))
    kept = sweeps.run(at=AT - timedelta(days=6))
    last = sweeps.run(at=AT)
    assert set(SweepRun.objects.all()) == {kept, last}


def test_every_entry_of_the_schedule_is_a_known_task() -> None:
    app.loader.import_default_modules()
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        assert entry["task"] in app.tasks


def test_a_task_called_from_anywhere_finds_the_broker() -> None:
    assert sweep.app is app or sweep.app.conf.broker_url == settings.CELERY_BROKER_URL


def test_a_slow_task_is_killed_before_it_is_handed_out_again() -> None:
    options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    assert int(str(options["visibility_timeout"])) > settings.CELERY_TASK_TIME_LIMIT


def test_the_clock_is_shifted_in_tests_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_TEST_CLOCK", "86400")
    shifted = now()
    monkeypatch.setenv("TRACKER_MODE", "local")
    assert shifted - now() > timedelta(hours=23)
