"""Rules for "will", "shall", "is to", and for the present tense of headlines and declarations."""

from tracker.domain.facts import Act, ConditionKind, Subject

from . import acts, effects, lexicon, talks
from .drafts import Draft, Scene, chain, extends, undertaken
from .lexicon import words
from .scenes import (
    NOTHING,
    Found,
    actions,
    agents,
    begin_of,
    parties_here,
    speaker_of,
)
from .subjects import head_before, subject
from .values import Kind, Mark, Named, PositionKind
from .verbs import ACT_OF, FORMS, Group, may_be_verb

_OF_TEXTS = words("be have include contain consist mean apply remain constitute prevail affect")
_DISPLACED = words("displaced refugees residents families idps inhabitants villagers")
_STOPPING = words("suspend halt cease stop pause freeze discontinue")
_HARMING = words("touch harm attack target hit strike shell bomb seize")


def will_do(scene: Scene, group: Group) -> Found:
    """ "will withdraw", "shall refrain", "are to be exchanged", "is due to run until"."""
    parsed, low = scene.parsed, scene.parsed.low
    legal = scene.context.legal or _under_a_deal(low, group)
    modal = group.modal
    if group.adjective == "scheduled" and group.past and "before" in low[: group.start]:
        return NOTHING  # "hours before it was due to lapse"
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
    present_passive = passive and not (group.past or group.perfect) and group.form == "finite"
    halts = group.lemma in ACT_OF and group.lemma not in lexicon.ACTION_VERBS[Act.OTHER]
    if (
        modal == ""
        and present_passive
        and halts
        and (
            parsed.sentence.item
            or (group.lemma in _STOPPING and acts.is_fight(low, 0, group.start))
        )
    ):
        modal = "shall"  # an article in the present tense: "1. All operations are suspended"
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
        set(low[max(0, group.start - 14) : group.start]) & lexicon.PLANS or head in lexicon.PLANS
    )
    about_truce = head not in talks.TALKS and _heads_act(low, begin, group.start, head)
    if about_truce and lemma == "be" and low[verb + 1 : verb + 2] == ["followed"]:
        return NOTHING
    if (
        about_truce
        and group.negated
        and "until" in low[verb:end]
        and lemma in talks.OPENING | {"take"}
    ):
        return [
            Draft(begin, end, verb, Kind.CONDITION, "not until", speaker_of(scene, group.start),
                  condition=ConditionKind.ENTRY_PRECONDITION, subject=Subject.OTHER)
        ], end  # fmt: skip
    if about_truce and not passive and lemma in lexicon.TRUCE_VERBS and not group.negated:
        noun = acts.act_noun(low, begin, group.start) or (0, Act.HALT)
        return [
            Draft(
                begin,
                end,
                verb,
                Kind.COMMITMENT,
                "the truce will",
                parties_here(scene, begin, group.start),
                act=noun[1],
                subject=acts.subject_of(low, begin, end, noun[1]),
            )
        ], end
    if head in talks.TALKS:
        met = talks.held(scene, group, (begin, verb, end), lemma, passive=passive)
        if met is not None:
            return met
    of_itself = effects.runs(scene, group, (begin, verb, end), lemma, head)
    if of_itself is not None:
        return of_itself
    if passive and not group.adjective:
        return _will_be_done(scene, group, begin, verb, end, lemma, who)
    laid_down = modal == "shall" and legal and lemma not in _OF_TEXTS and low[begin] != "nothing"
    ours = low[begin] == "we" and modal != "would"
    if not (who or laid_down or ours) or head in lexicon.PLANS | (lexicon.INSTRUMENTS - {"order"}):
        return NOTHING
    if (who and who[0].name.lower().startswith("neither")) or low[begin] in (
        "no",
        "none",
        "nobody",
    ):
        group.negated = True
    act = acts.act_of(lemma, low, verb + 1, end)
    if lemma == "return" and set(low[begin : group.start]) & _DISPLACED:
        act = Act.ALLOW
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
            binding=legal or modal == "shall" or parsed.sentence.item,
        )
        relevant = (
            lemma in ACT_OF
            or lemma in lexicon.HOSTILE_VERBS
            or lemma
            in words(
                "accept agree sign attend join recognise recognize cede give surrender back"
                " tolerate"
            )
        )
        if (
            draft
            and lemma in ("let", "allow", "permit")
            and not (legal or modal == "shall" or parsed.sentence.item)
            and (
                draft.kind is Kind.REFRAINING
                or "any" in low[verb + 1 : verb + 2]
                or (topic is Subject.OTHER and "to" in low[verb + 2 : verb + 6])
            )
        ):
            return NOTHING
        return ([draft] if draft and relevant else []), end
    binding = modal == "shall" or (
        legal
        and any(FORMS.get(low[at], ("", ""))[0] in ACT_OF for at, _, _ in chain(parsed, verb, end))
    )
    if low[-1] == ":" and "following" in low[verb : verb + 4]:
        return NOTHING  # the lead of a list
    told = next((g for g in parsed.groups if verb < g.start < end and g.form == "infinitive"), None)
    if lemma in ("instruct", "order", "direct") and told is not None:
        made = actions(scene, begin, told.end, end, who, negated=told.negated, rule="will order to")
        return made, end
    if not binding and not _telling(low, verb, end, lemma, act, topic):
        return NOTHING
    if lemma == "return" and act is Act.RELEASE and not acts.names_captives(low, begin, end):
        return NOTHING  # "mediators will return to Cairo"
    if lemma == "be" or (lemma == "continue" and act is Act.OTHER):
        return NOTHING
    found = []
    for n, (at, stop, negated) in enumerate(chain(parsed, verb, end)):
        draft = undertaken(
            scene, begin if n == 0 else at, at, stop, who=who, rule=f"{modal} do", negated=negated
        )
        if draft is None:
            continue
        if lemma == "return" and draft.kind is Kind.COMMITMENT and n == 0:
            draft.act, draft.subject = act, topic
        if under_plan:
            draft.kind, draft.position, draft.rule = (
                Kind.PROPOSAL,
                PositionKind.PROPOSAL,
                "under the plan",
            )
        found.append(draft)
    return found, end


