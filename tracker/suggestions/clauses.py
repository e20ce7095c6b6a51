"""What a sentence says of who does what: its names and verb groups, whose verb is whose, how far a
clause reaches. Scans are bounded by the sentence, which is bounded by ``text.LONGEST``.
"""

from dataclasses import dataclass, field

from . import lexicon
from .lexicon import words
from .parties import ORGANS, Book, Entity, named
from .text import Sentence
from .values import Named
from .verbs import FORMS, Group, groups

_OUTSIDE = words(
    "in at near from with after on to against between under over into by before since inside outside"
    " across around along through toward towards during despite without about upon like than"
    " following amid via per within throughout"
)
_TRAILERS = words(
    "but while although though pledging promising vowing agreeing undertaking committing claiming"
    " insisting stating declaring announcing confirming accusing demanding calling urging"
    " which who whereas adding saying according because so even despite"
    " prompting raising including where amid noting warning stressing hours days"
)
_SPEAKING = lexicon.SAY | words("quote describe call tell")
_STOPS = words("; . ? ! :")
_MANY = words(
    "groups factions sides parties countries generals leaders nations states presidents militias units"
    " governments armies forces troops tribes communities delegations"
)
_SUBJECTLESS = words("and but or")
_QUOTES = '"“”„«»'


@dataclass(slots=True)
class Context:
    """What earlier sentences left behind: who spoke, who bound themselves, who was named last."""

    speaker: Named | None = None
    on_behalf: Named | None = None
    spoken_at: int = -99
    author: Named | None = None
    group: Named | None = None
    group_at: int = -99
    head: str = ""
    pledgors: tuple[Named, ...] = ()
    pledged_at: int = -99
    subject: tuple[Named, ...] = ()
    body: Named | None = None
    number: int = 0
    legal: bool = False


@dataclass(slots=True)
class Parsed:
    """One sentence with its names and verb groups."""

    sentence: Sentence
    entities: list[Entity]
    groups: list[Group]
    at: list[Entity | None] = field(default_factory=list)
    verb_at: dict[int, Group] = field(default_factory=dict)

    @property
    def low(self) -> list[str]:
        return self.sentence.low

    def named(self, entity: Entity) -> Named:
        return named(self.sentence, entity)

    def phrase(self, i: int, j: int) -> Named:
        tokens = self.sentence.tokens[i:j]
        words_there = " ".join(token.text for token in tokens)
        return Named(words_there, tokens[0].start, tokens[-1].end, words_there)


def parse(sentence: Sentence, book: Book) -> Parsed:
    entities = book.entities(sentence)
    book.introduce(sentence, entities)
    at: list[Entity | None] = [None] * len(sentence.tokens)
    for entity in entities:
        at[entity.i : entity.j] = [entity] * (entity.j - entity.i)
    inside = frozenset(k for entity in entities for k in range(entity.i, entity.j))
    found = groups(sentence, inside)
    return Parsed(sentence, entities, found, at, {group.start: group for group in found})


def clause_end(
    parsed: Parsed, k: int, *, conditions: list[tuple[int, int]] | None = None, verb: bool = True
) -> int:
    """Where the clause that token ``k`` stands in stops: at a stop, a trailer, a new subject.

    ``verb``: the clause has its verb before ``k``; else "and" may still join two subjects.
    """
    low, n = parsed.low, len(parsed.low)
    aside = verb and _within_relative(parsed, k)
    starts = {start for start, _ in conditions or ()}
    j = k
    while j < n:
        word = low[j]
        if j > k and (word in _STOPS or j in starts):
            return j
        if word in ("—", "–") and j > k:
            return j
        if word in _QUOTES and j > k and low[j - 1] in (",", ".", "!", "?"):
            return j - 1 if low[j - 1] == "," else j
        if word == "," and j > k and (aside or _ends_at_comma(parsed, j)):
            return j
        verb = verb or j in parsed.verb_at
        if (
            word in _JOINTS
            and j > k
            and verb
            and (_new_subject(parsed, j) or _new_predicate(parsed, j))
        ):
            return j
        j += 1
    return n


_JOINTS = words("and but while although as after when because whereas")


