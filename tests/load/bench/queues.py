"""The queues at growing sizes: the first page, a later one, narrowed; and by which index."""

import re
import time
from collections.abc import Iterator
from statistics import median

from django.test import Client

from tests.load import rows
from tracker.clock import now
from tracker.domain.filters import Filter
from tracker.domain.queues import Queue
from tracker.models import Dossier, User
from tracker.selectors import access, queues

from . import Asked, Line, counting
from .board import judging

REPEATS = 9
COUNTED = re.compile(r"<h1>[^<]*<span class=\"count\">(\d+)<")
MOST_TIMES = 3.0  # of its own time at the first size
MOST_QUERIES = 18
LARGEST = 100_000
ADDRESSES = {
    "to verify": "/queues/unverified/",
    "to verify, page 40": "/queues/unverified/?page=40",
    "to verify, of one subject": "/queues/unverified/?subject=maritime",
    "expired": "/queues/expired/",
    "contested": "/queues/contested/",
}


def run(asked: Asked) -> Iterator[Line]:
    held = 0
    first: dict[str, float] = {}
    people = rows.people(6)
    for size in sorted({min(size, LARGEST) for size in asked.sizes}):
        rows.board(size - held, at=now(), analysts=people)
        held = size
        client = judging(people[0])
        for name, address in ADDRESSES.items():
            yield _line(client, name, address, size, first)
        for queue in Queue:
            yield _plan(people[0], queue, size)


def _line(client: Client, name: str, address: str, size: int, first: dict[str, float]) -> Line:
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
    times = taken / first.setdefault(name, taken)
    return {
        "queue": name,
        "of": size,
        "waiting": int(told[1]) if (told := COUNTED.search(answer.content.decode())) else 0,
        "ms": round(taken * 1e3, 1),
        "times the first": round(times, 2),
        "queries": len(asked),
        "over the limit": int(times > MOST_TIMES or len(asked) > MOST_QUERIES),
    }


def _plan(user: User, queue: Queue, size: int) -> Line:
    """Whether its own index answers for a page of it."""
    found = queues.waits(
        queue,
        viewer=access.viewer(user),
        wanted=Filter(),
        at=now(),
        dossiers=list(Dossier.objects.all()),
        late=queues.Late(frozenset(), {}),
    )
    page = found.rows.order_by(f"{queue}_since", "pledge").values_list("pledge")[:50]
    is_indexed = f"line_{queue}" in page.explain()
    return {
        "plan of": str(queue),
        "of": size,
        "by its index": "yes" if is_indexed else "no",
        "over the limit": int(not is_indexed and size >= LARGEST),
    }
