"""The task of imports. Beat pokes it; what waits, the database knows."""

from celery import shared_task

from tracker.actions import import_runs
from tracker.clock import now


@shared_task
def drain() -> None:
    import_runs.drain(at=now())
