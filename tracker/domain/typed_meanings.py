"""From the parts that were found in a typed time to its one meaning, or to the question which.

Must not live here: how parts are found (typed.py).
"""

import calendar
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import product

from . import stated, zones
from .errors import Answer, Invalid, Unclear
from .sentences import _, joined

MEND = _(
    "Write 18 Mar 2025, 18:00 Moscow; or 2025-03-18 18:00 Europe/Moscow; or 2025-03-18T15:00Z."
)
NEAR = range(1900, 2200)  # years that need no second look


@dataclass(frozen=True, slots=True)
class Day:
    """A date, or (day 0) a month."""

    year: int
    month: int
    day: int = 0
    words: str = ""


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day; ``hour`` 24: the end of the day. ``words`` tell it from another meaning."""

    hour: int
    minute: int = 0
    second: int = 0
    is_about: bool = False
    words: str = ""


@dataclass(slots=True)
class Parts:
    """What was found in a text, each in every way in which it can be meant."""

    days: list[Day] = field(default_factory=list)
    clocks: list[Clock | None] = field(default_factory=lambda: [None])
    zones: list[str] = field(default_factory=lambda: [""])
    offset: timedelta | None = None
    weekday: int | None = None
    is_assumed: bool = False
    questions: list[str] = field(default_factory=list)


def unread(text: str) -> Invalid:
    return Invalid(
        _("“{text}” is not a time that can be read.", text=text), field="time", mend=MEND
    )


def meaning(parts: Parts, shown: str) -> str:
    """The text of the one meaning. Raises Unclear where there are several."""
    answers: dict[str, str] = {}
    refused: Invalid | None = None
    for day, clock, zone in product(parts.days, parts.clocks, parts.zones):
        told = [one for one in (day.words, clock.words if clock else "") if one]
        if len(parts.zones) > 1:
            told.append(zone)
        try:
            answers.setdefault(_text(parts, day, clock, zone), ", ".join(told))
        except Invalid as error:
            refused = error
    if not answers:
        raise refused or unread(shown)
    if len(answers) == 1:
        return next(iter(answers))
    question = joined(*parts.questions)
    raise Unclear(
        _("“{shown}” can be meant in several ways. {question}", shown=shown, question=question),
        field="time",
        answers=(Answer(text, words) for text, words in answers.items()),
    )


def _text(parts: Parts, day: Day, clock: Clock | None, zone: str) -> str:
    if day.year not in NEAR:
        raise Invalid(
            _("The year {year} is far away.", year=day.year),
            field="time",
            mend=_("If it is meant, write it as 1404-01-15; another calendar’s year is not read."),
        )
    if clock is not None and not day.day:
        raise Invalid(_("The hour of a month is given."), field="time", mend=_("Give the day too."))
    try:
        local = datetime.combine(date(day.year, day.month, day.day or 1), time.min)
    except ValueError as error:
        raise Invalid(
            _("There is no {day}.", day=_named(day)),
            field="time",
            mend=_("Check the day and the month."),
        ) from error
    if parts.weekday is not None and day.day and local.weekday() != parts.weekday:
        raise Invalid(
            _("{local:%d %B %Y} is a {local:%A}.", local=local),
            field="time",
            mend=_("Mend the day or the weekday."),
        )
    if clock is not None:
        if clock.hour == 24 and clock.is_about:
            local, clock = local + timedelta(days=1), Clock(0, is_about=True)
        return _precise(parts, _at(local, clock), clock, zone)
    if parts.offset is not None:
        raise Invalid(
            _("A whole day needs a zone, not an offset."),
            field="zone",
            mend=_("Name the city by whose clocks the day is counted, or give the clock time."),
        )
    text = local.strftime("%Y-%m-%d" if day.day else "%Y-%m")
    return str(stated.parse(_in_zone(text, zone, is_assumed=parts.is_assumed)))


def _named(day: Day) -> str:
    name = calendar.month_name[day.month] if 1 <= day.month <= 12 else f"month {day.month}"
    return f"{day.day} {name} {day.year}".removeprefix("0 ")


def _at(local: datetime, clock: Clock) -> datetime:
    if clock.hour == 24 and not clock.minute and not clock.second:
        return local + timedelta(days=1)
    if clock.hour > 23 or clock.minute > 59 or clock.second > 59:
        raise Invalid(
            _("There is no {hour}:{minute:02} on a clock.", hour=clock.hour, minute=clock.minute),
            field="time",
            mend=_("Hours go from 00:00 to 24:00."),
        )
    return local.replace(hour=clock.hour, minute=clock.minute, second=clock.second)


def _precise(parts: Parts, local: datetime, clock: Clock, zone: str) -> str:
    """The text of a clock time: by its zone, or by the offset that is given with it."""
    form = "%Y-%m-%d %Hh" if clock.is_about else "%Y-%m-%d %H:%M:%S"
    if parts.offset is None:
        text = _in_zone(local.strftime(form), zone, is_assumed=parts.is_assumed)
        return str(stated.parse(text))
    exact = (local - parts.offset).replace(tzinfo=UTC)
    if zone:
        return _by_both(local, exact, zone, form)
    if clock.is_about and exact.minute:
        raise Invalid(
            _("About an hour is kept by whole hours from UTC."),
            field="time",
            mend=_("Name the zone by its city, or give the time to the minute."),
        )
    return str(stated.parse(_in_zone(exact.strftime(form), "UTC", is_assumed=False)))


def _by_both(local: datetime, exact: datetime, zone: str, form: str) -> str:
    """A zone and an offset: they must agree, and the offset tells a repeated hour apart."""
    if zones.local(exact, zone) != local:
        said = zones.offset_words(zones.instant(local, zone), zone)
        raise Invalid(
            _("{zone} is at {said} then, not at the offset that is given.", zone=zone, said=said),
            field="zone",
            mend=_("Leave out one of them."),
        )
    if zones.instant(local, zone) != exact:
        return str(stated.parse(exact.strftime("%Y-%m-%dT%H:%M:%SZ")))
    return str(stated.parse(_in_zone(local.strftime(form), zone, is_assumed=False)))


def _in_zone(text: str, zone: str, *, is_assumed: bool) -> str:
    if not zone:
        return text
    return f"{text} {'?' if is_assumed else ''}{zone}"
