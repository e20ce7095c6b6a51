"""One reading's start and end as UTC instants, and why: the arithmetic of terms.

Terms are half-open, [start, end). 24:00 of a day is the first instant of the next. A window says
between which instants an end lies: its earliest warns, its latest expires. Nothing here reads the
time; extensions and clock stops are in ``chain.py``.

Day counts follow the European Convention on the Calculation of Time-Limits (CETS 76): by its
article 3 the day of the start is not counted (``exclusive``); ``inclusive`` is one day less.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from . import durations, zones
from .durations import Duration
from .errors import Invalid
from .facts import OpenEnd, Reading, Rule
from .sentences import _
from .stated import Precision, Stated, Window, format_stated, window

ASSUMPTION = _("the analyst's assumption")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of “why this date?”: what was done, the instant it gave, and on whose word."""

    words: str
    instant: datetime | None = None
    because: str = ""


@dataclass(frozen=True, slots=True)
class End:
    """Where a term ends: a window, or open, or not computable and why."""

    window: Window | None = None
    open_end: OpenEnd | None = None
    missing: str = ""
    steps: tuple[Step, ...] = ()


def hull(windows: Iterable[Window]) -> Window | None:
    """The window from the earliest to the latest of several; None of none."""
    found = list(windows)
    if not found:
        return None
    return Window(min(w.earliest for w in found), max(w.latest for w in found))


def count_days(day: date, duration: Duration, rule: Rule, zone: str) -> datetime:
    """The end of a term counted in whole days from a local date, as the UTC instant.

    Raises Invalid for a duration with a time part, or a rule that counts no days.
    """
    if duration.has_time:
        raise Invalid(
            _("{duration} has hours: days cannot be counted in it.", duration=duration.words),
            field="rule",
            mend=_("Use “elapsed time”, or give the duration in days."),
        )
    after = durations.add_to_date(day, duration)
    match rule:
        case Rule.INCLUSIVE:
            return zones.first_instant_of(after, zone)
        case Rule.EXCLUSIVE:
            return zones.first_instant_of(durations.add_to_date(after, Duration(days=1)), zone)
        case _:
            raise Invalid(
                _("That day count says what an end date means; it does not count days."),
                field="rule",
                mend=_(
                    "Use “day of the start counted”, “day of the start not counted” or "
                    "“elapsed time” with a duration."
                ),
            )


def counted_end(start: Stated, duration: Duration, rule: Rule | None, zone: str) -> Window:
    """The end of ``duration`` from a stated start under a day-count rule.

    Without a rule the window spans both counts. Raises Invalid where it cannot be computed.
    """
    begins = window(start, default_zone=zone)
    if begins is None or start.local is None:
        raise Invalid(_("The start is not known."), field="start")
    if rule is None:
        if duration.has_time:
            return counted_end(start, duration, Rule.ELAPSED, zone)
        both = [counted_end(start, duration, r, zone) for r in (Rule.INCLUSIVE, Rule.EXCLUSIVE)]
        return Window(both[0].earliest, both[1].latest)
    if rule is Rule.ELAPSED:
        return Window(
            durations.add(begins.earliest, duration, zone),
            durations.add(begins.latest, duration, zone),
        )
    first, last = _local_days(start, begins, zone)
    return Window(
        count_days(first, duration, rule, zone),
        count_days(last, duration, rule, zone),
    )


def _local_days(start: Stated, begins: Window, zone: str) -> tuple[date, date]:
    """The first and the last local date on which the term may have begun."""
    assert start.local is not None
    if start.precision is Precision.DAY:
        return start.local.date(), start.local.date()
    if start.precision is Precision.MONTH:
        after = durations.add_to_date(start.local.date(), Duration(months=1))
        return start.local.date(), after - timedelta(days=1)
    return zones.local(begins.earliest, zone).date(), zones.local(begins.latest, zone).date()


def stated_end(end: Stated, rule: Rule | None, zone: str | None) -> Window | None:
    """What a stated end means: a clock time is itself; a bare date runs through or until it.

    Without a rule a bare date is the window from 00:00 to 24:00 of it. None: zone unknown.
    """
    lies = window(end, default_zone=zone)
    if lies is None or not end.is_bare_date:
        return lies
    match rule:
        case Rule.UNTIL:
            return Window(lies.earliest, lies.earliest)
        case Rule.THROUGH | Rule.INCLUSIVE | Rule.EXCLUSIVE:
            return Window(lies.latest, lies.latest)
        case _:
            return lies


def zone_of(reading: Reading, start: Stated | None) -> str | None:
    """The zone of a reading's arithmetic: its own, else its start's, else its end's."""
    if reading.zone:
        return reading.zone
    for stated in (start, reading.end):
        if stated is not None and stated.zone:
            return stated.zone
    return None


def end_of(reading: Reading, starts: Iterable[Stated], ended_by: Iterable[Stated] = ()) -> End:
    """The end of a reading's own term, before extensions and clock stops.

    ``starts``: the possible starts (several while a trigger's occurrence is disputed).
    ``ended_by``: the stated occurrences of the event that ends it, none while it is unknown.
    Never raises: what cannot be computed says why in ``missing``.
    """
    starts = list(starts)
    try:
        return _end_of(reading, starts, list(ended_by))
    except Invalid as error:
        return End(missing=error.message)


