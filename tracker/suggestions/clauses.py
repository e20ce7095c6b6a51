"""What a sentence says of who does what: its names and verb groups, whose verb is whose, how far a
clause reaches. Scans are bounded by the sentence, which is bounded by ``text.LONGEST``.
"""

from dataclasses import dataclass, field

from . import lexicon
from .lexicon import words
from .parties import Book, Entity, named
from .text import Sentence
from .values import Named
from .verbs import FORMS, Group, groups

OUTSIDE = words(
    "in at near from with after on to against between under over into by before since inside"
    " outside across around along through toward towards during despite without about upon"
    " like than following amid via per within throughout"
)


_TRAILERS = words(
    "but while although though pledging promising vowing agreeing undertaking committing"
    " claiming insisting stating declaring announcing confirming accusing demanding calling"
    " urging which who whereas adding saying according because so even despite prompting"
    " raising including where amid noting warning stressing hours days"
)


SPEAKING = lexicon.SAY | words("quote describe call tell")


STOPS = words("; . ? ! :")


MANY = words(
    "groups factions sides parties countries generals leaders nations states presidents"
    " militias units governments armies forces troops tribes communities delegations"
)


_SUBJECTLESS = words("and but or")


QUOTES = '"“”„«»'


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
    low: list[str] = field(default_factory=list)
    asides: bool = False
    joints: dict[int, bool] = field(default_factory=dict)  # asked many times, answered once
    windows: dict[int, tuple[int, int, bool]] = field(default_factory=dict)

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
    low = sentence.low
    return Parsed(
        sentence,
        entities,
        found,
        at,
        {group.start: group for group in found},
        low,
        asides="who" in low or "which" in low,
    )


def clause_end(
    parsed: Parsed, k: int, *, conditions: list[tuple[int, int]] | None = None, verb: bool = True
) -> int:
    """Where the clause that token ``k`` stands in stops: at a stop, a trailer, a new subject.

    ``verb``: the clause has its verb before ``k``; else "and" may still join two subjects.
    """
    low, n = parsed.low, len(parsed.low)
    aside = verb and within_relative(parsed, k)
    starts = {start for start, _ in conditions or ()}
    j = k
    while j < n:
        word = low[j]
        if j > k and (word in STOPS or j in starts):
            return j
        if word in ("—", "–") and j > k:
            return j
        if word in QUOTES and j > k and low[j - 1] in (",", ".", "!", "?"):
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


def within_relative(parsed: Parsed, k: int) -> bool:
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
        and not other.does(SPEAKING | lexicon.COMMIT | lexicon.ANNOUNCE)
        and not set(low[other.end + 1 : group.start])
        & (lexicon.CONJUNCTIONS | lexicon.SUBORDINATORS | {",", ";", ":"})
    )


def _closed_aside(parsed: Parsed, other: Group, group: Group) -> bool:
    return (
        parsed.asides
        and within_relative(parsed, other.start)
        and "," in parsed.low[other.end : group.start]
    )


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
                and after[0] not in STOPS
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
    if low[j + 1] in _TRAILERS or low[j + 1] in QUOTES:
        return True
    if low[j + 1] in ("and", "or", "but") and j + 2 < n:
        return _new_subject(parsed, j + 1) or _new_predicate(parsed, j + 1)
    for k in range(j + 1, min(j + 12, n)):
        group = parsed.verb_at.get(k)
        if group is not None:
            says = group.does(SPEAKING) and group.form in ("finite", "part") and not group.modal
            return says or (group.form == "finite" and _has_subject(parsed, j + 1, k))
        if low[k] in (",", ";", "to"):
            return False
    return False


def _new_subject(parsed: Parsed, j: int) -> bool:
    """Whether what follows the conjunction at ``j`` is a clause with a subject of its own."""
    if j not in parsed.joints:
        parsed.joints[j] = _has_clause(parsed, j)
    return parsed.joints[j]


def _has_clause(parsed: Parsed, j: int) -> bool:
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
            or parsed.low[k] in QUOTES
        ):
            return False
    return False


def _has_subject(parsed: Parsed, i: int, k: int) -> bool:
    low = parsed.low
    return any(
        (parsed.at[m] is not None and (m == i or low[m - 1] not in OUTSIDE))
        or low[m] in lexicon.PRONOUNS
        or (m == i and low[m] in lexicon.DETERMINERS)
        for m in range(i, k)
    )


def window(parsed: Parsed, group: Group) -> tuple[int, int, bool]:
    """The tokens that may hold the group's subject; and whether a conjunction stands before it."""
    if group.start not in parsed.windows:
        parsed.windows[group.start] = _window(parsed, group)
    return parsed.windows[group.start]


def _window(parsed: Parsed, group: Group) -> tuple[int, int, bool]:
    low = parsed.low
    start = 0
    before: Group | None = None
    for other in reversed(parsed.groups[: group.order]):
        if other.form == "ing" or (other.form == "part" and not other.past):
            continue
        if not (_closed_aside(parsed, other, group) or _reduced(parsed, other, group)):
            start, before = other.end + 1, other
            break
    for k in range(group.start - 1, start - 1, -1):
        if low[k] in STOPS or (
            low[k] in lexicon.SUBORDINATORS
            and low[k] not in ("which", "who", "since", "until", "despite")
        ):
            start, before = k + 1, None
            break
    if before is not None and not before.does(SPEAKING | lexicon.COMMIT):
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


def in_list(parsed: Parsed, k: int) -> bool:
    """Whether the comma at ``k`` parts names of a list: "Russia, Ukraine and Turkey"."""
    low, at, n = parsed.low, parsed.at, len(parsed.low)

    def named_at(m: int) -> bool:
        return m < n and (
            at[m] is not None or (low[m] == "the" and m + 1 < n and at[m + 1] is not None)
        )

    if k == 0 or at[k - 1] is None or not (named_at(k + 1) or low[k + 1 : k + 2] == ["and"]):
        return False
    return any(low[m] == "and" and named_at(m + 1) for m in range(k + 1, min(k + 14, n)))
