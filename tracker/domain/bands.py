"""The board's bands: how long a pledge still runs, in the order in which analysts look."""

from datetime import datetime, timedelta
from enum import StrEnum

from .status import Assessment
from .transitions import CLOSED, Stage


class Shelf(StrEnum):
    """Which bands a pledge can be in for as long as nothing happens to it.

    What runs goes from band to band by the clock alone; the others are bands of their own.
    """

    EXPIRED = "expired"
    RUNS = "runs"
    NONE = "none"
    ENDED = "ended"


class Band(StrEnum):
    """Expired (or a deed's end passed), three warning bands, later, no end, ended by a person."""

    EXPIRED = "expired"
    DAY = "24h"
    THREE_DAYS = "72h"
    WEEK = "7d"
    LATER = "later"
    NONE = "none"
    ENDED = "ended"


LIMITS = (
    (Band.DAY, timedelta(hours=24)),
    (Band.THREE_DAYS, timedelta(hours=72)),
    (Band.WEEK, timedelta(days=7)),
)


def band(found: Assessment) -> Band:
    """The band at the assessment's instant, by the end that is warned of."""
    ends = found.ends.latest if found.ends is not None else None
    return band_of(found.stage, ends_at=ends, warns_at=found.warns_at, at=found.at)


def band_of(
    stage: str | None, *, ends_at: datetime | None, warns_at: datetime | None, at: datetime
) -> Band:
    """The same from what a phase keeps: the end that drives expiry, and the one warned of."""
    shelf = shelf_of(stage, ends_at=ends_at, warns_at=warns_at, at=at)
    if shelf is not Shelf.RUNS or warns_at is None:
        return Band(shelf)
    left = warns_at - at
    return next((name for name, limit in LIMITS if left <= limit), Band.LATER)


def sorts_at(
    shelf: Shelf, *, ends_at: datetime | None, warns_at: datetime | None, since: datetime
) -> datetime:
    """The instant by which lists sort within a shelf: the end to come, the end that was, or since
    when it has been as it is.
    """
    if shelf is Shelf.RUNS and warns_at is not None:
        return warns_at
    if shelf is Shelf.EXPIRED and ends_at is not None:
        return ends_at
    return since


def shelf_of(
    stage: str | None, *, ends_at: datetime | None, warns_at: datetime | None, at: datetime
) -> Shelf:
    """The same from one change of the pledge to the next: at any instant of a phase it is one."""
    if stage in CLOSED:
        return Shelf.ENDED
    if stage == Stage.EXPIRED or (ends_at is not None and ends_at <= at):
        return Shelf.EXPIRED
    return Shelf.NONE if warns_at is None else Shelf.RUNS
