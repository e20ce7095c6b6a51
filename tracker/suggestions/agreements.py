"""Rules for what was agreed: "agreed to halt", "pledged that it will", "accepted a truce"."""

from tracker.domain.facts import Act

from . import acts, lexicon
from .drafts import Draft, Scene, chain, extends, skip_adjuncts, undertaken
from .lexicon import words
from .scenes import (
    NOTHING,
    Found,
    actions,
    agents,
    begin_of,
    clause_verb,
    lately_bound,
    possessors,
)
from .subjects import subject
from .values import Kind, Mark, Named, PositionKind
from .verbs import ACT_OF, FORMS, Group, may_be_verb

_MONEY = words("million billion euros dollars pounds $ € tonnes")
_AIM = words("need needs importance necessity goal desirability must should")


def agreed(scene: Scene, group: Group) -> Found:
    """ "agreed to halt", "pledged that it will", "accepted a truce", "a pause was agreed"."""
    parsed, low = scene.parsed, scene.parsed.low
    adjective = group.adjective == "commit"
    if not (group.does(lexicon.COMMIT) or adjective) or group.negated:
        return NOTHING
    if group.form in ("infinitive", "part") and not group.perfect and not group.past:
        return NOTHING
    if group.modal in ("may", "should", "must", "would") or (
        group.modal == "will" and not scene.context.legal
    ):
        return [], scene.end(group.end)
    if group.lemma in ("resolve", "guarantee", "accept") and group.passive:
        return NOTHING
    if group.form == "bare" and any(
        g.end < group.start and g.does(lexicon.DEMAND) for g in parsed.groups
    ):
        return NOTHING
    if group.form == "ing" and not (
        group.start
        and (low[group.start - 1] in (",", "of", "after") or parsed.at[group.start - 1] is not None)
    ):
        return NOTHING
    end = scene.end(group.end + 1) if group.end + 1 < len(low) else group.end + 1
    who = subject(parsed, group, scene.context)
    k = skip_adjuncts(low, group.end + 1, end)
    begin = begin_of(scene, group)
    if group.passive and not adjective:
        to = next(
            (
                m
                for m in range(group.end + 1, min(group.end + 4, end))
                if low[m] == "to" and may_be_verb(parsed.sentence, m + 1)
            ),
            None,
        )
        if to is not None and low[begin] == "it":
            return actions(
                scene,
                begin,
                to + 1,
                end,
                lately_bound(scene),
                negated=False,
                rule="it was agreed to",
            ), end
        return _agreed_upon(scene, group, begin, end)
    if k < end and low[k] == "for":
        let = next(
            (g for g in parsed.groups if k + 1 < g.start < k + 9 and g.form == "infinitive"), None
        )
        if let is not None and let.end < end:
            act = acts.act_of(let.lemma, low, let.end + 1, end)
            act = Act.ALLOW if act is Act.OTHER else act
            more = next(
                (m for m in range(let.end, end - 3) if low[m : m + 2] == ["and", "for"]), end
            )
            topic = acts.subject_of(low, k, more, act)
            found = [
                Draft(begin, more, group.end, Kind.COMMITMENT, "agreed for", who, act=act,
                      subject=topic)
            ]  # fmt: skip
            other = next((g for g in parsed.groups if more < g.start < more + 9), None)
            if other is not None and other.form == "infinitive":
                topic = acts.subject_of(low, more, end, act)
                found.append(
                    Draft(more + 1, end, other.end, Kind.COMMITMENT, "agreed for", who, act=act,
                          subject=topic)
                )  # fmt: skip
            return found, end
    if k < end and low[k] in ("to", "on", "upon", "for", "not", "never", "by"):
        negated = low[k] in ("not", "never")
        at = k + 1 + (1 if negated and k + 1 < end and low[k + 1] == "to" else 0)
        if low[k] == "to" and at < end and low[at] == "not":
            negated, at = True, at + 1
        while at < end and (
            low[at] in ('"', "“")
            or low[at] in lexicon.ADVERBS
            or (low[at].endswith("ly") and low[at] not in FORMS)
        ):
            negated = negated or low[at] == "not"
            at += 1
        if low[at : at + 2] == ["no", "longer"]:
            negated, at = True, at + 2
        if (
            at < end
            and (may_be_verb(scene.parsed.sentence, at) or FORMS.get(low[at], ("", ""))[1] == "ing")
            and low[k] != "for"
        ):
            return actions(scene, begin, at, end, who, negated=negated, rule="agreed to do"), end
        return nominal(scene, begin, k, end, who, group), end
    if k < end and low[k] == "that":
        return agreed_that(scene, group, begin, k + 1, who)
    if group.lemma in ("decide", "resolve", "swear") or (group.lemma == "consent"):
        return NOTHING
    if (
        k < end
        and (clause := clause_verb(scene, k, end))
        and not acts.act_noun(low, k, clause.start)
    ):
        return agreed_that(scene, group, begin, k, who)
    return nominal(scene, begin, k, end, who, group), end


