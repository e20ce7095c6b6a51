"""What is off on a breach: "the moratorium could be suspended if Kyiv broke it"."""

from tracker.domain.facts import ConditionKind

from . import acts, lexicon
from .clauses import Parsed
from .drafts import Draft, Scene
from .lexicon import words
from .scenes import begin_of, speaker_of
from .values import Kind
from .verbs import Group

_SHOTS = words(
    "fire fires fired shoot shoots shot shell shells shelled strike strikes struck bomb bombs"
    " bombed hit hits"
)
_ENDING = words("stop stops stopped cease ceases ceased halt halts end ends ended")
_ENDED = words("suspend cancel close revoke terminate end annul freeze reverse abandon scrap")
_RENEWED = words("extend extended renew renewed prolong prolonged extension renewal")
_OVER = words("end collapse lapse expire")
_LAPSING = words("collapse lapse resume expire")
VOID = words("void null off over dead")


def breaks(parsed: Parsed, i: int, j: int) -> bool:
    """Whether an "if" names a breach, a shot: not "if the attacks stop"."""
    told = set(parsed.low[i:j])
    return (
        parsed.low[i] in ("if", "should", "in", "once")
        and bool(told & (lexicon.BREACH | _SHOTS))
        and not told & _ENDING
    )


def lapses(parsed: Parsed, i: int, j: int) -> Group | None:
    """What would lapse on a breach: "the moratorium could be suspended if Kyiv broke it"."""
    broken = breaks(parsed, i, j)
    if not broken and (parsed.low[i] != "if" or set(parsed.low[i:j]) & _RENEWED):
        return None
    for group in parsed.groups:
        if i <= group.start < j or group.negated:
            continue
        modal = group.modal in ("may", "would", "will", "shall")
        if (
            modal
            and group.lemma in _OVER
            and not group.passive
            and set(parsed.low[max(0, group.start - 3) : group.start]) & lexicon.TRUCE
        ):
            return group  # "if they are not freed by noon, the ceasefire will end"
        if (
            broken
            and modal
            and (
                (group.passive and group.lemma in _ENDED and not acts.is_fight(parsed.low, 0, i))
                or (not group.passive and group.lemma in _LAPSING)
            )
        ):
            return group
    return None


def off(scene: Scene, drafts: list[Draft], group: Group | None, i: int, j: int) -> Draft:
    """The whole of it as one condition, in place of what its main clause seemed to promise."""
    begin = min(i, begin_of(scene, group)) if group is not None else i
    stop = max(j, group.end + 1) if group is not None else j
    drafts[:] = [d for d in drafts if group is None or d.verb not in (group.end, group.end + 1)]
    return Draft(
        begin, stop, i, Kind.CONDITION, "off on a breach", speaker_of(scene, i),
        condition=ConditionKind.RELEASE_ON_BREACH,
        subject=acts.subject_of(scene.parsed.low, begin, stop, None),
    )  # fmt: skip
