"""The watch stands still: /readyz is red two minutes after the last sweep, and a banner says so.

And a mail server that answers nobody turns the outbox red after five.
"""

import json
from datetime import timedelta

from tests.load import rows
from tests.load.instance import Web, until
from tracker.actions import sweeps
from tracker.clock import now
from tracker.models import SweepRun

from . import Found, Given
from .browser import cookies_of
from .outbox import lay

BANNER = "The watch has not run since"


def run(given: Given) -> Found:
    found = Found()
    (reader,) = rows.people(1)
    lay("silent", 1, readers=[reader])
    sweeps.run(at=now())
    given.mail.manner = lambda recipient, n: "cut"
    given.run.worker()

    def is_tried() -> bool:
        given.run.poke("delivery.deliver")
        return bool(given.mail.tries)

    until(is_tried, within=60, why=given.run.said)
    given.run.end_workers()
    # Web processes start slowly: the sweep is moved, and not the clock while they run.
    for name, shift, age, red in (
        ("now", "0", 0, set()),
        ("after 115 s", "0", 115, set()),
        ("after 125 s", "0", 125, {"sweep"}),
        ("after 6 min", "360", 360, {"sweep", "outbox"}),
        ("the clock set back after it", "-3600", 0, {"sweep"}),
    ):
        web = given.run.web(TRACKER_MODE="test", TRACKER_TEST_CLOCK=shift)
        _sweep_was(age if shift == "0" else 0)
        status, told = web.get("/readyz")
        answer = json.loads(told)
        found.count(f"red {name}", " ".join(sorted(answer["red"])), wanted=" ".join(sorted(red)))
        found.count(f"status {name}", status, wanted=503 if red else 200)
        found.count(f"banner {name}", _shows(web, cookies_of(reader)), wanted="sweep" in red)
        web.child.end(within=2)
    return found


def _sweep_was(seconds: int) -> None:
    """The last sweep ended so long ago."""
    last = SweepRun.objects.latest("pk")
    last.finished_at = now() - timedelta(seconds=seconds)
    last.started_at = last.finished_at - timedelta(seconds=1)
    last.save()


def _shows(web: Web, cookies: str) -> bool:
    return BANNER in web.get("/", cookies=cookies)[1]
