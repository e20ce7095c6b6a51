"""When an alert may leave: at once or with a digest, outside quiet hours, after a snooze.

Pure; times of day are the reader's own. Must not live here: what is alerted (causes.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from . import zones

ONE_DAY = timedelta(days=1)
WEEK = 7


class Rhythm(StrEnum):
    """How often somebody wants to be told."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class Timing:
    """Somebody's choice. ``zone``: an IANA name. ``weekday``: Monday is 0.

    Quiet hours run to ``quiet_until``, over midnight where that is the earlier time of day; two
    equal times are no quiet hours.
    """

    zone: str = "UTC"
    rhythm: Rhythm = Rhythm.AT_ONCE
    hour: int = 8
    weekday: int = 0
    quiet_from: time | None = None
    quiet_until: time | None = None
    snoozed_until: datetime | None = None


def leaves_at(timing: Timing, at: datetime, *, snoozed_until: datetime | None = None) -> datetime:
    """The first instant from ``at`` on at which an alert may leave, in UTC.

    A snooze (of everything, or ``snoozed_until`` of this pledge) ends first; a digest leaves at its
    hour even within quiet hours, since that hour was chosen.
    """
    ready = max(x for x in (at, timing.snoozed_until, snoozed_until) if x is not None)
    if timing.rhythm is Rhythm.AT_ONCE:
        return _after_quiet(timing, ready)
    return next(when for when in _digests(timing, ready) if when >= ready)


def _digests(timing: Timing, ready: datetime) -> Iterator[datetime]:
    day = zones.local(ready, timing.zone).date() - ONE_DAY
    while True:
        if timing.rhythm is Rhythm.DAILY or day.weekday() == timing.weekday:
            yield _at(day, time(timing.hour), timing.zone)
        day += ONE_DAY


def _after_quiet(timing: Timing, ready: datetime) -> datetime:
    begins, ends = timing.quiet_from, timing.quiet_until
    if begins is None or ends is None or begins == ends:
        return ready
    today = zones.local(ready, timing.zone).date()
    for day in (today - ONE_DAY, today):
        until = day if begins < ends else day + ONE_DAY
        if _at(day, begins, timing.zone) <= ready < (end := _at(until, ends, timing.zone)):
            return end
    return ready


def _at(day: date, of_day: time, zone: str) -> datetime:
    return zones.instant(datetime.combine(day, of_day), zone)
