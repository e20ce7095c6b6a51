"""The broker is killed and comes back; then it stands still for a while without hanging up.

Meanwhile people enter facts, by the actions and in the browser, as if nothing were.
"""

import os
import signal
import time
from collections.abc import Callable

from tests.load import rows
from tests.load.instance import STARTS_WITHIN, Web, pid_of, until
from tracker.actions import parties
from tracker.clock import now
from tracker.models import User

from . import Found, Given
from .browser import cookies_of, enter_party
from .outbox import count_alerts, is_over, lay, sweep_if

DUE = 20
QUICK = 6.0  # seconds that an entry may take on a busy machine
AGAIN_WITHIN = 60.0


def run(given: Given) -> Found:
    found, run = Found(), given.run
    readers = rows.people(5)
    lay("before", DUE, readers=readers)
    workers = [run.worker(), run.worker()]
    run.beat()
    web = run.web()
    sweep_if(given.is_small)
    until(lambda: is_over(DUE), within=STARTS_WITHIN, why=run.said)
    broker = run.link

    def kill() -> None:
        assert broker.process is not None
        broker.process.kill()
        broker.process.wait()

    def hold() -> None:
        os.kill(pid_of(broker), signal.SIGSTOP)

    def let_go() -> None:
        os.kill(pid_of(broker), signal.SIGCONT)

    faults = [("killed", kill, broker.start)]
    if not given.is_small:
        faults.append(("held", hold, let_go))
    for number, (name, away, back) in enumerate(faults, start=1):
        away()
        try:
            lay(name, DUE, readers=readers)
            sweep_if(given.is_small)
            _enter(found, name, web, readers[0], 5 if given.is_small else 45)
            at = web.get("/readyz")[1]
            found.count(f"broker red while {name}", '"broker"' in at, wanted=True)
        finally:
            back()
        owed = (number + 1) * DUE
        seconds = until(_all_sent(owed), within=3 * AGAIN_WITHIN, why=run.said)
        found.time(f"alerts again after {name}, s", seconds, within=AGAIN_WITHIN)
    found.count("workers that ended", sum(not w.is_running for w in workers), wanted=0)
    found.count("beat or web that ended", sum(not o.is_running for o in run.others), wanted=0)
    count_alerts(found, given.mail)
    return found


def _all_sent(owed: int) -> Callable[[], bool]:
    return lambda: is_over(owed)


def _enter(found: Found, name: str, web: Web, user: User, seconds: float) -> None:
    """Facts are entered for so long: how many, and how long the slowest took."""
    cookies = cookies_of(user)
    entered, slowest, began = 0, 0.0, time.monotonic()
    refused = 0
    while time.monotonic() - began < seconds:
        start = time.monotonic()
        parties.register(slug=f"{name}-{entered}", name="A", kind="state", by=user, at=now())
        refused += enter_party(web, f"{name} in the browser {entered}", cookies) != 302
        refused += web.get("/alerts/", cookies=cookies)[0] != 200
        entered += 1
        slowest = max(slowest, time.monotonic() - start)
        time.sleep(0.2)
    found.count(f"entered while {name}", entered)
    found.count(f"refused while {name}", refused, wanted=0)
    found.time(f"slowest entry while {name}, s", slowest, within=QUICK)
