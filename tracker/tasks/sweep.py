"""The sweep's task. Beat pokes it; what is due, the database knows."""

import structlog
from celery import shared_task
from celery.exceptions import OperationalError
from django.conf import settings

from tracker.actions import sweeps
from tracker.clock import now

from . import heartbeat

log = structlog.get_logger("tracker.sweep")
EXPIRES = 30  # seconds
HELPERS = 2  # each takes what no other holds


@shared_task
def sweep(*, is_helper: bool = False) -> None:
    """One run; when more is left, others go on, behind what waits to be sent meanwhile."""
    done = sweeps.run(at=now(), within=sweeps.WITHIN)
    if settings.HEARTBEAT is not None and not is_helper:
        _tell()
    if not done.is_caught_up:
        for _ in range(1 if is_helper else HELPERS):
            sweep.apply_async(kwargs={"is_helper": True}, expires=EXPIRES, retry=False)


def _tell() -> None:
    """A task of its own: the sweep does not wait for it, nor fail with it."""
    try:
        heartbeat.beat.apply_async(expires=heartbeat.EXPIRES, retry=False)
    except OperationalError as error:
        log.warning("heartbeat not asked for", detail=str(error))
