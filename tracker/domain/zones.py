"""Between local time and the instant: zones, gaps, repeated hours, first instants of days.

The rules (Python's PEP 495 with ``fold=0`` gives both): a local time in a spring gap takes the
offset that held before it; one that occurs twice is the first.
"""

from datetime import UTC, date, datetime, time, timedelta, timezone
from difflib import get_close_matches
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from .errors import Invalid
from .sentences import _

SECOND = timedelta(seconds=1)
EARLIEST = datetime(1, 1, 3, tzinfo=UTC)
LATEST = datetime(9999, 12, 29, tzinfo=UTC)


@lru_cache(maxsize=1)
def names() -> frozenset[str]:
    """The IANA names that this installation knows."""
    return frozenset(available_timezones())


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    """The zone of that IANA name. Raises Invalid for any other text."""
    if name not in names():
        raise Invalid(_("“{name}” is not a time zone.", name=name), field="zone", mend=_mend(name))
    return ZoneInfo(name)


def nearest(name: str) -> list[str]:
    """The names that are written most like it, the likeliest first; none where none is like it."""
    plain = name.strip().replace(" ", "_").casefold()[:64]
    by_plain: dict[str, str] = {}
    for known in sorted(names(), key=lambda one: one.count("/")):
        by_plain[known.casefold()] = known
        by_plain[known.rsplit("/", 1)[-1].casefold()] = known
    close = get_close_matches(plain, by_plain, n=5, cutoff=0.7)
    return list(dict.fromkeys(by_plain[one] for one in close))[:3]


def _mend(name: str) -> str:
    close = nearest(name)
    if close:
        return _("Did you mean {zones}?", zones=" or ".join(close))
    return _("Use an IANA name such as Europe/Kyiv, Asia/Beirut or UTC.")


def instant(local: datetime, zone_name: str) -> datetime:
    """The UTC instant of a naive local time: in a gap by the offset before it, else the first.

    Raises Invalid for an unknown zone or a time outside the years 1 to 9999.
    """
    try:
        return local.replace(tzinfo=zone(zone_name), fold=0).astimezone(UTC)
    except OverflowError as error:
        raise Invalid(_("{local} lies outside the calendar.", local=local), field="time") from error


def local(at: datetime, zone_name: str) -> datetime:
    """The naive local time of an aware instant."""
    return at.astimezone(zone(zone_name)).replace(tzinfo=None, fold=0)


def is_in_gap(local_time: datetime, zone_name: str) -> bool:
    """Whether clocks in the zone jumped over this naive local time."""
    return local(instant(local_time, zone_name), zone_name) != local_time


def occurs_twice(local_time: datetime, zone_name: str) -> bool:
    """Whether clocks in the zone showed this naive local time twice."""
    tz = zone(zone_name)
    first = local_time.replace(tzinfo=tz, fold=0).utcoffset()
    second = local_time.replace(tzinfo=tz, fold=1).utcoffset()
    return first != second and not is_in_gap(local_time, zone_name)


def first_instant_of(day: date, zone_name: str) -> datetime:
    """The first UTC instant at which the zone's calendar shows ``day`` or a later one.

    Where clocks jump over midnight that is the jump itself; where a whole day was left out
    (Samoa, 30 December 2011) it is the first instant of the day after.
    """
    midnight = datetime.combine(day, time.min)
    found = instant(midnight, zone_name)
    if local(found, zone_name) == midnight:
        return found
    before = found - timedelta(days=2)
    seconds = (found - before) // SECOND
    low, high = 0, seconds  # local date < day at low, >= day at high
    while high - low > 1:
        middle = (low + high) // 2
        if local(before + middle * SECOND, zone_name).date() >= day:
            high = middle
        else:
            low = middle
    return before + high * SECOND


def offset_words(at: datetime, zone_name: str) -> str:
    """The offset in force at an instant, as ``UTC+03:00``."""
    offset = at.astimezone(zone(zone_name)).utcoffset() or timedelta()
    words = datetime(2000, 1, 1, tzinfo=timezone(offset)).strftime("%z")
    return f"UTC{words[:3]}:{words[3:5]}"
