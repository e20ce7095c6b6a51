"""The board's bands: how long a pledge still runs, in the order in which analysts look."""

from datetime import datetime, timedelta
from enum import StrEnum

from .status import Assessment
from .transitions import CLOSED, Stage


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
    if stage in CLOSED:
        return Band.ENDED
    if stage == Stage.EXPIRED or (ends_at is not None and ends_at <= at):
        return Band.EXPIRED
    if warns_at is None:
        return Band.NONE
    left = warns_at - at
    return next((name for name, limit in LIMITS if left <= limit), Band.LATER)
