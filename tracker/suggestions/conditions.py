"""Rules for conditions: "provided that", "unless", "if the other side", releases on a breach."""

from tracker.domain.facts import ConditionKind, Subject

from . import acts, lapses, lexicon
from .clauses import Parsed, clause_end
from .drafts import Draft, Scene
from .lexicon import words
from .scenes import NOTHING, Found, begin_of, speaker_of
from .subjects import subject
from .values import Kind
from .verbs import Group

_BY_FIRST: dict[str, list[tuple[tuple[str, ...], str]]] = {}
for _words, _kind in sorted(lexicon.CONDITION_MARKERS, key=lambda one: -len(one[0])):
    _BY_FIRST.setdefault(_words.split()[0], []).append((tuple(_words.split()), _kind))
_IDLE = words(
    "possible necessary needed anything confirmed implemented successful any only asked so"
    " required appropriate nothing not at approved agreed"
)
_SUFFERED = words(
    "sanctions attack attacks fire shelling bombardment abuse torture taxes strikes scrutiny"
    " criticism pressure interpretation change delays arrest anonymity review"
)
_THREATS = words("resume resuming restart renew relaunch return unleash escalate")
_VOWING = words("vowed vows threatened threatens pledged promised warned")
_HANGING = words("dependent conditional contingent")
_FORCE = words("strike attack hit retaliate respond invade bomb shell resume launch act")
_PACTS = words("treaty pact signature signing peace")
_WAR = words(
    "response fighting war hostilities strikes offensive operations bombardment attacks fire"
)
_FAULTS = lexicon.BREACH | {"failure"}
_KINDS = {
    "entry": ConditionKind.ENTRY_PRECONDITION,
    "continuing": ConditionKind.CONTINUING,
    "concurrent": ConditionKind.CONCURRENT,
    "reciprocity": ConditionKind.RECIPROCITY,
}


def spans(parsed: Parsed) -> list[tuple[int, int, str]]:
    """Each conditional clause of a sentence: first and last token, and its kind by its marker."""
    low = parsed.low
    found: list[tuple[int, int, str]] = []
    k = 0
    while k < len(low):
        matched = next(
            (
                (key, kind)
                for key, kind in _BY_FIRST.get(low[k], ())
                if tuple(low[k : k + len(key)]) == key
            ),
            None,
        )
        if matched is None and low[k] == "should" and k + 1 < len(low) and parsed.at[k + 1]:
            matched = (("should",), "entry")  # "Should Ukraine violate"
        if matched is None or not _conditional(parsed, k, matched[0]):
            k += 1
            continue
        key, kind = matched
        end = _end(parsed, k, len(key))
        found.append((k, end, kind))
        k = max(end, k + 1)
    return found


def _end(parsed: Parsed, k: int, size: int) -> int:
    low = parsed.low
    stop = clause_end(parsed, k + size, verb=False) if k + size < len(low) else len(low)
    stop = next((m for m in range(k + size, stop) if low[m] == "but"), stop)
    first = k <= 1 or low[k - 1] in (",", "that", '"', "“", "—", ";", "and")
    if first and k < len(low) / 2:
        verb = next((g for g in parsed.groups if g.start >= k + size - 1), None)
        for m in range((verb.end if verb else k) + 1, len(low)):
            if low[m] in (",", ";", ":"):
                return m
    return stop


def _conditional(parsed: Parsed, k: int, key: tuple[str, ...]) -> bool:
    low = parsed.low
    after = low[k + len(key)] if k + len(key) < len(low) else ""
    before = low[k - 1] if k else ""
    said = " ".join(key)
    if said == "if":
        return (
            after not in _IDLE
            and before not in ("as", "even", "ask", "asked", "wonder", "see", "know", "unclear")
            and before != "what"
        )
    if said == "once":
        return before not in ("at", "than") and (
            parsed.at[min(k + 1, len(low) - 1)] is not None
            or after in lexicon.DETERMINERS
            or after in ("it", "they", "he", "she", "we")
        )
    if said == "provided":
        if before in (",", "—", "(", ";", "–"):
            return after not in lexicon.PREPOSITIONS
        governs = any(g.form == "finite" and k + 1 < g.start <= k + 8 for g in parsed.groups)
        named = after in lexicon.DETERMINERS or parsed.at[min(k + 1, len(low) - 1)] is not None
        return named and governs and any(g.modal and g.end < k for g in parsed.groups)
    if said in ("subject to", "on condition of", "dependent on"):
        return after not in _SUFFERED and not set(low[k : k + 6]) & _SUFFERED
    if said.startswith("should"):
        return k == 0 or before in (",", "—", ";", "and", '"', "“")
    if said in ("in exchange for", "in return for"):
        return (
            not (after[:1].isdigit() or after in lexicon.NUMBERS)
            and not set(low[k : k + 7]) & lexicon.SUBJECT_WORDS[Subject.PRISONERS]
        )
    if said in ("in case of", "in the event of"):
        return bool(set(low[k : k + 9]) & lexicon.BREACH)
    return said not in ("key condition", "a key condition", "reciprocally", "in return")


