"""The board at growing sizes, whole and filtered and sorted, beside a bare view in the same run."""

import gc
import gzip
import time
from collections.abc import Callable, Iterator
from statistics import median

from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from tests.load import rows
from tracker.clock import now
from tracker.config import urls
from tracker.models import BoardLine, Membership, Pledge, User

from . import Asked, Line, counting

REPEATS = 15
MOST_TIMES = 2.0  # of its own time at the first size
MOST_QUERIES = 12
MOST_KB = 60  # compressed
# What is asked for: by nobody, by an analyst of every dossier.
ADDRESSES = {
    "whole": "/",
    "one band": "/?band=expired&page=3",
    "filtered": "/?subject=maritime&party=b-party-3",
    "sorted": "/?subject=maritime&sort=changed",
    "by a flag": "/?flag=unverified&sort=changed",
    "by text": "/?text=district+33",
    "by a tag": "/?tag=northern&sort=changed",
}
_RARE = 30 * 1024


def bare(request: HttpRequest) -> HttpResponse:
    """As little as a view can do that reads something: whose session it is, and one row."""
    first = Pledge.objects.order_by("pk").values_list("title", flat=True).first()
    return HttpResponse(f"{request.user}: {first}" + " " * _RARE)


urlpatterns = [path("bare/", bare), *urls.urlpatterns]


def run(asked: Asked) -> Iterator[Line]:
    held = 0
    first: dict[str, float] = {}
    people = rows.people(6)
    with override_settings(ROOT_URLCONF=__name__):
        for size in asked.sizes:
            began = time.perf_counter()
            rows.board(size - held, at=now(), analysts=people)
            held = size
            client = judging(people[0])
            gc.collect()  # what loading left is none of a page's
            loaded = round(time.perf_counter() - began, 1)
            beside = _taken(lambda client=client: client.get("/bare/"))  # type: ignore[misc]
            yield {"pledges": size, "loaded in s": loaded, "bare view ms": round(beside * 1e3, 1)}
            for name, address in ADDRESSES.items():
                yield _line(client, name, address, beside, first)


def judging(user: User) -> Client:
    """Who records findings in every dossier there is."""
    from tracker.models import Dossier

    there = set(Membership.objects.filter(user=user).values_list("dossier", flat=True))
    Membership.objects.bulk_create(
        Membership(dossier=one, user=user, role="analyst", recorded_at=rows.SINCE)
        for one in Dossier.objects.exclude(pk__in=there)
    )
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user)
    return client


def _line(client: Client, name: str, address: str, beside: float, first: dict[str, float]) -> Line:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    with counting() as queries:
        client.get(address)
    taken = _taken(lambda: client.get(address))
    times = taken / first.setdefault(name, taken)
    kilobytes = len(gzip.compress(answer.content, 6)) / 1024
    return {
        "board": name,
        "of": BoardLine.objects.count(),
        "ms": round(taken * 1e3, 1),
        "times the first": round(times, 2),
        "times the bare view": round(taken / beside, 1),
        "lines": answer.content.count(b'<li class="line '),
        "queries": len(queries),
        "kB compressed": round(kilobytes, 1),
        "over the limit": int(
            times > MOST_TIMES or len(queries) > MOST_QUERIES or kilobytes > MOST_KB
        ),
    }


def _taken(asks: Callable[[], object]) -> float:
    def once() -> float:
        began = time.perf_counter()
        asks()
        return time.perf_counter() - began

    once()
    return median(once() for _ in range(REPEATS))
