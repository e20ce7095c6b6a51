"""Rules for what was announced, ordered or signed, and for commitments that are reaffirmed."""

from tracker.domain.facts import Act, Subject

from . import acts, lexicon
from .agreements import agreed_that, nominal
from .drafts import Draft, Scene, extends, skip_adjuncts
from .lexicon import words
from .scenes import (
    NOTHING,
    Found,
    actions,
    agents,
    begin_of,
    clause_verb,
    parties_here,
    possessors,
    speaker_of,
)
from .subjects import listed, subject
from .values import Kind, Mark, Named, PositionKind
from .verbs import ACT_OF, FORMS, Group, may_be_verb

_SUCH = words("corresponding relevant appropriate necessary respective such")
_STOP = words("abstain refrain halt stop cease suspend pause moratorium ceasefire truce halting")


_TOLD_AFTER = words("after since before when once as")


def announced(scene: Scene, group: Group) -> Found:
    """ "announced a truce", "ordered its forces to stop", "a halt was announced by"."""
    parsed, low = scene.parsed, scene.parsed.low
    light = (
        group.lemma
        in (
            "reach",
            "strike",
            "make",
            "give",
            "issue",
            "enter",
            "accept",
            "extend",
            "prolong",
            "renew",
            "result",
            "culminate",
        )
        and not group.adjective
    )
    told = group.passive and group.lemma in ("tell", "direct")
    if (
        not (group.does(lexicon.ANNOUNCE) or light or told)
        or group.negated
        or group.form == "infinitive"
        or group.modal
    ):
        return NOTHING
    end = scene.end(group.end + 1) if group.end + 1 < len(low) else group.end + 1
    begin = begin_of(scene, group)
    k = skip_adjuncts(low, group.end + 1, end)
    if group.passive and group.lemma in ("extend", "prolong", "renew"):
        noun = acts.act_noun(low, begin, group.start)
        if noun is None or noun[1] is not Act.HALT:
            return NOTHING
        who = agents(scene, group.end, end) or parties_here(scene, begin, group.start)
        return [
            Draft(
                begin,
                end,
                group.end,
                Kind.COMMITMENT,
                "was extended",
                who,
                act=Act.HALT,
                subject=acts.subject_of(low, begin, group.start, Act.HALT),
                marks={Mark.EXTENSION},
            )
        ], end
    if group.passive and group.lemma in ("order", "instruct", "direct", "tell"):
        at = next((g for g in parsed.groups if group.end < g.start <= group.end + 3), None)
        if at is None or at.form != "infinitive":
            return NOTHING
        who = agents(scene, group.end, end) or speaker_of(scene, group.start)
        made = actions(scene, begin, at.end, end, who, negated=at.negated, rule="was ordered to")
        return [draft for draft in made if draft.act not in (Act.OTHER, Act.PROVIDE)], end
    if group.passive or (group.form == "part" and scene.parsed.sentence.headline):
        noun = acts.act_noun(low, begin, group.start)
        if noun is None or noun[1] is Act.NEGOTIATE or light:
            return NOTHING
        who = agents(scene, group.end, end) or possessors(scene, begin, group.start)
        told = low[noun[0]][-1] == "s" or low[begin] in _TOLD_AFTER
        if not who and group.past and told:
            return NOTHING  # "similar truces were announced", "after the truce was announced"
        return [
            Draft(
                begin,
                end,
                group.end,
                Kind.COMMITMENT,
                "was announced",
                who,
                act=noun[1],
                subject=acts.subject_of(low, begin, group.start, noun[1]),
                says_itself=bool(who),
            )
        ], end
    aside = group.form == "ing" and group.start > 0 and low[group.start - 1] == ","
    if group.form in ("part", "ing") and not group.past and not aside:
        return NOTHING
    who = subject(parsed, group, scene.context)
    object_head = low[k : min(k + 9, end)]
    if "no" in object_head[:1] or "that" in object_head[:1]:
        return NOTHING
    if light:
        if (
            group.lemma in ("extend", "prolong", "renew")
            and low[k : k + 1] == ["it"]
            and set(low[:k]) & (lexicon.TRUCE | lexicon.HALT_NOUNS)
        ):
            return [
                Draft(
                    begin,
                    end,
                    group.end,
                    Kind.COMMITMENT,
                    "extended it",
                    who,
                    act=Act.HALT,
                    subject=Subject.OTHER,
                    marks={Mark.EXTENSION},
                )
            ], end
        paper = next(
            (
                m
                for m in range(k, min(k + 10, end))
                if low[m]
                in lexicon.COMMIT_NOUNS
                | {
                    "order",
                    "orders",
                    "instruction",
                    "instructions",
                    "command",
                    "assurance",
                    "assurances",
                }
                | lexicon.TRUCE
                | lexicon.HALT_NOUNS
            ),
            None,
        )
        if paper is None:
            return NOTHING
        if group.lemma in ("result", "culminate"):
            who = possessors(scene, paper, end)
        if group.lemma in ("extend", "prolong", "renew"):
            if not extends(low, group.start, end):
                return NOTHING
            return [
                Draft(
                    begin,
                    end,
                    group.end,
                    Kind.COMMITMENT,
                    "extended",
                    who,
                    act=Act.HALT,
                    subject=acts.subject_of(low, k, end, Act.HALT),
                    marks={Mark.EXTENSION},
                )
            ], end
        return _from_paper(scene, begin, paper, end, who, group), end
    if group.lemma in ("order", "instruct", "decree"):
        at = next((g for g in parsed.groups if k <= g.start < end and g.form == "infinitive"), None)
        if at is not None:
            return actions(
                scene, begin, at.end, end, who, negated=at.negated, rule="ordered to"
            ), end
    if group.lemma == "sign" and low[k : k + 2] in (["off", "on"], ["up", "to"]):
        return nominal(scene, begin, k + 2, end, who, group), end
    if (clause := clause_verb(scene, k, end)) is not None and not acts.act_noun(
        low, k, clause.start
    ):
        return NOTHING
    noun = acts.act_noun(low, k, min(k + 10, end))
    if noun is None or noun[1] is Act.NEGOTIATE:
        paper = next((m for m in range(k, min(k + 5, end)) if low[m] in lexicon.COMMIT_NOUNS), None)
        if paper is not None and group.lemma in (
            "sign",
            "conclude",
            "announce",
            "broker",
            "approve",
        ):
            return _from_paper(scene, begin, paper, end, who, group), end
        return NOTHING
    between = possessors(scene, noun[0], end)
    if between:
        who = between
    if group.lemma == "broker" or (
        group.lemma == "declare" and set(low[k:end][:6]) & words("over dead finished ended")
    ):
        return NOTHING
    return [
        Draft(
            begin,
            end,
            group.end,
            Kind.COMMITMENT,
            "announced",
            who,
            act=noun[1],
            subject=acts.subject_of(low, k, end, noun[1]),
            marks={Mark.EXTENSION} if extends(low, k, end) else set(),
            says_itself=group.lemma in ("announce", "declare", "proclaim"),
        )
    ], end


