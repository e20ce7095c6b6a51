"""What the readings of a pledge, a trigger or a deadline come to under the facts of an instant."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from . import chain, durations, zones
from .chain import TERM, Accepted, Segment
from .durations import Duration
from .errors import Invalid
from .facts import (
    Adoption,
    Base,
    Condition,
    ConditionKind,
    Deadline,
    Extension,
    Move,
    PledgeFacts,
    Reading,
    Trigger,
)
from .now import Now
from .sentences import _
from .stated import Precision, Stated, Window, window
from .terms import End, Step, end_of, hull, zone_of

SATISFIED = frozenset({"met", "waived"})


@dataclass(frozen=True, slots=True)
class Term:
    """One reading of a pledge's term, computed: its start, its segments and why.

    ``zone``: of its arithmetic; None: not stated. ``awaiting`` names the trigger that it rests on
    and that has not occurred; ``held`` says that its start has come and its entry preconditions
    hold it back.
    """

    reading: Reading
    is_standing: bool
    start: Window | None
    segments: tuple[Segment, ...]
    current: Segment
    steps: tuple[Step, ...]
    zone: str | None = None
    awaiting: str = ""
    held: bool = False

    @property
    def end(self) -> Window | None:
        return self.current.end

    @property
    def is_open(self) -> bool:
        return self.end is None and not self.current.missing and not self.current.stopped


def stands(reading: Reading, now: Now) -> bool:
    """Whether a reading is public, not withdrawn by its speaker and not set aside."""
    if not now.stands(reading):
        return False
    return reading.set_aside is None or not now.reached(reading.set_aside)


def adopted(adoptions: Iterable[Adoption], readings: Iterable[Reading], now: Now) -> str | None:
    """The key of the adopted reading: the latest adoption's, while that reading stands."""
    made = sorted(now.standing(adoptions), key=lambda a: (a.public, _recorded(a), a.key))
    if not made:
        return None
    chosen = made[-1].reading
    return next((r.key for r in readings if r.key == chosen and stands(r, now)), None)


def _recorded(adoption: Adoption) -> datetime:
    return adoption.recorded or adoption.public


def considered(
    readings: Iterable[Reading], adoptions: Iterable[Adoption], now: Now
) -> list[Reading]:
    """The adopted reading alone, or every standing one while none is adopted; in key order."""
    readings = sorted(readings, key=lambda r: r.key)
    chosen = adopted(adoptions, readings, now)
    if chosen is not None:
        return [r for r in readings if r.key == chosen]
    return [r for r in readings if stands(r, now)]


@dataclass(slots=True)
class Anchors:
    """Triggers and deadlines by key, resolved under the facts of one instant."""

    now: Now
    triggers: Mapping[str, Trigger]
    deadlines: Mapping[str, Deadline]
    _visiting: set[str] = field(default_factory=set)

    def occurrences(self, key: str) -> list[Stated]:
        """When a trigger occurred: one stated time per reading to consider; none if unknown."""
        trigger = self.triggers.get(key)
        if trigger is None or f"t:{key}" in self._visiting or not self.now.stands(trigger):
            return []
        self._visiting.add(f"t:{key}")
        found = [
            start
            for reading in considered(trigger.readings, trigger.adoptions, self.now)
            for start in self.starts(reading)
        ]
        self._visiting.discard(f"t:{key}")
        return found

    def due(self, deadline: Deadline) -> list[tuple[Reading, Window]]:
        """A deadline's due dates by the readings to consider; none while undated."""
        if f"d:{deadline.key}" in self._visiting or not self.now.stands(deadline):
            return []
        self._visiting.add(f"d:{deadline.key}")
        found: list[tuple[Reading, Window]] = []
        for reading in considered(deadline.readings, deadline.adoptions, self.now):
            counted = _with_offset_as_duration(reading)
            end = end_of(counted, self.starts(counted))
            if end.window is not None:
                found.append((counted, end.window))
        self._visiting.discard(f"d:{deadline.key}")
        return found

    def starts(self, reading: Reading) -> list[Stated]:
        """The starts that a reading may have: stated, or the occurrences that it rests on."""
        if reading.start is not None:
            start = reading.start
            if start.zone is None and reading.zone is not None:
                start = replace(start, zone=reading.zone, zone_assumed=True)
            return [start] if window(start) is not None else []
        base = reading.base
        if base is None:
            return []
        if base.trigger is not None:
            found = self.occurrences(base.trigger)
        else:
            found = self._due_as_starts(base, reading.zone)
        return [s for start in found if (s := shifted(start, base.offset, reading.zone))]

    def _due_as_starts(self, base: Base, zone: str | None) -> list[Stated]:
        deadline = self.deadlines.get(base.deadline or "")
        if deadline is None:
            return []
        return [at_minute(due.latest, zone or "UTC") for _key, due in self.due(deadline)]