def kind_of(low: list[str], i: int, j: int, kind: str) -> ConditionKind:
    text = " ".join(low[i:j])
    if low[i] == "unless":
        return ConditionKind.ENTRY_PRECONDITION
    if set(low[i:j]) & lexicon.BREACH and low[i] in ("if", "should", "in"):
        return ConditionKind.RELEASE_ON_BREACH
    if any(one in text for one in lexicon.RECIPROCAL):
        return ConditionKind.RECIPROCITY
    return _KINDS[kind]


def stated(scene: Scene, found: list[tuple[int, int, str]], drafts: list[Draft]) -> list[Draft]:
    """The conditional clauses that hang on a statement, or on an act, in their sentence."""
    parsed, low = scene.parsed, scene.parsed.low
    made: list[Draft] = []
    for i, j, kind in found:
        main = low[:i] + low[j:]
        holds = [
            d
            for d in drafts
            if d.kind not in (Kind.REPORTED_VIOLATION, Kind.CONCERN) and not i <= d.verb < j
        ]
        modal = any(
            (g.modal in ("will", "would", "shall") or low[g.start] == "can")
            and not i <= g.start < j
            for g in parsed.groups
        )
        about = (
            bool(set(main) & (lexicon.TRUCE | lexicon.HALT_NOUNS))
            or bool(set(main) & _THREATS and set(main) & _WAR)
            or acts.act_noun(main, 0, len(main)) is not None
        )
        about = about or bool(
            set(low[i:j]) & lexicon.BREACH and set(low[i:j]) & (lexicon.TRUCE | lexicon.HALT_NOUNS)
        )
        hangs = low[i - 1] in ("is", "are", "remains", "was") and low[i] in (
            "subject",
            "conditional",
        )
        about = about or bool((modal or hangs) and set(main) & _PACTS)
        about = about or (scene.context.topical and modal and _threatens(parsed, i, j))
        about = about or (kind == "continuing" and bool(set(main) & lexicon.COMMIT_NOUNS))
        lapsing = lapses.lapses(parsed, i, j)
        void = bool(set(main) & lapses.VOID) and lapses.breaks(parsed, i, j)
        if lapsing is not None or (void and scene.context.topical):
            made.append(lapses.off(scene, drafts, lapsing, i, j))
            continue
        vowed = bool(set(main) & _THREATS and set(main) & _VOWING)
        legal_or_modal = modal or scene.context.legal or hangs or vowed
        if not holds and not (about and legal_or_modal) and not (scene.context.legal and modal):
            continue
        if low[i] == "if" and set(low[i:j]) & words("asked want wants look") and not holds:
            continue
        if low[i] == "if" and set(low[i:j]) & words("truly really genuinely serious sincere"):
            continue  # a taunt
        if low[i] == "if" and holds and all(d.verb < i and "if" in low[d.verb : i] for d in holds):
            continue
        condition = kind_of(low, i, j, kind)
        right = next((d for d in drafts if d.rule == "free on breach"), None)
        if right is not None and abs(right.verb - i) < 40 and i <= right.verb + 40:
            right.i, right.j = min(right.i, i), max(right.j, j)
            continue
        extension = any(d for d in holds if "extension" in {m.value for m in d.marks})
        if extension and condition in (ConditionKind.ENTRY_PRECONDITION, ConditionKind.RECIPROCITY):
            condition = ConditionKind.EXTENSION_CONDITION
        doing = next(
            (g for g in parsed.groups if g.modal in ("will", "would") and not i <= g.start < j),
            None,
        )
        who = holds[0].who if holds else subject(parsed, doing, scene.context) if doing else ()
        if hangs and not who:
            who = speaker_of(scene, i)
        made.append(
            Draft(
                i,
                j,
                i,
                Kind.CONDITION,
                " ".join(low[i : i + 2]),
                who,
                condition=condition,
                subject=acts.subject_of(low, i, j, None),
            )
        )
    return made


def _threatens(parsed: Parsed, i: int, j: int) -> bool:
    """Whether the main clause threatens force: "would strike deep inside … if"."""
    return any(
        g.modal in ("will", "would")
        and g.lemma in _FORCE
        and not g.negated
        and not i <= g.start < j
        for g in parsed.groups
    )