def nominal(
    scene: Scene, begin: int, k: int, end: int, who: tuple[Named, ...], group: Group
) -> list[Draft]:
    """ "agreed to a 30-day halt", "signed a deal on", "agreed on the need for"."""
    low = scene.parsed.low
    stretch = low[k : min(k + 8, end)]
    owner = next((e for e in scene.parsed.entities if k <= e.i < k + 4 and e.possessive), None)
    if (
        owner is not None
        and group.lemma in ("reaffirm", "guarantee")
        and low[min(owner.j + 1, end - 1)] in lexicon.COMMIT_NOUNS
    ):
        who = (scene.parsed.named(owner),)
    if set(stretch[:5]) & _AIM:
        return [
            Draft(
                begin,
                end,
                group.end,
                Kind.NO_COMMITMENT,
                "agreed on the need",
                who,
                position=PositionKind.SHARED_AIM,
            )
        ]
    if "no" in stretch[:2] or "nothing" in stretch[:2]:
        return [
            Draft(
                begin,
                end,
                group.end,
                Kind.NO_COMMITMENT,
                "no commitment",
                who,
                position=PositionKind.DISCUSSED,
            )
        ]
    noun = acts.act_noun(low, k, min(k + 16, end))
    if noun is None:
        paper = next(
            (
                m
                for m in range(k, min(k + 7, end))
                if low[m]
                in lexicon.COMMIT_NOUNS
                | lexicon.PLANS
                | {"terms", "measures", "steps", "roadmap", "timetable", "text"}
            ),
            None,
        )
        if group.lemma in ("pledge", "promise") and set(stretch) & _MONEY:
            return [
                Draft(
                    begin,
                    end,
                    group.end,
                    Kind.COMMITMENT,
                    "pledged money",
                    who,
                    act=Act.PROVIDE,
                    subject=acts.subject_of(low, k, end, Act.PROVIDE),
                )
            ]
        if (
            group.lemma == "guarantee"
            and scene.context.legal
            and set(stretch) & words("safety security integrity rights freedom")
        ):
            return [
                Draft(
                    begin,
                    end,
                    group.end,
                    Kind.COMMITMENT,
                    "guarantees",
                    who,
                    act=Act.OTHER,
                    subject=acts.subject_of(low, k, end, Act.OTHER),
                )
            ]
        if paper is None:
            gerund = next(
                (
                    m
                    for m in range(k, min(k + 4, end))
                    if FORMS.get(low[m], ("", ""))[1] == "ing" and FORMS[low[m]][0] in ACT_OF
                ),
                None,
            )
            if gerund is None:
                return []
            return actions(scene, begin, gerund, end, who, negated=False, rule="agreed on doing")
        after = next(
            (
                m
                for m in range(paper, min(paper + 4, end))
                if low[m] == "to" and may_be_verb(scene.parsed.sentence, m + 1)
            ),
            None,
        )
        if after is not None:
            return actions(scene, begin, after + 1, end, who, negated=False, rule="agreed plan to")
        if group.lemma in ("decide", "guarantee", "swear", "reaffirm"):
            return []
        return [
            Draft(
                begin,
                end,
                group.end,
                Kind.COMMITMENT,
                "agreed to a text",
                who,
                act=Act.OTHER,
                subject=acts.subject_of(low, paper, end, Act.OTHER),
            )
        ]
    act = noun[1]
    marks = {Mark.EXTENSION} if extends(low, k, end) else set()
    if group.lemma == "guarantee" and act is Act.HALT:
        return []
    return [
        Draft(
            begin,
            end,
            group.end,
            Kind.COMMITMENT,
            "agreed to a nominal",
            who,
            act=act,
            subject=acts.subject_of(low, k, end, act),
            marks=marks,
        )
    ]


