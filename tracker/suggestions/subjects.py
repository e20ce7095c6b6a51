"""Who does what a verb group says: names, lists of names, pronouns, bodies without a name."""

from . import lexicon
from .clauses import (
    MANY,
    OUTSIDE,
    QUOTES,
    SPEAKING,
    Parsed,
    closed_aside,
    in_list,
    window,
)
from .context import Context
from .heads import ORGANS
from .lexicon import words
from .names import Entity
from .values import Named
from .verbs import Group


def subject(parsed: Parsed, group: Group, context: Context) -> tuple[Named, ...]:
    """Who does it; empty where the sentence does not say."""
    position = group.order
    if group.adjective == "scheduled" and group.start == group.end and group.start:
        beside = parsed.at[group.start - 1]
        return listed(parsed, beside) if beside is not None else ()
    if group.form == "infinitive" and group.modal == "to" and position:
        return _controller(parsed, group, position, context)
    if group.form == "ing" and group.start and parsed.low[group.start - 1] == ",":
        main = next(
            (g for g in reversed(parsed.groups[:position]) if g.form in ("finite", "bare")), None
        )
        if main is not None:
            return subject(parsed, main, context)
    start, end, joined = window(parsed, group)
    if joined and (main := _parallel(parsed, group)) is not None:
        return subject(parsed, main, context)
    if joined and parsed.low[start] in _PERSONAL:
        return _antecedent(parsed, parsed.low[start], start, context)
    found = _in_window(parsed, start, end, context)
    if found:
        return found
    bare = all(parsed.at[k] is None for k in range(start, end))
    if position and (joined or start >= end or (bare and end - start <= 1)):
        before = parsed.groups[position - 1]
        return subject(parsed, before, context) if before.start < group.start else ()
    relative = start < len(parsed.low) and parsed.low[start] in ("which", "who", "that")
    if (relative or start >= end) and start > 0:
        near = [
            e
            for e in parsed.entities
            if e.j <= start
            and start - e.j <= 2
            and (e.i == 0 or parsed.low[e.i - 1] not in OUTSIDE)
        ]
        if near:
            return (parsed.named(near[-1]),)
    return _phrase_subject(parsed, start, end, context)


def _parallel(parsed: Parsed, group: Group) -> Group | None:
    """The verb that a coordinated one stands beside: of "demanded that aid stop, and voiced
    concern" the first; of "said it would back the idea, and called for" the saying.
    """
    if group.form != "finite" or group.passive or group.adjective:
        return None
    shape = _shape(parsed, group)
    for other in reversed(parsed.groups[: group.order]):
        if (
            other.form == "finite"
            and other.modal == group.modal
            and _shape(parsed, other) == shape
            and not closed_aside(parsed, other, group)
        ):
            return other
    return None


def _shape(parsed: Parsed, group: Group) -> tuple[bool, bool]:
    """Whether a verb is in a perfect tense, and whether in a past one."""
    auxiliary = parsed.low[group.start]
    return group.perfect, group.past or auxiliary in ("had", "did", "was", "were")


def _controller(parsed: Parsed, group: Group, position: int, context: Context) -> tuple[Named, ...]:
    """Of "urged Russia to halt" Russia; of "Russia agreed to halt" the one who agreed."""
    before = parsed.groups[position - 1]
    between = [
        e
        for e in parsed.entities
        if before.end < e.i and e.j <= group.start and not e.modifier
        and parsed.low[e.i - 1] not in OUTSIDE - {"for"}
    ]  # fmt: skip
    if between and between[-1].j >= group.start - 1:
        return listed(parsed, between[-1])
    return subject(parsed, before, context)


_PERSONAL = words("he she it they we i")
_SENT = words(
    "mediators officials negotiators envoys delegations representatives ministers leaders"
    " diplomats teams delegates monitors experts"
)


_OFFICIAL = words(
    "official officials spokesman spokeswoman spokesperson authorities diplomats ministry"
)


