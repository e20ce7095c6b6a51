"""Rules for demands; of an agreement's text, which demands nothing, for what it lays down."""

from tracker.domain.facts import Act, ConditionKind

from . import acts, lexicon
from .drafts import Draft, Scene
from .laid_down import laid_down
from .lexicon import words
from .scenes import (
    NOTHING,
    Found,
    addressees,
    agents,
    begin_of,
    long_end,
    speaker_of,
)
from .subjects import head_before, subject
from .values import Kind, Named, PositionKind
from .verbs import ACT_OF, FORMS, NOUNISH, Group, is_base

_TURNS = (("follow", "suit"), ("come", "home"), ("do", "likewise"), ("do", "so"))


def demanded(scene: Scene, group: Group) -> Found:
    """Demands: "called for", "urged both sides to"; what an agreement's text lays down."""
    parsed, low = scene.parsed, scene.parsed.low
    after = low[group.end + 1] if group.end + 1 < len(low) else ""
    lemma = group.lemma
    if lemma == "call" and after in (
        "in",
        "again",
        "once",
        "therefore",
        "strongly",
        "also",
        "urgently",
    ):
        after = next(
            (
                low[m]
                for m in range(group.end + 2, min(group.end + 7, len(low)))
                if low[m] in ("for", "on", "upon")
            ),
            after,
        )
    lays_down = (
        lemma
        in words(
            "outline prohibit forbid ban contain stipulate envisage foresee oblige mandate"
            " compel obligate require call provide commit bind include"
        )
        and not group.passive
    )
    voiced = (
        lemma in words("reiterate repeat renew restate voice make issue present express")
        and bool(
            set(low[group.end + 1 : group.end + 5])
            & words("demand demands call calls appeal request")
        )
        and not group.passive
    )
    if (
        not (
            (group.does(lexicon.DEMAND) or lemma in ("call", "expect") or lays_down or voiced)
            and not group.adjective
        )
        or group.negated
    ):
        return NOTHING
    if group.modal in ("may", "should", "must") or (
        group.form == "infinitive" and not scene.parsed.sentence.headline
    ):
        return NOTHING
    head = head_before(parsed, group)
    if head == "it":
        head = scene.context.head
    begin, end = begin_of(scene, group), long_end(scene, group)
    if lemma in ("prohibit", "forbid", "ban"):
        if head not in lexicon.INSTRUMENTS:
            return NOTHING
        return [
            Draft(
                begin,
                end,
                group.end,
                Kind.REFRAINING,
                "the text forbids",
                act=Act.REFRAIN,
                subject=acts.subject_of(low, group.end + 1, end, Act.REFRAIN),
            )
        ], end
    if (
        lays_down
        and head in lexicon.INSTRUMENTS | lexicon.PLANS
        and not (lemma in ("call", "provide") and after not in ("for", "on", "upon"))
    ):
        return laid_down(scene, group, begin, end, plan=head in lexicon.PLANS)
    if lemma in (
        "outline",
        "contain",
        "stipulate",
        "envisage",
        "foresee",
        "oblige",
        "mandate",
        "compel",
        "obligate",
        "provide",
        "commit",
        "bind",
        "include",
    ):
        return NOTHING
    object_words = set(low[group.end + 1 : end])
    to = next(
        (g for g in parsed.groups if group.end < g.start < end and g.form == "infinitive"), None
    )
    modal = any(
        group.end < g.start < end
        and (
            g.modal in ("must", "should") or g.form == "bare" or (g.lemma == "be" and g.modal == "")
        )
        for g in parsed.groups
    )
    match lemma:
        case _ if voiced:
            fits = bool(object_words & words("that for to on"))
        case "call":
            fits = after in ("for", "on", "upon") or (
                group.passive and after in ("for", "on", "upon")
            )
        case "appeal" | "press" | "push":
            whom = after in lexicon.DETERMINERS or parsed.at[group.end + 1 : group.end + 2] != [
                None
            ]
            pressed = lemma == "press" and to is not None and to.start > group.end + 1 and whom
            fits = pressed or (after in ("for", "to", "on") and (after == "for" or to is not None))
        case "insist":
            fits = (
                (after == "on" and bool(object_words & lexicon.RELEVANT))
                or (modal and after == "that")
                or bool(object_words & words("must should end only"))
            )
        case "ask" | "request":
            fits = (
                (
                    to is not None
                    and after not in words("whether about if how why")
                    and not object_words & words("reporters")
                )
                or after == "for"
                or (lemma == "request" and not group.passive)
                or (after == "that")
            )
        case "expect":
            fits = (
                to is not None
                and not group.passive
                and to.start > group.end + 1
                and to.lemma in ACT_OF
                and bool(addressees(scene, group, to))
                and any(e.entry.iso or e.entry.kind == "body" for e in parsed.entities)
                and bool(subject(parsed, group, scene.context))
            )
        case "want" | "seek" | "require":
            fits = (to is not None and lemma == "want" and to.start > group.end + 1) or (
                after != "to"
                and bool(
                    object_words
                    & words(
                        "guarantees assurances withdrawal ceasefire halt release end lifting"
                        " evacuated released freed withdrawn lifted disarmed"
                    )
                )
            )
        case "summon":
            fits = False
        case "urge" | "implore" | "exhort":
            fits = (
                to is not None
                or bool(
                    object_words
                    & (lexicon.RELEVANT | words("restraint calm de-escalation maximum end"))
                )
                or after == "that"
            )
        case _:
            fits = bool(after)
    if group.form == "ing" and not (
        group.start == 0
        or low[group.start - 1]
        in words(", and while by are is resolution statement letter text motion")
    ):
        return [], end
    if not fits or (group.form == "part" and not group.past and not group.passive):
        return NOTHING
    who = agents(scene, group.end, end) if group.passive else subject(parsed, group, scene.context)
    if not who and group.start <= 2 and scene.context.body is not None:
        who = (scene.context.body,)
    if not who and group.form == "ing":
        main = next(
            (g for g in reversed(parsed.groups) if g.end < group.start and g.form == "finite"), None
        )
        who = subject(parsed, main, scene.context) if main is not None else ()
    if not who and group.form == "ing":
        who = (scene.context.body,) if scene.context.body else scene.context.subject
    first_person = any(low[k] in ("i", "we") for k in range(begin, group.start))
    if (
        not who
        and not first_person
        and group.form in ("finite", "bare")
        and not group.passive
        and group.start > 2
        and not scene.parsed.sentence.headline
    ):
        return NOTHING
    addressed = addressees(scene, group, to)
    verb = to or next(
        (g for g in parsed.groups if group.end < g.start < end and g.lemma in ACT_OF), None
    )
    noun = acts.act_noun(low, group.end + 1, end)
    bare = next(
        (
            k
            for k in range(group.end + 3, min(group.end + 9, end))
            if is_base(low[k]) and FORMS[low[k]][0] in ACT_OF and low[k] not in NOUNISH
        ),
        None,
    )
    if verb and (verb.lemma in ACT_OF or verb.lemma in lexicon.ASPECT):
        act: Act | None = acts.act_of(verb.lemma, low, verb.end + 1, end)
        if verb.passive:
            act = acts.act_of(verb.lemma, low, group.end + 1, end)
        if verb.negated:
            act = Act.REFRAIN
    elif after == "that" and bare is not None:
        act = acts.act_of(FORMS[low[bare]][0], low, bare + 1, end)
    else:
        act = noun[1] if noun else (Act.HALT if "end" in object_words else None)
    topical = (scene.context.topical or parsed.sentence.item) and (
        lemma == "want" or ((bool(addressed) or parsed.sentence.item) and to is not None)
    )
    if act in (None, Act.OTHER) and not (topical or set(low) & lexicon.CONFLICT):
        return [], end
    return [
        Draft(
            begin,
            end,
            group.end,
            Kind.DEMAND,
            "demand",
            who,
            addressed,
            act=act,
            subject=acts.subject_of(low, group.end + 1, end, act),
            position=PositionKind.DEMAND,
            says_itself=True,
        )
    ], end


