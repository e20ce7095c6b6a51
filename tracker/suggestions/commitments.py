"""Rules for what is undertaken: agreed, pledged, ordered, announced, "will", "shall", headlines."""

from tracker.domain.facts import Act, Subject

from . import acts, lexicon
from .clauses import head_before, listed, subject, window
from .drafts import Draft, Scene, chain, extends, skip_adjuncts, undertaken
from .lexicon import words
from .values import Kind, Mark, Named, PositionKind
from .verbs import ACT_OF, FORMS, Group, may_be_verb

Found = tuple[list[Draft], int]  # what was found, and up to which token this rule has the say
NOTHING: Found = ([], -1)

_SOFT_VERBS = words(
    "work develop discuss explore consider examine study draft prepare elaborate pursue seek talk continue meet consult negotiate cooperate finalise finalize coordinate engage convene draw look intensify"
)
_TRUCE_STARTS = words(
    "last run begin start take come enter go remain continue hold expire end stay cover apply commence lapse become finish proceed be"
)
_AIM = words("need needs importance necessity goal desirability must should")
_IRREGULAR_OBJECTS = words("talk comment speak say attend visit travel")
_VAGUE = words("peace dialogue diplomacy settlement process")


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
                scene, begin, to + 1, end, _both(scene), negated=False, rule="it was agreed to"
            ), end
        return _agreed_upon(scene, group, begin, end)
    if k < end and low[k] in ("to", "on", "upon", "for", "not", "by"):
        negated = low[k] == "not"
        at = k + 1 + (1 if negated and k + 1 < end and low[k + 1] == "to" else 0)
        if low[k] == "to" and at < end and low[at] == "not":
            negated, at = True, at + 1
        while at < end and (
            low[at] in lexicon.ADVERBS or (low[at].endswith("ly") and low[at] not in FORMS)
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
        return _nominal(scene, begin, k, end, who, group), end
    if k < end and low[k] == "that":
        return _agreed_that(scene, group, begin, k + 1, who)
    if group.lemma in ("decide", "resolve", "swear") or (group.lemma == "consent"):
        return NOTHING
    if (
        k < end
        and (clause := _clause_verb(scene, k, end))
        and not acts.act_noun(low, k, clause.start)
    ):
        return _agreed_that(scene, group, begin, k, who)
    return _nominal(scene, begin, k, end, who, group), end


def _both(scene: Scene) -> tuple[Named, ...]:
    context = scene.context
    return context.pledgors if context.number - context.pledged_at <= 3 else ()


def begin_of(scene: Scene, group: Group) -> int:
    """Where a passage that turns on this group begins: with its subject."""
    start, end, joined = window(scene.parsed, group)
    low = scene.parsed.low
    if (joined and start > 0) or (group.form == "ing" and start > 0):
        return group.start
    for i, j in scene.conditions:
        if i <= start < j <= group.start:
            start = j
    for k in range(group.start - 1, max(0, group.start - 4), -1):
        if low[k] in ("who", "which") and low[k - 1] == ",":
            return k
    while start < end and (
        low[start] in (",", "and", "but", "that", "”", '"')
        or low[start] in lexicon.ADVERBS - {"both", "each"}
    ):
        start += 1
    return min(start, group.start)


def _clause_verb(scene: Scene, k: int, end: int) -> Group | None:
    for group in scene.parsed.groups:
        if (
            k < group.start < end
            and group.form == "finite"
            and group.modal in ("will", "shall", "would", "must", "should")
        ):
            return group
    return None


def actions(
    scene: Scene, begin: int, k: int, end: int, who: tuple[Named, ...], *, negated: bool, rule: str
) -> list[Draft]:
    found: list[Draft] = []
    low = scene.parsed.low
    if low[k] in _IRREGULAR_OBJECTS and low[k] not in ("talk",):
        return []
    for n, (verb, stop, negated) in enumerate(chain(scene.parsed, k, end, negated=negated)):
        i = begin if n == 0 else verb - 1 if low[verb - 1] in ("not", "never") else verb
        lemma = FORMS.get(low[verb], (low[verb], ""))[0]
        if lemma in ("be",):
            continue
        draft = undertaken(scene, i, verb, stop, who=who, rule=rule, negated=negated)
        if draft is None:
            continue
        if (
            not negated
            and lemma in _SOFT_VERBS
            and draft.act not in (Act.HALT, Act.RELEASE, Act.WITHDRAW)
        ) or (lemma == "continue" and draft.act is Act.OTHER):
            draft.act = Act.NEGOTIATE
        if (
            rule == "agreed to do"
            and draft.act is Act.OTHER
            and lemma in ("remain", "include", "proceed", "act")
        ):
            continue
        if not negated and lemma in (
            "develop",
            "draft",
            "prepare",
            "elaborate",
            "draw",
            "work",
            "discuss",
        ):
            draft.act = Act.NEGOTIATE
        found.append(draft)
    return found


def _nominal(
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
    if "no" in stretch[:2]:
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
                | {"terms", "measures", "steps", "roadmap", "timetable"}
            ),
            None,
        )
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
        if group.lemma in ("decide", "guarantee", "swear"):
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
    at, act = noun
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
    who = agents(scene, group.end, end) or _possessors(scene, begin, group.start)
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


