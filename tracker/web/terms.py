"""A pledge's term as one band, and the same in words: envelope, links, stops, steps, and now.

Must not live here: how a term is computed (domain), what the readings are (readings.py).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext

from tracker.domain.chain import moved_by
from tracker.domain.facts import Extension
from tracker.domain.readings import Term
from tracker.selectors.entries import Entry
from tracker.web.particulars import Deadline, whose
from tracker.words import label

MARGIN = 0.03  # of the whole, on either side
TOP, LANE, BAND = 16, 18, 18  # pixels: for the word at now, of a lane, of the band itself
# Drawn around 0, six pixels to each side.
SHAPES = {
    "start": "M-5-6L6 0-5 6z",
    "end": "M-5-5H5V5H-5z",
    "other_end": "M0-6a6 6 0 1 1 0 12A6 6 0 0 1 0-6zm0 2.4"
    "a3.6 3.6 0 1 0 0 7.2 3.6 3.6 0 0 0 0-7.2z",
    "moved": "M-6-6h3.2L2 0l-4.8 6H-6l4.8-6zM0-6h3.2L8 0 3.2 6H0l4.8-6z",
    "open": "M0-7L7 0 0 7-7 0zm0 3.4L-3.6 0 0 3.6 3.6 0z",
    "done": "M0-7L7 0 0 7-7 0z",
    "missed": "M-6-4.2L-4.2-6 0-1.8 4.2-6 6-4.2 1.8 0 6 4.2 4.2 6 0 1.8-4.2 6-6 4.2-1.8 0z",
    "waived": "M-6-1.3H6v2.6H-6z",
    "clock_stop": "M-5-6h3.4V6H-5zM1.6-6H5V6H1.6z",
    "suspension": "M-1-6h3.6L-2.4 6H-6zM5.4-6H6v5L2 6h-3.6z",
}


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the text. ``until``: of what lasts; ``kind``: the shape that it has."""

    kind: str
    at: datetime
    words: str
    until: datetime | None = None
    is_end: bool = False

    @property
    def shape(self) -> str:
        return SHAPES[self.kind]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of the picture: ``x`` and ``width`` in percent. ``is_open``: it runs on beyond."""

    kind: str
    x: float
    width: float
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    kind: str
    x: float

    @property
    def shape(self) -> str:
        return SHAPES[self.kind]


@dataclass(frozen=True, slots=True)
class Lane:
    """A row of the picture, from ``y`` down; ``middle`` of it in pixels."""

    y: int
    stretches: list[Stretch]
    marks: list[Mark]

    @property
    def middle(self) -> float:
        return self.y + LANE / 2


@dataclass(frozen=True, slots=True)
class Picture:
    """``now``: where the instant lies, in percent; None outside. ``is_over``: it lies after all.

    ``steps``: deadlines, above the band; ``overlays``: below it, the envelope first.
    """

    first: datetime
    last: datetime
    now: float | None
    is_over: bool
    steps: Lane | None
    band: Lane
    overlays: list[Lane]
    height: int
    events: list[Event]

    @property
    def now_anchor(self) -> str:
        """How the word at now is set, so that it stays within the picture."""
        assert self.now is not None
        return "start" if self.now < 12 else "end" if self.now > 88 else "middle"

    @property
    def bottom(self) -> int:
        """Down to where the picture is drawn, above the dates."""
        return self.height - LANE


def picture(entry: Entry, deadlines: Iterable[Deadline] = ()) -> Picture | None:
    """None where no standing reading has a start."""
    standing = [t for t in entry.terms if t.is_standing and t.start is not None]
    if not standing:
        return None
    driver = next((t for t in standing if t.reading.key == entry.adopted), None)
    dated = [d for d in deadlines if d.due is not None and not d.is_withdrawn]
    stops = entry.now.standing(entry.facts.clock_stops)
    halts = entry.now.standing(entry.facts.suspensions)
    runs = list(_runs(standing, driver))
    lasting = [*((s.start, s.end) for s in stops), *((s.start, s.end) for s in halts)]
    instants = [at for run in (*runs, *lasting) for at in run if at is not None]
    instants += [d.due for d in dated if d.due is not None]
    instants += [t.end.latest for t in standing if t.end is not None]
    axis = _Axis.over(instants, entry.found.at, is_open=any(end is None for _, end in runs))
    ends = [t for t in standing if t is not driver and t.end is not None]
    extended = list(_extended(entry, driver or standing[0]))
    steps = [Mark(_step_kind(d, entry.found.at), axis.place(d.due)) for d in dated if d.due]
    band = [axis.stretch("term", start, end) for start, end in runs if start is not None]
    marks = [Mark("start", axis.place(start)) for start, _ in runs if start is not None]
    marks += [Mark("end", axis.place(end)) for _, end in runs if end is not None and driver]
    marks += [Mark("moved", axis.place(e.at)) for e in extended]
    return _laid(
        axis,
        steps=steps,
        band=(band, marks),
        overlays=[
            (
                _envelope(entry, axis),
                [Mark("other_end", axis.place(t.end.latest)) for t in ends if t.end],
            ),
            ([axis.stretch("clock_stop", s.start, s.end) for s in stops], []),
            ([axis.stretch("suspension", s.start, s.end) for s in halts], []),
        ],
        events=[
            *_of_terms(entry, standing, driver),
            *extended,
            *(
                Event("clock_stop", s.start, gettext("The clock stands still"), s.end)
                for s in stops
            ),
            *(Event("suspension", s.start, _suspended(s.areas), s.end) for s in halts),
            *(_step(d, entry.found.at) for d in dated),
        ],
    )


def _runs(
    standing: list[Term], driver: Term | None
) -> Iterator[tuple[datetime | None, datetime | None]]:
    """The stretches of the band: the adopted reading's; else from the first start to the first
    end, which is what all of them have in common.
    """
    if driver is not None:
        for segment in driver.segments:
            yield segment.start, segment.end.latest if segment.end else None
        return
    starts = [t.start.earliest for t in standing if t.start]
    ends = [t.end.earliest for t in standing if t.end]
    yield min(starts), min(ends) if ends else None


def _envelope(entry: Entry, axis: "_Axis") -> list[Stretch]:
    """Between the first and the last end of the standing readings, where these differ."""
    first, last = entry.earliest_end, entry.latest_end
    if first is None or first == last:
        return []
    return [axis.stretch("envelope", first, last)]


def _extended(entry: Entry, term: Term) -> Iterator[Event]:
    links: list[Extension] = sorted(entry.facts.extensions, key=lambda e: e.order)
    for link in links:
        moved = moved_by(term.steps, link.key)
        if moved is None or moved[0] is None:
            continue
        yield Event("moved", moved[0], label("extension_kind", link.kind), moved[1], is_end=True)


def _of_terms(entry: Entry, standing: list[Term], driver: Term | None) -> Iterator[Event]:
    """Starts and ends, each with whose it is; what several readings share is said once."""
    starts: dict[datetime, list[str]] = {}
    ends: dict[datetime, list[str]] = {}
    for term in standing:
        if term is driver:
            continue
        if term.start is not None and driver is None:
            starts.setdefault(term.start.earliest, []).append(whose(entry, term.reading))
        if term.end is not None:
            ends.setdefault(term.end.latest, []).append(whose(entry, term.reading))
    if driver is not None:
        if driver.start is not None:
            words = gettext("It starts, by the adopted reading")
            yield Event("start", driver.start.earliest, words)
        if driver.end is not None:
            words = gettext("It ends, by the adopted reading")
            yield Event("end", driver.end.latest, words, is_end=True)
    for at, names in starts.items():
        yield Event("start", at, gettext("It starts, by %(who)s") % {"who": ", ".join(names)})
    for at, names in ends.items():
        words = gettext("It ends, by %(who)s") % {"who": ", ".join(names)}
        yield Event("other_end", at, words, is_end=True)


def _suspended(areas: Iterable[str]) -> str:
    named_areas = ", ".join(areas)
    if not named_areas:
        return gettext("Suspended as a whole; the clock runs on")
    return gettext("Suspended for %(areas)s; the clock runs on") % {"areas": named_areas}


def _step_kind(deadline: Deadline, at: datetime) -> str:
    if deadline.state in ("done", "waived"):
        return deadline.state
    return "missed" if deadline.due is not None and deadline.due <= at else "open"


def _step(deadline: Deadline, at: datetime) -> Event:
    assert deadline.due is not None
    kind = _step_kind(deadline, at)
    state = gettext("passed undone") if kind == "missed" else label("deadline", deadline.state)
    words = f"{label('deadline_kind', deadline.kind)}, {state}: {deadline.title}"
    return Event(kind, deadline.due, words, is_end=True)


def _laid(
    axis: "_Axis",
    *,
    steps: list[Mark],
    band: tuple[list[Stretch], list[Mark]],
    overlays: list[tuple[list[Stretch], list[Mark]]],
    events: list[Event],
) -> Picture:
    y = TOP
    above = Lane(y, [], steps) if steps else None
    y += LANE if steps else 0
    middle = Lane(y, *band)
    y += BAND + 4
    below = []
    for stretches, marks in overlays:
        if stretches or marks:
            below.append(Lane(y, stretches, marks))
            y += LANE
    inside = axis.begin <= axis.at <= axis.begin + axis.span
    return Picture(
        first=axis.first,
        last=axis.last,
        now=axis.place(axis.at) if inside else None,
        is_over=axis.at > axis.last,
        steps=above,
        band=middle,
        overlays=below,
        height=y + LANE,
        events=sorted(events, key=lambda e: (e.at, e.is_end)),
    )


@dataclass(frozen=True, slots=True)
class _Axis:
    """From a little before the first instant to a little after the last, and where ``at`` lies."""

    first: datetime
    last: datetime
    begin: datetime
    span: timedelta
    at: datetime

    @classmethod
    def over(cls, instants: Iterable[datetime], at: datetime, *, is_open: bool) -> "_Axis":
        """With now in sight unless it is long after all of it."""
        known = list(instants)
        first, last = min(known), max(known)
        span = max(last - first, timedelta(hours=1))
        if is_open:
            last = max(last, min(at, last + span)) if last > first else max(at, first + span)
        if first - span / 2 <= at <= last + span / 2:
            last = max(last, at)
            first = min(first, at)
        span = max(last - first, timedelta(hours=1))
        return cls(first, last, first - MARGIN * span, span * (1 + 2 * MARGIN), at)

    def place(self, instant: datetime) -> float:
        return round((instant - self.begin) / self.span * 100, 2)

    def stretch(self, kind: str, start: datetime, end: datetime | None) -> Stretch:
        x = self.place(start)
        right = self.place(end) if end is not None else 100.0
        return Stretch(kind, x, max(round(right - x, 2), 0.3), end is None)
