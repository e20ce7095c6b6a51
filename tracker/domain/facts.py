"""The facts of one pledge, as the evaluation reads them: plain frozen values, no behaviour.

``selectors/facts.py`` is the only mapper that makes them from rows or from the ledger. Every fact
carries ``public``, the UTC instant from which it is known to the public, and ``recorded``, when the
register learnt of it. ``withdrawn`` is the public instant at which a fact was taken back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from .durations import Duration
from .freshness import DEFAULT, Curve
from .stated import Stated, Window


class Act(StrEnum):
    """What a pledgor undertook. The first three run out; the others stay owed until done."""

    HALT = "halt"
    REFRAIN = "refrain"
    ALLOW = "allow"
    WITHDRAW = "withdraw"
    RELEASE = "release"
    PROVIDE = "provide"
    ESTABLISH = "establish"
    NEGOTIATE = "negotiate"
    OTHER = "other"

    @property
    def expires(self) -> bool:
        return self in (Act.HALT, Act.REFRAIN, Act.ALLOW)


class Subject(StrEnum):
    """What a pledge is about."""

    ENERGY_INFRASTRUCTURE = "energy_infrastructure"
    CIVILIANS = "civilians"
    PRISONERS = "prisoners"
    HUMANITARIAN_ACCESS = "humanitarian_access"
    MARITIME = "maritime"
    HEAVY_WEAPONS = "heavy_weapons"
    ARMS_TRANSFERS = "arms_transfers"
    TERRITORY = "territory"
    MEDIA = "media"
    OTHER = "other"


class Rule(StrEnum):
    """How days are counted, or what a bare end date means."""

    INCLUSIVE = "inclusive"
    EXCLUSIVE = "exclusive"
    ELAPSED = "elapsed"
    THROUGH = "through"
    UNTIL = "until"


class OpenEnd(StrEnum):
    """Three different ways of having no end."""

    NOT_STATED = "not_stated"
    UNTIL_EVENT = "until_event"
    INDEFINITE = "indefinite"


class LinkKind(StrEnum):
    """What an extension does to the term."""

    EXTENDED = "extended"
    RENEWED = "renewed"
    REVIVED = "revived"
    SHORTENED = "shortened"
    TACIT = "tacit"


class ConditionKind(StrEnum):
    """How a condition bears on what it stands on."""

    ENTRY_PRECONDITION = "entry_precondition"
    RECIPROCITY = "reciprocity"
    CONTINUING = "continuing"
    CONCURRENT = "concurrent"
    EXTENSION_CONDITION = "extension_condition"
    RELEASE_ON_BREACH = "release_on_breach"


class Stance(StrEnum):
    """What an account says of one field. Silent is not denies."""

    ASSERTS = "asserts"
    DENIES = "denies"
    SILENT = "silent"


ACCOUNT_FIELDS = (
    "existence",
    "scope",
    "area",
    "start",
    "duration",
    "end",
    "conditions",
    "acceptance",
    "compliance",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What every fact carries: its key and its two times."""

    key: str
    public: datetime
    recorded: datetime | None = None
    withdrawn: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """What a start or a due date rests on: a trigger or a deadline, and how long after it."""

    trigger: str | None = None
    deadline: str | None = None
    offset: Duration | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading(Fact):
    """One way to compute a term, the occurrence of a trigger, or a deadline's due date.

    ``zone`` is the zone of the arithmetic. ``because`` names, per field (start, duration, end,
    rule, zone), the account that it is taken from, or says that it is the analyst's assumption.
    ``withdrawn``: its speaker withdrew it; ``set_aside``: an analyst set it aside.
    """

    speaker: str = ""
    start: Stated | None = None
    base: Base | None = None
    start_fixed: bool = False
    duration: Duration | None = None
    rule: Rule | None = None
    end: Stated | None = None
    end_trigger: str | None = None
    open_end: OpenEnd | None = None
    zone: str | None = None
    zone_assumed: bool = False
    set_aside: datetime | None = None
    because: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption(Fact):
    """An analyst's choice of a standing reading, with a reason."""

    reading: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move(Fact):
    """A judgement by a person: ``machine`` goes to state ``to`` from ``effective`` on.

    ``said``: that instant as it was stated.
    """

    machine: str
    to: str
    effective: datetime
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger(Fact):
    """An event that terms and deadlines rest on, with the readings of when it occurred."""

    title: str = ""
    readings: tuple[Reading, ...] = ()
    adoptions: tuple[Adoption, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline(Fact):
    """A step inside a pledge; no reading means undated. ``moves``: done or waived."""

    title: str = ""
    readings: tuple[Reading, ...] = ()
    adoptions: tuple[Adoption, ...] = ()
    moves: tuple[Move, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension(Fact):
    """One link of the term's chain. ``moves``: accepted or rejected; until then proposed."""

    order: int
    kind: LinkKind
    start: Stated | None = None
    end: Stated | None = None
    duration: Duration | None = None
    rule: Rule | None = None
    zone: str | None = None
    retroactive: bool = False
    moves: tuple[Move, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStop(Fact):
    """The clock stood still from ``start`` until ``end`` (None: still does)."""

    start: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspension(Fact):
    """A dated overlay: whole, or for named areas. It does not stop the clock."""

    start: datetime
    end: datetime | None = None
    areas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition(Fact):
    """What a pledge or one of its links hangs on. ``moves``: its state, whether it binds."""

    kind: ConditionKind
    text: str = ""
    due: Window | None = None
    moves: tuple[Move, ...] = ()
    extension: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Account(Fact):
    """What one source says of the pledge, field by field."""

    stances: Mapping[str, Stance] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification(Fact):
    """One dated finding on the pledge over a period, with the Admiralty grade of its evidence.

    ``cites``: the earlier finding that it corrects.
    """

    finding: str
    period_start: datetime
    period_end: datetime
    is_final: bool = False
    reliability: str = ""
    credibility: int = 0
    cites: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident(Fact):
    """One alleged event that bears on the pledge. ``moves``: what was found of it."""

    occurred: datetime
    moves: tuple[Move, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Count(Fact):
    """A claimant's total of violations over a period."""

    claimant: str = ""
    number: int = 0
    period_end: datetime | None = None
    supersedes: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure(Fact):
    """Something that this pledge rests on failed: ``on`` names it, ``what`` says how.

    It is made from what people judged of the other pledge, never from its expiry alone.
    ``until`` is the instant from which it no longer holds (a later finding, say).
    """

    on: str
    what: str
    effective: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PledgeFacts(Fact):
    """All that the evaluation of one pledge needs. Order within the tuples means nothing.

    ``freshness``: the curve of its dossier.
    """

    act: Act
    readings: tuple[Reading, ...] = ()
    adoptions: tuple[Adoption, ...] = ()
    accounts: tuple[Account, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    extensions: tuple[Extension, ...] = ()
    clock_stops: tuple[ClockStop, ...] = ()
    suspensions: tuple[Suspension, ...] = ()
    conditions: tuple[Condition, ...] = ()
    moves: tuple[Move, ...] = ()
    verifications: tuple[Verification, ...] = ()
    incidents: tuple[Incident, ...] = ()
    counts: tuple[Count, ...] = ()
    failures: tuple[Failure, ...] = ()
    cadence: Duration | None = None
    leads: tuple[timedelta, ...] | None = None
    freshness: Curve = DEFAULT
