"""The chain of a term: what extensions and clock stops make of a reading's own end.

A chain is a list of segments in which the pledge runs; between two segments lies a gap in which
it has expired. Extended, shortened and tacit links change the running segment; renewed and
revived ones open another.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from . import durations, zones
from .durations import Duration
from .errors import Invalid
from .facts import ClockStop, Extension, LinkKind, OpenEnd, Rule
from .sentences import _
from .stated import Precision, Stated, Window, first_instant
from .terms import End, Step, counted_end, stated_end

TERM = "term"


@dataclass(frozen=True, slots=True)
class Segment:
    """One stretch in which the term runs: from ``start`` (None: not known) to ``end``.

    ``link`` is ``term`` or the key of the extension that last moved the end; ``nominal`` that
    link's length for lead times; ``stopped``: its clock stands still, so that it has no end.
    """

    link: str
    start: datetime | None
    end: Window | None
    open_end: OpenEnd | None = None
    nominal: timedelta | None = None
    missing: str = ""
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Accepted:
    """An extension in effect, with the instant from which its acceptance holds."""

    extension: Extension
    effective: datetime


@dataclass(frozen=True, slots=True)
class Chain:
    segments: tuple[Segment, ...]
    steps: tuple[Step, ...]


def wall_length(start: datetime | None, end: Window | None, zone: str | None) -> timedelta | None:
    """A term's nominal length: by the wall clock, so that a day counts 24 h."""
    if start is None or end is None:
        return None
    if zone is None:
        return max(end.latest - start, timedelta())
    length = zones.local(end.latest, zone) - zones.local(start, zone)
    return max(length, timedelta())


def build(
    *,
    start: datetime | None,
    own: End,
    nominal: timedelta | None,
    zone: str | None,
    stops: Iterable[ClockStop],
    links: Iterable[Accepted],
    stopped_now: Callable[[ClockStop], bool],
) -> Chain:
    """The chain of one reading. ``links`` in their order; never raises."""
    steps = list(own.steps)
    clock = _Clock(sorted(stops, key=lambda s: (s.start, s.key)), stopped_now, steps)
    running = Segment(
        TERM,
        start,
        own.window,
        own.open_end,
        nominal or wall_length(start, own.window, zone),
        own.missing,
    )
    segments: list[Segment] = []
    running = clock.delay(running)
    for accepted in links:
        link = accepted.extension
        try:
            if link.kind in (LinkKind.RENEWED, LinkKind.REVIVED):
                opened = _opened(accepted, running, zone)
                if _leaves_gap(running, opened):
                    segments.append(running)
                else:
                    opened = replace(opened, start=running.start or opened.start)
            else:
                opened = _moved(link, running, zone)
        except Invalid as error:
            opened = replace(running, link=link.key, end=None, open_end=None, missing=error.message)
        steps.append(_link_step(link, opened))
        running = clock.delay(opened)
    return Chain(tuple(map(_hidden_while_stopped, (*segments, running))), tuple(steps))


def _hidden_while_stopped(segment: Segment) -> Segment:
    """While the clock is stopped there is no end."""
    return replace(segment, end=None, open_end=None) if segment.stopped else segment


def _leaves_gap(running: Segment, opened: Segment) -> bool:
    if running.end is None or opened.start is None:
        return False
    return opened.start > running.end.latest


def _moved(link: Extension, running: Segment, zone: str | None) -> Segment:
    """Extended, shortened, tacit: the running segment with another end."""
    if link.kind is LinkKind.TACIT:
        return replace(
            running, link=link.key, end=None, open_end=OpenEnd.NOT_STATED, nominal=None, missing=""
        )
    counted_in = link.zone or zone
    if link.end is not None:
        end = stated_end(link.end, link.rule, counted_in)
        if end is None:
            raise Invalid(_("The extension's end is not known, or its zone is not stated."))
        before = running.end.latest if running.end else running.start
        nominal = wall_length(before, end, counted_in)
        if link.kind is LinkKind.SHORTENED:
            nominal = wall_length(running.start, end, counted_in)
        return replace(running, link=link.key, end=end, open_end=None, nominal=nominal, missing="")
    if link.duration is None:
        raise Invalid(_("The extension states neither an end nor a duration."))
    if running.end is None:
        return replace(running, link=link.key)
    shift = _back if link.kind is LinkKind.SHORTENED else durations.add
    zone_name = counted_in or "UTC"
    end = Window(
        shift(running.end.earliest, link.duration, zone_name),
        shift(running.end.latest, link.duration, zone_name),
    )
    nominal = link.duration.nominal
    if link.kind is LinkKind.SHORTENED:
        nominal = max((running.nominal or nominal) - nominal, timedelta())
    return replace(running, link=link.key, end=end, open_end=None, nominal=nominal, missing="")


