"""Rules for what was refused, denied or left open: no commitment."""

from tracker.domain.facts import Act, Subject

from . import acts, lexicon
from .drafts import Draft, Scene
from .lexicon import words
from .scenes import (
    NOTHING,
    Found,
    agents,
    begin_of,
    speaker_of,
)
from .subjects import head_before, subject
from .values import Kind, Mark, PositionKind
from .verbs import ACT_OF, Group

_EVIDENT = words(
    "accusations accusation allegations allegation claims claim reports report charges"
    " suggestion suggestions criticism"
)


_AT_STAKE = lexicon.TRUCE | words(
    "weapons arms withdrawal disarmament giving handing ceding territory hostages prisoners"
)
_ACTS_DONE = words("withdrawal pullback pullout release exchange talks negotiations concessions")
_VOICING = words(
    "reiterate express affirm reaffirm voice stress underline repeat confirm renew declare announce"
)
_REJECTION = words("rejection refusal opposition")


_PROMISES = words("promise promises commitment commitments guarantee guarantees undertaking")
_TELLING = words("saying naming blaming calling accusing describing confirming commenting")
_SCANTY = words(
    "commitment commitments promise promises pledge guarantee guarantees change changes"
    " indication date timeline timetable assurance assurances concession concessions deadline"
    " undertaking undertakings agreement deal breakthrough decision action"
)


def denied(scene: Scene, group: Group) -> Found:
    """ "denied having agreed", "denied that it had promised"; and of a violation, nothing."""
    if not group.does(lexicon.DENY) or group.negated or group.form == "infinitive":
        return NOTHING
    low = scene.parsed.low
    end = scene.end(group.end + 1)
    inside = [g for g in scene.parsed.groups if group.end < g.start < end]
    promised = any(
        g.lemma in lexicon.COMMIT
        or g.modal in ("will", "would")
        or g.lemma in ("offer", "reach", "accept", "sign")
        for g in inside
    )
    promised = promised or bool(set(low[group.end + 1 : end]) & lexicon.COMMIT_NOUNS - {"decision"})
    about_breach = bool(
        set(low[group.end : end])
        & (
            lexicon.BREACH
            | words("violating breaching breaking attacking shelling striking targeting")
        )
    )
    if not promised or (about_breach and not any(g.lemma in lexicon.COMMIT for g in inside)):
        return [], end
    who = subject(scene.parsed, group, scene.context)
    return [
        Draft(
            begin_of(scene, group),
            end,
            group.end,
            Kind.NO_COMMITMENT,
            "denied",
            who,
            position=PositionKind.DISCUSSED,
            marks={Mark.DENIED},
            says_itself=True,
        )
    ], end


