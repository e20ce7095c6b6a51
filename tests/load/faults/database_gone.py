"""PostgreSQL crashes and is started again; SQLite's file is held by another process for long.

Meanwhile people enter facts: what was acknowledged is there afterwards, and nothing was restarted.
"""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.conf import settings
from django.db import Error, connection, connections

from tests.load import rows
from tests.load.instance import STARTS_WITHIN, Instance, Web, until
from tracker.actions import parties
from tracker.clock import now
from tracker.domain.errors import DomainError
from tracker.models import Party, User
from tracker.models.ledger import PARTIES
from tracker.selectors import ledger

from . import Found, Given
from .browser import cookies_of, enter_party
from .outbox import count_alerts, is_over, lay, sweep_if

DUE = 20
AGAIN_WITHIN = 60.0
HOLD = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], timeout=20, isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.readline()
connection.execute("ROLLBACK")
"""


@dataclass
class Writers:
    """Two who enter parties without pause: one by the action, one in the browser."""

    web: Web
    user: User
    acknowledged: list[str] = field(default_factory=list)
    refused: int = 0
    is_over: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        cookies = cookies_of(self.user)
        threads = [
            threading.Thread(target=self._go_on, args=("action", self._by_action)),
            threading.Thread(
                target=self._go_on, args=("form", lambda name: self._by_form(name, cookies))
            ),
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.is_over.set()
            for thread in threads:
                thread.join(60)

    def _go_on(self, way: str, enter: Callable[[str], bool]) -> None:
        number = 0
        while not self.is_over.is_set():
            number += 1
            name = f"{way} {number}"
            if enter(name):
                self.acknowledged.append(name)
            else:
                self.refused += 1
            time.sleep(0.05)
        connections.close_all()

    def _by_action(self, name: str) -> bool:
        try:
            parties.register(
                slug=name.replace(" ", "-"), name=name, kind="state", by=self.user, at=now()
            )
        except (Error, DomainError):
            connection.close()
            return False
        return True

    def _by_form(self, name: str, cookies: str) -> bool:
        return enter_party(self.web, name, cookies) == 302


def run(given: Given) -> Found:
    found, run = Found(), given.run
    readers = rows.people(5)
    lay("before", DUE, readers=readers)
    workers = [run.worker(), run.worker()]
    run.beat()
    writers = Writers(run.web(), readers[0])
    sweep_if(given.is_small)
    until(lambda: is_over(DUE), within=STARTS_WITHIN, why=run.said)
    owed = DUE
    with writers.at_work():
        for number in range(1 if given.is_small else 3):
            time.sleep(given.chance.uniform(0.5, 2.0))
            with _away(run):
                time.sleep(_length(run, given.is_small))
            back = now()
            lay(f"fault{number}", DUE, readers=readers, at=back)
            owed += DUE
            sweep_if(given.is_small)
            before = len(writers.acknowledged)
            seconds = until(
                lambda: len(writers.acknowledged) > before + 5,  # noqa: B023
                within=3 * AGAIN_WITHIN,
                why=run.said,
            )
            found.time("entries again after, s", seconds, within=AGAIN_WITHIN)
            until(lambda: is_over(owed), within=3 * AGAIN_WITHIN, why=run.said)  # noqa: B023
            after = (now() - back).total_seconds()
            found.time("alerts again after, s", after, within=AGAIN_WITHIN)
    there = set(Party.objects.values_list("name", flat=True))
    found.count("acknowledged", len(writers.acknowledged))
    found.count("refused", writers.refused)
    found.count("acknowledged and gone", len(set(writers.acknowledged) - there), wanted=0)
    found.count("ledger", str(ledger.problem(PARTIES) or "whole"), wanted="whole")
    found.count("workers that ended", sum(not w.is_running for w in workers), wanted=0)
    found.count("beat or web that ended", sum(not o.is_running for o in run.others), wanted=0)
    count_alerts(found, given.mail)
    return found


def _length(run: Instance, is_small: bool) -> float:
    """Long enough for waits to grow long; on SQLite longer than a writer waits for the lock."""
    if is_small:
        return 4.0
    return 25.0 if run.server is None else 30.0


@contextmanager
def _away(run: Instance) -> Iterator[None]:
    if run.server is not None:
        run.server.crash()
        try:
            yield
        finally:
            run.server.serve()
            connections.close_all()
        return
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(settings.DATABASES["default"]["NAME"])],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdout is not None
    holder.stdout.readline()
    try:
        yield
    finally:
        holder.communicate(b"\n", timeout=10)