def _back(at: datetime, duration: Duration, zone: str) -> datetime:
    return durations.subtract(at, duration, zone)


def _opened(accepted: Accepted, running: Segment, zone: str | None) -> Segment:
    """Renewed or revived: a segment with its own start, or with the old end as its start."""
    link = accepted.extension
    counted_in = link.zone or zone
    own_start = first_instant(link.start, default_zone=counted_in) if link.start else None
    if own_start is None and link.kind is LinkKind.REVIVED:
        own_start = accepted.effective
    if own_start is None and running.end is not None:
        own_start = running.end.latest
    if link.end is not None:
        end = stated_end(link.end, link.rule, counted_in)
        if end is None:
            raise Invalid(_("The extension's end is not known, or its zone is not stated."))
        nominal = wall_length(own_start, end, counted_in)
    elif link.duration is not None and own_start is not None:
        end = _counted_from(link, own_start, counted_in or "UTC")
        nominal = link.duration.nominal
    elif link.duration is None:
        return Segment(link.key, own_start, None, OpenEnd.NOT_STATED)
    else:
        raise Invalid(_("The extension's own start is not known."))
    if link.retroactive and running.end is not None:
        own_start = running.end.latest
    return Segment(link.key, own_start, end, None, nominal)


def _counted_from(link: Extension, start: datetime, zone: str) -> Window:
    assert link.duration is not None
    if link.start is not None:
        return counted_end(link.start, link.duration, link.rule, zone)
    if link.rule in (None, Rule.ELAPSED):
        end = durations.add(start, link.duration, zone)
        return Window(end, end)
    begin = Stated(zones.local(start, zone), Precision.MINUTE, zone)
    return counted_end(begin, link.duration, link.rule, zone)


class _Clock:
    """Delays ends by the stops that fall before them, each stop once."""

    def __init__(
        self,
        stops: list[ClockStop],
        stopped_now: Callable[[ClockStop], bool],
        steps: list[Step],
    ) -> None:
        self.stops = stops
        self.stopped_now = stopped_now
        self.steps = steps
        self.done_until: datetime | None = None

    def delay(self, segment: Segment) -> Segment:
        """The segment with its end moved by each stop that begins before it."""
        if segment.end is None:
            return segment
        end, stopped = segment.end, False
        for stop in self.stops:
            if stop.start >= end.latest:
                break
            begin = max(x for x in (stop.start, segment.start, self.done_until) if x is not None)
            if stop.end is not None and stop.end <= begin:
                continue
            if stop.end is None:
                self.steps.append(
                    Step(_("The clock is stopped: no end until it runs again"), begin)
                )
                return replace(segment, end=None, stopped=True, open_end=None)
            stopped = stopped or self.stopped_now(stop)
            lost = stop.end - begin
            self.done_until = stop.end
            try:
                end = Window(end.earliest + lost, end.latest + lost)
            except OverflowError:
                return replace(segment, end=None, missing=_("The end lies outside the calendar."))
            self.steps.append(
                Step(
                    _("The clock stood still for {lost}: the end moves by it", lost=_hours(lost)),
                    end.latest,
                )
            )
        return replace(segment, end=end, stopped=segment.stopped or stopped)


def _hours(length: timedelta) -> str:
    return Duration(elapsed=length).words


# Marked here, filled in below.
_UNTIL = {
    LinkKind.EXTENDED: _("Extended to {end}"),
    LinkKind.RENEWED: _("Renewed to {end}"),
    LinkKind.REVIVED: _("Revived to {end}"),
    LinkKind.SHORTENED: _("Shortened to {end}"),
}
_BY = {
    LinkKind.EXTENDED: _("Extended by {duration}"),
    LinkKind.RENEWED: _("Renewed by {duration}"),
    LinkKind.REVIVED: _("Revived by {duration}"),
    LinkKind.SHORTENED: _("Shortened by {duration}"),
}


def _link_step(link: Extension, segment: Segment) -> Step:
    if link.kind is LinkKind.TACIT:
        words = _("Continued tacitly, without an end")
    elif link.end is not None:
        words = _(_UNTIL[link.kind], end=link.end)
    else:
        words = _(_BY[link.kind], duration=link.duration or _("nothing stated"))
    return Step(words, segment.end.latest if segment.end else None, _by(link.key))


def _by(link: str) -> str:
    return _("extension {link}", link=link)


def moved_by(steps: Iterable[Step], link: str) -> tuple[datetime | None, datetime | None] | None:
    """From where to where an extension moved the end; None where it did not, or not yet."""
    before: datetime | None = None
    for step in steps:
        if step.because == _by(link):
            return before, step.instant
        before = step.instant or before
    return None