def _end_of(reading: Reading, starts: list[Stated], ended_by: list[Stated]) -> End:
    zone = zone_of(reading, starts[0] if starts else None)
    if reading.end is not None:
        return _given_end(reading, reading.end, zone)
    if reading.end_trigger is not None:
        events = [w for s in ended_by if (w := window(s, default_zone=zone)) is not None]
        found = hull(events)
        if found is None:
            return End(open_end=OpenEnd.UNTIL_EVENT)
        return End(found, steps=(Step(_("It ends with the event that was named"), found.latest),))
    if reading.duration is None:
        return End(open_end=reading.open_end or OpenEnd.NOT_STATED)
    if not starts:
        return End(missing=_("The start is not known."))
    if zone is None:
        return End(missing=_("No time zone is stated or assumed."))
    duration = reading.duration
    counted = hull(counted_end(s, duration, reading.rule, zone) for s in starts)
    assert counted is not None
    return End(counted, steps=tuple(_count_steps(reading, starts, counted, zone)))


def _given_end(reading: Reading, end: Stated, zone: str | None) -> End:
    found = stated_end(end, reading.rule, zone)
    if found is None:
        return End(missing=_("The end is not known, or no time zone is stated or assumed."))
    because = reading.because.get("end", ASSUMPTION)
    steps = [Step(_("End as stated: {end}", end=format_stated(end)), None, because)]
    if end.is_bare_date:
        rule_because = reading.because.get("rule", ASSUMPTION)
        words = {
            Rule.UNTIL: _("Until that date: it ends at 00:00 of it"),
            None: _("Through or until that date is not stated: it ends between 00:00 and 24:00"),
        }.get(reading.rule, _("Through that date: it ends at 24:00, the next day's first instant"))
        steps.append(Step(words, found.latest, rule_because))
    else:
        steps += _oddities(end, zone)
    steps.append(_result(found, end.zone or zone))
    return End(found, steps=tuple(steps))


def _count_steps(reading: Reading, starts: list[Stated], end: Window, zone: str) -> Iterable[Step]:
    duration, rule = reading.duration, reading.rule
    assert duration is not None
    for start in starts:
        begins = window(start, default_zone=zone)
        yield Step(
            _("Start as stated: {start}", start=format_stated(start)),
            begins.earliest if begins else None,
            reading.because.get("start", ASSUMPTION),
        )
        yield from _oddities(start, zone)
    counted = (
        _("Counted in {zone} (assumed)", zone=zone)
        if reading.zone_assumed
        else _("Counted in {zone}", zone=zone)
    )
    yield Step(counted, None, reading.because.get("zone", ASSUMPTION))
    rule_because = reading.because.get("rule", ASSUMPTION)
    match rule:
        case Rule.INCLUSIVE:
            yield Step(_("The start's local date is day 1 (inclusive)"), None, rule_because)
        case Rule.EXCLUSIVE:
            yield Step(_("The start's local date is not counted (exclusive)"), None, rule_because)
        case Rule.ELAPSED:
            elapsed = _("Counted from the clock time (elapsed).")
            if starts[0].is_bare_date:
                elapsed = _(
                    "Counted from the clock time (elapsed). The start has no clock time: a window."
                )
            yield Step(elapsed, None, rule_because)
        case _:
            yield Step(_("The day-count rule is not stated: both counts"), None, rule_because)
    if duration.has_calendar:
        added = _("{duration} added by the calendar, wall clock kept", duration=duration.words)
    else:
        added = _("{duration} added as elapsed time", duration=duration.words)
    yield Step(added, None, reading.because.get("duration", ASSUMPTION))
    yield _result(end, zone)


def _oddities(stated: Stated, zone: str | None) -> Iterable[Step]:
    """What clocks did at a stated time: jumped over it, or showed it twice."""
    name = stated.zone or zone
    if name is None or stated.local is None or stated.is_bare_date:
        return
    if zones.is_in_gap(stated.local, name):
        yield Step(_("Clocks jumped over that time: the offset before the change is taken"))
    elif zones.occurs_twice(stated.local, name):
        yield Step(_("Clocks showed that time twice: the first is taken"))


def _result(end: Window, zone: str | None) -> Step:
    if not end.is_point:
        return Step(_("Ends within a window: the earliest warns, the latest expires"), end.latest)
    if zone is None:
        return Step(_("Ends"), end.latest)
    wall = zones.local(end.latest, zone)
    ends = _(
        "Ends {clock} {zone}, {offset}",
        clock=f"{wall:%Y-%m-%d %H:%M}",
        zone=zone,
        offset=zones.offset_words(end.latest, zone),
    )
    if wall.hour == wall.minute == wall.second == 0:
        day = wall.date() - timedelta(days=1)
        ends = _("{ends}, that is 24:00 on {day}", ends=ends, day=day)
    return Step(ends, end.latest)
