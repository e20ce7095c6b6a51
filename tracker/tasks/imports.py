"""The task of imports. Beat pokes it; what waits, the database knows."""

from celery import shared_task

from tracker.actions import imports
from tracker.clock import now


@shared_task
def drain() -> None:
    imports.drain(at=now())
