"""A statement in the making: what a rule found, by token positions, before times and speaker."""

from dataclasses import dataclass, field

from tracker.domain.facts import Act, ConditionKind, Subject

from . import acts, lexicon
from .clauses import Parsed, clause_end
from .context import Context
from .lexicon import words
from .values import Kind, Mark, Named, PositionKind
from .verbs import ACT_OF, FORMS, NOUNISH, is_base, may_be_verb

_EXTENDING = words(
    "extend extends extended extending prolong prolonged prolongs extension prolongation renew"
    " renews renewed renewal"
)


@dataclass(slots=True)
class Draft:
    """Tokens ``i`` to ``j`` are the passage, ``verb`` is where the statement turns."""

    i: int
    j: int
    verb: int
    kind: Kind
    rule: str
    who: tuple[Named, ...] = ()
    to: tuple[Named, ...] = ()
    act: Act | None = None
    subject: Subject | None = None
    position: PositionKind | None = None
    condition: ConditionKind | None = None
    count: int | None = None
    marks: set[Mark] = field(default_factory=set)
    says_itself: bool = False  # whoever it belongs to is the one who says so


@dataclass(slots=True)
class Scene:
    """What the rules read: the sentence, the conditions in it, what earlier sentences left."""

    parsed: Parsed
    context: Context
    conditions: list[tuple[int, int]]
    frames: list[tuple[int, int]] = field(default_factory=list)

    ends: dict[int, int] = field(default_factory=dict)

    def end(self, k: int) -> int:
        if k not in self.ends:
            self.ends[k] = clause_end(self.parsed, k, conditions=self.conditions)
        return self.ends[k]


def skip_adjuncts(low: list[str], k: int, end: int) -> int:
    """Past "also", "in principle", "on Tuesday", "late on Monday" between a verb and its object."""
    days = words("monday tuesday wednesday thursday friday saturday sunday today yesterday tonight")
    while k < end:
        if (
            low[k] in ("itself", "themselves", "himself", "ourselves")
            or (low[k] in lexicon.ADVERBS and low[k] not in ("both", "each", "all", "not", "never"))
            or low[k] in days
            or low[k] in ('"', "“")
            or (
                low[k] in ("on", "late", "early")
                and k + 1 < end
                and (low[k + 1] in days or low[k + 1] == "on")
            )
        ):
            k += 1
        elif (
            low[k] == "in"
            and k + 1 < end
            and low[k + 1] in ("principle", "writing", "talks", "turn", "return")
        ):
            k += 2
        elif (
            low[k] == ","
            and k + 1 < end
            and low[k + 1] in ("in", "under", "after", "during", "on", "with", "for", "at")
        ):
            close = next((m for m in range(k + 1, min(k + 14, end)) if low[m] == ","), None)
            if close is None:
                break
            k = close + 1
        elif low[k] in ("with", "during", "at", "after", "in") and (m := _before_to(low, k, end)):
            k = m
        else:
            break
    return k


def _before_to(low: list[str], k: int, end: int) -> int | None:
    """ "agreed with Ukraine to halt", "agreed at talks in Doha to halt": where "to" stands."""
    for m in range(k + 1, min(k + 10, end)):
        if (
            low[m] in ("to", "on", "that")
            and m + 1 < end
            and (low[m] == "that" or is_base(low[m + 1]))
        ):
            return m
        if low[m] in (",", "and", "but"):
            return None
    return None