def agents(scene: Scene, k: int, end: int) -> tuple[Named, ...]:
    """Whom "by" names after a passive, or "both sides" where the sentence names them."""
    low = scene.parsed.low
    for entity in scene.parsed.entities:
        if k < entity.i < end + 3 and (
            low[entity.i - 1] == "by"
            or (entity.i > 1 and low[entity.i - 2] == "by" and low[entity.i - 1] == "the")
        ):
            return listed(scene.parsed, entity)
    return ()


def _possessors(scene: Scene, i: int, j: int) -> tuple[Named, ...]:
    low = scene.parsed.low
    for entity in scene.parsed.entities:
        if i <= entity.i < j and entity.i > 0 and low[entity.i - 1] in ("between", "by"):
            whole = next(
                (e for e in scene.parsed.entities if entity.modifier and 0 <= e.i - entity.j <= 1),
                entity,
            )
            return listed(scene.parsed, whole)
    return ()


def _agreed_that(scene: Scene, group: Group, begin: int, k: int, who: tuple[Named, ...]) -> Found:
    parsed, low = scene.parsed, scene.parsed.low
    end = scene.end(k)
    inner = _clause_verb(scene, k, end)
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
    if inner.passive:
        doers = agents(scene, inner.end, end)
    if inner.lemma in _TRUCE_STARTS or inner.passive or inner.lemma == "be":
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
        if draft and lemma in _SOFT_VERBS and not negated:
            draft.act = Act.NEGOTIATE
        if draft:
            found.append(draft)
            if inner.passive:
                draft.subject = acts.subject_of(low, k, end, draft.act)
    return found, end


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
        )
        and not group.adjective
    )
    if (
        not (group.does(lexicon.ANNOUNCE) or light)
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
        who = agents(scene, group.end, end) or _parties_here(scene, begin, group.start)
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
    if group.passive or (group.form == "part" and scene.parsed.sentence.headline):
        noun = acts.act_noun(low, begin, group.start)
        if noun is None or noun[1] is Act.NEGOTIATE or light:
            return NOTHING
        who = agents(scene, group.end, end) or _possessors(scene, begin, group.start)
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
    if group.form in ("part", "ing") and not group.past:
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
                for m in range(k, min(k + 6, end))
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
    if (clause := _clause_verb(scene, k, end)) is not None and not acts.act_noun(
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
    between = _possessors(scene, noun[0], end)
    if between:
        who = between
    if group.lemma == "broker" or (
        group.lemma in ("declare",) and set(low[k:end][:6]) & words("over dead finished ended")
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
    if (clause := _clause_verb(scene, paper, end)) is not None and clause.start - paper <= 4:
        return _agreed_that(scene, group, begin, paper + 1, who)[0]
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
    noun = acts.act_noun(low, group.end + 1, min(paper + 12, end))
    if noun is None:
        gerund = next(
            (
                m
                for m in range(paper + 1, min(paper + 5, end))
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


def will_do(scene: Scene, group: Group) -> Found:
    """ "will withdraw", "shall refrain", "are to be exchanged", "is due to run until"."""
    parsed, low = scene.parsed, scene.parsed.low
    legal = scene.context.legal
    modal = group.modal
    if group.adjective == "scheduled" and group.end + 2 < len(low) and low[group.end + 1] == "to":
        verb, modal = group.end + 2, "beto"
        if not may_be_verb(parsed.sentence, verb):
            return NOTHING
        passive = low[verb] == "be"
        verb += 1 if passive else 0
        lemma = FORMS.get(low[verb], (low[verb], ""))[0] if verb < len(low) else ""
    else:
        verb, lemma, passive = group.end, group.lemma, group.passive
    if modal == "must" and legal:
        modal = "shall"
    if (
        modal not in ("will", "shall", "would", "beto")
        or group.perfect
        or (group.adjective and modal != "beto" and group.adjective != "scheduled")
    ):
        return NOTHING
    end = scene.end(verb + 1) if verb + 1 < len(low) else verb + 1
    begin = begin_of(scene, group)
    who = subject(parsed, group, scene.context)
    head = head_before(parsed, group)
    under_plan = modal == "would" and bool(
        set(low[:begin][-8:]) & lexicon.PLANS or head in lexicon.PLANS
    )
    about_truce = _heads_act(low, begin, group.start, head)
    if about_truce and not passive and lemma in _TRUCE_STARTS and not group.negated:
        act = acts.act_noun(low, begin, group.start) or (0, Act.HALT)
        return [
            Draft(
                begin,
                end,
                verb,
                Kind.COMMITMENT,
                "the truce will",
                _parties_here(scene, begin, group.start),
                act=act[1],
                subject=acts.subject_of(low, begin, end, act[1]),
            )
        ], end
    if passive and not group.adjective:
        return _will_be_done(scene, group, begin, verb, end, lemma, who)
    if not who or head in lexicon.PLANS | (lexicon.INSTRUMENTS - {"order"}):
        return NOTHING
    if who[0].name.lower().startswith("neither"):
        group.negated = True
    act = acts.act_of(lemma, low, verb + 1, end)
    topic = acts.subject_of(low, verb + 1, end, act)
    if group.negated:
        if lemma in ("be", "have", "know", "say", "comment", "need", "want"):
            return NOTHING
        draft = undertaken(
            scene,
            begin,
            verb,
            end,
            who=who,
            rule=f"{modal} not",
            negated=True,
            binding=legal or modal == "shall",
        )
        relevant = (
            lemma in ACT_OF
            or lemma in lexicon.HOSTILE_VERBS
            or lemma
            in words(
                "accept agree sign attend join recognise recognize cede give surrender back tolerate"
            )
        )
        if (
            draft
            and draft.kind is Kind.REFRAINING
            and lemma in ("let", "allow", "permit")
            and not (legal or modal == "shall")
        ):
            return NOTHING
        return ([draft] if draft and relevant else []), end
    if not (legal or modal == "shall"):
        if not _telling(low, verb, end, lemma, act, topic):
            return NOTHING
    if lemma == "be":
        return NOTHING
    found = []
    for n, (at, stop, negated) in enumerate(chain(parsed, verb, end)):
        draft = undertaken(
            scene, begin if n == 0 else at, at, stop, who=who, rule=f"{modal} do", negated=negated
        )
        if draft is None:
            continue
        if under_plan:
            draft.kind, draft.position, draft.rule = (
                Kind.PROPOSAL,
                PositionKind.PROPOSAL,
                "under the plan",
            )
        found.append(draft)
    return found, end


def _heads_act(low: list[str], i: int, j: int, head: str) -> bool:
    """Whether the subject is the act itself: "the truce", "a ceasefire and the end of hostilities"."""
    if head in ("deal", "accord", "agreement"):
        return False
    if head in lexicon.TRUCE | lexicon.HALT_NOUNS | words(
        "hostilities fighting withdrawal pullout pull-out pullback exchange swap handover redeployment disengagement"
    ):
        return True
    return any(
        low[k] in lexicon.HALT_NOUNS
        and k + 1 < j
        and low[k + 1] in ("and", "on", "in", "of", "to", "between")
        for k in range(i, min(i + 7, j))
    )


def _telling(low: list[str], verb: int, end: int, lemma: str, act: Act, topic: Subject) -> bool:
    """Whether a bare "will" promises rather than predicts: the verb and its object are of the kind."""
    after = low[verb + 1] if verb + 1 < end else ""
    if lemma in ("leave", "return") and after in ("for", "to", "on", "", "early"):
        return topic is Subject.PRISONERS and lemma == "return"
    if lemma in (
        "meet",
        "talk",
        "work",
        "seek",
        "consider",
        "continue",
        "remain",
        "study",
        "discuss",
        "examine",
        "prepare",
        "pursue",
    ):
        return act in (Act.HALT, Act.WITHDRAW, Act.RELEASE, Act.ALLOW) or (
            lemma == "continue" and act is Act.NEGOTIATE
        )
    if act in (Act.HALT, Act.WITHDRAW, Act.RELEASE, Act.REFRAIN):
        return end > verb + 1 or lemma in ("withdraw", "disengage", "redeploy")
    if act is Act.OTHER:
        return lemma in words(
            "disarm disband dismantle demine demobilise demobilize comply abide protect prevent adhere clear recognise recognize implement monitor oversee supervise verify"
        )
    if act in (Act.PROVIDE, Act.ESTABLISH, Act.ALLOW):
        return topic is not Subject.OTHER or lemma in words(
            "establish create form deploy appoint supply deliver notify allow permit reopen facilitate"
        )
    return act is Act.NEGOTIATE


def _will_be_done(
    scene: Scene, group: Group, begin: int, verb: int, end: int, lemma: str, who: tuple[Named, ...]
) -> Found:
    low = scene.parsed.low
    legal = scene.context.legal or group.modal == "shall"
    inner = acts.act_of(lemma, low, begin, end)
    noun = acts.act_noun(low, begin, group.start)
    head = head_before(scene.parsed, group)
    founding = (
        lemma in ("establish", "create", "form", "set", "deploy") and head not in lexicon.HALT_NOUNS
    )
    act = (
        noun[1]
        if lemma in lexicon.ASPECT | {"hold", "agree", "carry", "announce"}
        and noun
        and not founding
        else inner
    )
    if founding:
        act = Act.ESTABLISH
    if lemma in ("extend", "prolong", "renew") and noun:
        act = Act.HALT
    topic = acts.subject_of(low, begin, end, act)
    by = agents(scene, verb, end)
    if not legal:
        known = act in (Act.HALT, Act.WITHDRAW, Act.RELEASE, Act.ALLOW, Act.ESTABLISH)
        if not known and lemma not in words(
            "dismantle disarm confiscate deliver provide clear removed demine disband deploy"
        ):
            return NOTHING
        if (
            act is Act.RELEASE
            and topic is Subject.PRISONERS
            and not acts.names_captives(low, begin, end)
        ):
            return NOTHING
        if lemma in ("kill", "wound", "arrest", "need", "ask", "force"):
            return NOTHING
        if (
            act is Act.ALLOW
            and not by
            and topic is Subject.OTHER
            and lemma not in ("allow", "permit", "reopen", "open", "lift")
        ):
            return NOTHING
    marks = {Mark.EXTENSION} if extends(low, begin, end) else set()
    if group.negated:
        if not legal and not by and act is not Act.ALLOW:
            return NOTHING
        return [
            Draft(
                begin,
                end,
                verb,
                Kind.REFRAINING,
                "shall not be done",
                by,
                act=Act.REFRAIN,
                subject=topic,
            )
        ], end
    if group.modal == "would" and set(low[:begin][-8:]) & lexicon.PLANS:
        return [
            Draft(
                begin,
                end,
                verb,
                Kind.PROPOSAL,
                "under the plan",
                by,
                position=PositionKind.PROPOSAL,
                act=act,
                subject=topic,
                marks=marks,
            )
        ], end
    doers = (
        by
        or (who if lemma in ("allow", "permit") else ())
        or _parties_here(scene, begin, group.start)
    )
    return [
        Draft(
            begin,
            end,
            verb,
            Kind.COMMITMENT,
            "will be done",
            doers,
            act=act,
            subject=topic,
            marks=marks,
        )
    ], end


def _parties_here(scene: Scene, i: int, j: int) -> tuple[Named, ...]:
    """Whose truce it is: "between A and B", "by both sides", "Israel's withdrawal"; else the last agreed."""
    low = scene.parsed.low
    for entity in scene.parsed.entities:
        if i <= entity.i < j and (
            (entity.i and low[entity.i - 1] in ("between", "by"))
            or entity.possessive
            or (
                entity.i > 1
                and low[entity.i - 1] in ("of", "the")
                and set(low[max(0, entity.i - 3) : entity.i])
                & words("force contingent troops forces units withdrawal")
            )
            or (
                entity.entry.adjective
                and set(low[entity.j : entity.j + 3])
                & words("forces troops army withdrawal military withdrawals")
            )
        ):
            return listed(scene.parsed, entity)
    context = scene.context
    return context.pledgors if context.number - context.pledged_at <= 3 else ()


def present(scene: Scene, group: Group) -> Found:
    """Headlines and declarations: "Russia halts strikes", "Party A ceases", "X to release Y"."""
    parsed, low = scene.parsed, scene.parsed.low
    sentence = parsed.sentence
    plain = sentence.headline or scene.context.legal
    if group.negated or group.passive or group.adjective or group.perfect or not plain:
        return NOTHING
    end = scene.end(group.end + 1) if group.end + 1 < len(low) else group.end + 1
    if group.form == "infinitive" and sentence.headline and not scene.context.legal:
        first = parsed.groups[0] is group
        near = [e for e in parsed.entities if e.j in (group.start, group.start - 1)]
        if not first or not near or (near[-1].modifier and near[-1].j < group.start - 1):
            return NOTHING
        who = subject_of_headline(scene, group.start)
        return actions(scene, 0, group.end, end, who, negated=False, rule="headline to do"), end
    tag = FORMS.get(low[group.end], ("", ""))[1]
    if group.form not in ("finite", "bare") or group.modal or tag not in ("s", "base", "any"):
        return NOTHING
    act = acts.act_of(group.lemma, low, group.end + 1, end)
    who = subject(parsed, group, scene.context)
    if (
        not who
        or act in (Act.OTHER, Act.PROVIDE)
        or group.lemma not in ACT_OF
        or group.lemma in ("leave", "hold", "continue", "meet", "set", "form", "let")
    ):
        return NOTHING
    return actions(
        scene, begin_of(scene, group), group.end, end, who, negated=False, rule="declares"
    ), end


def subject_of_headline(scene: Scene, k: int) -> tuple[Named, ...]:
    before = [e for e in scene.parsed.entities if e.j <= k]
    return listed(scene.parsed, before[-1]) if before else ()
