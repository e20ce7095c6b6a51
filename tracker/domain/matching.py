"""Which pledges an event may bear on, and why: whose it was, when, what about, and where.

Pure, and exact about what is not known: an event of a day lies partly in a term that ends within
that day; one without a zone lies somewhere in the fifty hours that such a day takes; an actor that
is not stated is nobody's. It suggests; a person accepts or dismisses. Must not live here: queries,
words.
"""

import heapq
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from . import stated
from .facts import Subject
from .likeness import plain
from .spans import Span
from .stated import Stated, Window

# A day that is told without a zone has begun once it has begun anywhere, and ended everywhere.
FARTHEST_EAST, FARTHEST_WEST = timedelta(hours=14), timedelta(hours=12)
# Words of places that name no place.
_NO_PLACE = frozenset(
    ["area", "city", "district", "east", "front", "near", "north", "oblast", "province", "region"]
) | frozenset(["sea", "south", "territory", "town", "village", "west"])


class Lies(StrEnum):
    """Where an event lies by one stretch of a term."""

    WITHIN = "within"
    PARTLY = "partly"
    BEFORE = "before"
    AFTER = "after"


class Whose(StrEnum):
    """What the alleged actor has to do with the pledgor."""

    PLEDGOR = "pledgor"
    MEMBER = "member"
    PERHAPS_MEMBER = "perhaps_member"
    UNKNOWN = "actor_unknown"


class About(StrEnum):
    """What the event's subject has to do with the pledge's."""

    SAME = "subject_same"
    UNKNOWN = "subject_unknown"
    OPEN = "subject_open"  # the pledge is about something that has no name here


class Where(StrEnum):
    """What the event's place has to do with the pledge's area."""

    NAMED = "place_named"
    NOT_NAMED = "place_not_named"
    UNKNOWN = "place_unknown"
    EVERYWHERE = "area_not_stated"


@dataclass(frozen=True, slots=True)
class Suspended:
    """A stretch in which a pledge is suspended: by the clock from the first instant of its start to
    that of its end. ``end`` None: still. No areas: the whole of it.
    """

    start: Window
    end: Window | None = None
    areas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suspension:
    """That the pledge was suspended when an event was. ``is_sure``: then, and not only perhaps.

    ``where``: what its place has to do with the areas; without areas that is everywhere.
    """

    areas: tuple[str, ...]
    is_sure: bool
    where: Where


@dataclass(frozen=True, slots=True)
class Event:
    """What of an incident is compared. ``lies`` None: when it was is not known.

    ``is_lasting``: it began and ended; otherwise it was at some instant of the window. ``actor``:
    a party, by any name that ``Alliances`` knows it by; blank: not stated.
    """

    key: str
    lies: Window | None
    is_lasting: bool = False
    is_without_zone: bool = False
    actor: str = ""
    subject: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Undertaking:
    """What of a pledge is compared, with its stretches."""

    ref: str
    pledgor: str
    subject: str
    area: str = ""
    spans: tuple[Span, ...] = ()
    suspended: tuple[Suspended, ...] = ()


@dataclass(frozen=True, slots=True)
class Spell:
    """A membership of a coalition. ``since`` and ``until`` None: not stated."""

    coalition: str
    since: Window | None
    until: Window | None


