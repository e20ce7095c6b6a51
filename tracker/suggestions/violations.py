"""Rules for reported violations: who is said to have broken what, and how often."""

from tracker.domain.facts import Subject

from . import acts, lexicon
from .drafts import Draft, Scene
from .lexicon import words
from .scenes import NOTHING, Found, agents, begin_of, speaker_of
from .subjects import listed, subject
from .values import Kind, Named
from .verbs import Group

_NOUNS = words(
    "violation violations breach breaches infringement infringements infraction infractions"
    " transgressions"
)
_BROKEN = (
    lexicon.TRUCE
    | lexicon.HALT_NOUNS
    | words("terms commitments commitment resolution airspace sovereignty line pledge")
)
_HARM = words(
    "attack attacks strike strikes shelling shelled airstrikes bombing raid raids fire fired"
    " killed clashes fighting offensive bombardment incidents drone drones rockets artillery"
    " struck hit"
)
_COUNTING = words(
    "report record register document count log claim note list say cite confirm tally detect"
    " observe verify"
)


def violated(scene: Scene, group: Group) -> Found:
    """ "violated the truce 2,935 times", "accused X of breaching", "broke the ceasefire"."""
    parsed, low = scene.parsed, scene.parsed.low
    if (
        group.does(lexicon.ACCUSE)
        and not group.negated
        and group.form != "infinitive"
        and not group.modal
    ):
        return _accused(scene, group)
    if group.lemma in ("trade", "exchange") and set(low[group.end + 1 : group.end + 5]) & words(
        "accusations blame allegations accusation"
    ):
        end = scene.end(group.end + 1)
        who = subject(parsed, group, scene.context)
        return [
            Draft(
                begin_of(scene, group),
                end,
                group.end,
                Kind.REPORTED_VIOLATION,
                "traded accusations",
                who,
            )
        ], end
    if group.lemma not in lexicon.VIOLATE or group.adjective or group.negated:
        return NOTHING
    if group.modal or group.form == "infinitive":
        return NOTHING
    end = scene.end(group.end + 1) if group.end + 1 < len(low) else group.end + 1
    begin = begin_of(scene, group)
    around = (
        low[begin : group.start] if group.passive else low[group.end + 1 : min(group.end + 10, end)]
    )
    if not set(around) & _BROKEN:
        return NOTHING
    if group.lemma == "break" and not set(around) & (
        lexicon.TRUCE | words("pledge promise commitment commitments terms halt")
    ):
        return NOTHING
    if (
        group.form == "ing"
        and group.start
        and low[group.start - 1] in ("of", "for", "without", "against", "from", "by", "not")
    ):
        return NOTHING
    who = agents(scene, group.end, end) if group.passive else subject(parsed, group, scene.context)
    if group.form == "ing" and not who:
        return NOTHING
    return [
        Draft(
            begin,
            end,
            group.end,
            Kind.REPORTED_VIOLATION,
            "violated",
            who,
            subject=_about(low, begin, end),
            count=count_in(low, begin, end),
        )
    ], end


def _accused(scene: Scene, group: Group) -> Found:
    parsed, low = scene.parsed, scene.parsed.low
    end = scene.end(group.end + 1)
    rest = set(low[group.end + 1 : end])
    breach = rest & (
        lexicon.BREACH
        | words(
            "violating breaching breaking flouting infringing infringements failing obstructing"
            " blocking reneging undermining delaying stalling sabotaging"
        )
        | _NOUNS
    )
    harm = rest & (_HARM | lexicon.FORCE_ING)
    if not breach and not (harm and (rest & _BROKEN or (group.lemma == "accuse" and "of" in rest))):
        return [], end
    if rest & words("plotting planning preparing") or (
        rest & words("crimes laws law genocide murder torture") and not rest & lexicon.TRUCE
    ):
        return [], end  # a charge before a court
    accused: tuple[Named, ...] = ()
    for entity in parsed.entities:
        if group.end < entity.i < end and not (entity.modifier and not entity.possessive):
            accused = listed(parsed, entity)
            break
    else:
        other = next(
            (
                k
                for k in range(group.end + 1, min(group.end + 5, end))
                if low[k] in ("each", "other")
            ),
            None,
        )
        if other is not None:
            accused = subject(parsed, group, scene.context)
    if group.passive:
        accused = subject(parsed, group, scene.context)
    draft = Draft(
        begin_of(scene, group),
        end,
        group.end,
        Kind.REPORTED_VIOLATION,
        "accused",
        accused,
        subject=_about(low, group.end, end),
        count=count_in(low, group.end + 1, end),
    )
    draft.to = (
        agents(scene, group.end, end) if group.passive else subject(parsed, group, scene.context)
    )
    return [draft], end