def _within_relative(parsed: Parsed, k: int) -> bool:
    """Whether the clause is an aside between commas: ", who accuse each other of it, …"."""
    low = parsed.low
    for m in range(k - 1, max(0, k - 10), -1):
        if low[m] == ",":
            return False
        if low[m] in ("who", "which") and low[m - 1] == ",":
            return True
    return False


def _reduced(parsed: Parsed, other: Group, group: Group) -> bool:
    """Whether a bare "-ed" only qualifies: "the soldiers held in Thailand will be returned"."""
    low = parsed.low
    return (
        other.start == other.end
        and group.form == "finite"
        and group.modal in ("will", "shall", "would", "beto", "must")
        and FORMS.get(low[other.end], ("", ""))[1] == "ed"
        and not other.does(_SPEAKING | lexicon.COMMIT | lexicon.ANNOUNCE)
        and not set(low[other.end + 1 : group.start])
        & (lexicon.CONJUNCTIONS | lexicon.SUBORDINATORS | {",", ";", ":"})
    )


def _closed_aside(parsed: Parsed, other: Group, group: Group) -> bool:
    return "," in parsed.low[other.end : group.start] and _within_relative(parsed, other.start)


def _new_predicate(parsed: Parsed, j: int) -> bool:
    """Whether a finite verb follows the conjunction: "agreed to halt strikes and will release"."""
    if parsed.low[j] not in _SUBJECTLESS:
        return False
    for k in range(j + 1, min(j + 4, len(parsed.low))):
        group = parsed.verb_at.get(k)
        if group is not None:
            tag = FORMS.get(parsed.low[group.end], ("", ""))[1]
            if group.form != "finite":
                return False
            after = parsed.low[group.end + 1 : group.end + 2]
            plain = (
                bool(after)
                and after[0] not in _STOPS
                and after[0] not in (",", "by")
                and group.lemma != "wound"
            )
            return (
                group.modal != ""
                or group.end > group.start
                or (tag in ("ed", "past", "s") and plain)
            )
        if parsed.low[k] not in lexicon.ADVERBS:
            return False
    return False


def _ends_at_comma(parsed: Parsed, j: int) -> bool:
    low, n = parsed.low, len(parsed.low)
    if j + 1 >= n:
        return True
    if low[j + 1] in _TRAILERS or low[j + 1] in _QUOTES:
        return True
    if low[j + 1] in ("and", "or", "but") and j + 2 < n:
        return _new_subject(parsed, j + 1) or _new_predicate(parsed, j + 1)
    for k in range(j + 1, min(j + 12, n)):
        group = parsed.verb_at.get(k)
        if group is not None:
            says = group.does(_SPEAKING) and group.form in ("finite", "part") and not group.modal
            return says or (group.form == "finite" and _has_subject(parsed, j + 1, k))
        if low[k] in (",", ";", "to"):
            return False
    return False


def _new_subject(parsed: Parsed, j: int) -> bool:
    """Whether what follows the conjunction at ``j`` is a clause with a subject of its own."""
    n = len(parsed.low)
    for k in range(j + 1, min(j + 14, n)):
        group = parsed.verb_at.get(k)
        if (
            group is not None
            and group.form in ("finite", "bare", "progressive")
            and group.modal != "to"
        ):
            return k > j + 1 and _has_subject(parsed, j + 1, k)
        if group is not None and group.form in ("infinitive", "ing"):
            return False
        if (
            parsed.low[k] in (";", ":", ".")
            or parsed.low[k] in lexicon.SUBORDINATORS
            or parsed.low[k] in _QUOTES
        ):
            return False
    return False


def _has_subject(parsed: Parsed, i: int, k: int) -> bool:
    low = parsed.low
    return any(
        (parsed.at[m] is not None and (m == i or low[m - 1] not in _OUTSIDE))
        or low[m] in lexicon.PRONOUNS
        or (m == i and low[m] in lexicon.DETERMINERS)
        for m in range(i, k)
    )


