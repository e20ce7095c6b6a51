"""Where a pledge stands at an instant: ``evaluate``, and its whole trajectory.

The clock moves a pledge from scheduled to in force and, for halt, refrain and allow only, from in
force to expired. All else is moved by a person. An expiry is not a verdict: compliance is read
from verifications alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from . import findings
from . import flags as flag_rules
from .facts import LinkKind, Move, PledgeFacts
from .flags import FlagKey
from .now import Now
from .readings import Term, accepted_links, adopted, envelope, terms
from .sentences import _
from .stated import Window, first_instant
from .terms import hull
from .transitions import BEFORE_ENTRY, CLOSED, Compliance, Stage

SUSPENDED = "suspended"
BEGINNING = datetime.min.replace(tzinfo=UTC)
CLOCK_STOPPED = "clock_stopped"


@dataclass(frozen=True, slots=True)
class Flag:
    """A flag that stands: what it is, and since when it has been true (UTC)."""

    kind: str
    subject: str
    link: str
    lead: str
    since: datetime

    @property
    def key(self) -> FlagKey:
        return FlagKey(self.kind, self.subject, self.link, self.lead)


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything that the facts come to at one instant, before flags. ``stage`` None: not listed.

    ``starts`` and ``ends`` drive the clock: the adopted reading's, else earliest start and latest
    end (None while one has no end). ``entered``: when it came into force. ``ended``: from when on a
    person ended it, as stated.
    """

    stage: Stage | None
    overlays: tuple[str, ...] = ()
    compliance: Compliance = Compliance.NOT_ASSESSED
    terms: tuple[Term, ...] = ()
    adopted: str | None = None
    driver: Term | None = None
    starts: Window | None = None
    ends: Window | None = None
    entered: datetime | None = None
    ended: str = ""
    reasons: tuple[str, ...] = ()

    @property
    def standing(self) -> tuple[Term, ...]:
        return tuple(t for t in self.terms if t.is_standing)

    @property
    def is_suspended(self) -> bool:
        return SUSPENDED in self.overlays


@dataclass(frozen=True, slots=True)
class Assessment:
    """An evaluation: constant from now until ``next_change_at``, and different there.

    What is compared: stage, overlays and uncleared flags. ``warns_at`` is the earliest standing
    end still ahead, or the adopted one's; ``envelope`` spans the standing ends; ``is_open`` says
    that a standing reading has no end (then the envelope has no latest).
    """

    at: datetime
    stage: Stage | None
    overlays: tuple[str, ...]
    flags: tuple[Flag, ...]
    next_change_at: datetime | None
    reasons: tuple[str, ...]
    compliance: Compliance = Compliance.NOT_ASSESSED
    terms: tuple[Term, ...] = ()
    adopted: str | None = None
    starts: Window | None = None
    ends: Window | None = None
    warns_at: datetime | None = None
    envelope: Window | None = None
    is_open: bool = False
    entered: datetime | None = None
    open_conditions: int = 0
    verified_until: datetime | None = None
    ended: str = ""

    @property
    def is_listed(self) -> bool:
        return self.stage is not None


@dataclass(frozen=True, slots=True)
class Brief:
    """An evaluation in short. ``stage`` None: not listed."""

    stage: Stage | None
    ends_at: datetime | None
    warns_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReadingTerm:
    """A reading's term in short. ``zone`` None: not stated; ``awaiting``: a trigger, if any."""

    reading: str
    is_standing: bool
    start: Window | None
    end: Window | None
    zone: str | None
    is_open: bool
    awaiting: str


