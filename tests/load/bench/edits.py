"""Edits and pages of one pledge, in a dossier that holds ever more incidents of no pledge at all.

Neither the time nor the rows that are read should follow what the pledge does not rest on.
"""

import time
from collections.abc import Callable, Iterator
from statistics import median

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.load import plans, rows
from tracker.actions import incidents, phases, record
from tracker.clock import now
from tracker.models import Dossier, Incident, Pledge, Reading, StalePledge, User

from . import Asked, Line

REPEATS = 5
PLEDGES = 1_000
MOST_TIMES = 3.0  # of its own time at the first size
MOST_QUERIES = 130
LARGE = 100_000  # incidents from which on their table is not to be read whole
BIG = ("tracker_incident",)


def run(asked: Asked) -> Iterator[Line]:
    people = rows.people(2)
    where = rows.dossier("edits", people)
    rows.pledges(where, PLEDGES, analysts=people, due=0, at=now())
    one = Pledge.objects.filter(dossier=where).order_by("pk")[0]
    Reading.objects.create(
        dossier=where,
        key="term",
        pledge=one,
        start="2025-01-01 UTC",
        duration="P90D",
        rule="inclusive",
        public=rows.PUBLIC,
        public_instant=rows.SINCE,
        recorded_at=rows.SINCE,
    )
    rows.settle(Reading)
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(people[0])
    works: dict[str, Callable[[int], object]] = {
        "a pledge is edited": lambda number: _edit(where, one, people[0], number),
        "an incident is entered": lambda number: _report(where, one, people[0], number),
        "a sweep derives it anew": lambda number: _derive(where, one),
        "its page": lambda number: _shown(client, one),
    }
    first: dict[str, float] = {}
    number, held = 0, 0
    for size in asked.sizes:
        rows.incidents(where, size - held, first=held)
        held = size
        for name, work in works.items():
            took = []
            for _ in range(REPEATS):
                number += 1
                began = time.perf_counter()
                work(number)
                took.append(time.perf_counter() - began)
            with CaptureQueriesContext(connection) as queries:
                work(number := number + 1)
            read = plans.scans(queries, of=BIG)
            taken, asks = median(took), len(queries)
            times = taken / first.setdefault(name, taken)
            yield {
                "edits": name,
                "incidents": Incident.objects.count(),
                "ms": round(taken * 1e3, 1),
                "times the first": round(times, 2),
                "queries": asks,
                "reads all incidents": len(read),
                "over the limit": int(
                    times > MOST_TIMES or asks > MOST_QUERIES or bool(size >= LARGE and read)
                ),
            }


def _edit(where: Dossier, one: Pledge, by: User, number: int) -> None:
    title = {"title": f"Halt {number}"}
    record.put("pledge", one.ref, title, dossier=where, by=by, at=now())


def _report(where: Dossier, one: Pledge, by: User, number: int) -> None:
    incidents.report(
        dossier=where,
        key=f"reported-{number}",
        occurred="2025-02-01 10:00 UTC",
        description="A strike",
        pledges=[one],
        public=rows.PUBLIC,
        by=by,
        at=now(),
    )


def _derive(where: Dossier, one: Pledge) -> None:
    phases.mark_of(where, at=now())
    StalePledge.objects.exclude(pledge=one).delete()
    assert phases.rebuild_stale(at=now()) == 1


def _shown(client: Client, one: Pledge) -> None:
    assert client.get(f"/pledges/{one.ref}/").status_code == 200
