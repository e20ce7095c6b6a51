"""Rules for what has no full sentence: items of a list, articles of an agreement, headlines."""

from tracker.domain.facts import Act

from . import acts, lexicon
from .clauses import parse
from .drafts import Draft, Scene, extends
from .lexicon import words
from .parties import Book
from .scenes import actions, agents
from .subjects import listed, subject
from .values import Kind, Mark, Named, PositionKind
from .verbs import ACT_OF, FORMS, may_be_verb

_BEFORE_NOUN = words(
    "an a the immediate full comprehensive complete mutual unilateral general gradual phased"
    " simultaneous safe free unhindered reciprocal initial temporary partial humanitarian"
    " bilateral nationwide permanent first second three-day strict prompt total"
)
_AGREED = words(
    "agreed announced declared extended reached signed brokered ordered approved proposed offered"
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
    kind, who = _stem(scene)
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
        noun is not None
        and (kind is not None or sentence.item)
        and not any(g.form in ("finite", "bare") and g.start < 30 for g in scene.parsed.groups)
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
    for draft in made:
        if kind in (Kind.DEMAND, Kind.PROPOSAL):
            draft.kind = kind
            draft.position = PositionKind(kind.value)
    return made


def _stem(scene: Scene) -> tuple[Kind | None, tuple[Named, ...]]:
    """What the sentence with the colon says of its list, and of whom."""
    stem = scene.parsed.sentence.stem
    if stem is None:
        return None, ()
    parsed = parse(stem, Book(()))
    kind: Kind | None = None
    who: tuple[Named, ...] = ()
    low = parsed.low
    if low[-2:-1] in (["shall"], ["will"], ["to"]) and not any(
        group.end >= len(low) - 3 for group in parsed.groups
    ):
        entity = next((e for e in reversed(parsed.entities) if not e.modifier), None)
        if entity is not None and low[-2] != "to":
            return Kind.COMMITMENT, listed(parsed, entity)
    for group in parsed.groups:
        if group.negated:
            continue
        if (
            group.does(lexicon.COMMIT)
            or group.modal in ("will", "shall")
            or group.adjective == "commit"
            or group.lemma in ("include", "provide")
        ):
            kind, who = Kind.COMMITMENT, subject(parsed, group, scene.context)
        elif group.does(lexicon.DEMAND) or group.lemma == "call":
            kind, who = Kind.DEMAND, subject(parsed, group, scene.context)
        elif group.does(lexicon.PROPOSE):
            kind, who = Kind.PROPOSAL, subject(parsed, group, scene.context)
    return kind, who


def _is_length(word: str) -> bool:
    return word[:1].isdigit() and "-" in word


def nominal_headline(scene: Scene, drafts: list[Draft]) -> list[Draft]:
    """ "30-day halt to strikes on power plants agreed", "Truce extended by 60 days"."""
    sentence, low = scene.parsed.sentence, scene.parsed.low
    if not sentence.headline or drafts:
        return []
    noun = acts.act_noun(low, 0, len(low))
    if noun is None or noun[1] == Act.NEGOTIATE:
        return []
    said = next((k for k in range(noun[0] + 1, len(low)) if low[k] in _AGREED), None)
    if said is None:
        return []
    by = agents(scene, said, len(low))
    first = next((e for e in scene.parsed.entities if e.i < noun[0]), None)
    who = by or (listed(scene.parsed, first) if first is not None else ())
    kind, position = (
        (Kind.PROPOSAL, PositionKind.PROPOSAL)
        if low[said] in ("proposed", "offered")
        else (Kind.COMMITMENT, None)
    )
    marks = {Mark.EXTENSION} if low[said] == "extended" or extends(low, 0, len(low)) else set()
    return [
        Draft(
            0,
            len(low),
            said,
            kind,
            "headline names",
            who,
            act=noun[1],
            subject=acts.subject_of(low, 0, len(low), noun[1]),
            position=position,
            marks=marks,
        )
    ]
