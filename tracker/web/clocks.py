"""What a pledge's line says of time: how long still, until when, or why there is no such thing."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.urls import reverse
from django.utils.translation import gettext

from tracker.domain.bands import Band
from tracker.domain.transitions import BEFORE_ENTRY, CLOSED, NEVER, Stage
from tracker.selectors.listed import DIFFER, Listed
from tracker.words import label

SAID_BY = (("verification_due", "unverified"), ("deadline_due", "deadline_missed"))


@dataclass(frozen=True, slots=True)
class Clock:
    """``kind``: left, starts or due, towards ``at``; or ``words`` alone where nothing runs.

    ``latest`` is set where no reading is adopted and the ends differ: then ``at`` is the earliest.
    ``ended`` is the stated time from which a person's move holds that ended the pledge.
    """

    kind: str = ""
    at: datetime | None = None
    latest: datetime | None = None
    zone: str = ""
    words: str = ""
    is_owed: bool = False
    ended: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A pledge as lists show it. ``flags``: the kinds that its stage does not say already, each
    with what it is of where lists say that. ``began``: since when it could have been verified, if
    it ever could.
    """

    entry: Listed
    clock: Clock
    flags: list[tuple[str, str]]
    began: datetime | None
    address: str


def line(entry: Listed) -> Line:
    return Line(entry, clock(entry), _telling(entry), _began(entry), _address(entry.ref))


@lru_cache(maxsize=8192)  # lists lead to the same ones again and again
def _address(ref: str) -> str:
    return reverse("pledge", args=(ref,))


def _began(entry: Listed) -> datetime | None:
    if entry.starts_at is None or entry.stage in BEFORE_ENTRY | NEVER:
        return None
    return entry.starts_at if entry.starts_at <= entry.at else None


def _telling(entry: Listed) -> list[tuple[str, str]]:
    kinds = [kind for kind in entry.kinds if kind != "expired"]
    said = {weaker for weaker, stronger in SAID_BY if stronger in kinds}
    differ = ", ".join(label("field_inline", name) for name in entry.differ)
    return [(kind, differ if kind == DIFFER else "") for kind in kinds if kind not in said]


def clock(entry: Listed) -> Clock:
    """What the entry's line says of time at the entry's own instant."""
    if entry.stage in CLOSED:
        return Clock(zone=entry.zone, ended=entry.ended)
    if entry.stage in BEFORE_ENTRY:
        return _before_entry(entry)
    if entry.stage == Stage.EXPIRED:
        return Clock("left", entry.ends_at, zone=entry.zone)
    kind = "left" if entry.expires else "due"
    if entry.band == Band.EXPIRED:
        return Clock(kind, entry.ends_at, zone=entry.zone, is_owed=not entry.expires)
    if entry.warns_at is None:
        return Clock(zone=entry.zone, words=_without_end(entry))
    if entry.adopted or entry.warns_at == entry.ends_at:
        return Clock(kind, entry.warns_at, zone=entry.zone)
    words = "" if entry.ends_at else gettext("another reading has no end")
    return Clock(kind, entry.warns_at, latest=entry.ends_at, zone=entry.zone, words=words)


def _before_entry(entry: Listed) -> Clock:
    if entry.stage == Stage.SCHEDULED and entry.starts_at is not None:
        return Clock("starts", entry.starts_at, zone=entry.zone)
    return Clock(zone=entry.zone, words=gettext("not begun"))


def _without_end(entry: Listed) -> str:
    if "clock_stopped" in entry.overlays:
        return gettext("the clock is stopped")
    return gettext("no end")
