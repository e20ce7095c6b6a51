"""Rules for proposals, concerns and shared aims."""

from tracker.domain.facts import Act

from . import acts, lexicon
from .drafts import Draft, Scene, skip_adjuncts
from .lexicon import words
from .scenes import (
    NOTHING,
    Found,
    agents,
    begin_of,
    long_end,
)
from .subjects import subject
from .values import Kind, PositionKind
from .verbs import ACT_OF, Group

_CONCERN_NOUNS = words(
    "concern concerns alarm doubt doubts fear fears worry worries skepticism scepticism"
    " misgivings reservations unease dismay apprehension"
)


_AT_RISK = words(
    "risk risks jeopardy jeopardise jeopardize jeopardised threaten threatens endanger imperil"
    " undermine undermines collapse unravel derail doom sink hinder peril torpedo"
)
_PEACE = words("talks process negotiations peace understanding calm arrangement")


def worried(scene: Scene, group: Group) -> Found:
    """ "expressed concern that", "is worried whether", "raised doubts about", "fears"."""
    parsed, low = scene.parsed, scene.parsed.low
    if group.form == "infinitive" or (group.negated and group.lemma != "believe"):
        return NOTHING
    end = scene.end(group.end + 1) if group.end + 1 < len(low) else group.end + 1
    after = low[group.end + 1] if group.end + 1 < len(low) else ""
    noun = (
        group.lemma
        in words(
            "express voice raise share have reiterate note convey cite underline remain cause"
            " spark serve"
        )
        and set(low[group.end + 1 : min(group.end + 7, end)]) & _CONCERN_NOUNS
    )
    if group.lemma in ("remain", "become") and set(low[group.end + 1 : group.end + 4]) & {
        w for w, kind in lexicon.ADJECTIVES.items() if kind == "concern"
    }:
        noun = True  # type: ignore[assignment]
    verb = (
        group.does(lexicon.CONCERN)
        and after in words("that the about whether a it its they any over")
        and not (group.lemma == "doubt" and group.modal)
    )
    adjective = (
        group.adjective == "concern"
        and after != "to"
        and after in words("that about over by at whether with of lest the how on because")
    )
    if group.adjective == "concern" and after == "with":
        adjective = False
    if group.lemma in ("express", "voice", "convey") and "no" in low[group.end + 1 : group.end + 2]:
        return NOTHING
    warned = (
        group.lemma in ("warn", "caution")
        and not group.passive
        and bool(set(low[group.end + 1 : end + 16]) & _AT_RISK)
        and bool(set(low[group.end + 1 : end + 16]) & (lexicon.TRUCE | lexicon.HALT_NOUNS | _PEACE))
    )
    if not (noun or verb or adjective or warned) or group.modal in ("may", "would"):
        return NOTHING
    who = subject(parsed, group, scene.context)
    if not who and group.start <= 2 and scene.context.body is not None:
        who = (scene.context.body,)
    first_person = any(low[k] in ("i", "we") for k in range(begin_of(scene, group), group.start))
    if not (who or first_person):
        return NOTHING
    return [
        Draft(
            begin_of(scene, group),
            long_end(scene, group),
            group.end,
            Kind.CONCERN,
            "concern",
            who,
            position=PositionKind.CONCERN,
            subject=acts.subject_of(low, group.end + 1, end, None),
            says_itself=True,
        )
    ], long_end(scene, group)


def proposed(scene: Scene, group: Group) -> Found:
    """ "proposed a truce", "offered to release", "is ready to", "put forward a plan"."""
    parsed, low = scene.parsed, scene.parsed.low
    forward = group.lemma == "put" and low[group.end + 1 : group.end + 2] == ["forward"]
    made = group.lemma in ("make", "present", "submit", "issue", "extend") and bool(
        set(low[group.end + 1 : group.end + 6]) & words("offer proposal")
    )
    stands = group.lemma in ("remain", "stand", "stay") and (
        lexicon.ADJECTIVES.get(low[min(group.end + 1, len(low) - 1)]) == "propose"
    )
    ready = group.adjective == "propose" or stands
    if group.lemma == "submit" and not set(low[group.end + 1 : group.end + 6]) & lexicon.PLANS:
        return NOTHING
    if (
        not (group.does(lexicon.PROPOSE) or forward or made or ready)
        or group.negated
        or group.form == "infinitive"
    ):
        return NOTHING
    if group.modal in ("may", "should", "must") or (
        group.form == "part" and not group.past and not group.passive
    ):
        return NOTHING
    end = long_end(scene, group)
    k = skip_adjuncts(low, group.end + (2 if stands else 1), end)
    after = low[k] if k < end else ""
    if ready and after not in ("to", "for"):
        return NOTHING
    stretch = set(low[k:end])
    inner = next((g for g in parsed.groups if group.end < g.start < end and g.lemma != "be"), None)
    act_verb = inner is not None and (
        inner.lemma in ACT_OF or inner.lemma in lexicon.HOSTILE_VERBS | lexicon.ASPECT
    )
    noun = acts.act_noun(low, k, end)
    if (
        group.lemma == "suggest"
        and not (inner and (inner.form == "ing" or inner.modal == "should"))
        and not (noun and after in lexicon.DETERMINERS)
    ):
        return NOTHING
    if group.lemma == "offer" and not (
        after == "to" or noun or act_verb or stretch & words("amnesty guarantees safe")
    ):
        return NOTHING
    if ready and not (
        act_verb or noun or (inner and inner.lemma in ("accept", "sign", "agree", "join"))
    ):
        return NOTHING
    if not (act_verb or noun or stretch & lexicon.RELEVANT or after == "to"):
        return NOTHING
    begin = begin_of(scene, group)
    who = agents(scene, group.end, end) if group.passive else subject(parsed, group, scene.context)
    first_person = any(low[m] in ("i", "we") for m in range(begin, group.start))
    if not who and not group.passive and not first_person:
        return NOTHING
    if group.passive:
        noun = acts.act_noun(low, begin, group.start) or noun
        if noun is None:
            return NOTHING
    act = (
        acts.act_of(inner.lemma, low, inner.end + 1, end)
        if inner and act_verb
        else noun[1]
        if noun
        else None
    )
    if inner and act_verb and act is Act.OTHER and noun:
        act = noun[1]
    return [
        Draft(
            begin,
            end,
            group.end,
            Kind.PROPOSAL,
            "proposal",
            who,
            act=act,
            subject=acts.subject_of(low, k, end, act),
            position=PositionKind.PROPOSAL,
            says_itself=not group.passive,
        )
    ], end