def _names_another(parsed: Parsed, entity: Entity, end: int) -> bool:
    """ "Sudan's paramilitary Rapid Support Forces": the name that follows is who it is."""
    low = parsed.low
    for k in range(entity.j + 1, min(entity.j + 4, end)):
        other = parsed.at[k]
        if other is not None:
            return other.entry.kind == "body" and other.entry.name != entity.entry.name
        if not low[k].isalpha() or low[k] in lexicon.PREPOSITIONS | lexicon.CONJUNCTIONS:
            return False
    return False


def _in_window(parsed: Parsed, start: int, end: int, context: Context) -> tuple[Named, ...]:
    low = parsed.low
    if end > start and low[end - 1] in _PERSONAL:
        return _antecedent(parsed, low[end - 1], end - 1, context)
    segments: list[tuple[int, int]] = []
    at = start
    for k in range(start, end + 1):
        if k == end or (low[k] == "," and not in_list(parsed, k)):
            segments.append((at, k))
            at = k + 1
    for i, j in reversed(segments):
        if i >= j:
            continue
        aside = low[i] in OUTSIDE or low[i] in (
            "which",
            "who",
            "according",
            "whose",
            "as",
            "including",
            "such",
        )
        led = parsed.verb_at.get(i)
        if led is not None and i > start and len(segments) > 1 and led.end < end - 1:
            continue  # "backed by Washington", "reached in Cairo"
        said_of = parsed.at[i + 1] if i + 1 < j else None
        if low[i] in ("which", "whom") and said_of is not None and said_of.i == i + 1:
            return listed(parsed, said_of)  # "which Moscow rejected"
        if aside and len(segments) > 1:
            continue
        barred = -1
        for entity in parsed.entities:
            if entity.i < i or entity.j > j:
                continue
            if barred >= 0 and low[barred : entity.i] in (["and"], [","], ["and", "the"]):
                barred = entity.j
                continue
            before = low[entity.i - 1] if entity.i > 0 else ""
            before2 = low[entity.i - 2] if entity.i > 1 else ""
            if before in ("from", "of") and before2 in _SENT:
                return listed(parsed, entity)
            sent = low[entity.j : entity.j + 1] == ["from"] and low[entity.j - 1] in _SENT
            if sent:
                continue
            if before == "in" and entity.i > i + 1 and set(low[i : entity.i]) & _OFFICIAL:
                return listed(parsed, entity)
            if entity.possessive and _names_another(parsed, entity, j):
                continue
            beyond = parsed.at[entity.j] if entity.j < j else None
            if entity.entry.kind == "group" and beyond is not None and not beyond.modifier:
                continue  # "Mediators Egypt and Qatar"
            if before in OUTSIDE and entity.i > i:
                barred = entity.j
                continue
            if before == "the" and before2 in OUTSIDE and entity.i - 1 > i:
                barred = entity.j
                continue
            if aside and (
                entity.i - i == 1 or (entity.i - i == 2 and low[i + 1] in lexicon.DETERMINERS)
            ):
                continue
            if before == "of" and low[entity.i - 2] not in ORGANS and entity.i - i > 1:
                continue
            beside = next(
                (e for e in parsed.entities if e.entry.kind == "both" and 0 <= e.i - entity.j <= 1),
                None,
            )
            if entity.modifier and beside is not None:
                return (parsed.named(beside),)
            if entity.modifier and not _agentive(parsed, entity, j):
                continue
            return (*listed(parsed, entity), *_unnamed_partner(parsed, entity, j))
        if j - i <= 2 and low[j - 1] in lexicon.PRONOUNS:
            return _antecedent(parsed, low[j - 1], j - 1, context)
    return ()