def freed(scene: Scene, group: Group) -> Found:
    """ "will be free to", "reserves the right to", "will consider itself released"."""
    parsed, low = scene.parsed, scene.parsed.low
    end = scene.end(group.end + 1) if group.end + 1 < len(low) else group.end + 1
    free = group.adjective == "free" and low[group.end + 1 : group.end + 2] == ["to"]
    right = (
        group.lemma in ("reserve", "retain", "have")
        and "right" in low[group.end + 1 : group.end + 5]
        and group.modal != "may"
    )
    considers = group.lemma in ("consider", "regard") and set(
        low[group.end + 1 : group.end + 7]
    ) & words("released free unbound relieved")
    unbound = (
        group.lemma in ("bind", "bound")
        and (group.negated or "longer" in low[group.start : group.end])
    ) or (
        group.adjective == "commit"
        and group.lemma in ("bind", "bound")
        and (group.negated or "longer" in low[max(0, group.start - 2) : group.end + 1])
    )
    failing = (
        group.lemma in ("entitle", "allow", "permit", "release", "free")
        and not group.passive
        and not group.adjective
        and (low[0] == "failure" or bool(set(low[begin_of(scene, group) : group.start]) & _FAULTS))
    )
    if failing and group.modal in ("shall", "will", ""):
        gets = next((e for e in parsed.entities if group.end < e.i < end), None)
        return [
            Draft(
                begin_of(scene, group),
                end,
                group.end,
                Kind.CONDITION,
                "entitled by a breach",
                (parsed.named(gets),) if gets is not None else (),
                condition=ConditionKind.RELEASE_ON_BREACH,
                subject=acts.subject_of(low, group.end + 1, end, None),
            )
        ], end
    resume = (
        group.modal in ("may", "will")
        and (
            group.lemma in ("resume", "retaliate", "respond")
            or (scene.context.legal and group.lemma in ("suspend", "terminate", "withdraw"))
        )
        and bool(set(low[: group.start]) & lexicon.BREACH)
    ) or (
        (
            group.modal in ("will", "would")
            or (group.form == "bare" and low[group.start - 1] == "and")
        )
        and group.lemma in ("respond", "retaliate")
        and bool(set(low[group.end + 1 : end]) & lexicon.BREACH - {"attack", "attacks"})
    )
    if not (free or right or considers or unbound or resume) or (group.negated and not unbound):
        return NOTHING
    who = subject(parsed, group, scene.context)
    breach = bool(set(low) & lexicon.BREACH)
    hostile = bool(
        set(low[group.end :])
        & words(
            "resume respond retaliate consider act strike strikes attack attacks operations"
            " defend force withdraw suspend action measures"
        )
    )
    if not (who or breach) or not (breach or hostile):
        return NOTHING
    return [
        Draft(
            begin_of(scene, group),
            end,
            group.end,
            Kind.CONDITION,
            "free on breach",
            who,
            condition=ConditionKind.RELEASE_ON_BREACH,
            subject=acts.subject_of(low, group.end + 1, end, None),
        )
    ], end


def named_as(scene: Scene, group: Group) -> Found:
    """ "The key condition should be", "made it a precondition that", "depends on"."""
    parsed, low = scene.parsed, scene.parsed.low
    begin = begin_of(scene, group)
    around = set(low[begin : group.start])
    end = scene.end(group.end + 1) if group.end + 1 < len(low) else group.end + 1
    after = low[group.end + 1 : min(group.end + 8, end)]
    copula = group.lemma == "be" or low[group.end] in ("is", "are", "was", "be")
    named = bool(around & lexicon.CONDITION_NOUNS) and (
        copula or group.passive or group.lemma == "remain"
    )
    made = (
        group.lemma
        in (
            "make",
            "set",
            "name",
            "call",
            "describe",
            "regard",
            "consider",
            "have",
            "attach",
            "impose",
        )
        and bool(set(after) & (lexicon.CONDITION_NOUNS | _HANGING))
        and "terms" not in after
    )
    hangs = group.lemma in ("depend", "hinge", "rest") and after[:1] in (["on"], ["upon"])
    if group.lemma in ("create", "provide", "ensure", "meet", "fulfil", "fulfill", "improve"):
        return NOTHING
    if not (named or made or hangs) or group.negated or "no" in after[:2]:
        return NOTHING
    if hangs and set(low[begin : group.start]) & words("success outcome fate future prospects"):
        return NOTHING
    if hangs and not (
        set(low[begin:end])
        & (
            lexicon.TRUCE
            | lexicon.HALT_NOUNS
            | words("withdrawal release implementation commitment")
        )
    ):
        return NOTHING
    who = subject(parsed, group, scene.context) if made or hangs else ()
    return [
        Draft(
            begin,
            end,
            group.end,
            Kind.CONDITION,
            "named as a condition",
            who,
            condition=ConditionKind.ENTRY_PRECONDITION,
            subject=acts.subject_of(low, begin, end, None),
        )
    ], end