def willing(scene: Scene, group: Group) -> Found:
    """ "would back the plan once it had seen it", "will sign only if": given a condition."""
    parsed, low = scene.parsed, scene.parsed.low
    if group.modal not in ("would", "will", "") or group.negated or group.perfect or group.passive:
        return NOTHING
    if group.modal == "" and (group.past or group.form not in ("finite", "bare")):
        return NOTHING
    if group.lemma not in words("back support accept sign agree join endorse consider"):
        return NOTHING
    end = scene.end(group.end + 1) if group.end + 1 < len(low) else group.end + 1
    hangs = any(i == end or group.end < i <= end + 1 for i, _ in scene.conditions)
    about = set(low[group.end + 1 : end]) & (lexicon.RELEVANT | lexicon.COMMIT_NOUNS)
    if not hangs or not (about or low[group.end + 1 : group.end + 2] in (["it"], ["this"])):
        return NOTHING
    who = subject(parsed, group, scene.context)
    if not who:
        return NOTHING
    noun = acts.act_noun(low, group.end + 1, end)
    act = noun[1] if noun else None
    return [
        Draft(
            begin_of(scene, group),
            end,
            group.end,
            Kind.PROPOSAL,
            "willing on a condition",
            who,
            position=PositionKind.PROPOSAL,
            act=act,
            subject=acts.subject_of(low, group.end + 1, end, act),
        )
    ], end


def shared(scene: Scene, group: Group) -> Found:
    """ "both sides share the goal", "the leaders stressed the need", "responded positively"."""
    parsed, low = scene.parsed, scene.parsed.low
    if group.negated or group.modal in ("may", "would", "should") or group.form == "infinitive":
        return NOTHING
    end = long_end(scene, group)
    stretch = low[group.end + 1 : min(group.end + 9, end)]
    stretch_set = set(stretch)
    who = subject(parsed, group, scene.context)
    many = len(who) > 1 or (
        bool(who)
        and any(
            w in who[0].name.lower()
            for w in ("both", "two", "parties", "leaders", "sides", "presidents", "ministers")
        )
    )
    goal = group.lemma == "share" and stretch_set & words(
        "goal goals aim aims view views desire interest conviction vision objective"
        " understanding commitment"
    )
    want = (
        many
        and group.lemma in ("want", "hope", "wish")
        and stretch_set & words("peace end war prevent conflict spread")
    )
    need = (
        many
        and group.lemma
        in words(
            "stress emphasize emphasise underline underscore reaffirm reiterate affirm"
            " acknowledge express note recognize recognise speak confirm"
        )
        and stretch_set
        & words(
            "need importance desire commitment willingness hope support necessity readiness"
            " intention interest determination resolve aspiration"
        )
    )
    if (
        group.lemma == "respond"
        and stretch_set & words("positively constructively favourably favorably warmly")
        and who
    ):
        return [
            Draft(
                begin_of(scene, group),
                end,
                group.end,
                Kind.NO_COMMITMENT,
                "responded well",
                who,
                position=PositionKind.DISCUSSED,
                subject=acts.subject_of(low, group.end + 1, end, None),
            )
        ], end
    if not (goal or want or need):
        return NOTHING
    return [
        Draft(
            begin_of(scene, group),
            end,
            group.end,
            Kind.NO_COMMITMENT,
            "shared aim",
            who,
            position=PositionKind.SHARED_AIM,
            subject=acts.subject_of(low, group.end + 1, end, None),
        )
    ], end
