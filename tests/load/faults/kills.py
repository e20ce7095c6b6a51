"""Ten thousand alerts, four workers, twenty SIGKILLs at moments that nobody chose.

Every third one meets the worker's pool child alone; the worker itself lives on and makes another.
"""

import time

from tests.load import rows
from tests.load.instance import STARTS_WITHIN, until

from . import Found, Given
from .outbox import count_alerts, lay, send_all

LEASES_ARE_OVER = "150"  # seconds of a shifted clock


def run(given: Given) -> Found:
    alerts, workers, kills = (300, 2, 3) if given.is_small else (10_000, 4, 20)
    lay("load", alerts, readers=rows.people(50))
    found, began = Found(), time.monotonic()
    made = [given.run.worker() for _ in range(workers)]
    until(lambda: all(map(given.run.pool_of, made)), within=STARTS_WITHIN, why=given.run.said)
    whole = pool = 0
    for number in range(kills):
        given.run.poke()
        time.sleep(given.chance.uniform(0.1, 1.5 if given.is_small else 2.5))
        # At work, not while it starts.
        until(lambda: [w for w in given.run.workers if given.run.pool_of(w)], within=STARTS_WITHIN)
        victim = given.chance.choice([w for w in given.run.workers if given.run.pool_of(w)])
        if number % 3 == 0 and given.run.kill_pool_of(victim):
            pool += 1
            continue
        whole += 1
        given.run.kill(victim)
        given.run.worker()
    if given.is_small:  # nobody waits for the leases of the dead
        given.run.end_workers()
        given.run.worker(TRACKER_MODE="test", TRACKER_TEST_CLOCK=LEASES_ARE_OVER)
    send_all(given.run, alerts, within=900)
    found.count("workers killed", whole)
    found.count("pool children killed", pool)
    found.count("kills", whole + pool, wanted=kills)
    count_alerts(found, given.mail)
    found.count("seconds", round(time.monotonic() - began, 1))
    return found
