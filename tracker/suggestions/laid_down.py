"""What the text of an agreement or a plan lays down: "calls for", "obliges", "provides for"."""

from tracker.domain.facts import Act

from . import acts
from .drafts import Draft, Scene, chain, undertaken
from .scenes import NOTHING, Found, addressees, agents
from .subjects import subject
from .values import Kind, PositionKind
from .verbs import ACT_OF, Group


def laid_down(scene: Scene, group: Group, begin: int, end: int, *, plan: bool) -> Found:
    """ "The deal calls for a 60-day halt", "the accord obliges Israel to withdraw"."""
    parsed, low = scene.parsed, scene.parsed.low
    to = next(
        (g for g in parsed.groups if group.end < g.start < end and g.form == "infinitive"), None
    )
    inner = next(
        (
            g
            for g in parsed.groups
            if group.end < g.start < end
            and g.modal in ("will", "shall", "must", "would", "should")
            and not g.passive
        ),
        None,
    )
    doing = to or inner
    found: list[Draft] = []
    noun = acts.act_noun(low, group.end + 1, end)
    if noun is None:
        met = next(
            (k for k in range(group.end + 1, end) if low[k] in ("meeting", "meetings")), None
        )
        noun = (met, Act.NEGOTIATE) if met is not None else None
    gerund = next(
        (
            g
            for g in parsed.groups
            if group.end < g.start <= group.end + 6
            and g.form == "ing"
            and g.lemma in ACT_OF
            and (g.start <= group.end + 3 or low[g.start - 1] == "to")
        ),
        None,
    )
    if gerund is not None:
        for n, (verb, stop, negated) in enumerate(chain(parsed, gerund.end, end)):
            draft = undertaken(
                scene,
                begin if n == 0 else verb,
                verb,
                stop,
                who=addressees(scene, group, None),
                rule="the text lays down",
                negated=negated,
            )
            if draft:
                found.append(draft)
    elif (
        doing is not None
        and not doing.passive
        and not (noun and noun[0] < doing.start and not inner and noun[0] - group.end <= 6)
    ):
        who = (
            subject(parsed, inner, scene.context)
            if inner and not to
            else addressees(scene, group, to)
        )
        for n, (verb, stop, negated) in enumerate(
            chain(parsed, doing.end, end, negated=doing.negated)
        ):
            draft = undertaken(
                scene,
                begin if n == 0 else verb,
                verb,
                stop,
                who=who,
                rule="the text lays down",
                negated=negated,
            )
            if draft:
                found.append(draft)
    else:
        if noun is None:
            return NOTHING
        by = agents(scene, group.end, end)
        owner = next(
            (
                parsed.named(e)
                for e in parsed.entities
                if group.end < e.i < end and e.i <= noun[0] and (e.possessive or e.entry.adjective)
            ),
            None,
        )
        who = (
            by
            or ((owner,) if owner else ())
            or (
                scene.context.pledgors
                if scene.context.number - scene.context.pledged_at <= 3
                else ()
            )
        )
        found.append(
            Draft(
                begin,
                end,
                group.end,
                Kind.COMMITMENT,
                "the text lays down",
                who,
                act=noun[1],
                subject=acts.subject_of(low, group.end + 1, end, noun[1]),
            )
        )
    for draft in found:
        if plan:
            draft.kind, draft.position, draft.rule = (
                Kind.PROPOSAL,
                PositionKind.PROPOSAL,
                "the plan lays down",
            )
    return found, end
