"""The readings of a pledge's term, side by side, and the picture that compares them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.domain.readings import Term
from tracker.domain.stated import Window
from tracker.domain.terms import Step, zone_of
from tracker.selectors.entries import Entry
from tracker.selectors.listed import zone_of as zone_of_entry

from .particulars import short

WIDTH = 1000.0
MARGIN = 0.04


@dataclass(frozen=True, slots=True)
class ReadingView:
    """One reading as the page shows it; texts are as stated, windows are UTC instants."""

    key: str
    name: str
    speaker: str
    is_adopted: bool
    is_standing: bool
    start: Window | None
    end: Window | None
    start_text: str
    end_text: str
    duration: str
    rule: str
    zone: str
    zone_assumed: bool
    open_end: str
    missing: str
    awaiting: str
    is_held: bool
    is_stopped: bool
    set_aside_reason: str
    withdrawn: datetime | None
    assumption: str
    steps: tuple[Step, ...]
    segments: tuple[tuple[datetime | None, datetime | None], ...]


def readings_of(entry: Entry) -> list[ReadingView]:
    """The adopted reading first, then those that stand by their end, then what no longer stands."""
    found = [_view(entry, term) for term in entry.terms]
    return sorted(found, key=_order)


def _order(reading: ReadingView) -> tuple[bool, bool, bool, str, str]:
    end = reading.end.latest.isoformat() if reading.end else ""
    return (not reading.is_adopted, not reading.is_standing, not end, end, reading.key)


def _view(entry: Entry, term: Term) -> ReadingView:
    reading, current = term.reading, term.current
    shown_in = zone_of_entry(entry)
    state = entry.tables.get("reading", {}).get(reading.key, {})
    set_aside = reading.set_aside is not None and reading.set_aside <= entry.found.at
    withdrawn = reading.withdrawn
    trigger = entry.tables.get("trigger", {}).get(term.awaiting, {})
    return ReadingView(
        key=reading.key,
        name=short(reading.key),
        speaker=entry.parties.get(reading.speaker, reading.speaker),
        is_adopted=reading.key == entry.adopted,
        is_standing=term.is_standing,
        start=term.start,
        end=term.end,
        start_text=str(state.get("start") or ""),
        end_text=str(state.get("end") or ""),
        duration=str(reading.duration or ""),
        rule=str(reading.rule or ""),
        zone=zone_of(reading, reading.start) or shown_in,
        zone_assumed=reading.zone_assumed,
        open_end=str(current.open_end or "") if term.is_open else "",
        missing=current.missing,
        awaiting=str(trigger.get("title") or term.awaiting),
        is_held=term.held,
        is_stopped=current.stopped,
        set_aside_reason=str(state.get("set_aside_reason") or "") if set_aside else "",
        withdrawn=withdrawn if withdrawn and withdrawn <= entry.found.at else None,
        assumption=str(state.get("assumption") or ""),
        steps=term.steps,
        segments=tuple((s.start, s.end.latest if s.end else None) for s in term.segments),
    )


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch on the picture's axis of 0 to 1000; ``is_open``: it runs on beyond."""

    x: float
    width: float
    is_open: bool


@dataclass(frozen=True, slots=True)
class Row:
    reading: ReadingView
    bars: list[Bar]


@dataclass(frozen=True, slots=True)
class Chart:
    """The standing readings on one axis; ``at`` is None where the instant lies outside."""

    first: datetime
    last: datetime
    at: float | None
    rows: list[Row]


def chart_of(readings: Iterable[ReadingView], *, at: datetime) -> Chart | None:
    """The picture of the standing readings that have a start; None when there is none."""
    shown = [r for r in readings if r.is_standing and any(s for s, _ in r.segments)]
    instants = [x for r in shown for segment in r.segments for x in segment if x is not None]
    if not instants:
        return None
    first, last = min(instants), max(instants)
    has_open = any(end is None for r in shown for _, end in r.segments)
    span = max(last - first, timedelta(hours=1))
    if has_open:
        last = max(last, min(at, last + span)) if last > first else max(at, first + span)
    if first <= at <= last + span / 2:
        last = max(last, at)
    span = max(last - first, timedelta(hours=1))
    axis = _Axis(first - MARGIN * span, span * (1 + 2 * MARGIN))
    inside = axis.begin <= at <= axis.begin + axis.span
    return Chart(
        first=first,
        last=last,
        at=axis.place(at) if inside else None,
        rows=[Row(r, axis.bars(r)) for r in shown],
    )


@dataclass(frozen=True, slots=True)
class _Axis:
    begin: datetime
    span: timedelta

    def place(self, instant: datetime) -> float:
        return round((instant - self.begin) / self.span * WIDTH, 2)

    def bars(self, reading: ReadingView) -> list[Bar]:
        found = []
        for start, end in reading.segments:
            if start is None:
                continue
            x = self.place(start)
            right = self.place(end) if end is not None else WIDTH
            found.append(Bar(x, max(round(right - x, 2), 2.0), end is None))
        return found
