"""The board: every pledge that the visitor may see, by how long it still runs; or some of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from tracker.domain.access import Viewer, edit, open_dossiers
from tracker.domain.bands import Band
from tracker.domain.errors import Invalid
from tracker.domain.filters import KNOWN, Filter
from tracker.models import Dossier, Draft, User
from tracker.selectors import access, boards, drafts, proposals
from tracker.selectors.filters import Nameable, nameable
from tracker.selectors.listed import Called
from tracker.web import filters, looks
from tracker.web.clocks import Line, line
from tracker.web.entry import UNPROCESSABLE
from tracker.web.forms.filters import FilterForm
from tracker.web.moments import Moment
from tracker.web.pages import reads
from tracker.words import LABELS

FIRST = 8  # of each band, before its own list is asked for
PER_PAGE = 25
MOST_CHOSEN = 1000
# What people come to ask first; each is one click away while no flag is asked for.
SHORTCUTS = ("accounts_differ", "unverified", "expired_unassessed")


@dataclass(frozen=True, slots=True)
class Group:
    """One band: how many it has, the first of them, and the address of all of them."""

    band: str
    count: int
    lines: list[Line]
    address: str


@reads()
def board(request: HttpRequest, moment: Moment) -> HttpResponse:
    """What is asked for in the address is listed; nothing is, where that cannot be understood.

    By its bands, the first of each; a single band, or a list in another order, page by page.
    """
    viewer = access.viewer(request.user)
    asked = filters.given(request.GET)
    dossiers = access.visible(viewer)
    names = nameable(
        viewer=viewer,
        at=moment.at,
        parties=asked.get("party", ()),
        visible=dossiers,
        is_now=not moment.at_asked,
        is_by_words=bool(asked.get("text")),
    )
    form = FilterForm(asked, names, sent=request.GET if asked else None)
    context: dict[str, Any] = {
        "page": "board",
        "moment": moment,
        "form": form,
    }
    if asked and not form.is_valid():
        context["kept"] = filters.pairs(asked)
        return render(request, "board.html", context, status=UNPROCESSABLE)
    wanted = names.known_to(form.wanted)
    context |= {
        **listed(request, viewer, wanted, moment, dossiers, names),
        "told": filters.told(wanted, names, moment),
        "kept": filters.pairs(wanted.given),
        "kept_query": filters.query(wanted.given),
        "shortcuts": () if wanted.flag else SHORTCUTS,
        "dossiers": dossiers,
        "may_open": open_dossiers(viewer) and not moment.is_asked,
    }
    return render(request, "board.html", context)


def _sort(request: HttpRequest) -> str:
    """The order that is asked for; blank: by bands."""
    sort = request.GET.get("sort", "").strip()
    if sort and sort not in boards.SORTS:
        raise Invalid(
            gettext("Lists cannot be sorted by “%(name)s”.") % {"name": sort[:100]},
            field="sort",
            mend=gettext("Use: %(names)s.") % {"names": ", ".join(boards.SORTS)},
        )
    return sort


def _band(request: HttpRequest, wanted: Filter) -> Band | None:
    """The one band that is asked for, of a view by the address besides."""
    asked = set(wanted.band) or set(filter(None, request.GET.getlist("band")))
    if len(asked) != 1:
        return None
    name = asked.pop()
    if name not in KNOWN["band"]:
        raise Invalid(
            gettext("There is no band “%(name)s”.") % {"name": name[:100]},
            field="band",
            mend=gettext("Use: %(names)s.") % {"names": ", ".join(KNOWN["band"])},
        )
    return Band(name)


def listed(
    request: HttpRequest,
    viewer: Viewer,
    wanted: Filter,
    moment: Moment,
    dossiers: Sequence[Dossier],
    names: Nameable,
) -> dict[str, Any]:
    """The part of a board that depends on what is listed, and what waits for the visitor: one query
    counts all of that. Raises Invalid for an order or a band that there is not.
    """
    sort = _sort(request)
    band = _band(request, wanted)
    found = boards.board(
        viewer=viewer,
        wanted=wanted,
        at=moment.at,
        is_now=not moment.at_asked,
        visible=dossiers,
        called=Called(names.merged, names.party),
    )
    mine = drafts.of(request.user) if isinstance(request.user, User) else Draft.objects.none()
    counts, beside = found.counts_and(mine, proposals.to_decide(viewer))
    shown: dict[str, Any] = {
        "groups": _groups(request, found, counts, is_whole=bool(sort or band)),
        "total": sum(counts.values()),
        "drafts": beside[0],
        "proposals": beside[1],
        "is_filtered": not wanted.is_empty,
        "look": looks.of(request),
        "sort": sort,
        "only": band,
        "sorts": [("", gettext("by bands")), *LABELS["sort"].items()],
    }
    if sort or band:
        shown["pages"] = pages = _page(request, found, counts, sort, band)
        shown["lines"] = lines = list(pages)
    else:
        lines = [one for group in shown["groups"] for one in group.lines]
    may_choose = (
        set()
        if moment.is_asked
        else {one.slug for one in dossiers if edit(viewer, access.door(one))}
    )
    refs = [one.entry.ref for one in lines if one.entry.dossier in may_choose]
    if refs and shown["is_filtered"] and len(lines) < shown["total"] <= MOST_CHOSEN:
        refs = found.refs(may_choose)
    return {**shown, "may_choose": may_choose, "choosable": refs, "next": _next(shown["groups"])}


def _next(groups: Sequence[Group]) -> Line | None:
    """The line whose term or deadline comes next; None where no band shows one."""
    for group in groups:
        if group.band in boards.RUNNING:
            running = [one for one in group.lines if one.clock.kind in ("left", "due")]
            if running:
                return running[0]
    return None


def _groups(
    request: HttpRequest, found: boards.Board, counts: dict[Band, int], *, is_whole: bool
) -> list[Group]:
    """Every band in its order. With ``is_whole`` the lines are listed elsewhere on the page."""
    first = {} if is_whole else found.first(counts, FIRST)
    made = []
    for band in Band:
        asked = request.GET.copy()
        asked.setlist("band", [str(band)])
        for name in ("sort", "page"):
            asked.pop(name, None)
        lines = [line(one) for one in first.get(band, ())]
        made.append(Group(band, counts[band], lines, f"?{asked.urlencode()}"))
    return made


class _Lines:
    """The whole list, read where a page of it is asked for."""

    def __init__(self, found: boards.Board, number: int, sort: str, band: Band | None) -> None:
        self.found, self.number, self.sort, self.band = found, number, sort, band

    def count(self) -> int:
        return self.number

    def __len__(self) -> int:
        return self.number

    def __getitem__(self, wanted: slice) -> list[Line]:
        here = self.found.page(
            sort=self.sort,
            band=self.band,
            start=wanted.start,
            number=wanted.stop - wanted.start,
            of=self.number,
        )
        return [line(one) for one in here]


def _page(
    request: HttpRequest,
    found: boards.Board,
    counts: dict[Band, int],
    sort: str,
    band: Band | None,
) -> Page[Line]:
    kept = counts if sort != "unchecked" else {b: n for b, n in counts.items() if b in boards.OPEN}
    lines: Any = _Lines(found, sum(kept.values()), sort, band)
    return Paginator(lines, PER_PAGE).get_page(request.GET.get("page"))
