"""The sweep's task. Beat pokes it; what is due, the database knows."""

from celery import shared_task

from tracker.actions import sweeps
from tracker.clock import now

EXPIRES = 30  # seconds
HELPERS = 2  # each takes what no other holds


@shared_task
def sweep(*, is_helper: bool = False) -> None:
    """One run; when more is left, others go on, behind what waits to be sent meanwhile."""
    done = sweeps.run(at=now(), within=sweeps.WITHIN)
    if not done.is_caught_up:
        for _ in range(1 if is_helper else HELPERS):
            sweep.apply_async(kwargs={"is_helper": True}, expires=EXPIRES, retry=False)