def counted(scene: Scene, drafts: list[Draft]) -> list[Draft]:
    """ "recorded 30 violations", "violations by the army": the noun, where no verb above has it."""
    low = scene.parsed.low
    made: list[Draft] = []
    for k, word in enumerate(low):
        if word not in _NOUNS and low[k : k + 3] != ["violation", "of", "withdrawal"]:
            continue
        if made and not (set(low[made[-1].verb : k]) & {";", "while"}):
            continue  # one a clause
        before, after = set(low[max(0, k - 8) : k]), low[k + 1 : k + 12]
        context = before | set(after)
        if before & words(
            "no any without if future potential possible prevent investigate alleged-no"
            " verify resolve address report-to against zero"
        ):
            continue
        if not (
            context
            & (
                lexicon.TRUCE
                | lexicon.HALT_NOUNS
                | words("truce's agreement's regime line lines understanding")
            )
            or _number(low, k)
        ):
            continue
        governing = next(
            (
                g
                for g in reversed(scene.parsed.groups)
                if g.end < k and not (g.end == k - 1 and low[g.end] in _MANY_TIMES)
            ),
            None,
        )
        count = count_at(low, k)
        there = False
        if (
            governing is not None
            and governing.lemma == "be"
            and low[max(0, governing.start - 1)] == "there"
        ):
            told = set(low[governing.end + 1 : k]) & _MANY_TIMES and not governing.negated
            if told and not governing.modal:
                there = True
            governing = None
            count = count or 0
        if governing is not None and (
            governing.modal in ("will", "shall", "would", "must", "may", "should", "to")
            or governing.negated
        ):
            continue
        reporting = governing is not None and governing.lemma in _COUNTING | words(
            "denounce condemn allege accuse complain continue decry lament protest see occur"
            " total reach suffer have blame"
        )
        later = next((g for g in scene.parsed.groups if g.start > k), None)
        happened = (
            later is not None
            and later.lemma
            in words(
                "report record register document occur take continue commit include kill"
                " leave come see log"
            )
            and not later.modal
            and not later.negated
        )
        is_one = (
            governing is not None
            and governing.lemma in ("be", "constitute", "represent", "amount", "call", "describe")
            and k - governing.end <= 6
            and bool(set(low[governing.end : k]) & {"a", "an", "another", "the"})
        )
        placed = low[k - 1 : k] == ["in"] and low[k + 1 : k + 2] == ["of"]
        if placed and count is None:
            count = next((n for m in range(k) if (n := _as_number(low[m])) is not None), None)
        if not (reporting or happened or is_one or placed or there or count is not None):
            continue
        if not reporting and any(draft.i <= k < draft.j for draft in drafts):
            continue
        end = scene.end(k)
        begin = begin_of(scene, governing) if governing is not None and reporting else 0
        accused = agents(scene, k, end) or _whose(scene, k)
        voice = (
            speaker_of(scene, k)
            if governing is None or not reporting
            else subject(scene.parsed, governing, scene.context)
        )
        draft = Draft(
            begin,
            max(end, k + 1),
            k,
            Kind.REPORTED_VIOLATION,
            "counted",
            accused,
            subject=_about(low, begin, end),
            count=count or None,
        )
        draft.to = voice
        made.append(draft)
    return made


def despite(scene: Scene, drafts: list[Draft]) -> list[Draft]:
    """ "air strikes continued despite the truce", "14 attacks after the ceasefire took effect"."""
    parsed, low = scene.parsed, scene.parsed.low
    if drafts:
        return []
    at = next((k for k in range(len(low)) if _under_truce(low, k)), None)
    if at is None:
        return []
    harm = next(
        (
            k
            for k in range(at)
            if low[k] in _HARM
            and (low[k] != "fire" or low[k - 1] in ("open", "opened", "of", "traded", "exchanged"))
        ),
        None,
    )
    told = next(
        (
            g
            for g in parsed.groups
            if g.end < at and g.form == "finite" and not g.modal and not g.negated
            and g.lemma in _HAPPENING
        ),
        None,
    )  # fmt: skip
    if harm is None or told is None:
        return []
    count = count_in(low, 0, at)
    does = told.end < harm and not told.passive and told.lemma not in _COUNTING | {"receive"}
    who = subject(parsed, told, scene.context) if does else ()
    return [
        Draft(
            0,
            len(low),
            harm,
            Kind.REPORTED_VIOLATION,
            "despite the truce",
            _whose(scene, harm) or who,
            subject=_about(low, 0, at),
            count=count,
        )
    ]


_MANY_TIMES = words("repeated several multiple numerous serious frequent many continued")


def _under_truce(low: list[str], k: int) -> bool:
    """Whether "despite the truce", "after the ceasefire took effect" begins at ``k``."""
    if low[k] not in ("despite", "since", "after"):
        return False
    named = set(low[k + 1 : k + 6]) & (lexicon.TRUCE - {"agreement", "deal"} | _DUE)
    if low[k] == "despite":
        return bool(named)
    return bool(named) and (
        bool(set(low[k : k + 9]) & words("effect force began started"))
        or bool(set(low[k : k + 4]) & _DUE)
    )


_DUE = words("deadline")
_HAPPENING = _COUNTING | words(
    "continue receive kill wound strike hit occur take carry launch fire persist shell attack"
    " bomb open go resume trade exchange"
)


def _whose(scene: Scene, k: int) -> tuple[Named, ...]:
    for entity in scene.parsed.entities:
        if entity.j <= k and k - entity.j <= 3 and (entity.possessive or entity.entry.adjective):
            return (scene.parsed.named(entity),)
    return ()


def _number(low: list[str], k: int) -> bool:
    return count_at(low, k) is not None


def count_at(low: list[str], k: int) -> int | None:
    """The number that stands before a noun at ``k``: "more than 1,200 documented violations"."""
    for m in range(k - 1, max(-1, k - 5), -1):
        number = _as_number(low[m])
        if number is not None:
            return number
        if low[m] in lexicon.PREPOSITIONS or low[m] in (",", "the"):
            return None
    return None


def count_in(low: list[str], i: int, j: int) -> int | None:
    """The number of times or of violations that a stretch gives."""
    for k in range(i, j):
        if low[k] in _NOUNS or low[k] in ("times", "occasions", "attacks", "strikes", "incidents"):
            number = count_at(low, k)
            if number is not None:
                return number
    return None


def _as_number(word: str) -> int | None:
    bare = word.replace(",", "")
    if bare.isdigit() and len(bare) <= 9:
        value = int(bare)
        return value if not (len(bare) == 4 and "," not in word and 1900 <= value <= 2100) else None
    return lexicon.NUMBERS.get(word) if word not in ("a", "an", "one", "hundred") else None


def _about(low: list[str], i: int, j: int) -> Subject:
    return acts.subject_of(low, i, j, None)
