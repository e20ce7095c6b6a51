"""The sweep: notices what has come due, and records that it looked."""

from datetime import datetime, timedelta
from time import perf_counter

from tracker.models import SweepRun

from . import phases

KEPT_FOR = timedelta(days=7)
PRUNED_EVERY = 100


def run(*, at: datetime) -> SweepRun:
    """Notice everything due by `at`, and record the run. Old records go now and then."""
    began = perf_counter()
    noticed = 0
    while batch := phases.notice(at=at):
        noticed += batch
    done = SweepRun.objects.create(
        started_at=at,
        finished_at=at + timedelta(seconds=perf_counter() - began),
        noticed=noticed,
    )
    if done.pk % PRUNED_EVERY == 0:
        SweepRun.objects.filter(finished_at__lt=at - KEPT_FOR).delete()
    return done
