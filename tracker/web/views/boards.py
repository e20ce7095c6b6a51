"""The board: every pledge that the visitor may see, by how long it still runs; or some of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tracker.domain.access import Door, Viewer, edit, open_dossiers
from tracker.domain.bands import Band
from tracker.domain.filters import Filter
from tracker.models import User
from tracker.selectors import access, drafts, proposals, register
from tracker.selectors.entries import Entry
from tracker.selectors.filters import nameable
from tracker.web import filters
from tracker.web.clocks import Line, line
from tracker.web.entry import UNPROCESSABLE
from tracker.web.forms.filters import FilterForm
from tracker.web.moments import Moment
from tracker.web.pages import reads

SHOWN_AT_ONCE = 6
FOLDED = (Band.EXPIRED, Band.ENDED)


@dataclass(frozen=True, slots=True)
class Group:
    """One band: the lines shown at once, and those behind a fold."""

    band: str
    lines: list[Line]
    folded: list[Line]

    @property
    def count(self) -> int:
        return len(self.lines) + len(self.folded)


@reads()
def board(request: HttpRequest, moment: Moment) -> HttpResponse:
    """What is asked for in the address is listed; nothing is, where that cannot be understood."""
    viewer = access.viewer(request.user)
    asked = filters.given(request.GET)
    dossiers = register.dossiers(viewer=viewer)
    names = nameable(viewer=viewer, at=moment.at, parties=asked.get("party", ()), visible=dossiers)
    form = FilterForm(asked, names, sent=request.GET if asked else None)
    context: dict[str, Any] = {"page": "board", "moment": moment, "form": form}
    if asked and not form.is_valid():
        context["kept"] = filters.pairs(asked)
        return render(request, "board.html", context, status=UNPROCESSABLE)
    wanted = form.wanted
    context |= {
        **listed(viewer, wanted, moment),
        "told": filters.told(wanted, names, moment),
        "kept": filters.pairs(wanted.given),
        "kept_query": filters.query(wanted.given),
        "dossiers": dossiers,
        "drafts": drafts.number(request.user) if isinstance(request.user, User) else 0,
        "proposals": proposals.waiting(viewer),
        "may_open": open_dossiers(viewer) and not moment.is_asked,
    }
    return render(request, "board.html", context)


def listed(viewer: Viewer, wanted: Filter, moment: Moment) -> dict[str, Any]:
    """The part of a board that depends on what is listed."""
    if wanted.is_empty:
        entries = register.entries(viewer=viewer, at=moment.at)
    else:
        entries = register.filtered(viewer=viewer, wanted=wanted, at=moment.at)
    may_choose = set() if moment.is_asked else editable(viewer, entries)
    return {
        "groups": groups([line(entry) for entry in entries]),
        "may_choose": may_choose,
        "choosable": [entry.ref for entry in entries if entry.dossier in may_choose],
        "total": len(entries),
        "is_filtered": not wanted.is_empty,
    }


def editable(viewer: Viewer, entries: Iterable[Entry]) -> set[str]:
    """Of which dossiers these are that the viewer may change: their pledges can be chosen."""
    doors = {entry.dossier: Door(entry.dossier, entry.is_public) for entry in entries}
    return {slug for slug, door in doors.items() if edit(viewer, door)}


def groups(lines: list[Line]) -> list[Group]:
    """Every band in its order; what is over is shown latest first, and folded after a few."""
    found = []
    for band in Band:
        here = [one for one in lines if one.entry.band == band]
        if band in FOLDED:
            here.sort(key=_latest_first, reverse=True)
            found.append(Group(band, here[:SHOWN_AT_ONCE], here[SHOWN_AT_ONCE:]))
        else:
            found.append(Group(band, here, []))
    return found


def _latest_first(one: Line) -> tuple[str, str]:
    end = one.entry.ends_at
    return (end.isoformat() if end else "", one.entry.ref)
