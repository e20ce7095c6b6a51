"""Pledges as a part of another page: the first of each band, and the address of all of them."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from tracker.domain.bands import Band
from tracker.domain.filters import Filter
from tracker.selectors.boards import Board
from tracker.web.clocks import Line, line
from tracker.web.moments import Moment

FIRST = 25  # of each band


@dataclass(frozen=True, slots=True)
class Listing:
    """``address``: of all of them on the board; blank where all are here."""

    lines: list[Line]
    number: int
    address: str = ""

    @property
    def refs(self) -> list[str]:
        return [one.entry.ref for one in self.lines]


def listing(board: Board, wanted: Filter, moment: Moment) -> Listing:
    """The most pressing band first. ``wanted``: what the board lists."""
    counts = board.counts()
    first = board.first(counts, FIRST)
    lines = [line(one) for band in Band for one in first.get(band, ())]
    number = sum(counts.values())
    if len(lines) == number:
        return Listing(lines, number)
    asked = wanted.given | ({"at": [moment.at_text]} if moment.at_text else {})
    return Listing(lines, number, f"{reverse('board')}?{urlencode(asked, doseq=True)}")