def refused(scene: Scene, group: Group) -> Found:
    """ "rejected", "refused to", "ruled out", "is not ready to", "declined to commit"."""
    parsed, low = scene.parsed, scene.parsed.low
    down = group.lemma == "turn" and "down" in low[group.end + 1 : group.end + 4]
    ruled = down or (
        group.lemma == "rule" and group.end + 1 < len(low) and low[group.end + 1] == "out"
    )
    unready = group.adjective == "propose" and group.negated
    voiced = group.lemma in _VOICING and set(low[group.end + 1 : group.end + 6]) & _REJECTION
    if not (
        voiced or group.does(lexicon.REFUSE) or ruled or unready or group.adjective == "refuse"
    ):
        return NOTHING
    keeps = group.start > 0 and any(
        g.end == group.start - 1 and g.lemma == "continue" for g in parsed.groups
    )
    if (
        (group.negated and not unready)
        or (group.form == "infinitive" and not keeps)
        or group.modal in ("may", "would", "should", "must")
    ):
        return NOTHING
    if (group.form == "infinitive" and not keeps) or group.modal in (
        "may",
        "would",
        "should",
        "must",
    ):
        return NOTHING
    end = scene.end(group.end + 1) if group.end + 1 < len(low) else group.end + 1
    rest = set(low[group.end + 1 : end])
    if "which" in low[max(0, group.start - 4) : group.start]:
        rest |= set(low[max(0, group.start - 16) : group.start])
    if rest & _EVIDENT and not rest & (
        lexicon.RELEVANT - {"any", "talks", "aid", "forces", "troops"}
    ):
        return [], end
    k = group.end + 1
    if (
        k < end
        and low[k] == "to"
        and k + 1 < end
        and low[k + 1]
        in lexicon.TALKING | words("say speak give answer elaborate confirm discuss be")
        and not (low[k + 1] == "discuss" and rest & _AT_STAKE)
    ):
        return [], end
    infinitive = any(
        group.end < g.start < end
        and g.form in ("infinitive", "ing")
        and (
            g.lemma in ACT_OF
            or g.lemma in lexicon.COMMIT | lexicon.HOSTILE_VERBS
            or g.lemma in ("accept", "sign", "attend", "recognise", "recognize", "join")
        )
        for g in parsed.groups
    )
    passive = group.passive
    stretch = set(low[begin_of(scene, group) : group.start]) if passive else rest
    if not (infinitive or stretch & lexicon.RELEVANT or ruled or voiced):
        return [], end
    who = agents(scene, group.end, end) if passive else subject(parsed, group, scene.context)
    noun = acts.act_noun(low, group.end + 1, end)
    verb = next(
        (
            g
            for g in parsed.groups
            if group.end < g.start < end and g.form in ("infinitive", "ing") and g.lemma in ACT_OF
        ),
        None,
    )
    if verb is not None and noun is not None and noun[0] < verb.start:
        verb = None
    act = acts.act_of(verb.lemma, low, verb.end + 1, end) if verb else noun[1] if noun else None
    return [
        Draft(
            begin_of(scene, group),
            end,
            group.end,
            Kind.NO_COMMITMENT,
            "refused",
            who,
            position=PositionKind.REFUSAL,
            act=act,
            subject=acts.subject_of(low, group.end + 1, end, act),
            says_itself=not passive,
        )
    ], end


_ARMED = words(
    "troops forces army soldiers military units fighters rebels rebel militia militants alliance"
)


def stays(scene: Scene, group: Group) -> Found:
    """ "will keep its troops in", "forces will remain on": no withdrawal."""
    parsed, low = scene.parsed, scene.parsed.low
    if group.modal not in ("will", "would", "shall") or group.negated or group.passive:
        return NOTHING
    if group.lemma not in ("keep", "remain", "stay") or scene.context.legal:
        return NOTHING
    end = scene.end(group.end + 1) if group.end + 1 < len(low) else group.end + 1
    begin = begin_of(scene, group)
    around = low[begin : group.start] + low[group.end + 1 : min(group.end + 5, end)]
    who = subject(parsed, group, scene.context)
    around += [word for one in who for word in one.text.lower().split()]
    place = set(low[group.end + 1 : end]) & words("in on at along inside beyond until as")
    if not set(around) & _ARMED or not place:
        return NOTHING
    return [
        Draft(
            begin,
            end,
            group.end,
            Kind.NO_COMMITMENT,
            "stays",
            who,
            position=PositionKind.REFUSAL,
            act=Act.WITHDRAW,
            subject=Subject.TERRITORY,
        )
    ], end


