"""A table of incidents imported and matched, beside pledges of one dossier at growing sizes.

What is matched lies in one dossier, since an incident names pledges of its own: all of them here.
"""

import time
from collections.abc import Iterator
from datetime import timedelta

from django.test import Client

from tests.load import rows
from tracker.actions import import_runs, imports
from tracker.clock import now
from tracker.domain.importing import Plan
from tracker.models import (
    Dossier,
    Incident,
    IncidentImport,
    Instrument,
    Party,
    Pledge,
    Source,
    TermSpan,
    User,
)
from tracker.selectors import matches

from . import Asked, Line, counting

LARGEST = 100_000  # pledges of one dossier
PARTIES = 200
DAYS = 1_000
MOST_QUERIES = 20  # of a page of suggestions, and of matching all rows
AT_ONCE = 5_000


def run(asked: Asked) -> Iterator[Line]:
    (person,) = rows.people(1)
    where = rows.dossier("matched", [person])
    parties = Party.objects.bulk_create(
        Party(slug=f"side-{n}", name=f"Side {n}", kind="state", recorded_at=rows.SINCE)
        for n in range(PARTIES)
    )
    call = rows.call(where)
    held = 0
    rows.incidents(where, max(asked.sizes))
    for size in sorted({min(size, LARGEST) for size in asked.sizes}):
        began = time.perf_counter()
        lay_pledges(where.pk, call, parties, held, size)
        held = size
        loaded = time.perf_counter() - began
        row = _table(person, where.slug, size, asked.due)
        with counting() as entering:
            began = time.perf_counter()
            import_runs.ask(row=row, by=person, at=now())
            import_runs.drain(at=now())
            entered = time.perf_counter() - began
        row.refresh_from_db()
        assert row.standing == "entered", row.told
        of_import = Incident.objects.filter(imported__by_import=row)
        with counting() as matching:
            began = time.perf_counter()
            number = sum(1 for _match in matches.every(where, of_import))
            taken = time.perf_counter() - began
        client = Client(SERVER_NAME="127.0.0.1")
        client.force_login(person)
        address = f"/dossiers/{where.slug}/matches/?import={row.uid}"
        client.get(address)
        with counting() as shown:
            began = time.perf_counter()
            answer = client.get(address)
            page = time.perf_counter() - began
        assert answer.status_code == 200, answer.status_code
        yield {
            "pledges": size,
            "incidents": Incident.objects.count(),
            "loaded in s": round(loaded, 1),
            "rows": row.number,
            "entered in s": round(entered, 2),
            "entered rows/s": round(row.number / entered),
            "queries to enter": len(entering),
            "matched in s": round(taken, 2),
            "matched rows/s": round(row.number / taken),
            "queries to match": len(matching),
            "matches": number,
            "page ms": round(page * 1e3),
            "page queries": len(shown),
            "over the limit": int(len(matching) > MOST_QUERIES or len(shown) > MOST_QUERIES),
        }


def lay_pledges(where: int, call: Instrument, parties: list[Party], first: int, last: int) -> None:
    """Each in force for 30 days by one reading, and a day more by another; most are over."""
    subjects = ("energy_infrastructure", "civilians", "maritime")
    for start in range(first, last, AT_ONCE):
        numbers = range(start, min(start + AT_ONCE, last))
        made = Pledge.objects.bulk_create(
            Pledge(
                dossier_id=where,
                ref=f"MATCHED-{n}",
                title=f"Halt {n}",
                instrument=call,
                pledgor=parties[n % PARTIES],
                act="halt",
                subject=subjects[n % 3],
                area=f"District {n % 7}",
                public=rows.PUBLIC,
                public_instant=rows.SINCE,
                recorded_at=rows.SINCE,
            )
            for n in numbers
        )
        spans = []
        for n, pledge in zip(numbers, made, strict=True):
            begins = rows.SINCE + timedelta(days=n * 7 % DAYS)
            for more, reading in enumerate(("inclusive", "exclusive")):
                ends = begins + timedelta(days=30 + more)
                spans.append(
                    TermSpan(
                        pledge=pledge,
                        dossier_id=where,
                        reading=reading,
                        number=0,
                        starts_at=begins,
                        starts_by=begins,
                        ends_from=ends,
                        ends_at=ends,
                    )
                )
        TermSpan.objects.bulk_create(spans, batch_size=AT_ONCE)
    rows.settle(Pledge, TermSpan)


def _table(person: User, slug: str, size: int, number: int) -> IncidentImport:
    """So many rows in a time in which nothing lies ahead, with their own identities."""
    where = Dossier.objects.get(slug=slug)
    Source.objects.get_or_create(
        dossier=where,
        key="table",
        defaults={
            "title": "Table",
            "kind": "report",
            "public": rows.PUBLIC,
            "public_instant": rows.SINCE,
            "recorded_at": rows.SINCE,
        },
    )
    past = min((now() - rows.SINCE).days - 1, DAYS)
    lines = ["id,when,who,what,place,about"]
    for n in range(number):
        when = rows.SINCE + timedelta(days=n * 13 % past, minutes=n % 1440)
        lines.append(
            f"{size}-{n},{when:%Y-%m-%d %H:%M},Side {n % PARTIES},Shots {n},District {n % 7},"
            + ("civilians" if n % 2 else "")
        )
    row = imports.make(
        dossier=where,
        content="\n".join(lines).encode(),
        file_name="table.csv",
        by=person,
        at=now(),
    )
    plan = Plan(
        start="when",
        zone="UTC",
        actor="who",
        description=("what",),
        place=("place",),
        subject="about",
        own_id="id",
        source="table",
        public=rows.PUBLIC,
    )
    imports.settle(row=row, plan=plan)
    row.refresh_from_db()
    return row
