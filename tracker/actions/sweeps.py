"""The sweep: notices what has come due, and records that it looked."""

from datetime import datetime, timedelta
from time import perf_counter

from tracker.models import SweepRun
from tracker.selectors.sweeps import due

from . import escalations, phases

KEPT_FOR = timedelta(days=7)
PRUNED_EVERY = 100
WITHIN = 5.0  # seconds: then sending has its turn, and another run goes on


def run(*, at: datetime, within: float | None = None) -> SweepRun:
    """Bring everything due by `at` in line, and record the run. Old records go now and then.

    ``within``: seconds after which no new batch is begun; the record then says that more is left.
    Each batch is a transaction of its own, so that what is noticed can be sent meanwhile.
    """
    began = perf_counter()
    noticed, is_caught_up = 0, True
    found = due(at=at)
    for is_due, work in (
        (found.stale, phases.rebuild_stale),
        (found.stale or found.phases, phases.notice),
        (found.escalations, escalations.raise_due),
    ):
        while is_due and is_caught_up and (batch := work(at=at)):
            noticed += batch
            is_caught_up = within is None or perf_counter() - began < within
    done = SweepRun.objects.create(
        started_at=at,
        finished_at=at + timedelta(seconds=perf_counter() - began),
        noticed=noticed,
        is_caught_up=is_caught_up,
    )
    if done.pk % PRUNED_EVERY == 0:
        SweepRun.objects.filter(finished_at__lt=at - KEPT_FOR).delete()
    return done
