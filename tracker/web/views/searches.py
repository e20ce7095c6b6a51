"""The search: by words, over all that the visitor may see, at any instant."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tracker.selectors import access, searches
from tracker.web.entry import UNPROCESSABLE
from tracker.web.forms.searches import SearchForm
from tracker.web.moments import Moment
from tracker.web.pages import reads
from tracker.web.searches import Shown

AT_ONCE = 25  # of one kind on a page


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one kind: how many, whether there are more, and those that are shown."""

    kind: str
    count: int
    is_beyond: bool
    shown: list[Shown]

    @property
    def is_cut(self) -> bool:
        return self.count > len(self.shown)


@reads()
def search(request: HttpRequest, moment: Moment) -> HttpResponse:
    """The newest few of each kind; with a kind, all of that, page by page."""
    form = SearchForm(request.GET if {"q", "kind"} & set(request.GET) else None)
    typed, kind = request.GET.get("q", ""), request.GET.get("kind", "")
    kept = [pair for pair in (("q", typed), ("kind", kind)) if pair[1]]
    context: dict[str, Any] = {"page": "search", "moment": moment, "form": form, "kept": kept}
    if form.is_bound and not form.is_valid():
        return render(request, "search/search.html", context, status=UNPROCESSABLE)
    if form.words:
        context |= _found(request, form, moment)
    return render(request, "search/search.html", context)


def _found(request: HttpRequest, form: SearchForm, moment: Moment) -> dict[str, Any]:
    words, kind = form.words, form.cleaned_data["kind"]
    viewer = access.viewer(request.user)
    found = searches.search(viewer=viewer, words=words, at=moment.at)
    if kind:
        counts, hits = searches.count(found), {}
        pages = _page(counts.of.get(kind, 0), request.GET.get("page"))
        start = (pages.number - 1) * AT_ONCE
        if of_kind := searches.of_kind(found, kind, start, start + AT_ONCE):
            hits[kind] = of_kind
    else:
        pages = None
        counts, hits = searches.few(found)
    groups = [
        Group(
            one,
            counts.of.get(one, 0),
            one in counts.beyond,
            [Shown(hit, moment) for hit in those],
        )
        for one, those in hits.items()
    ]
    return {
        "typed": form.cleaned_data["q"],
        "kind": kind,
        "is_asked": True,
        "groups": groups,
        "counts": counts.of.items(),
        "beyond": counts.beyond,
        "most": searches.MOST,
        "total": counts.total,
        "pages": pages,
    }


def _page(number: int, asked: str | None) -> Page[int]:
    """Which page of so many; nothing but the numbers is asked of it."""
    return Paginator(range(number), AT_ONCE).get_page(asked)