def chain(
    parsed: Parsed, k: int, end: int, *, negated: bool = False
) -> list[tuple[int, int, bool]]:
    """The actions that the verb at ``k`` begins: "halt strikes and release prisoners" are two.

    Each with where its verb and where its object's end stand, and whether it is negated.
    """
    low = parsed.low
    is_ing = FORMS.get(low[k], ("", ""))[1] == "ing"
    starts = [k]
    negations = {k: negated}
    for m in range(k + 1, end - 1):
        if low[m] not in ("and", ",", ";") or (negated and low[m] == "or"):
            continue
        v = m + 1
        not_now = negated
        while v < end and (
            low[v] in ("and", "to", "will", "shall", "would")
            or (low[v] in lexicon.ADVERBS and low[v] not in ("both", "all"))
        ):
            not_now = not_now or low[v] in ("not", "never")
            not_now = not_now and not (negated and low[v] == "to")
            v += 1
        if v >= end or parsed.at[v] is not None or v in starts or m == starts[-1] + 1:
            continue  # "release and repatriate the prisoners" is one
        if low[m] == "and" and m > starts[-1] + 2 and low[m - 2] == "to" and v == m + 1:
            continue  # "send a team to monitor and verify" is one
        lemma, tag = FORMS.get(low[v], ("", ""))
        fits = tag == "ing" if is_ing else is_base(low[v])
        in_list = (
            low[v - 1] == "to"
            and low[m] in (",", "and")
            and not is_ing
            and may_be_verb(parsed.sentence, v)
        )
        if not in_list and (
            not fits
            or not (lemma in ACT_OF or lemma in lexicon.HOSTILE_VERBS or lemma in lexicon.ASPECT)
        ):
            continue
        if not in_list and low[v] in NOUNISH and not is_ing and not _takes_object(parsed, v, end):
            continue
        starts.append(v)
        negations[v] = not_now
    ends = [*(s for s in starts[1:]), end]
    trimmed = []
    for start, stop in zip(starts, ends, strict=True):
        last = stop
        while (
            last > start + 1
            and (
                low[last - 1] in ("and", ",", "to", "or", ";", "will", "shall", "would")
                or low[last - 1] in lexicon.ADVERBS
            )
            and stop != end
        ):
            last -= 1
        trimmed.append((start, last, negations[start]))
    return trimmed


def _takes_object(parsed: Parsed, v: int, end: int) -> bool:
    """Whether a word that may be a noun is a verb here: something follows that it can act on."""
    if v + 1 >= end:
        return False
    after = parsed.low[v + 1]
    return (
        after in lexicon.DETERMINERS
        or after[:1].isdigit()
        or after in lexicon.NUMBERS
        or parsed.at[v + 1] is not None
        or (
            after.isalpha()
            and after not in lexicon.PREPOSITIONS
            and after not in lexicon.CONJUNCTIONS
            and after not in FORMS
        )
        or after in ("from", "all", "back")
        or after in NOUNISH
    )


def extends(low: list[str], i: int, j: int) -> bool:
    """Whether it prolongs a term that runs: "extend the truce", "a 60-day extension"."""
    stretch = set(low[i:j])
    return bool(
        stretch & _EXTENDING and stretch & (lexicon.TRUCE | lexicon.HALT_NOUNS) - _EXTENDING
    )


def undertaken(
    scene: Scene, i: int, k: int, j: int, *, who: tuple[Named, ...], rule: str,
    negated: bool = False, binding: bool = True,
) -> Draft | None:  # fmt: skip
    """What somebody undertakes who does, or does not, the verb at ``k``. ``binding``: a "not" under
    an undertaking or in a legal text is restraint whatever the verb.
    """
    low = scene.parsed.low
    lemma = FORMS.get(low[k], (low[k], ""))[0]
    act = acts.act_of(lemma, low, k + 1, j)
    subject = acts.subject_of(low, k + 1, j, act)
    marks = {Mark.EXTENSION} if extends(low, k, j) else set()
    if negated:
        if not binding and lemma not in lexicon.HOSTILE_VERBS:
            return Draft(
                i, j, k, Kind.NO_COMMITMENT, rule + "/refused", who, act=act, subject=subject,
                position=PositionKind.REFUSAL,
            )  # fmt: skip
        subject = acts.subject_of(low, k, j, Act.REFRAIN)
        return Draft(i, j, k, Kind.REFRAINING, rule, who, act=Act.REFRAIN, subject=subject)
    if marks and act is Act.OTHER:
        act = Act.HALT
    kind = Kind.REFRAINING if act is Act.REFRAIN else Kind.COMMITMENT
    return Draft(i, j, k, kind, rule, who, act=act, subject=subject, marks=marks)
