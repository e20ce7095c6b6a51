"""Rules for what has no full sentence: items of a list, articles of an agreement, headlines."""

from dataclasses import replace

from tracker.domain.facts import Act

from . import acts, lexicon
from .clauses import parse
from .context import Context, Stem
from .days import MONTHS
from .drafts import Draft, Scene
from .lexicon import words
from .parties import Book
from .scenes import actions, agents
from .subjects import listed, subject
from .text import Sentence
from .values import Kind, Named, PositionKind
from .verbs import ACT_OF, FORMS, is_base, may_be_verb

_BEFORE_NOUN = words(
    "an a the immediate full comprehensive complete mutual unilateral general gradual phased"
    " simultaneous safe free unhindered reciprocal initial temporary partial humanitarian"
    " bilateral nationwide permanent first second three-day strict prompt total"
)


_ARRANGING = words("organise organize arrange hold convene exchange establish")


def items(scene: Scene) -> list[Draft]:
    """ "- halt all strikes" under "The parties agree to:", "1. Withdrawal of heavy weapons …"."""
    sentence = scene.parsed.sentence
    if not sentence.item and sentence.stem is None:
        return []
    low = sentence.low
    end = scene.end(0)
    k = 0
    while k < len(low) and (
        (low[k] in _BEFORE_NOUN and low[k + 1 : k + 2] not in (["the"], ["all"], ["any"]))
        or (low[k] == "and" and k > 0 and low[k - 1] in _BEFORE_NOUN)
        or (low[k] in lexicon.ADVERBS and low[k] != "not")
        or low[k] == "to"
        or _is_length(low[k])
    ):
        k += 1
    if k >= len(low):
        return []
    stem = stem_of(sentence, scene.context)
    kind, who = stem.kind, stem.who
    firm = stem.firm and kind is Kind.COMMITMENT
    negated = low[k] == "not"
    if negated:
        k += 1
        if k < len(low) and low[k] == "to":
            k += 1
    if k >= len(low):
        return []
    noun = acts.act_noun(low, k, min(k + 2, len(low)))
    lemma, tag = FORMS.get(low[k], ("", ""))
    made: list[Draft] = []
    verbal = (tag in ("base", "any", "ing") or (negated and may_be_verb(sentence, k))) and (
        lemma in ACT_OF or lemma in lexicon.ASPECT or negated
    )
    if kind is Kind.COMMITMENT and low[k] in _ARRANGING:
        verbal = True
    if firm and may_be_verb(sentence, k) and _governs(low, k):
        verbal = True
    if verbal and not (
        noun
        and noun[0] == k
        and k + 1 < len(low)
        and low[k + 1] in ("of", "to", "on", "in", "from")
    ):
        if kind is None and not sentence.item:
            return []
        made = actions(scene, 0, k, end, who, negated=negated, rule="item does")
    elif (
        noun is not None and (kind is not None or sentence.item) and not _is_clause(scene, noun[0])
    ):
        by = agents(scene, noun[0], end) or who
        made = [
            Draft(
                0,
                end,
                noun[0],
                Kind.COMMITMENT,
                "item names",
                by,
                act=noun[1],
                subject=acts.subject_of(low, k, end, noun[1]),
            )
        ]
    elif (
        firm
        and len(low) - k > _SHORT
        and low[0] not in _OPEN
        and (sentence.item or sentence.tokens[0].text.islower())
        and not _is_clause(scene, k)
    ):
        made = [_any_item(scene, k, end, who)]
    for draft in made:
        if kind in (Kind.DEMAND, Kind.PROPOSAL):
            draft.kind = kind
            draft.position = PositionKind(kind.value)
    return made


def _governs(low: list[str], k: int) -> bool:
    """Whether what follows the word is an object: "bury the dead", "collect and bury the dead"."""
    after = low[k + 1 : k + 2]
    if after in (["and"], ["or"]) and k + 3 < len(low):
        joined = low[k + 2]
        return is_base(joined) or (
            joined not in lexicon.DETERMINERS and low[k + 3] in lexicon.DETERMINERS
        )
    return bool(after) and (after[0] in lexicon.DETERMINERS or after[0].isdigit())


def _is_clause(scene: Scene, k: int) -> bool:
    """Whether the item has a verb of its own, not one of "after it has been observed"."""
    low = scene.parsed.low
    at = k
    for group in scene.parsed.groups:
        if group.form not in ("finite", "bare") or not k < group.start < 40:
            continue
        comma = next((m for m in range(group.start - 1, at, -1) if low[m] == ","), at)
        if not set(low[comma : group.start]) & _HANGING:
            return True
        at = group.end
    return False


