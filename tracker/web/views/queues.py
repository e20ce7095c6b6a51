"""The queues of pledges that want a finding: to verify, expired without a verdict, contested."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from tracker import clock
from tracker.domain.queues import Queue
from tracker.selectors import access, queues
from tracker.selectors.filters import nameable
from tracker.selectors.queues import Waits
from tracker.web import filters
from tracker.web.clocks import Line, line
from tracker.web.entry import UNPROCESSABLE
from tracker.web.forms.filters import FilterForm
from tracker.web.moments import Moment
from tracker.web.pages import SignedIn, writes
from tracker.web.queues import QUEUES, ways

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Shown:
    """A pledge as lists show it, and since when it waits; None: noticed with the next sweep."""

    line: Line
    since: datetime | None


@require_safe
@writes
def unverified_queue(request: SignedIn) -> HttpResponse:
    """Whose next check is due, or has been for too long: who waits longest comes first."""
    return _queue(request, Queue.UNCHECKED)


@require_safe
@writes
def expired_queue(request: SignedIn) -> HttpResponse:
    """What has run out, and nobody has judged for good."""
    return _queue(request, Queue.UNASSESSED)


@require_safe
@writes
def contested_queue(request: SignedIn) -> HttpResponse:
    """Where accounts differ, or where the finding is that it is contested."""
    return _queue(request, Queue.CONTESTED)


def _queue(request: HttpRequest, queue: Queue) -> HttpResponse:
    """What is asked for narrows it; nothing is listed where that is not understood."""
    viewer, at = access.viewer(request.user), clock.now()
    name, words = QUEUES[queue]
    dossiers = queues.judged_by(viewer, access.visible(viewer))
    asked = filters.given(request.GET)
    names = nameable(
        viewer=viewer,
        at=at,
        parties=asked.get("party", ()),
        visible=dossiers,
        is_by_words=bool(asked.get("text")),
    )
    form = FilterForm(asked, names, sent=request.GET if asked else None)
    context: dict[str, Any] = {
        "page": "queues",
        "queue": str(queue),
        "words": words,
        "ways": ways(viewer, at=at, here=name, dossiers=dossiers),
        "form": form,
        "address": reverse(name),
        "has_dossiers": bool(dossiers),
        "now": at,
    }
    if asked and not form.is_valid():
        return render(request, "queues/queue.html", context, status=UNPROCESSABLE)
    found = queues.waits(
        queue,
        viewer=viewer,
        wanted=names.known_to(form.wanted),
        at=at,
        dossiers=dossiers,
        late=queues.late(viewer=viewer, at=at, dossiers=dossiers),
    )
    pages = _page(request, found)
    context |= {
        "pages": pages,
        "shown": list(pages),
        "told": filters.told(form.wanted, names, Moment(now=at, at=at), address=reverse(name)),
    }
    return render(request, "queues/queue.html", context)


class _Rows:
    """The whole queue, read where a page of it is asked for."""

    def __init__(self, found: Waits) -> None:
        self.found, self.number = found, found.count()

    def count(self) -> int:
        return self.number

    def __len__(self) -> int:
        return self.number

    def __getitem__(self, wanted: slice) -> list[Shown]:
        here = self.found.page(wanted.start, wanted.stop - wanted.start)
        return [Shown(line(one.listed), one.since) for one in here]


def _page(request: HttpRequest, found: Waits) -> Page[Shown]:
    rows: Any = _Rows(found)
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