@dataclass(frozen=True, slots=True)
class Alliances:
    """``same``: by party, the one that it turned out to be; ``spells``: by that one."""

    same: Mapping[str, str] = field(default_factory=dict)
    spells: Mapping[str, Sequence[Spell]] = field(default_factory=dict)

    def of(self, party: str) -> str:
        return self.same.get(party, party)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the event lies by one reading. ``in_start`` and ``in_end``: within the window in which
    that boundary lies, so that the clock’s convention decides. ``has_fallen``: the reading was
    withdrawn or set aside by then.
    """

    reading: str
    lies: Lies
    is_adopted: bool = False
    in_start: bool = False
    in_end: bool = False
    has_fallen: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """A pledge that an event may bear on, and every reason for and against it."""

    event: str
    ref: str
    places: tuple[Place, ...]
    whose: Whose
    about: About
    where: Where
    is_without_zone: bool = False
    suspensions: tuple[Suspension, ...] = ()

    @property
    def is_suspended(self) -> bool:
        """For sure, and there: what was done then and there the pledge did not forbid."""
        there = (Where.EVERYWHERE, Where.NAMED)
        return any(one.is_sure and one.where in there for one in self.suspensions)

    @property
    def is_whole(self) -> bool:
        """Within the term by every reading that stands."""
        return all(one.lies is Lies.WITHIN for one in self.places if not one.has_fallen)

    @property
    def strength(self) -> int:
        """How much of it is known to fit; the greater, the sooner it is worth a look."""
        return (
            2 * any(one.lies is Lies.WITHIN for one in self.places)
            + self.is_whole
            + 2 * (self.whose in (Whose.PLEDGOR, Whose.MEMBER))
            + 2 * (self.about is About.SAME)
            + (self.where is Where.NAMED)
            - self.is_without_zone
            - 2 * self.is_suspended
        )


def event_window(occurred: Stated, until: Stated | None) -> tuple[Window | None, bool]:
    """Between which instants it was, and whether no zone is stated for one of them."""
    first, no_zone = _stretched(occurred)
    if first is None or until is None:
        return first, no_zone
    last, none_either = _stretched(until)
    if last is None:
        return first, no_zone
    return Window(first.earliest, max(first.latest, last.latest)), no_zone or none_either


def _stretched(one: Stated) -> tuple[Window | None, bool]:
    found = stated.window(one, default_zone="UTC")
    if found is None or one.zone is not None:
        return found, False
    return Window(found.earliest - FARTHEST_EAST, found.latest + FARTHEST_WEST), True


def lies(event: Window, span: Span, *, is_lasting: bool = False) -> Lies:
    """By the clock: from the earliest start to the latest end, half-open."""
    start, end = span.start.earliest, span.end.latest if span.end is not None else None
    # A window's latest instant is the first one after it, unless it is that very instant.
    is_point = event.earliest == event.latest
    ended_before = event.latest < start or (event.latest == start and not is_point)
    if ended_before:
        return Lies.BEFORE
    if end is not None and event.earliest >= end:
        return Lies.AFTER
    begins_in = event.earliest >= start
    ends_in = end is None or event.latest < end or (event.latest == end and not is_point)
    if is_lasting and event.latest == end:
        ends_in = True
    return Lies.WITHIN if begins_in and ends_in else Lies.PARTLY


def whose(actor: str, pledgor: str, event: Window, alliances: Alliances) -> Whose | None:
    """None: the actor is another one, and was no member then."""
    if not actor:
        return Whose.UNKNOWN
    actor, pledgor = alliances.of(actor), alliances.of(pledgor)
    if actor == pledgor:
        return Whose.PLEDGOR
    found: Whose | None = None
    for spell in alliances.spells.get(actor, ()):
        if alliances.of(spell.coalition) != pledgor:
            continue
        began = spell.since is None or spell.since.earliest <= event.latest
        ended = spell.until is not None and spell.until.latest <= event.earliest
        if not began or ended:
            continue
        is_sure = (
            spell.since is not None
            and spell.since.latest <= event.earliest
            and (spell.until is None or spell.until.earliest >= event.latest)
        )
        if is_sure:
            return Whose.MEMBER
        found = Whose.PERHAPS_MEMBER
    return found


def about(subject: str, pledged: str) -> About | None:
    """None: it is about something else."""
    if not subject:
        return About.UNKNOWN
    if subject == pledged:
        return About.SAME
    return About.OPEN if Subject.OTHER in (subject, pledged) else None


def where(place: str, area: str) -> Where:
    """By the names alone: whether one place lies in another is for a person to say."""
    if not area.strip():
        return Where.EVERYWHERE
    if not place.strip():
        return Where.UNKNOWN
    return Where.NAMED if _names(place) & _names(area) else Where.NOT_NAMED


@lru_cache(maxsize=10_000)
def _names(text: str) -> frozenset[str]:
    words = (word for word in plain(text).split() if not re.fullmatch(r"[\d_]+", word))
    return frozenset(word for word in words if len(word) > 2 and word not in _NO_PLACE)


def suspensions(event: Window, place: str, stretches: Iterable[Suspended]) -> Iterator[Suspension]:
    """Those of a pledge's that an event lies in; not for sure where the event may lie outside, or
    the stretch may have ended by then.
    """
    is_point = event.earliest == event.latest
    for one in stretches:
        start, end = one.start.earliest, one.end
        begins_before = event.latest < start or (event.latest == start and not is_point)
        if begins_before or (end is not None and event.earliest >= end.latest):
            continue
        ends = end.earliest if end is not None else None
        ends_in = ends is None or event.latest < ends or (event.latest == ends and not is_point)
        is_sure = event.earliest >= start and ends_in
        yield Suspension(one.areas, is_sure, where(place, ", ".join(one.areas)))


def match(event: Event, pledge: Undertaking, alliances: Alliances) -> Match | None:
    """None where nothing says that it may bear on it: another actor or subject, or another time by
    every reading.
    """
    if event.lies is None:
        return None
    is_about = about(event.subject, pledge.subject)
    if is_about is None:
        return None
    is_whose = whose(event.actor, pledge.pledgor, event.lies, alliances)
    if is_whose is None:
        return None
    places = tuple(_places(event, event.lies, pledge.spans))
    if all(one.has_fallen or one.lies in (Lies.BEFORE, Lies.AFTER) for one in places):
        return None
    return Match(
        event=event.key,
        ref=pledge.ref,
        places=places,
        whose=is_whose,
        about=is_about,
        where=where(event.place, pledge.area),
        is_without_zone=event.is_without_zone,
        suspensions=tuple(suspensions(event.lies, event.place, pledge.suspended)),
    )


_NEAREST = {Lies.WITHIN: 0, Lies.PARTLY: 1, Lies.AFTER: 2, Lies.BEFORE: 3}


def _places(event: Event, at: Window, spans: Iterable[Span]) -> Iterator[Place]:
    """One for each reading: of several stretches the one that it lies in."""
    best: dict[str, Place] = {}
    for span in spans:
        found = lies(at, span, is_lasting=event.is_lasting)
        inside = found in (Lies.WITHIN, Lies.PARTLY)
        place = Place(
            reading=span.reading,
            lies=found,
            is_adopted=span.is_adopted,
            in_start=inside and at.earliest < span.start.latest,
            in_end=inside and span.end is not None and at.latest > span.end.earliest,
            has_fallen=span.stands_until is not None and span.stands_until <= at.earliest,
        )
        held = best.get(span.reading)
        if held is None or _NEAREST[found] < _NEAREST[held.lies]:
            best[span.reading] = place
    for reading in sorted(best):
        yield best[reading]


def matches(
    events: Iterable[Event], pledges: Collection[Undertaking], alliances: Alliances
) -> Iterator[Match]:
    """Every match, event by event in the order of time. One walk along both: an event is compared
    only with pledges of its actor that are under way then.
    """
    by_pledgor = _ByPledgor(pledges, alliances)
    timed = [one for one in events if one.lies is not None]
    for event in sorted(timed, key=lambda one: (_begins(one), one.key)):
        assert event.lies is not None
        for pledge in by_pledgor.under_way(event, event.lies):
            found = match(event, pledge, alliances)
            if found is not None:
                yield found


def _begins(event: Event) -> datetime:
    assert event.lies is not None
    return event.lies.earliest


class _ByPledgor:
    """Pledges by pledgor, let in as they begin and let go once they have ended for good."""

    def __init__(self, pledges: Collection[Undertaking], alliances: Alliances) -> None:
        self.alliances = alliances
        self.waiting: list[tuple[datetime, datetime | None, int, Undertaking]] = []
        for number, pledge in enumerate(pledges):
            if pledge.spans:
                begins = min(span.start.earliest for span in pledge.spans)
                ends = [span.end.latest if span.end is not None else None for span in pledge.spans]
                known = [one for one in ends if one is not None]
                last = max(known) if len(known) == len(ends) else None
                self.waiting.append((begins, last, number, pledge))
        self.waiting.sort(key=lambda one: (one[0], one[2]), reverse=True)
        self.here: dict[str, dict[int, Undertaking]] = {}
        self.leaving: list[tuple[datetime, int, str]] = []

    def under_way(self, event: Event, at: Window) -> list[Undertaking]:
        """In the order in which they were given. Called in the order of the events' beginnings."""
        while self.waiting and self.waiting[-1][0] <= at.latest:
            _begins, ends, number, pledge = self.waiting.pop()
            owner = self.alliances.of(pledge.pledgor)
            self.here.setdefault(owner, {})[number] = pledge
            if ends is not None:
                heapq.heappush(self.leaving, (ends, number, owner))
        while self.leaving and self.leaving[0][0] <= at.earliest:
            _ends, number, owner = heapq.heappop(self.leaving)
            self.here[owner].pop(number, None)
        if not event.actor:
            found = [one for held in self.here.values() for one in held.items()]
            return [pledge for _number, pledge in sorted(found, key=lambda one: one[0])]
        actor = self.alliances.of(event.actor)
        owners = {actor} | {
            self.alliances.of(spell.coalition) for spell in self.alliances.spells.get(actor, ())
        }
        found = [one for owner in owners for one in self.here.get(owner, {}).items()]
        return [pledge for _number, pledge in sorted(found, key=lambda one: one[0])]
