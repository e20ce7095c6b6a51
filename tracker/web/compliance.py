"""Compliance over time as a picture and as a table: the same numbers as in its file.

Places are units of the picture, 1000 wide; shapes and patterns tell apart what colours do. Must not
live here: how days are counted (domain/compliance.py).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext

from tracker.domain import zones
from tracker.domain.compliance import ONE_DAY, Day, Part, Stretch, Tally
from tracker.selectors.compliance import Compliance
from tracker.selectors.observations import Found

WIDTH = 1000.0
LABEL, TERM, MARKS, LANE, TALL, GAP = 18.0, 14.0, 16.0, 44.0, 76.0, 10.0
AXIS = 26.0
THIN = 1.5  # no bar is thinner
LANES = 8  # claimants that have one
TICKS = 8
YEAR = 366
ROWS = 400  # of the table
# How each finding is drawn: what they have in common for who looks over months of them.
DRAWN = {
    "grave_violation": "grave",
    "minor_violation": "minor",
    "alleged": "open",
    "under_inquiry": "open",
    "access_denied": "open",
    "unsubstantiated": "cleared",
    "not_an_incident": "cleared",
    "incident_without_violation": "cleared",
}
KINDS = ("grave", "minor", "open", "cleared")
POSSIBLE = "possible"


@dataclass(frozen=True, slots=True)
class Rect:
    """``kind``: how it is filled."""

    x: float
    y: float
    width: float
    height: float
    kind: str


@dataclass(frozen=True, slots=True)
class Text:
    """``place``: start, middle or end, where it is anchored."""

    x: float
    y: float
    words: str
    place: str = "start"


@dataclass(frozen=True, slots=True)
class Mark:
    """A finding: a line over its period, and a diamond at its end."""

    x: float
    end: float
    y: float
    diamond: str
    counts: bool
    is_final: bool


@dataclass(frozen=True, slots=True)
class Line:
    """An upright line. ``kind``: edge of the term, or now."""

    x: float
    kind: str


@dataclass(frozen=True, slots=True)
class Picture:
    height: float
    foot: float
    rects: Sequence[Rect]
    texts: Sequence[Text]
    marks: Sequence[Mark]
    lines: Sequence[Line]
    ticks: Sequence[Text]
    kinds: Sequence[str]  # of rects that are there, for the key


class _Drawing:
    """A picture in the making, from its top down."""

    def __init__(self, found: Compliance) -> None:
        self.found = found
        self.begins = zones.first_instant_of(found.first, found.zone)
        self.span = zones.first_instant_of(found.last + ONE_DAY, found.zone) - self.begins
        self.day = WIDTH / len(found.days)
        self.y = 0.0
        self.rects: list[Rect] = []
        self.texts: list[Text] = []
        self.marks: list[Mark] = []

    def place(self, at: datetime) -> float:
        share = (at - self.begins) / self.span
        return round(min(max(share, 0.0), 1.0) * WIDTH, 2)

    def head(self, words: str) -> None:
        self.texts.append(Text(0, self.y + LABEL - 5, words))
        self.y += LABEL

    def stretch(self, one: Stretch, kind: str, height: float) -> None:
        x, right = self.place(one.start), self.place(one.end)
        if right > x:
            self.rects.append(Rect(x, self.y, round(right - x, 2), height, kind))

    def terms(self) -> None:
        for number, term in enumerate(self.found.terms):
            self.head(term.title if self.found.pledge is None else gettext("The term"))
            if not number and self.found.baseline is not None:
                self.stretch(self.found.baseline, "baseline", TERM)
            for one in term.stretches:
                self.stretch(one, "sure" if one.is_sure else "disputed", TERM)
            self.y += TERM + GAP

    def gaps(self) -> None:
        self.head(gettext("Days of which nothing was looked at"))
        for first, last in _runs([day.is_gap for day in self.found.days]):
            x, width = round(first * self.day, 2), round((last - first + 1) * self.day, 2)
            self.rects.append(Rect(x, self.y, width, TERM, "gap"))
        self.y += TERM + GAP

    def findings(self) -> None:
        self.head(gettext("Findings"))
        for one in self.found.found:
            self.marks.append(self._mark(one))
        self.y += MARKS + GAP

    def _mark(self, one: Found) -> Mark:
        x, end, y = self.place(one.start), self.place(one.end), self.y + MARKS / 2
        half = MARKS / 2 - 1
        corners = ((end, y - half), (end + half, y), (end, y + half), (end - half, y))
        diamond = " ".join(f"{round(a, 2)},{round(b, 2)}" for a, b in corners)
        return Mark(x, end, y, diamond, one.counts, one.is_final)

    def by_finding(self) -> None:
        stacks = [
            [*((kind, _drawn(day, kind)) for kind in KINDS), (POSSIBLE, day.all.possible)]
            for day in self.found.days
        ]
        self.lane(gettext("Incidents a day, by what was found"), stacks, TALL)

    def by_claimant(self, slug: str) -> None:
        tallies = [day.by_claimant.get(slug, Tally()) for day in self.found.days]
        stacks = [[("claimed", one.sure), (POSSIBLE, one.possible)] for one in tallies]
        self.lane(claimant_words(self.found, slug), stacks, LANE)

    def lane(self, words: str, stacks: Sequence[Sequence[tuple[str, int]]], height: float) -> None:
        """Bars from the ground up. What may have happened that day stands on top of what did."""
        most = max((sum(number for _, number in one) for one in stacks), default=0)
        told = gettext("%(what)s: at most %(number)s") % {"what": words, "number": most}
        self.head(told if most else gettext("%(what)s: none") % {"what": words})
        ground = self.y + height
        width = round(max(self.day * 0.86, THIN), 2)
        for number, stack in enumerate(stacks):
            top = ground
            for kind, count in stack:
                if count:
                    tall = round(count / most * height, 2)
                    top -= tall
                    self.rects.append(
                        Rect(round(number * self.day, 2), round(top, 2), width, tall, kind)
                    )
        self.rects.append(Rect(0, ground, WIDTH, 1, "ground"))
        self.y = ground + GAP

    def done(self) -> Picture:
        found, lines = self.found, []
        if found.pledge is not None:
            for term in found.terms:
                edges = {at for one in term.stretches for at in (one.start, one.end)}
                lines += [Line(self.place(at), "edge") for at in sorted(edges)]
        if self.begins <= found.at <= self.begins + self.span:
            lines.append(Line(self.place(found.at), "now"))
        return Picture(
            height=self.y + AXIS,
            foot=self.y,
            rects=self.rects,
            texts=self.texts,
            marks=self.marks,
            lines=lines,
            ticks=self._ticks(),
            kinds=tuple(dict.fromkeys(one.kind for one in self.rects)),
        )

    def _ticks(self) -> list[Text]:
        """Some of the days, evenly, each at its beginning."""
        number = len(self.found.days)
        every = max(-(-number // TICKS), 1)
        found = []
        for place in range(0, number, every):
            day = self.found.days[place].day
            words = date_format(day, "j M Y" if place == 0 or number > YEAR else "j M")
            near_end = place * self.day > WIDTH * 0.92
            found.append(
                Text(round(place * self.day, 2), self.y + 18, words, "end" if near_end else "start")
            )
        return found


def picture(found: Compliance) -> Picture:
    drawing = _Drawing(found)
    drawing.terms()
    drawing.gaps()
    drawing.findings()
    drawing.by_finding()
    for slug in _loudest(found):
        drawing.by_claimant(slug)
    return drawing.done()


def _loudest(found: Compliance) -> list[str]:
    """Who has a lane: those who claim most, in the order of their names."""
    said: dict[str, int] = {}
    for day in found.days:
        for slug, tally in day.by_claimant.items():
            said[slug] = said.get(slug, 0) + tally.sure + tally.possible
    kept = set(sorted(said, key=lambda slug: (-said[slug], slug))[:LANES])
    return [slug for slug in found.claimants if slug in kept]


def _drawn(day: Day, kind: str) -> int:
    return sum(tally.sure for name, tally in day.by_finding.items() if DRAWN[name] == kind)


def _runs(flags: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """The first and last place of each run of what is so."""
    start = None
    for place, flag in enumerate([*flags, False]):
        if flag and start is None:
            start = place
        elif not flag and start is not None:
            yield start, place - 1
            start = None


def claimant_words(found: Compliance, slug: str) -> str:
    return found.parties.get(slug, slug) if slug else gettext("No claimant is named")


@dataclass(frozen=True, slots=True)
class TableRow:
    """A day; or several in a row of which nothing is reported and all else is the same."""

    first: date
    last: date
    part: str
    seen: str  # observed, gap or ahead
    all: Tally
    cells: Sequence[Tally]


@dataclass(frozen=True, slots=True)
class Table:
    """``findings`` and ``claimants``: the columns, in the order of the cells."""

    findings: Sequence[str]
    claimants: Sequence[str]
    rows: Sequence[TableRow]
    left_out: int


def table(found: Compliance) -> Table:
    findings = [name for name in DRAWN if any(name in day.by_finding for day in found.days)]
    claimants = found.claimants
    rows: list[TableRow] = []
    for day in found.days:
        cells = [day.by_finding.get(name, Tally()) for name in findings]
        cells += [day.by_claimant.get(slug, Tally()) for slug in claimants]
        row = TableRow(day.day, day.day, str(day.part), day.seen, day.all, cells)
        last = rows[-1] if rows else None
        if last and not (last.all or row.all) and (last.part, last.seen) == (row.part, row.seen):
            rows[-1] = TableRow(last.first, row.last, row.part, row.seen, row.all, cells)
        else:
            rows.append(row)
    words = [claimant_words(found, slug) for slug in claimants]
    return Table(findings, words, rows[:ROWS], max(len(rows) - ROWS, 0))


@dataclass(frozen=True, slots=True)
class Rate:
    """Incidents over days: before the term, and within what of it has passed."""

    number: int
    days: int

    @property
    def a_day(self) -> str:
        return f"{self.number / self.days:.2f}" if self.days else "–"


def rates(found: Compliance) -> dict[str, Rate]:
    """By part, of the days that have come. Days that nobody looked at are among them."""
    past = [day for day in found.days if not day.is_ahead]
    term = sum(1 for day in past if day.part in (Part.TERM, Part.DISPUTED))
    before = sum(1 for day in past if day.part is Part.BASELINE)
    return {
        "baseline": Rate(found.totals.baseline, before),
        "term": Rate(found.totals.term, term),
    }


def gaps(found: Compliance) -> int:
    return sum(1 for day in found.days if day.is_gap)
