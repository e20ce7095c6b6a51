"""Rules for time that somebody is given: ultimatums, and what a deal leaves a party to do."""

from . import acts, lexicon
from .drafts import Draft, Scene
from .lexicon import words
from .scenes import NOTHING, Found, begin_of
from .subjects import head_before, listed, subject
from .values import Kind, PositionKind
from .verbs import ACT_OF, Group


def given_time(scene: Scene, group: Group) -> Found:
    """ "gave the army ten days to leave": an ultimatum; of a deal, what it lays down."""
    parsed, low = scene.parsed, scene.parsed.low
    if group.lemma not in ("give", "grant", "allow") or group.negated or group.passive:
        return NOTHING
    to = next(
        (
            g
            for g in parsed.groups
            if group.end + 2 < g.start < group.end + 14 and g.form == "infinitive"
        ),
        None,
    )
    whom = next((e for e in parsed.entities if group.end < e.i <= group.end + 2), None)
    if to is None or whom is None or to.lemma not in ACT_OF | _LEAVING:
        return NOTHING
    between = set(low[whom.j : to.start])
    if not between & words("days hours weeks months day week month until deadline period time"):
        return NOTHING
    begin = begin_of(scene, group)
    end = max(to.end + 1, scene.end(to.end))
    act = acts.act_of(to.lemma, low, to.end + 1, end)
    topic = acts.subject_of(low, to.end, end, act)
    if head_before(parsed, group) in lexicon.INSTRUMENTS | lexicon.PLANS:
        draft = Draft(
            begin, end, group.end, Kind.COMMITMENT, "the text gives time", listed(parsed, whom),
            act=act, subject=topic,
        )  # fmt: skip
        return [draft], end
    who = subject(parsed, group, scene.context)
    if not who:
        return NOTHING
    return [
        Draft(
            begin, end, group.end, Kind.DEMAND, "ultimatum", who, listed(parsed, whom),
            act=act, subject=topic, position=PositionKind.DEMAND, says_itself=True,
        )
    ], end  # fmt: skip


_LEAVING = dict.fromkeys(
    ("leave", "comply", "accept", "agree", "respond", "reply", "decide", "sign")
)