def must_do(scene: Scene, group: Group) -> Found:
    """ "Russia must withdraw", "all hostages should be released": demanded by whoever says so."""
    parsed, low = scene.parsed, scene.parsed.low
    if group.modal not in ("must", "should") or group.perfect or scene.context.legal:
        return NOTHING
    if low[0] == "under" and set(low[1:6]) & words("law convention conventions"):
        return NOTHING  # what the law says, whoever demands it
    end = scene.end(group.end + 1) if group.end + 1 < len(low) else group.end + 1
    begin = begin_of(scene, group)
    telling = (
        group.lemma in ACT_OF
        or group.lemma in ("end", "comply", "respect")
        or (group.lemma, low[min(group.end + 1, len(low) - 1)]) in _TURNS
        or (group.lemma == "be" and "condition" in low[group.end : end])
    )
    topic = set(low[begin:end]) & (
        lexicon.RELEVANT
        | {"suit", "home"}
        | words("strikes attacks fighting hostilities shelling blockade war violence")
    )
    act = acts.act_of(group.lemma, low, begin if group.passive else group.end + 1, end)
    if act in (Act.RELEASE, Act.WITHDRAW, Act.ALLOW, Act.HALT):
        topic = topic | {"act"}
    if group.passive and group.lemma in ("match", "mirror", "reciprocate"):
        return [
            Draft(
                begin, end, group.end, Kind.CONDITION, "must be matched",
                speaker_of(scene, group.start), condition=ConditionKind.RECIPROCITY,
                subject=acts.subject_of(low, begin, end, None),
            )
        ], end  # fmt: skip
    if (
        not telling
        or not (subject(parsed, group, scene.context) or topic)
        or group.lemma in words("know have see understand continue remain")
    ):
        return NOTHING
    speaker = scene.context.on_behalf
    voice = speaker_of(scene, group.start)
    if voice:
        who: tuple[Named, ...] = voice
    else:
        who = (speaker,) if speaker else ()
    to = subject(parsed, group, scene.context) if not group.passive else ()
    act = (
        Act.REFRAIN
        if group.negated
        else acts.act_of(group.lemma, low, begin if group.passive else group.end + 1, end)
    )
    return [
        Draft(
            begin,
            end,
            group.end,
            Kind.DEMAND,
            "must",
            who,
            to,
            act=act,
            subject=acts.subject_of(low, begin, end, act),
            position=PositionKind.DEMAND,
        )
    ], end
