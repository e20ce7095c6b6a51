"""What the engine takes and gives: frozen values, in the register's words."""

from dataclasses import dataclass, replace
from enum import StrEnum

from tracker.domain.durations import Duration
from tracker.domain.facts import Act, ConditionKind, Subject
from tracker.domain.stated import Stated


class Kind(StrEnum):
    """What a passage may be. Whoever accepts it decides what it is."""

    COMMITMENT = "commitment"
    REFRAINING = "refraining"
    DEMAND = "demand"
    CONDITION = "condition"
    CONCERN = "concern"
    PROPOSAL = "proposal"
    NO_COMMITMENT = "no_commitment"
    REPORTED_VIOLATION = "reported_violation"


class PositionKind(StrEnum):
    """The register's kinds of position, as ``models.position`` stores them."""

    DEMAND = "demand"
    CONCERN = "concern"
    REFUSAL = "refusal"
    PROPOSAL = "proposal"
    SHARED_AIM = "shared_aim"
    DISCUSSED = "discussed"


class Mark(StrEnum):
    """What else the wording says of a statement."""

    PAST = "past"  # an agreement of another time, told as history
    EXTENSION = "extension"  # prolongs a term that runs already
    RENEWABLE = "renewable"
    CONDITIONAL = "conditional"  # a condition stands in the same sentence
    WITHIN = "within"  # the duration is the time in which to do it
    DENIED = "denied"  # the speaker denies that it was promised
    HEADLINE = "headline"
    QUOTED = "quoted"  # the wording stands in quotation marks


@dataclass(frozen=True, slots=True)
class KnownParty:
    """A party of the register, to be recognised by its name and its aliases."""

    slug: str
    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Named:
    """Whom a text names: the words there, what they stand for, and the register's slug for it.

    ``name`` is the party's name where it was recognised, else the words themselves; ``slug`` and
    ``iso`` are blank where there is none. ``start`` and ``end`` are code points of the whole text.
    """

    text: str
    start: int
    end: int
    name: str
    slug: str = ""
    iso: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as the text states it, and what could be made of it.

    ``stated`` is None where nothing could be computed: an event, or a date that wants the day of
    publication. ``rests_on`` says in words each thing that was taken for granted on the way.
    """

    text: str
    start: int
    end: int
    stated: Stated | None = None
    event: bool = False
    rests_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """One candidate statement. ``text[start:end] == passage``; unknown is None or empty.

    ``pledgors`` is whoever the statement binds or belongs to: for a demand, a concern, a proposal
    and a refusal the party that voices it, for a reported violation the accused, for a condition
    the party that makes it. More than one: a mutual undertaking, one pledge each. ``position`` is
    the register's kind where the statement is a position, ``condition`` likewise. ``speaker`` is
    who said so in the text, ``on_behalf`` the party spoken for. ``rule`` names the rule that
    proposed it.
    """

    start: int
    end: int
    passage: str
    kind: Kind
    rule: str
    position: PositionKind | None = None
    condition: ConditionKind | None = None
    pledgors: tuple[Named, ...] = ()
    addressees: tuple[Named, ...] = ()
    act: Act | None = None
    subject: Subject | None = None
    duration: Duration | None = None
    duration_text: str = ""
    begins: Moment | None = None
    ends: Moment | None = None
    speaker: Named | None = None
    on_behalf: Named | None = None
    count: int | None = None
    marks: tuple[Mark, ...] = ()

    def moved(self, by: int) -> "Suggestion":
        """The same of a text that has so many code points before the one that was read."""

        def party(one: Named) -> Named:
            return replace(one, start=one.start + by, end=one.end + by)

        def moment(one: Moment | None) -> Moment | None:
            return replace(one, start=one.start + by, end=one.end + by) if one else None

        return replace(
            self,
            start=self.start + by,
            end=self.end + by,
            pledgors=tuple(party(one) for one in self.pledgors),
            addressees=tuple(party(one) for one in self.addressees),
            begins=moment(self.begins),
            ends=moment(self.ends),
            speaker=party(self.speaker) if self.speaker else None,
            on_behalf=party(self.on_behalf) if self.on_behalf else None,
        )

    @property
    def noun(self) -> str:
        """The noun of the register that it would be entered as."""
        if self.kind in (Kind.COMMITMENT, Kind.REFRAINING):
            return "extension" if Mark.EXTENSION in self.marks else "pledge"
        if self.kind is Kind.CONDITION:
            return "condition"
        if self.kind is Kind.REPORTED_VIOLATION:
            return "incident" if self.count is None else "count"
        return "position"