def _under_a_deal(low: list[str], group: Group) -> bool:
    """Whether "under the deal" leads in: what is told then is what the deal lays down."""
    if group.modal not in ("will", "beto", "must"):
        return False
    under = next((k for k in range(group.start) if low[k] == "under"), None)
    return under is not None and bool(set(low[under + 1 : under + 7]) & _DEALS)


_DEALS = words(
    "deal agreement accord truce ceasefire pact terms arrangement memorandum protocol timetable"
    " schedule"
)


def _heads_act(low: list[str], i: int, j: int, head: str) -> bool:
    """Whether the subject is the act itself: "the truce", "a ceasefire and the release of"."""
    if head in ("deal", "accord", "agreement"):
        return False
    if head in lexicon.TRUCE | lexicon.HALT_NOUNS | words(
        "hostilities fighting withdrawal pullout pull-out pullback exchange swap handover"
        " redeployment disengagement"
    ):
        return True
    return any(
        low[k] in lexicon.HALT_NOUNS
        and k + 1 < j
        and low[k + 1] in ("and", "on", "in", "of", "to", "between")
        for k in range(i, min(i + 7, j))
    )


def _telling(low: list[str], verb: int, end: int, lemma: str, act: Act, topic: Subject) -> bool:
    """Whether a bare "will" promises rather than predicts, by its verb and object."""
    after = low[verb + 1] if verb + 1 < end else ""
    if "within" in low[verb + 2 : end] and lemma in ACT_OF and lemma not in lexicon.NO_UNDERTAKING:
        return True  # who sets himself a term promises
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
            "disarm disband dismantle demine demobilise demobilize comply abide protect"
            " prevent adhere clear recognise recognize implement monitor oversee supervise"
            " verify mirror reciprocate"
        )
    if act in (Act.PROVIDE, Act.ESTABLISH, Act.ALLOW):
        return topic is not Subject.OTHER or lemma in words(
            "establish create form deploy appoint supply deliver notify allow permit reopen"
            " facilitate open exchange share publish set"
        )
    return not (lemma == "engage" and set(low[verb:end]) & _FIGHTING)


_FIGHTING = words("self-defence self-defense defence defense combat enemy fighting targets")


def _will_be_done(
    scene: Scene, group: Group, begin: int, verb: int, end: int, lemma: str, who: tuple[Named, ...]
) -> Found:
    low = scene.parsed.low
    legal = scene.context.legal or group.modal == "shall"
    inner = acts.act_of(lemma, low, max(begin, group.start - 8), end)
    noun = acts.act_noun(low, begin, group.start)
    head = head_before(scene.parsed, group)
    founding = (
        lemma in ("establish", "create", "form", "set", "deploy") and head not in lexicon.HALT_NOUNS
    )
    act = (
        noun[1]
        if lemma
        in lexicon.ASPECT
        | {"hold", "agree", "carry", "announce", "provide", "grant", "afford", "secure", "allow"}
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
    if low[begin] == "no" and legal:
        group.negated = True  # "No weapons shall be brought"
    if group.negated and lemma in _HARMING and topic is not Subject.OTHER:
        legal = True  # "Fishing boats will not be touched"
    if lemma in ("sign", "conclude", "finalise", "finalize") and not group.negated:
        if head not in lexicon.COMMIT_NOUNS | words("treaty document text protocol"):
            return NOTHING
        return [
            Draft(
                begin,
                end,
                verb,
                Kind.COMMITMENT,
                "will be signed",
                by,
                act=Act.OTHER,
                subject=acts.subject_of(low, begin, end, Act.OTHER),
            )
        ], end
    if not legal:
        known = act in (Act.HALT, Act.WITHDRAW, Act.RELEASE, Act.ALLOW, Act.ESTABLISH)
        if not known and lemma not in words(
            "dismantle disarm confiscate deliver provide clear removed demine disband deploy"
            " hand transfer merge integrate monitor supervise oversee"
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
    if group.modal == "would" and set(low[max(0, group.start - 14) : group.start]) & lexicon.PLANS:
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
        or parties_here(scene, begin, group.start)
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
