"""Times as they were stated: local text, precision, zone; the instant is derived from them.

The canonical text (forms, seed files, ledger and API all use it):

- ``2025-03-18 18:00 Europe/Moscow`` to the minute (``18:00:30`` is read too)
- ``2025-03-18 18h Europe/Moscow`` about that hour
- ``2025-03-18 Europe/Moscow`` the day, time not stated
- ``2025-03 Europe/Moscow`` the month
- ``unknown`` nothing is known of it
- the zone may be left out or ``?`` (not stated), or ``?Europe/Kyiv`` (not stated, assumed)
- ``2025-04-16T20:59Z`` and ``2025-04-16T23:59+03:00`` are exact instants
- ``24:00`` is the first instant of the next day
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache

from . import zones
from .durations import Duration, add_to_date
from .errors import Invalid
from .sentences import _


class Precision(StrEnum):
    """How finely a time is known."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    MONTH = "month"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Window:
    """The instants between which something lies: earliest and latest, UTC, possibly equal."""

    earliest: datetime
    latest: datetime

    @property
    def is_point(self) -> bool:
        return self.earliest == self.latest


@dataclass(frozen=True, slots=True)
class Stated:
    """A time as stated. ``local`` is naive; ``zone`` None means that none was stated."""

    local: datetime | None
    precision: Precision
    zone: str | None = None
    zone_assumed: bool = False

    @property
    def day(self) -> date | None:
        return self.local.date() if self.local else None

    @property
    def is_bare_date(self) -> bool:
        return self.precision in (Precision.DAY, Precision.MONTH)

    def __str__(self) -> str:
        return format_stated(self)


# Texts and times whose meaning is kept: tables and registers say the same ones again and again.
REMEMBERED = 20_000
UNKNOWN = Stated(None, Precision.UNKNOWN)
_INSTANT = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)", re.ASCII
)
_LOCAL = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d\d)(?:-(?P<day>\d\d)"
    r"(?:[ T](?P<hour>\d\d)(?:h|:(?P<minute>\d\d)(?::(?P<second>\d\d))?))?)?"
    r"(?:\s+(?P<assumed>\?)?(?P<zone>[A-Za-z][A-Za-z0-9_+\-/]*)?)?",
    re.ASCII,
)
_MEND = _("Write 2025-03-18 18:00 Europe/Moscow, 2025-03-18 Europe/Moscow, or 2025-03-18T15:00Z.")


def parse(text: str) -> Stated:
    """Read the canonical text of a stated time. Raises Invalid, which says how to write it."""
    return _parse(text.strip())


@lru_cache(maxsize=REMEMBERED)
def _parse(text: str) -> Stated:
    if text == "unknown":
        return UNKNOWN
    if _INSTANT.fullmatch(text):
        return _parse_instant(text)
    found = _LOCAL.fullmatch(text)
    if found is None:
        raise Invalid(
            _("“{text}” is not a time that can be read.", text=text), field="time", mend=_MEND
        )
    zone_name = found["zone"]
    if zone_name:
        zones.zone(zone_name)
    local, precision = _parse_local(text, found)
    stated = Stated(local, precision, zone_name or None, bool(found["assumed"]) and bool(zone_name))
    if zone_name:
        _require_calendar(stated)
    return stated


def _parse_instant(text: str) -> Stated:
    try:
        moment = datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Invalid(
            _("“{text}” is not a date that exists.", text=text), field="time", mend=_MEND
        ) from error
    stated = Stated(moment.replace(tzinfo=None), Precision.MINUTE, "UTC")
    _require_calendar(stated)
    return stated


def _parse_local(text: str, found: re.Match[str]) -> tuple[datetime, Precision]:
    year, month, day = int(found["year"]), int(found["month"]), int(found["day"] or 1)
    try:
        base = datetime(year, month, day)
        if found["day"] is None:
            return base, Precision.MONTH
        if found["hour"] is None:
            return base, Precision.DAY
        hour, minute, second = (int(found[name] or 0) for name in ("hour", "minute", "second"))
        if (hour, minute, second) == (24, 0, 0) and found["minute"] is not None:
            return base + timedelta(days=1), Precision.MINUTE
        precise = datetime.combine(base.date(), time(hour, minute, second))
    except (ValueError, OverflowError) as error:
        raise Invalid(
            _("“{text}” is not a date and time that exists.", text=text), field="time", mend=_MEND
        ) from error
    return precise, Precision.HOUR if found["minute"] is None else Precision.MINUTE