def _from_paper(
    scene: Scene, begin: int, paper: int, end: int, who: tuple[Named, ...], group: Group
) -> list[Draft]:
    """ "reached an agreement to halt", "signed a deal on the release of prisoners"."""
    low = scene.parsed.low
    if group.lemma == "broker":
        who = ()
    if (clause := clause_verb(scene, paper, end)) is not None and clause.start - paper <= 4:
        return agreed_that(scene, group, begin, paper + 1, who)[0]
    if group.lemma in ("reach", "strike", "sign", "conclude"):
        with_whom = next(
            (
                e
                for e in scene.parsed.entities
                if paper < e.i <= paper + 4 and low[e.i - 1] in ("with", "both", "the")
            ),
            None,
        )
        if with_whom is not None and "with" in low[paper : with_whom.i]:
            who = (*who, *listed(scene.parsed, with_whom))
    if "no" in low[group.end + 1 : paper]:
        return [
            Draft(
                begin,
                end,
                group.end,
                Kind.NO_COMMITMENT,
                "no agreement",
                who,
                position=PositionKind.DISCUSSED,
            )
        ]
    to = next(
        (
            m
            for m in range(paper + 1, min(paper + 12, end))
            if low[m] == "to" and may_be_verb(scene.parsed.sentence, m + 1)
        ),
        None,
    )
    if to is not None:
        negated = low[to - 1] == "not"
        return actions(scene, begin, to + 1, end, who, negated=negated, rule="agreement to")
    if group.lemma in ("give", "issue") and set(low[group.end : paper]) & _SUCH:
        return [
            Draft(
                begin,
                end,
                group.end,
                Kind.COMMITMENT,
                "gave the order",
                who,
                act=Act.HALT if set(low[:begin]) & _STOP else Act.OTHER,
                subject=acts.subject_of(low, 0, end, Act.HALT),
            )
        ]
    noun = acts.act_noun(low, group.end + 1, min(paper + 12, end))
    if noun is None:
        aim = next(
            (m + 1 for m in range(paper + 1, end - 1) if low[m : m + 2] == ["aimed", "at"]), 0
        )
        gerund = next(
            (
                m
                for m in (*range(paper + 1, min(paper + 5, end)), *range(aim, min(aim + 2, end)))
                if FORMS.get(low[m], ("", ""))[1] == "ing" and FORMS[low[m]][0] in ACT_OF
            ),
            None,
        )
        return (
            actions(scene, begin, gerund, end, who, negated=False, rule="agreement on doing")
            if gerund
            else []
        )
    return [
        Draft(
            begin,
            end,
            group.end,
            Kind.COMMITMENT,
            "agreement on",
            who,
            act=noun[1],
            subject=acts.subject_of(low, paper, end, noun[1]),
        )
    ]


def commitment_to(scene: Scene, group: Group) -> Found:
    """ "conveyed their commitment not to seek", "reiterated its pledge to withdraw"."""
    parsed, low = scene.parsed, scene.parsed.low
    if (
        group.lemma
        not in words(
            "convey confirm reiterate express renew repeat restate underline stress voice state"
            " reaffirm affirm"
        )
        or group.negated
        or group.form == "infinitive"
    ):
        return NOTHING
    end = scene.end(group.end + 1) if group.end + 1 < len(low) else group.end + 1
    nouns = words("commitment pledge promise readiness willingness undertaking")
    paper = next(
        (k for k in range(group.end + 1, min(group.end + 10, end)) if low[k] in nouns), None
    )
    if paper is None:
        return NOTHING
    negated = low[paper + 1 : paper + 2] == ["not"]
    at = paper + (2 if negated else 1)
    if low[at : at + 1] not in (["to"], ["of"]) or at + 1 >= end:
        return NOTHING
    if not (may_be_verb(parsed.sentence, at + 1) or FORMS.get(low[at + 1], ("", ""))[1] == "ing"):
        return NOTHING
    owner = next((e for e in parsed.entities if group.end < e.i < paper and e.possessive), None)
    who = (parsed.named(owner),) if owner is not None else subject(parsed, group, scene.context)
    made = actions(
        scene, begin_of(scene, group), at + 1, end, who, negated=negated, rule="commitment to"
    )
    if low[paper] in ("readiness", "willingness"):
        for draft in made:
            draft.kind, draft.position = Kind.PROPOSAL, PositionKind.PROPOSAL
    return made, end
