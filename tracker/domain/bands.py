"""The board's bands: how long a pledge still runs, in the order in which analysts look."""

from datetime import timedelta
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
    if found.stage in CLOSED:
        return Band.ENDED
    if found.stage is Stage.EXPIRED:
        return Band.EXPIRED
    if found.ends is not None and found.ends.latest <= found.at:
        return Band.EXPIRED
    if found.warns_at is None:
        return Band.NONE
    left = found.warns_at - found.at
    return next((name for name, limit in LIMITS if left <= limit), Band.LATER)
