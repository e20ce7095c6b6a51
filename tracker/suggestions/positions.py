"""Rules for what is said but not promised: demands, concerns, proposals, refusals, shared aims."""

from tracker.domain.facts import Act

from . import acts, lexicon
from .clauses import clause_end, head_before, listed, subject
from .commitments import NOTHING, Found, agents, begin_of
from .drafts import Draft, Scene, chain, skip_adjuncts, undertaken
from .lexicon import words
from .values import Kind, Mark, Named, PositionKind
from .verbs import ACT_OF, Group

_NOT_DEMANDED = words("comment whether about how why him her reporters questions")
_EVIDENT = words(
    "accusations accusation allegations allegation claims claim reports report charges suggestion suggestions criticism"
)
_CONCERN_NOUNS = words(
    "concern concerns alarm doubt doubts fear fears worry worries skepticism scepticism misgivings reservations unease dismay apprehension"
)
_SCANTY = words(
    "commitment commitments promise promises pledge guarantee guarantees change changes indication date timeline timetable assurance assurances concession concessions deadline undertaking undertakings agreement deal breakthrough decision action"
)
_RELEVANT = lexicon.HALT_NOUNS | lexicon.TRUCE | lexicon.PLANS | words(
    "talks negotiations withdrawal demand demands offer terms conditions resolution release exchange swap"
    " hostages prisoners troops forces peacekeepers idea call calls compromise concessions extension"
    " territory presence deployment monitoring mission mediation request ultimatum any pause aid"
)  # fmt: skip


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
    ruled = group.lemma == "rule" and group.end + 1 < len(low) and low[group.end + 1] == "out"
    unready = group.adjective == "propose" and group.negated
    if not (group.does(lexicon.REFUSE) or ruled or unready or group.adjective == "refuse"):
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
    if rest & _EVIDENT and not rest & (_RELEVANT - {"any", "talks", "aid", "forces", "troops"}):
        return [], end
    k = group.end + 1
    if (
        k < end
        and low[k] == "to"
        and k + 1 < end
        and low[k + 1]
        in _NOT_DEMANDED | words("say speak give answer elaborate confirm discuss be")
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
    if not (infinitive or stretch & _RELEVANT or ruled):
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


def uncommitted(scene: Scene, group: Group) -> Found:
    """ "did not agree to", "stopped short of", "made no commitment", "without committing"."""
    parsed, low = scene.parsed, scene.parsed.low
    end = scene.end(group.end + 1) if group.end + 1 < len(low) else group.end + 1
    nearby = " ".join(low[group.end + 1 : group.end + 3])
    short = group.lemma in ("stop", "fall") and nearby == "short of"
    failed = (
        group.lemma == "fail"
        and group.end + 2 < len(low)
        and low[group.end + 1] == "to"
        and low[group.end + 2] in words("agree reach commit sign accept secure agree produce")
    )
    none = (
        group.lemma in words("make give offer announce set provide reach see issue sign contain include take commit be find")
        and not group.negated and not group.adjective and group.form != "infinitive"
        and _nothing_of(low, group, end)
    )  # fmt: skip
    unagreed = (
        (
            group.does(lexicon.COMMIT - {"decide", "guarantee", "resolve", "reaffirm"})
            or group.lemma in ("endorse", "sign")
            or group.adjective == "commit"
        )
        and group.negated
        and group.form != "infinitive"
        and group.modal in ("", "will", "would")
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
    if not (short or failed or none or unagreed or without or empty_subject or neither):
        return NOTHING
    if empty_subject and not set(low[begin_of(scene, group) : group.start]) & (
        _SCANTY
        - words("date timeline timetable deadline indication decision action changes change")
    ):
        return NOTHING
    refusal = unagreed and group.modal in ("will", "would")
    who = subject(parsed, group, scene.context)
    if empty_subject:
        who = ()
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
            "express voice raise share have reiterate note convey cite underline remain cause spark serve"
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
        and not (after == "to")
        and after in words("that about over by at whether with of lest the how on because")
    )
    if group.adjective == "concern" and after == "with":
        adjective = False
    if group.lemma in ("express", "voice", "convey") and "no" in low[group.end + 1 : group.end + 2]:
        return NOTHING
    if not (noun or verb or adjective) or group.modal in ("may", "would"):
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
            _long_end(scene, group),
            group.end,
            Kind.CONCERN,
            "concern",
            who,
            position=PositionKind.CONCERN,
            subject=acts.subject_of(low, group.end + 1, end, None),
            says_itself=True,
        )
    ], _long_end(scene, group)


def _long_end(scene: Scene, group: Group) -> int:
    """A "that" clause belongs to what governs it, up to its own end."""
    low = scene.parsed.low
    k = group.end + 1
    while k < len(low) and k < group.end + 8:
        if low[k] in ("that", "whether"):
            if low[k + 1 : k + 2] == [","]:
                k = next((m for m in range(k + 2, min(k + 20, len(low))) if low[m] == ","), k)
            if k + 1 >= len(low):
                return len(low)
            return clause_end(scene.parsed, k + 1, conditions=scene.conditions, verb=False)
        k += 1
    return scene.end(group.end + 1) if group.end + 1 < len(low) else group.end + 1