def _agreed_upon(scene: Scene, group: Group, begin: int, end: int) -> Found:
    """ "A 30-day halt was agreed by both sides", "was agreed": the subject names the act."""
    low = scene.parsed.low
    noun = acts.act_noun(low, begin, group.start)
    if noun is None:
        return NOTHING
    who = agents(scene, group.end, end) or possessors(scene, begin, group.start)
    return [
        Draft(
            begin,
            end,
            group.end,
            Kind.COMMITMENT,
            "was agreed",
            who,
            act=noun[1],
            subject=acts.subject_of(low, begin, group.start, noun[1]),
        )
    ], end


def agreed_that(scene: Scene, group: Group, begin: int, k: int, who: tuple[Named, ...]) -> Found:
    parsed, low = scene.parsed, scene.parsed.low
    end = scene.end(k)
    inner = clause_verb(scene, k, end)
    body = scene.context.body
    if inner is not None and group.lemma == "decide" and group.start <= 1 and body is not None:
        act = Act.REFRAIN if inner.negated else acts.act_of(inner.lemma, low, inner.end + 1, end)
        return [
            Draft(
                begin,
                end,
                group.end,
                Kind.DEMAND,
                "a resolution decides",
                (body,),
                subject(parsed, inner, scene.context),
                act=act,
                subject=acts.subject_of(low, inner.end + 1, end, act),
                position=PositionKind.DEMAND,
                says_itself=True,
            )
        ], end
    if inner is None and "committed" in low[k:end]:
        return NOTHING
    if inner is None:
        return (
            [
                Draft(
                    begin,
                    end,
                    group.end,
                    Kind.NO_COMMITMENT,
                    "agreed that",
                    who,
                    position=PositionKind.SHARED_AIM,
                )
            ]
            if set(low[k:end]) & words("need needs necessary important end peace")
            else []
        ), end
    if inner.modal in ("must", "should"):
        return [
            Draft(
                begin,
                end,
                group.end,
                Kind.NO_COMMITMENT,
                "agreed that it must",
                who,
                position=PositionKind.SHARED_AIM,
            )
        ], end
    doers = subject(parsed, inner, scene.context)
    if (
        doers
        and who
        and not any(parsed.at[m] is not None for m in range(k, inner.start))
        and doers[0].text[0].islower()
    ):
        doers = who
    if low[k] == "no" and inner.modal in ("will", "would", "shall"):
        return [
            Draft(
                begin,
                end,
                group.end,
                Kind.REFRAINING,
                "agreed that none will",
                who,
                act=Act.REFRAIN,
                subject=acts.subject_of(low, k, end, Act.REFRAIN),
            )
        ], end
    if inner.passive:
        doers = agents(scene, inner.end, end)
    if inner.lemma in lexicon.TRUCE_VERBS or inner.passive or inner.lemma == "be":
        noun = acts.act_noun(low, k, end)
        if noun:
            return [
                Draft(
                    begin,
                    end,
                    group.end,
                    Kind.COMMITMENT,
                    "agreed that it will",
                    doers or who,
                    act=noun[1],
                    subject=acts.subject_of(low, k, end, noun[1]),
                )
            ], end
        if inner.lemma == "be":
            return [], end
    found = []
    for n, (verb, stop, negated) in enumerate(chain(parsed, inner.end, end, negated=inner.negated)):
        draft = undertaken(
            scene,
            begin if n == 0 else verb,
            verb,
            stop,
            who=doers or who,
            rule="agreed that they will",
            negated=negated,
        )
        lemma = FORMS.get(low[verb], (low[verb], ""))[0]
        if draft and draft.act is Act.OTHER and lemma in lexicon.NO_UNDERTAKING:
            continue
        if lemma == "continue" and set(low[verb : verb + 3]) & {"stand", "support", "back"}:
            continue
        if draft and lemma in lexicon.SOFT_VERBS and not negated:
            draft.act = Act.NEGOTIATE
        if draft:
            found.append(draft)
            if inner.passive:
                draft.subject = acts.subject_of(low, k, end, draft.act)
    return found, end
