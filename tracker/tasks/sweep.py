"""The sweep's task. Beat pokes it; what is due, the database knows."""

from celery import shared_task

from tracker.actions import sweeps
from tracker.clock import now


@shared_task
def sweep() -> None:
    sweeps.run(at=now())