def _any_item(scene: Scene, k: int, end: int, who: tuple[Named, ...]) -> Draft:
    """An item of what was agreed, whatever its noun: "cooperation on demining"."""
    low = scene.parsed.low
    noun = acts.act_noun(low, k, min(k + 5, end))
    act = noun[1] if noun else Act.OTHER
    if set(low[k : k + 4]) & _MEETING:
        act = Act.NEGOTIATE
    kind, act = (Kind.REFRAINING, Act.REFRAIN) if low[0] == "no" else (Kind.COMMITMENT, act)
    topic = acts.subject_of(low, k, end, act)
    return Draft(0, end, k, kind, "item of what was agreed", who, act=act, subject=topic)


_SHORT = 2
_OPEN = words("if should unless in provided nothing")
_HANGING = words("after once when which that who until as if where before whose unless")
_MEETING = words("meeting meetings talks consultations convening negotiations dialogue")


def stem_of(sentence: Sentence, context: Context) -> Stem:
    """What the sentence with the colon says of its list, and of whom; read once for its items."""
    if sentence.stem is None:
        return Stem()
    if context.stem is None or context.stem[0] is not sentence.stem:
        context.stem = sentence.stem, _read(sentence.stem, context)
    return context.stem[1]


def _read(stem: Sentence, context: Context) -> Stem:
    parsed = parse(stem, context.book or Book(()))
    kind: Kind | None = None
    who: tuple[Named, ...] = ()
    governs = 0  # where the verb stands that leads to the list
    low = parsed.low
    if low[-2:-1] in (["shall"], ["will"], ["to"]) and not any(
        group.end >= len(low) - 3 for group in parsed.groups
    ):
        entity = next((e for e in reversed(parsed.entities) if not e.modifier), None)
        if entity is not None and low[-2] != "to":
            return Stem(Kind.COMMITMENT, listed(parsed, entity), firm=True)
    for group in parsed.groups:
        if group.negated:
            continue
        if (
            group.does(lexicon.COMMIT | _DECLARING)
            or group.modal in ("will", "shall")
            or group.adjective == "commit"
            or group.lemma in ("include", "provide")
            or (
                group.lemma in _REACHING
                and set(low[group.end :]) & lexicon.COMMIT_NOUNS - {"decision"}
            )
        ):
            kind, who = Kind.COMMITMENT, subject(parsed, group, context)
            governs = group.end
        elif group.does(lexicon.DEMAND) or group.lemma == "call":
            kind, who = Kind.DEMAND, subject(parsed, group, context)
        elif group.does(lexicon.PROPOSE):
            kind, who = Kind.PROPOSAL, subject(parsed, group, context)
    if kind is not None and not who and stem.tokens[0].text.islower():
        who = context.named  # the subject stands on the lines above
    ending = set(low[max(governs, len(low) - 18) :])
    firm = bool(ending & {"following", "follows"}) and not ending & _TOPICS
    return Stem(kind, who, firm=firm)


_REACHING = words("reach conclude make adopt sign achieve come")
_DECLARING = words("announce declare proclaim decree")
_TOPICS = words("agenda questions topics issues points reasons names people")


def _is_length(word: str) -> bool:
    return word[:1].isdigit() and "-" in word


def gapped(scene: Scene, drafts: list[Draft]) -> list[Draft]:
    """ "Shall return A by 15 November, and B by 1 December": the second goes without its verb."""
    parsed, low = scene.parsed, scene.parsed.low
    made: list[Draft] = []
    for draft in drafts:
        if draft.kind is not Kind.COMMITMENT:
            continue
        dated = [k for k in range(draft.verb + 1, draft.j - 1) if _dates(low, k)]
        if len(dated) < 2:
            continue
        first, second = dated[:2]
        joint = next((k for k in range(first + 2, second) if low[k] == "and"), None)
        if joint is None or joint + 1 >= second or low[joint + 1] in lexicon.PREPOSITIONS:
            continue
        if any(first < g.start < second for g in parsed.groups):
            continue
        other = replace(draft, i=joint + 1, verb=joint + 1, rule="another by another day")
        other.subject = acts.subject_of(low, joint + 1, draft.j, draft.act)
        draft.j = joint
        made.append(other)
    return made


def _dates(low: list[str], k: int) -> bool:
    """Whether a term stands here: "by 15 November", "by November 15", "within ten days"."""
    after = low[k + 1]
    if low[k] == "by":
        return after[:1].isdigit() or after in MONTHS
    return low[k] == "within" and (after[:1].isdigit() or after in lexicon.NUMBERS)