def _unnamed_partner(parsed: Parsed, entity: Entity, end: int) -> tuple[Named, ...]:
    """Of "Colombia and its largest guerrilla group" the second, which has no name."""
    low = parsed.low
    start = entity.j + 1
    if start >= end or low[entity.j] != "and" or end - start > 7:
        return ()
    named = _proper(parsed, start, end)
    if named is not None:
        return (named,)
    if low[start] not in ("its", "the", "an", "a"):
        return ()
    inside = [e for e in parsed.entities if start <= e.i < end]
    if any(e.entry.kind != "group" for e in inside):
        return ()
    if not set(low[start:end]) & (ORGANS | MANY):
        return ()
    return (parsed.phrase(start + (low[start] in ("a", "an", "the")), end),)


def _proper(parsed: Parsed, start: int, end: int) -> Named | None:
    """A name that no list knows, up to the verb: "and the RSF-aligned SPLM-N"."""
    tokens, low = parsed.sentence.tokens, parsed.low
    if any(parsed.at[k] is not None for k in range(start, end)):
        return None
    i = start + (low[start] == "the")
    while i < end and low[i].endswith(("-aligned", "-led", "-backed", "-affiliated")):
        i += 1
    if i >= end or not all(t.is_word and t.is_capital for t in tokens[i:end]):
        return None
    return parsed.phrase(i, end)


def _agentive(parsed: Parsed, entity: Entity, end: int) -> bool:
    """Whether what a party's adjective qualifies acts: "Israeli units", not "Israeli prisons"."""
    rest = parsed.low[entity.j : end]
    return bool(set(rest[:5]) & ORGANS) or bool(
        set(rest[:4]) & words("units elements allies vessels warships side people parties")
    )


def listed(parsed: Parsed, entity: Entity) -> tuple[Named, ...]:
    """The entity with those that it is listed with."""
    low = parsed.low
    names = [entity]
    ordered = parsed.entities
    position = ordered.index(entity)
    for step in (1, -1):
        at = position + step
        edge = entity
        while 0 <= at < len(ordered):
            other = ordered[at]
            first, second = (edge, other) if step == 1 else (other, edge)
            gap = set(low[first.j : second.i])
            if (
                not gap
                or not gap <= {",", "and", "the", "&", "both", "as", "well", "'s"}
                or gap <= {"'s", "the"}
            ):
                break
            closing = any(low[k] == "and" for k in range(second.j, min(second.j + 4, len(low))))
            if gap <= {","} and not (closing or parsed.sentence.headline or names[1:]):
                break
            names.append(other)
            edge = other
            at += step
    unique: dict[str, Named] = {}
    for one in sorted(names, key=lambda one: one.i):
        unique.setdefault(one.entry.name, parsed.named(one))
    return tuple(unique.values())


_TELLING = words("tell inform assure notify promise")


def _antecedent(parsed: Parsed, word: str, k: int, context: Context) -> tuple[Named, ...]:
    """Whom a pronoun means: the sentence's last acting party, else that of an earlier sentence."""
    if word in ("we", "i"):
        return _first_person(parsed, k, context)
    told = next((g for g in reversed(parsed.groups) if g.end < k), None)
    if told is not None and told.does(_TELLING) and told.form == "finite" and not told.modal:
        teller = subject(parsed, told, context)  # "he told the envoy that he would"
        if teller:
            return teller
    if word in ("he", "she"):
        persons = [
            e for e in parsed.entities if e.j <= k and (e.person or e.entry.kind == "person")
        ]
        if persons:
            return (parsed.named(persons[-1]),)
        if context.on_behalf is not None and context.number - context.spoken_at <= 3:
            return (context.on_behalf,)
    if word in {"both", "each", "neither"}:
        return (parsed.phrase(k, k + 1),)
    before = [
        e for e in parsed.entities
        if e.j <= k and not e.modifier and (e.i == 0 or parsed.low[e.i - 1] not in OUTSIDE)
    ]  # fmt: skip
    if before:
        return listed(parsed, before[0] if len(before) > 1 else before[-1])
    if not context.subject and told is not None and told.does(SPEAKING):
        return subject(parsed, told, context)
    return context.subject


