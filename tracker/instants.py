"""How instants and lengths are written, on pages and in mail alike. The clock is read elsewhere.

Event times are shown where they were said, with UTC beside them; they never follow the viewer.
"""

from datetime import datetime, timedelta
from functools import lru_cache

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext

from tracker.domain import stated, zones
from tracker.domain.stated import Precision, Stated

MINUTE = timedelta(minutes=1)
UTC_NAME = "UTC"


def city(zone: str) -> str:
    """What people call a zone: ``Europe/Moscow`` is Moscow, ``America/New_York`` New York."""
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def known(zone: str | None) -> str:
    """The zone where there is one of that name, else UTC."""
    return zone if zone and zone in zones.names() else UTC_NAME


def absolute(at: datetime, zone: str | None = None, *, is_end: bool = False) -> str:
    """An instant by the wall clock of ``zone``, UTC beside it.

    ``Thu 17 Apr 2025, 00:00 Moscow (24:00 on 16 Apr; 16 Apr 21:00 UTC)``. An end at midnight is
    also named as 24:00 of the day before, since outlets name either day.
    """
    name = known(zone)
    local = zones.local(at, name)
    said = f"{date_format(local, 'D j M Y, H:i')} {city(name)}"
    beside = []
    if is_end and (local.hour, local.minute, local.second) == (0, 0, 0):
        before = _short(local - MINUTE, beside=local)
        beside.append(gettext("24:00 on %(day)s") % {"day": before})
    if name != UTC_NAME:
        utc = zones.local(at, UTC_NAME)
        beside.append(f"{_short(utc, beside=local)} {date_format(utc, 'H:i')} UTC")
    return f"{said} ({'; '.join(beside)})" if beside else said


def _short(day: datetime, *, beside: datetime) -> str:
    return date_format(day, "j M" if day.year == beside.year else "j M Y")


def left(length: timedelta) -> str:
    """A length in its two largest units: ``2 days 4 h``, ``4 h 12 min``, ``12 min``.

    The script in static/js/countdown.js writes the same words; change both together.
    """
    return _left(abs(length) // MINUTE, get_language())


@lru_cache(maxsize=4096)  # a page that is loaded again within a minute says all of them again
def _left(minutes: int, _language: str) -> str:
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        said = ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
        return f"{said} {gettext('%(n)s h') % {'n': hours}}" if days < 100 and hours else said
    if hours:
        said = gettext("%(n)s h") % {"n": hours}
        return f"{said} {gettext('%(n)s min') % {'n': minutes}}" if minutes else said
    if minutes:
        return gettext("%(n)s min") % {"n": minutes}
    return gettext("less than a minute")


def in_words(found: Stated) -> str:
    """A stated time with what is not known of it: never more precise than it was said."""
    local = found.local
    if local is None or found.precision is Precision.UNKNOWN:
        return gettext("not known")
    where = _where(found)
    match found.precision:
        case Precision.MONTH:
            day, how = date_format(local, "F Y"), gettext("day not stated")
        case Precision.DAY:
            day, how = date_format(local, "j M Y"), gettext("time not stated; whole day")
        case Precision.HOUR:
            day = gettext("%(day)s, about %(hour)s") % {
                "day": date_format(local, "j M Y"),
                "hour": date_format(local, "H:00"),
            }
            how = ""
        case _:
            day, how = date_format(local, "j M Y, H:i"), ""
    if how:
        return f"{day} ({how}, {where})"
    return f"{day} {where}" if found.zone and not found.zone_assumed else f"{day} ({where})"


def _where(found: Stated) -> str:
    if found.zone is None:
        return gettext("zone not stated")
    if found.zone_assumed:
        return gettext("zone not stated; %(zone)s assumed") % {"zone": city(found.zone)}
    return city(found.zone)


def read_as(text: str) -> str:
    """A stated time in its canonical text, with its day of the week, and UTC beside it."""
    found = stated.parse(text)
    if found.local is None or found.precision is Precision.MONTH:
        return in_words(found)
    at = stated.first_instant(found)
    if found.precision is Precision.MINUTE and at is not None:
        if not found.zone_assumed:
            return absolute(at, found.zone)
        return gettext("%(time)s, the zone assumed") % {"time": absolute(at, found.zone)}
    return f"{date_format(found.local, 'D')} {in_words(found)}"
