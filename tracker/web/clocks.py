"""What a pledge's line says of time: how long still, until when, or why there is no such thing."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from tracker.domain.bands import Band
from tracker.domain.terms import zone_of as zone_of_reading
from tracker.domain.transitions import BEFORE_ENTRY, CLOSED, Stage
from tracker.selectors.entries import Entry

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
    """A pledge as lists show it. ``flags`` are the kinds that its stage does not say already."""

    entry: Entry
    clock: Clock
    flags: list[str]


def line(entry: Entry) -> Line:
    return Line(entry, clock(entry), _telling(entry))


def _telling(entry: Entry) -> list[str]:
    kinds = dict.fromkeys(flag.kind for flag in entry.flags)
    kinds.pop("expired", None)
    for weaker, stronger in SAID_BY:
        if stronger in kinds:
            kinds.pop(weaker, None)
    return list(kinds)


def zone_of(entry: Entry) -> str:
    """The zone in which the entry's instants are shown: the driving reading's, else the dossier's.

    Where several standing readings drive, the first of them by key stands for all.
    """
    standing = [t for t in entry.terms if t.is_standing]
    driving = [t for t in standing if t.reading.key == entry.adopted] or standing
    for term in driving:
        zone = zone_of_reading(term.reading, term.reading.start)
        if zone:
            return zone
    dossier = entry.tables.get("dossier", {}).get(entry.dossier, {})
    return str(dossier.get("zone") or "UTC")


def clock(entry: Entry) -> Clock:
    """What the entry's line says of time at the entry's own instant."""
    zone = zone_of(entry)
    if entry.stage in CLOSED:
        return Clock(zone=zone, ended=_ended(entry))
    if entry.stage in BEFORE_ENTRY:
        return _before_entry(entry)
    if entry.stage == Stage.EXPIRED:
        return Clock("left", entry.ends_at, zone=zone)
    expires = entry.facts.act.expires
    kind = "left" if expires else "due"
    if entry.band == Band.EXPIRED:
        return Clock(kind, entry.ends_at, zone=zone, is_owed=not expires)
    if entry.warns_at is None:
        return Clock(zone=zone, words=_without_end(entry))
    if entry.adopted or entry.warns_at == entry.ends_at:
        return Clock(kind, entry.warns_at, zone=zone)
    words = "" if entry.ends_at else gettext("another reading has no end")
    return Clock(kind, entry.warns_at, latest=entry.ends_at, zone=zone, words=words)


def _before_entry(entry: Entry) -> Clock:
    at = entry.starts_at
    if entry.stage == Stage.SCHEDULED and at is not None:
        return Clock("starts", at, zone=zone_of(entry))
    return Clock(zone=zone_of(entry), words=gettext("not begun"))


def _without_end(entry: Entry) -> str:
    if "clock_stopped" in entry.overlays:
        return gettext("the clock is stopped")
    return gettext("no end")


def _ended(entry: Entry) -> str:
    moves = [m for m in entry.moves if m.state["machine"] == "stage" and m.withdrawn is None]
    reached = [m for m in moves if m.state["to"] == entry.stage]
    return str(reached[-1].state["effective"]) if reached else ""
