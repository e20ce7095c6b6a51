"""Four workers are asked to sweep eight times at once: one result."""

from tests.load import rows
from tests.load.instance import STARTS_WITHIN, until
from tracker.models import Flag, SweepRun

from . import Found, Given
from .outbox import count_alerts, lay, send_all

WORKERS, SWEEPS = 4, 8


def run(given: Given) -> Found:
    due = 2_000
    lay("load", due, readers=rows.people(20))
    found = Found()
    given.run.poke(*["sweep.sweep"] * SWEEPS)
    for _ in range(WORKERS):
        given.run.worker()
    until(lambda: SweepRun.objects.count() >= SWEEPS, within=STARTS_WITHIN, why=given.run.said)
    found.count("sweeps", SweepRun.objects.count())
    found.count("that found work", SweepRun.objects.filter(noticed__gt=0).count())
    found.count(
        "noticed by all together",
        sum(SweepRun.objects.values_list("noticed", flat=True)),
        wanted=due,
    )
    found.count("flags", Flag.objects.count(), wanted=due)
    send_all(given.run, due, within=300)
    count_alerts(found, given.mail)
    return found