@dataclass(frozen=True, slots=True)
class Outlook:
    """What an evaluation says beside stage, overlays and flags; its fields are Assessment's.

    ``open_conditions``: how many stand of which nobody has said that they are met, failed or
    waived. ``verified_until``: the end of the latest period that somebody looked at. ``ended``: see
    Situation.
    """

    compliance: Compliance = Compliance.NOT_ASSESSED
    adopted: str | None = None
    starts: Window | None = None
    ends: Window | None = None
    warns_at: datetime | None = None
    envelope: Window | None = None
    is_open: bool = False
    terms: tuple[ReadingTerm, ...] = ()
    open_conditions: int = 0
    verified_until: datetime | None = None
    ended: str = ""


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of a trajectory, [start, until), in which nothing changes, its outlook neither."""

    start: datetime
    until: datetime | None
    stage: Stage | None
    overlays: tuple[str, ...]
    flags: tuple[Flag, ...]
    outlook: Outlook = Outlook()

    @property
    def compared(self) -> tuple[object, ...]:
        """What ``next_change_at`` goes by."""
        return self.stage, self.overlays, self.flags


def evaluate(facts: PledgeFacts, *, at: datetime) -> Assessment:
    """What the facts public by ``at`` come to at ``at``. Total; the order of facts is nothing."""
    phases = _phases(facts)
    phase = next(p for p in phases if p.until is None or p.until > at)
    changes = next((later.start for later in phases if later.compared != phase.compared), None)
    now = Now(at)
    found = situation(facts, now)
    outlook = _outlook(facts, found, now)
    return Assessment(
        at=now.at,
        stage=found.stage,
        overlays=found.overlays,
        flags=phase.flags,
        next_change_at=changes,
        reasons=found.reasons,
        compliance=outlook.compliance,
        terms=found.terms,
        adopted=outlook.adopted,
        starts=outlook.starts,
        ends=outlook.ends,
        warns_at=outlook.warns_at,
        envelope=outlook.envelope,
        is_open=outlook.is_open,
        entered=found.entered,
        open_conditions=outlook.open_conditions,
        verified_until=outlook.verified_until,
        ended=outlook.ended,
    )


def briefly(facts: PledgeFacts, *, at: datetime) -> Brief:
    """The same in short. Flags are not dated, which is what an evaluation takes its time for."""
    now = Now(at)
    found = situation(facts, now)
    warning = flag_rules.warning_term(found, now) if found.stage is not None else None
    return Brief(
        found.stage,
        found.ends.latest if found.ends else None,
        warning.end.earliest if warning and warning.end else None,
    )


def trajectory(facts: PledgeFacts) -> tuple[Phase, ...]:
    """Every phase from the pledge's first public instant on, the last one without end.

    It is what ``evaluate`` answers at each instant, under the facts of now.
    """
    public = facts.public.astimezone(UTC)
    return tuple(
        replace(phase, start=max(phase.start, public))
        for phase in _phases(facts)
        if phase.until is None or phase.until > public
    )


def _phases(facts: PledgeFacts) -> Iterator[Phase]:
    """The phases in order, the first one before the pledge is public. Lazy, and finite.

    A flag is dated here: it is true since the first phase without a break in which it stands.
    """
    phase = Phase(BEGINNING, None, None, (), ())
    at: datetime | None = facts.public.astimezone(UTC)
    since: dict[FlagKey, datetime] = {}
    while at is not None:
        now = Now(at)
        found = situation(facts, now)
        since = {key: since.get(key, at) for key in flag_rules.raised(facts, found, now)}
        standing = tuple(Flag(*key, since[key]) for key in sorted(since))
        here = Phase(at, None, found.stage, found.overlays, standing, _outlook(facts, found, now))
        if replace(here, start=phase.start) != phase:
            if at > phase.start:
                yield replace(phase, until=at)
            phase = here
        at = now.next
    yield phase


def _outlook(facts: PledgeFacts, found: Situation, now: Now) -> Outlook:
    if found.stage is None:
        return Outlook()
    ends, is_open = envelope(found.terms)
    warning = flag_rules.warning_term(found, now)
    return Outlook(
        compliance=found.compliance,
        adopted=found.adopted,
        starts=found.starts,
        ends=found.ends,
        warns_at=warning.end.earliest if warning and warning.end else None,
        envelope=ends,
        is_open=is_open,
        terms=tuple(
            ReadingTerm(
                reading=term.reading.key,
                is_standing=term.is_standing,
                start=term.start,
                end=term.end,
                zone=term.zone,
                is_open=term.is_open,
                awaiting=term.awaiting,
            )
            for term in found.terms
        ),
        open_conditions=sum(1 for one in flag_rules.open_conditions(facts, now)),
        verified_until=max(
            (v.period_end for v in findings.counting(facts.verifications, now)), default=None
        ),
        ended=found.ended,
    )


def situation(facts: PledgeFacts, now: Now) -> Situation:
    """Stage, overlays and terms under the facts public by now."""
    if not now.stands(facts):
        return Situation(None)
    entered, closed = _moved(now.effective(facts.moves, "stage"))
    computed = tuple(terms(facts, now, entered))
    chosen = adopted(facts.adoptions, facts.readings, now)
    driver = next((t for t in computed if t.reading.key == chosen), None)
    standing = tuple(t for t in computed if t.is_standing)
    if closed is not None and _reopened(facts, closed, now):
        closed = None
    first = driver or _earliest(standing)
    found = Situation(
        stage=Stage.ANNOUNCED,
        compliance=_compliance(facts, now),
        terms=computed,
        adopted=chosen,
        driver=driver or _latest(standing),
        starts=first.start if first else None,
        ends=_driving_end(driver, standing),
        entered=entered,
        ended=closed.said if closed is not None else "",
    )
    stage, reason, began = _stage(facts, found, first, closed, now)
    overlays = () if stage in CLOSED or stage is Stage.EXPIRED else _overlays(facts, now)
    reasons = (reason,) if chosen or not standing else (reason, _("No reading is adopted."))
    return replace(found, stage=stage, overlays=overlays, entered=began, reasons=reasons)


def _moved(moves: list[Move]) -> tuple[datetime | None, Move | None]:
    """Entry into force by a person, and the move that ended the pledge, if there are any."""
    entered, closed = None, None
    for move in moves:
        if move.to == Stage.IN_FORCE:
            entered = entered or move.effective
        elif move.to in CLOSED:
            closed = move
    return entered, closed


def _reopened(facts: PledgeFacts, closed: Move, now: Now) -> bool:
    """Whether a renewed or revived link has begun since the pledge was ended."""
    for accepted in accepted_links(facts.extensions, facts.conditions, now):
        link = accepted.extension
        if link.kind not in (LinkKind.RENEWED, LinkKind.REVIVED):
            continue
        start = first_instant(link.start, default_zone=link.zone) if link.start else None
        start = start or accepted.effective
        if start >= closed.effective and now.reached(start):
            return True
    return False


def _earliest(standing: tuple[Term, ...]) -> Term | None:
    found = [t for t in standing if t.start is not None]
    return min(found, key=_start_order, default=None)


def _start_order(term: Term) -> tuple[datetime, str]:
    assert term.start is not None
    return term.start.earliest, term.reading.key


def _latest(standing: tuple[Term, ...]) -> Term | None:
    found = [t for t in standing if t.end is not None]
    return max(found, key=_end_order, default=None)


def _end_order(term: Term) -> tuple[datetime, str]:
    assert term.end is not None
    return term.end.latest, term.reading.key


def _driving_end(driver: Term | None, standing: tuple[Term, ...]) -> Window | None:
    """The adopted end; else from the earliest to the latest standing end, unless one is open."""
    if driver is not None:
        return driver.end
    if any(t.is_open or t.current.stopped for t in standing):
        return None
    return hull(t.end for t in standing if t.end is not None)


def _stage(
    facts: PledgeFacts, found: Situation, first: Term | None, closed: Move | None, now: Now
) -> tuple[Stage, str, datetime | None]:
    """The stage, why, and since when it has been in force (None: it is not or never was)."""
    began = _began(found, first, now)
    if closed is not None:
        return Stage(closed.to), _("A person ended it."), began
    if began is not None:
        ends = found.ends
        if facts.act.expires and ends is not None and now.reached(ends.latest):
            return Stage.EXPIRED, _("Its term has run out; that is no verdict."), began
        if not facts.act.expires and ends is not None and now.reached(ends.latest):
            return Stage.IN_FORCE, _("Its deadline has passed; it stays owed."), began
        return Stage.IN_FORCE, _("Its term is running."), began
    if first is not None and first.held:
        words = _("Its start has come; a binding entry precondition is neither met nor waived.")
        return Stage.AWAITING_CONDITIONS, words, None
    if first is not None and first.start is not None:
        return Stage.SCHEDULED, _("Its start lies ahead."), None
    considered = [found.driver] if found.adopted and found.driver else list(found.standing)
    if any(t.awaiting for t in considered):
        return Stage.AWAITING_TRIGGER, _("Its start rests on an event that has not occurred."), None
    return Stage.ANNOUNCED, _("No start is known."), None


def _began(found: Situation, first: Term | None, now: Now) -> datetime | None:
    """Since when the pledge has been in force: by a person, by a new link, or by its start."""
    current = first.current if first is not None else None
    if current is None:
        later = [t.current for t in found.standing if t.current is not t.segments[0]]
        current = later[0] if later else None
    if current is not None and first is not None and current is not first.segments[0]:
        return current.start
    if found.entered is not None:
        return found.entered
    if first is None:
        return current.start if current is not None else None
    if first.start is None or first.held or not now.reached(first.start.earliest):
        return None
    return first.start.earliest


def _overlays(facts: PledgeFacts, now: Now) -> tuple[str, ...]:
    found: set[str] = set()
    for suspension in now.standing(facts.suspensions):
        if now.reached(suspension.start) and not (
            suspension.end is not None and now.reached(suspension.end)
        ):
            found |= {f"{SUSPENDED}:{area}" for area in suspension.areas} or {SUSPENDED}
    for stop in now.standing(facts.clock_stops):
        if now.reached(stop.start) and not (stop.end is not None and now.reached(stop.end)):
            found.add(CLOCK_STOPPED)
    return tuple(sorted(found))


def _compliance(facts: PledgeFacts, now: Now) -> Compliance:
    """What the latest finding that counts says; a person's judgement, never ours."""
    latest = findings.latest(facts.verifications, now)
    if latest is None:
        return Compliance.NOT_ASSESSED
    return Compliance(latest.finding)


__all__ = [
    "BEFORE_ENTRY",
    "Assessment",
    "Flag",
    "Phase",
    "Situation",
    "evaluate",
    "situation",
    "trajectory",
]