def _first_person(parsed: Parsed, k: int, context: Context) -> tuple[Named, ...]:
    """Whom "we" means: who says so in this sentence or just before, or the text's author."""
    for group in reversed(parsed.groups):
        if group.end < k and group.does(SPEAKING) and group.form == "finite" and not group.modal:
            before = [e for e in parsed.entities if e.j <= group.start and group.start - e.j <= 2]
            if before:
                return (parsed.named(before[-1]),)
    for group in parsed.groups:
        if group.start > k and group.does(SPEAKING) and group.form == "finite" and not group.modal:
            near = [
                e
                for e in parsed.entities
                if k < e.i and (group.start - e.j in (0, 1, 2) or e.i == group.end + 1)
            ]
            if near and parsed.low[group.start - 1] not in lexicon.PRONOUNS:
                return (parsed.named(near[-1]),)
            if context.on_behalf is not None and parsed.low[group.start - 1] in lexicon.PRONOUNS:
                return (context.on_behalf,)
    quoted = context.quoted or any(mark in parsed.low for mark in QUOTES)
    if quoted and context.on_behalf is not None and context.number - context.spoken_at <= 1:
        return (context.on_behalf,)
    if context.author is not None:
        return (context.author,)
    return (context.opening,) if context.opening is not None else ()


_MEN = words("men fighters units people side country nation cabinet administration")


def _phrase_subject(parsed: Parsed, start: int, end: int, context: Context) -> tuple[Named, ...]:
    """The words before the verb, where they name a body that no list knows."""
    low, tokens = parsed.low, parsed.sentence.tokens
    i = end
    while (
        i > start and low[i - 1] not in (",", "and") and low[i - 1] not in OUTSIDE and end - i < 7
    ):
        i -= 1
    if i > start and low[i - 1] in OUTSIDE - {"between"} and i - 1 > start:
        return _phrase_subject(parsed, start, i - 1, context)
    while i < end and (low[i] in lexicon.ADVERBS or not tokens[i].is_word):
        i += 1
    if i >= end or low[i] in ("including", "such") or (end - i == 1 and low[i] in lexicon.PRONOUNS):
        return ()
    capital = any(t.is_capital and t.is_word for t in tokens[max(i, 1) : end])
    organ = bool(set(low[i:end]) & (ORGANS | MANY | _MEN))
    if organ and low[i] in ("his", "her", "its", "their"):
        return _antecedent(parsed, "it", i, context) or context.subject
    if low[i] == "our" and organ:
        return _first_person(parsed, i, context)
    if not (capital or organ) or low[end - 1] in lexicon.INSTRUMENTS | lexicon.PLANS:
        return ()
    if low[i] == "the" and i + 1 < end:
        whole = parsed.phrase(i, end)
        return (Named(whole.text, whole.start, whole.end, whole.text.split(" ", 1)[1]),)
    return (parsed.phrase(i, end),)


def head_before(parsed: Parsed, group: Group) -> str:
    """The noun that the group's subject ends in, or has before "of", "between", "for"."""
    start, end, joined = window(parsed, group)
    low = parsed.low
    position = group.order
    if joined and position and start > 0:
        return head_before(parsed, parsed.groups[position - 1])
    while end > start and low[end - 1] in QUOTES + ",":
        end -= 1
    for k in range(end - 1, start, -1):
        if low[k] == "," and not in_list(parsed, k):
            inner = parsed.verb_at.get(k + 1)
            if (
                low[k + 1] in OUTSIDE
                or low[k + 1] in ("which", "who")
                or (inner is not None and start < k)
            ):
                end = k
                continue
            start = k + 1
            break
    stop = end
    for k in range(start + 1, end):
        if low[k] in lexicon.PREPOSITIONS or low[k] in (",", "that", "which"):
            stop = k
            break
    return low[stop - 1] if stop > start else ""
