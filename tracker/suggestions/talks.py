"""Rules for talks that are to be held: "negotiations are to begin by the 16th day"."""

from tracker.domain.facts import Act

from . import acts
from .clauses import MANY
from .days import MONTHS
from .drafts import Draft, Scene
from .lexicon import words
from .scenes import Found, begin_of, parties_here
from .values import Kind, Named
from .verbs import Group

TALKS = words("talks negotiations consultations dialogue")
OPENING = words("begin start resume open convene commence restart")
_MANY = MANY | words("both two all each")
_WHEN = frozenset(MONTHS) | words(
    "immediately within by today tonight tomorrow monday tuesday wednesday thursday friday"
    " saturday sunday week month midnight noon"
)


def held(
    scene: Scene, group: Group, at: tuple[int, int, int], lemma: str, *, passive: bool
) -> Found | None:
    """ "Talks would begin immediately": with a time, and ahead. None: nothing of the kind.

    ``at``: where the passage begins, its verb, its end.
    """
    low = scene.parsed.low
    begin, verb, end = at
    waiting = bool(group.adjective) and group.past  # "which were due to start last week"
    if group.negated or waiting or not _are_held(low, lemma, verb, passive=passive):
        return None
    if not any(word in _WHEN or word[:1].isdigit() for word in low[verb:end]):
        return None
    who = _both(parties_here(scene, begin_of(scene, group), group.start))
    topic = acts.subject_of(low, begin, end, Act.NEGOTIATE)
    draft = Draft(begin, end, verb, Kind.COMMITMENT, "talks will", who)
    draft.act, draft.subject = Act.NEGOTIATE, topic
    return [draft], end


def _are_held(low: list[str], lemma: str, verb: int, *, passive: bool) -> bool:
    """ "Talks will begin", "are to be held": not "will continue to stall"."""
    if passive:
        return lemma in ("hold", "resume", "convene", "open")
    return lemma in OPENING or (lemma == "take" and low[verb + 1 : verb + 2] == ["place"])


def _both(who: tuple[Named, ...]) -> tuple[Named, ...]:
    """Nobody talks alone."""
    many = len(who) > 1 or (bool(who) and bool(set(who[0].name.lower().split()) & _MANY))
    return who if many else ()