def _require_calendar(stated: Stated) -> None:
    local = stated.local
    if local is not None and not 1000 <= local.year <= 9990:
        raise Invalid(
            _("The year {year} lies outside the calendar.", year=local.year),
            field="time",
            mend=_MEND,
        )


def format_stated(stated: Stated) -> str:
    """The canonical text, which ``parse`` reads back to an equal value."""
    local = stated.local
    if local is None or stated.precision is Precision.UNKNOWN:
        return "unknown"
    match stated.precision:
        case Precision.MONTH:
            text = local.strftime("%Y-%m")
        case Precision.DAY:
            text = local.strftime("%Y-%m-%d")
        case Precision.HOUR:
            text = local.strftime("%Y-%m-%d %Hh")
        case _:
            if stated.zone == "UTC" and not stated.zone_assumed:
                return local.isoformat(timespec="auto" if local.second else "minutes") + "Z"
            text = local.strftime("%Y-%m-%d %H:%M" + (":%S" if local.second else ""))
    if stated.zone is None:
        return text
    return f"{text} {'?' if stated.zone_assumed else ''}{stated.zone}"


def window(stated: Stated, *, default_zone: str | None = None) -> Window | None:
    """Between which UTC instants the stated time lies; None when it or its zone is unknown.

    A day begins at its first instant in its zone and lies within that day; an hour and a month
    likewise. The earliest instant is what the clock goes by.
    """
    zone_name = stated.zone or default_zone
    return None if zone_name is None else _window(stated, zone_name)


@lru_cache(maxsize=REMEMBERED)
def _window(stated: Stated, zone_name: str) -> Window | None:
    local = stated.local
    if local is None:
        return None
    match stated.precision:
        case Precision.MONTH:
            after = add_to_date(local.date(), Duration(months=1))
            return Window(
                zones.first_instant_of(local.date(), zone_name),
                zones.first_instant_of(after, zone_name),
            )
        case Precision.DAY:
            return Window(
                zones.first_instant_of(local.date(), zone_name),
                zones.first_instant_of(local.date() + timedelta(days=1), zone_name),
            )
        case Precision.HOUR:
            begin = zones.instant(local, zone_name)
            return Window(begin, begin + timedelta(hours=1))
        case _:
            moment = _moment(local, zone_name)
            return Window(moment, moment)


def _moment(local: datetime, zone_name: str) -> datetime:
    """A stated clock time; 00:00 of a day (24:00 of the one before) is the day's first instant."""
    if local.time() == time.min:
        return zones.first_instant_of(local.date(), zone_name)
    return zones.instant(local, zone_name)


def first_instant(stated: Stated, *, default_zone: str | None = None) -> datetime | None:
    """The earliest UTC instant of the stated time; None when it or its zone is unknown."""
    found = window(stated, default_zone=default_zone)
    return found.earliest if found else None


def parse_instant(text: str) -> datetime:
    """Read ``at=`` and ``known=``: an ISO instant; a bare date or a time without zone is UTC.

    Raises Invalid, which says how to write it.
    """
    stripped = text.strip()
    if not re.fullmatch(r"\d{4}-\d\d-\d\d([T ]\S+)?", stripped, re.ASCII):
        raise Invalid(_("“{text}” is not an instant.", text=text), field="at", mend=_AT_MEND)
    try:
        moment = datetime.fromisoformat(stripped)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Invalid(
            _("“{text}” is not an instant.", text=text), field="at", mend=_AT_MEND
        ) from error
    if not zones.EARLIEST <= moment <= zones.LATEST:
        raise Invalid(
            _("“{text}” lies outside the calendar.", text=text), field="at", mend=_AT_MEND
        )
    return moment


_AT_MEND = _("Write 2025-04-16T20:59Z, or a date alone for 00:00 UTC of that day.")