def demanded(scene: Scene, group: Group) -> Found:
    """ "demanded that", "called for", "urged both sides to"; of an agreement's text, what it lays down."""
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
            "outline prohibit forbid ban contain stipulate envisage foresee oblige mandate compel obligate require call provide commit bind include"
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
            (group.does(lexicon.DEMAND) or lemma == "call" or lays_down or voiced)
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
    begin, end = begin_of(scene, group), _long_end(scene, group)
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
        return _laid_down(scene, group, begin, end, plan=head in lexicon.PLANS)
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
            fits = after in ("for", "to", "on") and (after == "for" or to is not None)
        case "insist":
            fits = (
                (after == "on" and bool(object_words & _RELEVANT))
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
        case "want" | "seek" | "require":
            fits = (to is not None and lemma == "want" and to.start > group.end + 1) or (
                after != "to"
                and bool(
                    object_words
                    & words("guarantees assurances withdrawal ceasefire halt release end lifting")
                )
            )
        case "summon":
            fits = False
        case "urge" | "implore" | "exhort":
            fits = (
                to is not None
                or bool(
                    object_words & (_RELEVANT | words("restraint calm de-escalation maximum end"))
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
    addressed = _addressees(scene, group, to)
    verb = to or next(
        (g for g in parsed.groups if group.end < g.start < end and g.lemma in ACT_OF), None
    )
    noun = acts.act_noun(low, group.end + 1, end)
    if verb and (verb.lemma in ACT_OF or verb.lemma in lexicon.ASPECT):
        act: Act | None = acts.act_of(verb.lemma, low, verb.end + 1, end)
        if verb.passive:
            act = acts.act_of(verb.lemma, low, group.end + 1, end)
        if verb.negated:
            act = Act.REFRAIN
    else:
        act = noun[1] if noun else (Act.HALT if "end" in object_words else None)
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


def _addressees(scene: Scene, group: Group, to: Group | None) -> tuple[Named, ...]:
    limit = to.start if to else group.end + 8
    for entity in scene.parsed.entities:
        if group.end < entity.i and entity.j <= limit and not entity.modifier:
            return listed(scene.parsed, entity)
    return ()


def _laid_down(scene: Scene, group: Group, begin: int, end: int, *, plan: bool) -> Found:
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
                who=_addressees(scene, group, None),
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
            else _addressees(scene, group, to)
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


def must_do(scene: Scene, group: Group) -> Found:
    """ "Russia must withdraw", "all hostages should be released": demanded by whoever says so."""
    parsed, low = scene.parsed, scene.parsed.low
    if group.modal not in ("must", "should") or group.perfect or scene.context.legal:
        return NOTHING
    end = scene.end(group.end + 1) if group.end + 1 < len(low) else group.end + 1
    begin = begin_of(scene, group)
    telling = (
        group.lemma in ACT_OF
        or group.lemma in ("end", "comply", "respect")
        or (group.lemma == "be" and "condition" in low[group.end : end])
    )
    topic = set(low[begin:end]) & (
        _RELEVANT | words("strikes attacks fighting hostilities shelling blockade war violence")
    )
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


def speaker_of(scene: Scene, k: int) -> tuple[Named, ...]:
    """The party that says what stands at token ``k``, where the sentence has its "said" before it."""
    says = [
        g
        for g in scene.parsed.groups
        if g.end < k and g.does(lexicon.SAY) and g.form == "finite" and not g.modal
    ]
    for group in reversed(says):
        who = subject(scene.parsed, group, scene.context)
        if who:
            return who
    later = [
        g
        for g in scene.parsed.groups
        if g.start > k and g.does(words("say tell add write")) and g.form == "finite"
    ]
    for group in later:
        who = subject(scene.parsed, group, scene.context)
        if who:
            return who
    return ()


def proposed(scene: Scene, group: Group) -> Found:
    """ "proposed a truce", "offered to release", "is ready to", "put forward a plan"."""
    parsed, low = scene.parsed, scene.parsed.low
    forward = group.lemma == "put" and low[group.end + 1 : group.end + 2] == ["forward"]
    made = group.lemma in ("make", "present", "submit", "issue", "extend") and bool(
        set(low[group.end + 1 : group.end + 6]) & words("offer proposal")
    )
    ready = group.adjective == "propose"
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
    end = _long_end(scene, group)
    k = skip_adjuncts(low, group.end + 1, end)
    after = low[k] if k < end else ""
    if ready and after not in ("to", "for"):
        return NOTHING
    stretch = set(low[k:end])
    inner = next(
        (g for g in parsed.groups if group.end < g.start < end and g.lemma not in ("be",)), None
    )
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
    if not (act_verb or noun or stretch & _RELEVANT or after == "to"):
        return NOTHING
    begin = begin_of(scene, group)
    who = agents(scene, group.end, end) if group.passive else subject(parsed, group, scene.context)
    if not who and not group.passive:
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


def shared(scene: Scene, group: Group) -> Found:
    """ "both sides share the goal", "the leaders stressed the need", "responded positively"."""
    parsed, low = scene.parsed, scene.parsed.low
    if group.negated or group.modal in ("may", "would", "should") or group.form == "infinitive":
        return NOTHING
    end = _long_end(scene, group)
    stretch = low[group.end + 1 : min(group.end + 9, end)]
    stretch_set = set(stretch)
    who = subject(parsed, group, scene.context)
    many = len(who) > 1 or (
        bool(who)
        and any(
            w in who[0].name.lower()
            for w in ("both", "two", "parties", "leaders", "sides", "presidents")
        )
    )
    goal = group.lemma == "share" and stretch_set & words(
        "goal goals aim aims view views desire interest conviction vision objective understanding commitment"
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
            "stress emphasize emphasise underline underscore reaffirm reiterate affirm acknowledge express note recognize recognise speak"
        )
        and stretch_set
        & words("need importance desire commitment willingness hope support necessity readiness")
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