def window(parsed: Parsed, group: Group) -> tuple[int, int, bool]:
    """The tokens that may hold the group's subject; and whether a conjunction stands before it."""
    low = parsed.low
    start = 0
    before: Group | None = None
    for other in parsed.groups:
        if other.end < group.start and (
            _closed_aside(parsed, other, group) or _reduced(parsed, other, group)
        ):
            continue
        if other.end < group.start and other.form != "ing" and (other.form != "part" or other.past):
            start = max(start, other.end + 1)
            before = other
    for k in range(group.start - 1, start - 1, -1):
        if low[k] in _STOPS or (
            low[k] in lexicon.SUBORDINATORS
            and low[k] not in ("which", "who", "since", "until", "despite")
        ):
            start, before = k + 1, None
            break
    if before is not None and not before.does(_SPEAKING | lexicon.COMMIT):
        for k in range(group.start - 1, start, -1):
            if (
                low[k] in ("and", "but", "while")
                and _new_subject(parsed, k)
                and (low[k - 1] == "," or parsed.at[k - 1] is None)
            ):
                start = k + 1
                break
    for k in range(group.start - 1, start, -1):
        if (
            low[k] in ("after", "before", "because", "as")
            and low[k - 1] not in ("such", "as", ",", "long", "soon")
            and _new_subject(parsed, k)
        ):
            start = k + 1
            break
    j = group.start
    while j > start and (
        (low[j - 1] in lexicon.ADVERBS and low[j - 1] not in ("both", "each")) or low[j - 1] == ","
    ):
        j -= 1
    joined = j > start and low[j - 1] in ("and", "or", "but", "then")
    return start, j, joined


def subject(parsed: Parsed, group: Group, context: Context) -> tuple[Named, ...]:
    """Who does it; empty where the sentence does not say."""
    position = parsed.groups.index(group)
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
            and (e.i == 0 or parsed.low[e.i - 1] not in _OUTSIDE)
        ]
        if near:
            return (parsed.named(near[-1]),)
    return _phrase_subject(parsed, start, end, context)


def _controller(parsed: Parsed, group: Group, position: int, context: Context) -> tuple[Named, ...]:
    """Of "urged Russia to halt" Russia; of "Russia agreed to halt" the one who agreed."""
    before = parsed.groups[position - 1]
    between = [
        e
        for e in parsed.entities
        if before.end < e.i and e.j <= group.start and not e.modifier
        and parsed.low[e.i - 1] not in _OUTSIDE - {"for"}
    ]  # fmt: skip
    if between and between[-1].j >= group.start - 1:
        return listed(parsed, between[-1])
    return subject(parsed, before, context)


def _in_window(parsed: Parsed, start: int, end: int, context: Context) -> tuple[Named, ...]:
    low = parsed.low
    segments: list[tuple[int, int]] = []
    at = start
    for k in range(start, end + 1):
        if k == end or (low[k] == "," and not _in_list(parsed, k)):
            segments.append((at, k))
            at = k + 1
    for i, j in reversed(segments):
        if i >= j:
            continue
        aside = low[i] in _OUTSIDE or low[i] in (
            "which",
            "who",
            "according",
            "whose",
            "as",
            "including",
            "such",
        )
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
            if before in _OUTSIDE and entity.i > i:
                barred = entity.j
                continue
            if before in ("the",) and before2 in _OUTSIDE and entity.i - 1 > i:
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
    if (
        start >= end
        or low[entity.j] != "and"
        or end - start > 7
        or low[start] not in ("its", "the", "an", "a")
    ):
        return ()
    if any(
        parsed.at[k] is not None and parsed.at[k].entry.kind != "group" for k in range(start, end)
    ):  # type: ignore[union-attr]
        return ()
    return (parsed.phrase(start, end),) if set(low[start:end]) & (ORGANS | _MANY) else ()


def _agentive(parsed: Parsed, entity: Entity, end: int) -> bool:
    """Whether a noun that a party's adjective qualifies acts: "Israeli units", not "Israeli prisons"."""
    rest = parsed.low[entity.j : end]
    return bool(set(rest[:5]) & ORGANS) or bool(
        set(rest[:4]) & words("units elements allies vessels warships side people parties")
    )


def _in_list(parsed: Parsed, k: int) -> bool:
    """Whether the comma at ``k`` parts names of a list: "Russia, Ukraine and Turkey"."""
    at = parsed.at
    return 0 < k < len(at) - 1 and at[k - 1] is not None and (
        at[k + 1] is not None or (parsed.low[k + 1] in ("the", "and") and k + 2 < len(at) and at[k + 2] is not None)
    ) and any(
        parsed.low[m] == "and" and m + 1 < len(at) and (at[m + 1] is not None or (m + 2 < len(at) and parsed.low[m + 1] == "the" and at[m + 2] is not None))
        for m in range(k + 1, min(k + 14, len(at)))
    )  # fmt: skip