def uncommitted(scene: Scene, group: Group) -> Found:
    """ "did not agree to", "stopped short of", "made no commitment", "without committing"."""
    parsed, low = scene.parsed, scene.parsed.low
    end = scene.end(group.end + 1) if group.end + 1 < len(low) else group.end + 1
    nearby = " ".join(low[group.end + 1 : group.end + 3])
    short = group.lemma in ("stop", "fall") and nearby == "short of"
    if short and low[group.end + 3 : group.end + 4] and low[group.end + 3] in _TELLING:
        return [], end  # "stopped short of saying who broke it"
    failed = (
        group.lemma == "fail"
        and group.end + 2 < len(low)
        and low[group.end + 1] == "to"
        and low[group.end + 2] in words("agree reach commit sign accept secure agree produce")
    )
    none = (
        group.lemma in words(
            "make give offer announce set provide reach see issue sign contain include take"
            " commit be find"
        )
        and not group.negated and not group.adjective and group.form != "infinitive"
        and _nothing_of(low, group, end)
    )  # fmt: skip
    unagreed = (
        (
            group.does(lexicon.COMMIT - {"decide", "guarantee", "resolve", "reaffirm"})
            or group.lemma in ("endorse", "sign", "approve", "conclude")
            or group.adjective == "commit"
        )
        and group.negated
        and group.form != "infinitive"
        and group.modal in ("", "will", "would")
    )
    lacking = (
        group.negated
        and group.lemma
        in words("provide include cover oblige require contain mention foresee bind")
        and not group.modal
        and head_before(parsed, group) in lexicon.INSTRUMENTS | lexicon.PLANS
    )
    never = (
        group.lemma == "be"
        and group.modal in ("will", "would")
        and low[group.start - 1] == "there"
        and low[group.end + 1 : group.end + 2] == ["no"]
        and bool(
            set(low[group.end + 2 : group.end + 5])
            & (lexicon.HALT_NOUNS | lexicon.TRUCE | _ACTS_DONE)
        )
    )
    unable = (
        group.lemma in ("make", "give", "offer", "promise")
        and group.negated
        and (group.lemma == "promise" or bool(set(low[group.end + 1 : group.end + 4]) & _PROMISES))
    )
    without = (
        group.form == "ing"
        and group.lemma in lexicon.COMMIT
        and group.start > 0
        and low[group.start - 1] == "without"
    )
    empty_subject = (
        group.lemma in words("reach agree make set announce sign give achieve")
        and (group.passive or group.perfect)
        and begin_of(scene, group) < group.start
        and low[begin_of(scene, group)] in ("no", "neither")
    )
    neither = group.does(lexicon.COMMIT) and low[max(0, group.start - 3) : group.start][:1] == [
        "neither"
    ]
    if not (
        short
        or failed
        or none
        or lacking
        or never
        or unable
        or unagreed
        or without
        or empty_subject
        or neither
    ):
        return NOTHING
    if empty_subject and not set(low[begin_of(scene, group) : group.start]) & (
        _SCANTY
        - words("date timeline timetable deadline indication decision action changes change")
    ):
        return NOTHING
    refusal = never or (unagreed and group.modal in ("will", "would"))
    who = subject(parsed, group, scene.context)
    if empty_subject:
        who = ()
    if lacking or never:
        who = speaker_of(scene, group.start)
    verb = next((g for g in parsed.groups if group.end < g.start < end and g.lemma in ACT_OF), None)
    noun = acts.act_noun(low, group.end + 1, end)
    act = acts.act_of(verb.lemma, low, verb.end + 1, end) if verb else noun[1] if noun else None
    kind = PositionKind.REFUSAL if refusal else PositionKind.DISCUSSED
    begin = group.start - 1 if without else begin_of(scene, group)
    return [
        Draft(
            begin,
            end,
            group.end,
            Kind.NO_COMMITMENT,
            "no commitment",
            who,
            position=kind,
            act=act,
            subject=acts.subject_of(low, group.end + 1, end, act),
        )
    ], end


def _nothing_of(low: list[str], group: Group, end: int) -> bool:
    for k in range(group.end + 1, min(group.end + 4, end)):
        if low[k] in ("no", "nothing"):
            near = set(low[k + 1 : min(k + 5, end)])
            if group.lemma == "be":
                near = (
                    near & words("agreement commitment deal undertaking guarantee")
                    if "such" not in near
                    else set()
                )
            return bool(near & _SCANTY)
    return False
