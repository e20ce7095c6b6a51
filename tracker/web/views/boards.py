"""The board: every pledge that the visitor may see, by how long it still runs."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tracker.domain.access import open_dossiers
from tracker.domain.bands import Band
from tracker.models import User
from tracker.selectors import access, drafts, register
from tracker.web.clocks import Line, line
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
    viewer = access.viewer(request.user)
    entries = register.entries(viewer=viewer, at=moment.at)
    context = {
        "page": "board",
        "moment": moment,
        "groups": groups([line(entry) for entry in entries]),
        "total": len(entries),
        "dossiers": register.dossiers(viewer=viewer),
        "drafts": drafts.number(request.user) if isinstance(request.user, User) else 0,
        "may_open": open_dossiers(viewer) and not moment.is_asked,
    }
    return render(request, "board.html", context)


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