def _with_offset_as_duration(reading: Reading) -> Reading:
    """“30 days after the signature” on a deadline: the offset is counted like a duration."""
    if reading.base is None or reading.base.offset is None or reading.duration is not None:
        return reading
    return replace(reading, duration=reading.base.offset, base=replace(reading.base, offset=None))


def at_minute(instant: datetime, zone: str) -> Stated:
    """An instant as a stated clock time in a zone."""
    return Stated(zones.local(instant, zone), Precision.MINUTE, zone)


def shifted(start: Stated, offset: Duration | None, zone: str | None) -> Stated | None:
    """A stated time moved on by an offset: a date stays a date; None outside the calendar."""
    if offset is None:
        return start
    try:
        if start.local is not None and start.is_bare_date and not offset.has_time:
            moved = durations.add_to_date(start.local.date(), offset)
            return replace(start, local=start.local.replace(moved.year, moved.month, moved.day))
        lies = window(start, default_zone=zone)
        name = zone or start.zone
        if lies is None or name is None:
            return None
        return at_minute(durations.add(lies.earliest, offset, name), name)
    except Invalid:
        return None


def is_binding(condition: Condition, now: Now) -> bool:
    return now.state(condition.moves, "binding", "not_binding") == "binding"


def gate(conditions: Iterable[Condition], start: datetime, now: Now) -> datetime | None:
    """When binding entry preconditions let a start take effect: None while they hold it back.

    A start still ahead is not held back: nothing is known against it yet.
    """
    if not now.reached(start):
        return start
    binding = [
        c
        for c in conditions
        if c.kind is ConditionKind.ENTRY_PRECONDITION and now.stands(c) and is_binding(c, now)
    ]
    timelines = [now.effective(c.moves, "condition") for c in binding]
    instants = {start, *(m.effective for line in timelines for m in line if m.effective > start)}
    for instant in sorted(instants):
        if all(_state_at(line, instant) in SATISFIED for line in timelines):
            return instant
    return None


def _state_at(line: Sequence[Move], instant: datetime) -> str:
    made = [m for m in line if m.effective <= instant]
    return made[-1].to if made else "pending"


def accepted_links(
    extensions: Iterable[Extension], conditions: Iterable[Condition], now: Now
) -> list[Accepted]:
    """The extensions in effect, in the chain's order.

    One with a binding extension condition takes effect when that is met or waived.
    """
    conditions = list(conditions)
    found = []
    for link in sorted(extensions, key=lambda e: (e.order, e.key)):
        if not now.stands(link):
            continue
        moves = now.effective(link.moves, "extension")
        if not moves or moves[-1].to != "accepted":
            continue
        holding = [
            c
            for c in conditions
            if c.extension == link.key
            and c.kind is ConditionKind.EXTENSION_CONDITION
            and now.stands(c)
            and is_binding(c, now)
        ]
        if all(now.state(c.moves, "condition", "pending") in SATISFIED for c in holding):
            found.append(Accepted(link, moves[-1].effective))
    return found


