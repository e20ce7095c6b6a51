"""Rules for what no party is the doer of: a truce that takes effect or runs, aid that enters."""

from tracker.domain.facts import Act, Subject

from . import acts, lexicon
from .clauses import Parsed
from .drafts import Draft, Scene
from .lexicon import words
from .scenes import NOTHING, Found, begin_of, parties_here
from .values import Kind
from .verbs import Group

_BASES = lexicon.PLANS | {"initiative"}
_STAYING = words("include contain comprise consist mean cover govern remain apply stay")
_ENTERING = words("enter cross reach flow roll")
_AID = words("aid trucks lorries convoys convoy fuel supplies relief food truckloads")


def runs(
    scene: Scene, group: Group, at: tuple[int, int, int], lemma: str, head: str
) -> Found | None:
    """ "The deal will remain in force until", "lorries of aid will enter", "shall enjoy access".

    ``at``: where the passage begins, its verb, its end. None: nothing of the kind.
    """
    low, legal = scene.parsed.low, scene.context.legal
    begin, verb, end = at
    if group.passive or group.negated:
        return NOTHING if lemma in _STAYING and _is_text(head) and not group.passive else None
    before, after = low[begin : group.start], low[verb + 1 : verb + 7]
    term = lemma in _STAYING | {"continue", "be", "have"} and bool(
        set(after) & words("effect force until through duration")
    )
    enters = lemma in ("take", "enter", "come", "go") and bool(set(after[:2]) & {"effect", "force"})
    rule, act, topic = "the text will", Act.HALT, Subject.OTHER
    who = parties_here(scene, begin, group.start)
    stays = term and (_is_text(head) or (legal and head in _BASES))
    comprises = lemma == "include" and legal and head in lexicon.HALT_NOUNS
    if stays or (comprises and set(after) & lexicon.TRUCE):
        pass
    elif enters and head in lexicon.COMMIT_NOUNS and not legal:
        rule = "takes effect"
    elif lemma in _STAYING - {"remain"} and _is_text(head):
        return NOTHING
    elif lemma in _ENTERING and set(before) & _AID:
        rule, act, topic, who = "aid will enter", Act.ALLOW, Subject.HUMANITARIAN_ACCESS, ()
    elif lemma in ("enjoy", "have", "receive") and group.modal == "shall":
        noun = acts.act_noun(low, verb + 1, min(verb + 8, end))
        if noun is None or noun[1] is not Act.ALLOW:
            return None
        rule, act, who = "shall enjoy", Act.ALLOW, ()
        topic = acts.subject_of(low, begin, end, act)
    else:
        return None
    draft = Draft(begin, end, verb, Kind.COMMITMENT, rule, who, act=act, subject=topic)
    return [draft], end


def _is_text(head: str) -> bool:
    return head != "measures" and head in lexicon.INSTRUMENTS | lexicon.HALT_NOUNS


_EFFECT = words("effect force")


def with_start(parsed: Parsed, j: int) -> int:
    """Where a passage ends that takes in ", which took effect at 4 a.m. on Wednesday"."""
    low = parsed.low
    if low[j : j + 1] != [","] or low[j + 1 : j + 2] != ["which"]:
        return j
    if not begun(low, j, j + 7) or set(low[j + 2 : j + 4]) & words("will would comes enters is"):
        return j
    for k in range(j + 2, min(j + 22, len(low))):
        if low[k] in (",", ";", ".", "and", "but"):
            return k
    return j


def begun(low: list[str], i: int, k: int) -> bool:
    """Whether ", which took effect" leads to the time at ``k``."""
    for m in range(i, min(k, len(low) - 3)):
        if low[m : m + 2] == [",", "which"]:
            near = low[m + 2 : m + 6]
            return bool(set(near) & (_EFFECT | {"began", "started"}))
    return False


def takes_effect(scene: Scene, group: Group) -> Found:
    """ "a truce, which comes into effect tomorrow": the truce is named before."""
    low = scene.parsed.low
    effect = low[group.end + 1 : group.end + 3]
    entering = group.lemma in ("come", "enter", "go") and effect in (
        ["into", "effect"],
        ["into", "force"],
    )
    starts = group.lemma in ("start", "begin", "take") and (
        group.lemma != "take" or effect[:1] == ["effect"]
    )
    lasts = group.lemma in ("run", "last", "hold") and bool(
        set(low[group.end + 1 : group.end + 3]) & words("from until till through for")
    )
    if (
        not (entering or starts or lasts)
        or group.negated
        or group.modal
        or group.past
        or group.perfect
    ):
        return NOTHING
    if group.form != "finite" or scene.parsed.sentence.headline or scene.context.legal:
        return NOTHING
    begin = begin_of(scene, group)
    which = low[group.start - 1] in ("which", "that")
    named = low[max(0, group.start - 12) : group.start] if which else low[begin : group.start]
    if not set(named) & (lexicon.TRUCE | lexicon.HALT_NOUNS) - {"agreement", "deal", "extension"}:
        return NOTHING
    if set(low[max(0, begin - 2) : begin + 1]) & words("when once after until before if as"):
        return NOTHING
    end = scene.end(group.end + 1) if group.end + 1 < len(low) else group.end + 1
    return [
        Draft(
            group.start - 1 if which else begin,
            end,
            group.end,
            Kind.COMMITMENT,
            "takes effect",
            parties_here(scene, begin, group.start),
            act=Act.HALT,
            subject=Subject.OTHER,
        )
    ], end
