"""Compliance over time of pledges with ever more incidents, in a dossier of a million others."""

import time
from collections.abc import Iterator
from datetime import timedelta
from statistics import median

from django.db import transaction
from django.test import Client

from tests.load import rows
from tracker.actions import phases
from tracker.clock import now
from tracker.models import Incident, Move, Party, Pledge, Reading, User

from . import Asked, Line, counting

REPEATS = 5
INCIDENTS = (50, 500, 5_000)
MOST_QUERIES = 50
MOST_SECONDS = 2.0  # for a page of five thousand
DAYS = 90


def run(asked: Asked) -> Iterator[Line]:
    people = rows.people(2)
    where = rows.dossier("compliance", people)
    at = now()
    rows.pledges(where, len(INCIDENTS), analysts=people, due=0, at=at)
    made = list(Pledge.objects.filter(dossier=where).order_by("pk"))
    claimants = list(Party.objects.order_by("pk"))
    for number, (pledge, size) in enumerate(zip(made, INCIDENTS, strict=True)):
        _term(pledge)
        _incidents(pledge, size, claimants, prefix=f"p{number}")
    with transaction.atomic():
        phases.rebuild(dossier=where, refs=[one.ref for one in made], at=at)
    rows.incidents(where, max(asked.sizes))
    client = _reader(people[0])
    first = 0
    for pledge, size in zip(made, INCIDENTS, strict=True):
        for name in ("", "numbers.csv"):
            address = f"/pledges/{pledge.ref}/compliance/{name}"
            line = _line(client, address, size, name or "page")
            if not name:
                first = first or int(line["queries"])
                line["over the limit"] = int(
                    bool(line["over the limit"]) or line["queries"] != first
                )
            yield line


def _reader(user: User) -> Client:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user)
    return client


def _line(client: Client, address: str, size: int, name: str) -> Line:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    with counting() as asked:
        client.get(address)
    took = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        client.get(address)
        took.append(time.perf_counter() - began)
    taken = median(took)
    reads_text = any('"snapshot"' in sql or '"description"' in sql for sql in asked)
    return {
        "compliance": name,
        "incidents": size,
        "ms": round(taken * 1e3, 1),
        "queries": len(asked),
        "kB": len(answer.content) // 1000,
        "over the limit": int(taken > MOST_SECONDS or len(asked) > MOST_QUERIES or reads_text),
    }


def _term(pledge: Pledge) -> None:
    """It has run for ninety days by the end of March 2025."""
    Reading.objects.create(
        dossier=pledge.dossier,
        key=f"{pledge.ref}.r",
        pledge=pledge,
        start="2025-01-01 Europe/Kyiv",
        duration=f"P{DAYS}D",
        rule="inclusive",
        public=rows.PUBLIC,
        public_instant=rows.SINCE,
        recorded_at=rows.SINCE,
    )


def _incidents(pledge: Pledge, number: int, claimants: list[Party], *, prefix: str) -> None:
    """Some by the minute, some by the day in another zone, some with a finding; all claimed."""
    made = Incident.objects.bulk_create(
        Incident(
            dossier=pledge.dossier,
            key=f"{prefix}-{n}",
            occurred=_when(n),
            occurred_instant=rows.SINCE + timedelta(days=n % DAYS),
            description="A strike on a substation, with a paragraph on what was hit. " * 10,
            public=rows.PUBLIC,
            public_instant=rows.SINCE,
            recorded_at=rows.SINCE,
        )
        for n in range(number)
    )
    through = Incident.pledges.through
    through.objects.bulk_create(through(incident=one, pledge=pledge) for one in made)
    claims = Incident.claimants.through
    claims.objects.bulk_create(
        claims(incident=one, party=claimants[n % len(claimants)]) for n, one in enumerate(made)
    )
    Move.objects.bulk_create(
        Move(
            dossier=pledge.dossier,
            key=f"{prefix}-{n}.found",
            incident=one,
            machine="incident",
            to=("minor_violation", "grave_violation", "unsubstantiated")[n % 3],
            effective=rows.PUBLIC,
            effective_instant=rows.SINCE,
            reason="Seen",
            public=rows.PUBLIC,
            public_instant=rows.SINCE,
            recorded_at=rows.SINCE,
        )
        for n, one in enumerate(made)
        if n % 2
    )


def _when(n: int) -> str:
    day = rows.SINCE + timedelta(days=n % DAYS)
    if n % 3:
        return f"{day:%Y-%m-%d} {n % 24:02}:{n % 60:02} Europe/Kyiv"
    return f"{day:%Y-%m-%d} Europe/Moscow"