_SHORT = {"the group": "group", "the movement": "group", "the council": "body", "council": "body"}


def settled(parsed: Parsed, names: tuple[Named, ...], context: Context) -> tuple[Named, ...]:
    """ "The movement", "the Council" as the body that was named just before, where one was."""
    made = []
    for one in names:
        short = _SHORT.get(one.name.lower())
        near = [
            e
            for e in parsed.entities
            if e.entry.kind == "body"
            and parsed.sentence.tokens[e.i].start < one.start
            and e.entry.name.lower() not in _SHORT
        ]
        full = context.body if short == "body" else None
        if short == "group":
            full = (
                parsed.named(near[-1])
                if near
                else context.group
                if context.number - context.group_at <= 2
                else None
            )
        made.append(
            Named(one.text, one.start, one.end, full.name, full.slug, full.iso) if full else one
        )
    return tuple(made)


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


def _antecedent(parsed: Parsed, word: str, k: int, context: Context) -> tuple[Named, ...]:
    """Whom a pronoun means: the sentence's last acting party, else that of an earlier sentence."""
    if word in ("we", "i"):
        return _first_person(parsed, k, context)
    if word == "both" or word == "each" or word == "neither":
        return (parsed.phrase(k, k + 1),)
    before = [
        e for e in parsed.entities
        if e.j <= k and not e.modifier and (e.i == 0 or parsed.low[e.i - 1] not in _OUTSIDE)
    ]  # fmt: skip
    if before:
        return listed(parsed, before[0] if len(before) > 1 else before[-1])
    return context.subject


def _first_person(parsed: Parsed, k: int, context: Context) -> tuple[Named, ...]:
    """Whom "we" means: who is said to say so in this sentence, just before, or the text's author."""
    for group in reversed(parsed.groups):
        if group.end < k and group.does(_SPEAKING) and group.form == "finite" and not group.modal:
            before = [e for e in parsed.entities if e.j <= group.start and group.start - e.j <= 2]
            if before:
                return (parsed.named(before[-1]),)
    for group in parsed.groups:
        if group.start > k and group.does(_SPEAKING) and group.form == "finite" and not group.modal:
            near = [
                e
                for e in parsed.entities
                if k < e.i and (group.start - e.j in (0, 1, 2) or e.i == group.end + 1)
            ]
            if near and parsed.low[group.start - 1] not in lexicon.PRONOUNS:
                return (parsed.named(near[-1]),)
            if context.on_behalf is not None:
                return (context.on_behalf,)
    if context.on_behalf is not None and context.number - context.spoken_at <= 1:
        return (context.on_behalf,)
    return (context.author,) if context.author else ()


def _phrase_subject(parsed: Parsed, start: int, end: int, context: Context) -> tuple[Named, ...]:
    """The words before the verb, where they name a body that no list knows."""
    low, tokens = parsed.low, parsed.sentence.tokens
    i = end
    while (
        i > start and low[i - 1] not in (",", "and") and low[i - 1] not in _OUTSIDE and end - i < 7
    ):
        i -= 1
    if i > start and low[i - 1] in _OUTSIDE - {"between"} and i - 1 > start:
        return _phrase_subject(parsed, start, i - 1, context)
    while i < end and (low[i] in lexicon.ADVERBS or not tokens[i].is_word):
        i += 1
    if i >= end or low[i] in ("including", "such") or (end - i == 1 and low[i] in lexicon.PRONOUNS):
        return ()
    capital = any(t.is_capital and t.is_word for t in tokens[max(i, 1) : end])
    organ = bool(set(low[i:end]) & (ORGANS | _MANY))
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
    """The noun that the group's subject ends in, or its first head before "of", "between", "for"."""
    start, end, joined = window(parsed, group)
    low = parsed.low
    position = parsed.groups.index(group)
    if joined and position and start > 0:
        return head_before(parsed, parsed.groups[position - 1])
    while end > start and low[end - 1] in _QUOTES + ",":
        end -= 1
    for k in range(end - 1, start, -1):
        if low[k] == "," and not _in_list(parsed, k):
            inner = parsed.verb_at.get(k + 1)
            if (
                low[k + 1] in _OUTSIDE
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
