"""Compliance over time: what is reported of each day, against the term and what came before it.

Days are those of one zone. An incident of which no single day is known counts as possible on each
day on which it may fall, and as sure on none. Nothing here adds or nets what opposing sides claim.
Must not live here: what is drawn, words.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from . import zones
from .errors import Invalid
from .stated import Window

ONE_DAY = timedelta(days=1)
MOMENT = timedelta(microseconds=1)
NOBODY = ""  # named as the claimant of what nobody is named as claiming
Segment = tuple[datetime | None, Window | None]


class Part(StrEnum):
    """Where a day lies: before the term, within it, within it by some readings or in part."""

    BASELINE = "baseline"
    TERM = "term"
    DISPUTED = "disputed"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Happened:
    """An incident: between which instants it lies, what was found of it, who claims it."""

    window: Window
    finding: str
    claimants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a term; ``is_sure``: it runs then under every standing reading."""

    start: datetime
    end: datetime
    is_sure: bool


@dataclass(slots=True)
class Tally:
    """How many incidents fall on a day for sure, and how many may."""

    sure: int = 0
    possible: int = 0

    @property
    def most(self) -> int:
        return self.sure + self.possible

    def __bool__(self) -> bool:
        return bool(self.sure or self.possible)


@dataclass(slots=True)
class Day:
    """One day: all incidents, and the same by what was found and by who claims them.

    An incident that two claim stands under both of them, and once in ``all``.
    """

    day: date
    part: Part = Part.OUTSIDE
    is_observed: bool = False
    is_ahead: bool = False
    all: Tally = field(default_factory=Tally)
    by_finding: dict[str, Tally] = field(default_factory=dict)
    by_claimant: dict[str, Tally] = field(default_factory=dict)

    @property
    def is_gap(self) -> bool:
        return not (self.is_observed or self.is_ahead)

    @property
    def seen(self) -> str:
        """Observed, gap or ahead."""
        if self.is_ahead:
            return "ahead"
        return "observed" if self.is_observed else "gap"


@dataclass(frozen=True, slots=True)
class Totals:
    """Each incident once, by where its days lie; ``between``: not all of them in one of these."""

    baseline: int = 0
    term: int = 0
    between: int = 0
    outside: int = 0


@lru_cache(maxsize=20_000)
def days_of(window: Window, zone: str) -> tuple[date, date]:
    """The first and the last day on which something within the window may fall."""
    last = window.latest - MOMENT if window.latest > window.earliest else window.latest
    return zones.local(window.earliest, zone).date(), zones.local(last, zone).date()


def each_day(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + number * ONE_DAY


def stretches(readings: Sequence[Sequence[Segment]], *, until: datetime) -> list[Stretch]:
    """The term over several readings: what all of them hold, and what only some do.

    Each reading is its segments, [start, end); the window of an end is disputed; without an end it
    runs ``until`` then.
    """
    sure: list[list[tuple[datetime, datetime]]] = []
    maybe: list[list[tuple[datetime, datetime]]] = []
    for segments in readings:
        begun = [(start, end) for start, end in segments if start is not None]
        sure.append([(s, e.earliest if e is not None else until) for s, e in begun])
        maybe.append([(s, e.latest if e is not None else until) for s, e in begun])
    edges = sorted({at for one in (*sure, *maybe) for pair in one for at in pair})
    found: list[Stretch] = []
    for start, end in pairwise(edges):
        if not any(_holds(one, start) for one in maybe):
            continue
        is_sure = all(_holds(one, start) for one in sure)
        goes_on = bool(found) and found[-1].end == start and found[-1].is_sure is is_sure
        found.append(Stretch(found.pop().start if goes_on else start, end, is_sure))
    return found


def _holds(segments: Iterable[tuple[datetime, datetime]], at: datetime) -> bool:
    return any(start <= at < end for start, end in segments)


def baseline_of(term: Sequence[Stretch], *, zone: str, at: datetime) -> Stretch | None:
    """As long before the term as the part of it that has passed, by the clocks of the zone; None
    before it begins.
    """
    if not term or term[0].start >= at:
        return None
    begins, ends = (zones.local(one, zone) for one in (term[0].start, min(term[-1].end, at)))
    try:
        start = zones.instant(begins - (ends - begins), zone)
    except (OverflowError, Invalid):
        start = zones.EARLIEST
    return Stretch(max(start, zones.EARLIEST), term[0].start, is_sure=True)


def series(
    happened: Iterable[Happened],
    *,
    first: date,
    last: date,
    zone: str,
    at: datetime,
    term: Sequence[Stretch] = (),
    baseline: Stretch | None = None,
    observed: Iterable[Window] = (),
) -> list[Day]:
    """Each day from the first to the last. ``observed``: when somebody looked or something is told.

    A day is observed, too, on which an incident may fall.
    """
    days = {day: Day(day) for day in each_day(first, last)}
    today = zones.local(at, zone).date()
    for day, one in days.items():
        one.is_ahead = day > today
        one.part = _part(day, zone, term, baseline)
    for window in observed:
        begins, ends = days_of(window, zone)
        for day in each_day(max(begins, first), min(ends, last)):
            days[day].is_observed = True
    for incident in happened:
        begins, ends = days_of(incident.window, zone)
        for day in each_day(max(begins, first), min(ends, last)):
            _count(days[day], incident, is_sure=begins == ends)
    return list(days.values())


def _count(day: Day, incident: Happened, *, is_sure: bool) -> None:
    day.is_observed = True
    tallies = [day.all, day.by_finding.setdefault(incident.finding, Tally())]
    claimants = incident.claimants or (NOBODY,)
    tallies += [day.by_claimant.setdefault(claimant, Tally()) for claimant in claimants]
    for tally in tallies:
        if is_sure:
            tally.sure += 1
        else:
            tally.possible += 1


def _part(day: date, zone: str, term: Sequence[Stretch], baseline: Stretch | None) -> Part:
    begins, ends = (zones.first_instant_of(one, zone) for one in (day, day + ONE_DAY))
    touched = [one for one in term if one.start < ends and one.end > begins]
    if any(one.is_sure and one.start <= begins and one.end >= ends for one in touched):
        return Part.TERM
    if touched:
        return Part.DISPUTED
    if baseline is not None and baseline.start < ends and baseline.end > begins:
        return Part.BASELINE
    return Part.OUTSIDE


def totals(happened: Iterable[Happened], days: Sequence[Day], zone: str) -> Totals:
    """How many incidents there are before the term and within it; none counts twice."""
    parts: Mapping[date, Part] = {one.day: one.part for one in days}
    found: Counter[str] = Counter()
    for incident in happened:
        begins, ends = days_of(incident.window, zone)
        lies = {_side(parts.get(day, Part.OUTSIDE)) for day in each_day(begins, ends)}
        found[lies.pop() if len(lies) == 1 else "between"] += 1
    return Totals(found["baseline"], found["term"], found["between"], found["outside"])


def _side(part: Part) -> str:
    return "term" if part is Part.DISPUTED else str(part)
