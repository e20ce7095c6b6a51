"""The hourly tidying: what need not be kept any longer goes."""

from celery import shared_task

from tracker.actions import tidying
from tracker.clock import now


@shared_task
def tidy() -> None:
    tidying.run(at=now())