def terms(facts: PledgeFacts, now: Now, entered: datetime | None) -> list[Term]:
    """Every reading that was ever public, computed, in key order; standing or not.

    ``entered``: the instant at which a person moved the pledge into force, if one did.
    """
    anchors = Anchors(now, {t.key: t for t in facts.triggers}, {d.key: d for d in facts.deadlines})
    links = accepted_links(facts.extensions, facts.conditions, now)
    shown = sorted(facts.readings, key=lambda r: r.key)
    return [_term(r, facts, anchors, links, entered) for r in shown if now.reached(r.public)]


def _term(
    reading: Reading,
    facts: PledgeFacts,
    anchors: Anchors,
    links: list[Accepted],
    entered: datetime | None,
) -> Term:
    now = anchors.now
    starts = anchors.starts(reading)
    zone = zone_of(reading, starts[0] if starts else None)
    start, steps, held = _entry(reading, facts, starts, zone, entered, now)
    counted = starts
    if start is not None and (not starts or steps):
        counted = [at_minute(start.earliest, zone or "UTC")]
    ended_by = anchors.occurrences(reading.end_trigger) if reading.end_trigger else []
    if held and not reading.start_fixed and reading.end is None and reading.duration is not None:
        own = End(missing=_("The term runs from entry into force, which its conditions hold back."))
    else:
        own = end_of(reading, counted, ended_by)
    if steps:
        own = replace(own, steps=(*steps, *own.steps))
    built = chain.build(
        start=start.earliest if start else None,
        own=own,
        nominal=reading.duration.nominal if reading.duration and reading.end is None else None,
        zone=zone,
        stops=now.standing(facts.clock_stops),
        links=links,
        stopped_now=lambda s: now.reached(s.start) and not (s.end and now.reached(s.end)),
    )
    awaiting = ""
    if not starts and reading.base is not None and reading.start is None:
        awaiting = reading.base.trigger or reading.base.deadline or ""
    return Term(
        reading=reading,
        is_standing=stands(reading, now),
        start=start,
        segments=built.segments,
        current=_current(built.segments, now),
        steps=built.steps,
        zone=zone,
        awaiting=awaiting,
        held=held,
    )


def _entry(
    reading: Reading,
    facts: PledgeFacts,
    starts: list[Stated],
    zone: str | None,
    entered: datetime | None,
    now: Now,
) -> tuple[Window | None, tuple[Step, ...], bool]:
    """The start after preconditions and a person's move; the steps that moved it; held back?"""
    begins = hull(w for s in starts if (w := window(s, default_zone=zone)) is not None)
    if begins is None:
        if entered is None:
            return None, (), False
        step = Step(_("The start is not stated: it runs from entry into force"), entered)
        return Window(entered, entered), (step,), False
    if reading.start_fixed:
        held = entered is None and gate(facts.conditions, begins.earliest, now) is None
        return begins, (), held
    ready = entered if entered is not None else gate(facts.conditions, begins.earliest, now)
    if ready is None:
        return begins, (), True
    if ready <= begins.earliest:
        return begins, (), False
    step = Step(_("Held back: it runs from actual entry into force"), ready)
    return Window(ready, ready), (step,), False


def _current(segments: tuple[Segment, ...], now: Now) -> Segment:
    """The last segment whose start has come, else the first."""
    found = segments[0]
    for segment in segments[1:]:
        if segment.start is not None and now.reached(segment.start):
            found = segment
    return found


def envelope(terms: Iterable[Term]) -> tuple[Window | None, bool]:
    """Earliest and latest end over the standing terms, and whether one of them is open.

    A reading without a computable end stays outside.
    """
    standing = [t for t in terms if t.is_standing]
    found = hull(t.end for t in standing if t.end is not None)
    return found, any(t.is_open for t in standing)


__all__ = ["TERM", "Anchors", "Term", "adopted", "envelope", "gate", "terms"]
