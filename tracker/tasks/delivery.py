"""The outbox's task. Beat pokes it; what is due, the database knows."""

from celery import shared_task

from tracker.actions import deliveries
from tracker.clock import now

WITHIN = 20.0  # seconds: then whatever else waits has its turn


@shared_task
def deliver() -> None:
    deliveries.drain(now=now, within=WITHIN)
