"""What a sentence says of who does what: its names and verb groups, whose verb is whose, how far a
clause reaches. Scans are bounded by the sentence, which is bounded by ``text.LONGEST``.
"""

from dataclasses import dataclass, field

from . import lexicon
from .days import MONTHS
from .lexicon import words
from .names import Entity
from .parties import Book, named
from .text import Sentence, words_of
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
    " raising including where amid noting warning stressing hours days nor"
    " ordering instructing directing"
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
        words_there = words_of(tokens)
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
        if (
            word in ("under", "whereby")
            and j > k
            and (word != "under" or low[j + 1 : j + 2] == ["which"])
        ):
            return j  # "signed a deal under which all troops will leave"
        if word in QUOTES and j > k and low[j - 1] in (",", ".", "!", "?"):
            return j - 1 if low[j - 1] == "," else j
        if word == "," and j > k and (aside or _ends_at_comma(parsed, j)) and not _dated(low, j):
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


def _participle(parsed: Parsed, other: Group, group: Group) -> bool:
    """Whether it is an aside: "The deal, reached in Cairo, provides", "Kyiv, backed by X, said"."""
    low = parsed.low
    return (
        other.start == other.end > 1
        and low[other.start - 1] == ","
        and FORMS.get(low[other.end], ("", ""))[1] in ("ed", "part")
        and "," in low[other.end : group.start]
        and low[other.end + 1 : other.end + 2] != ["that"]
        and not other.does(SPEAKING)
    )


def closed_aside(parsed: Parsed, other: Group, group: Group) -> bool:
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
            if group.form not in ("finite", "bare"):
                return False
            after = parsed.low[group.end + 1 : group.end + 2]
            if group.form == "bare":
                return group.does(lexicon.COMMIT | lexicon.DEMAND | lexicon.REFUSE)
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


_PLACES = words("in at on across near along")
_TERMS = words("within by for until from no not through till")


def _dated(low: list[str], j: int) -> bool:
    """Whether the comma is a date's: "tomorrow, April 2, at 19:00"."""
    after = low[j + 1] if j + 1 < len(low) else ""
    return (low[j - 1] in _DAYS | {"tomorrow"} and after.rstrip(".") in MONTHS) or (
        after == "at" and low[j + 2 : j + 3] != [] and low[j + 2][:1].isdigit()
    )


def _next_comma(low: list[str], k: int) -> int | None:
    return next((m for m in range(k, min(k + 12, len(low) - 1)) if low[m] == ","), None)


def _ends_at_comma(parsed: Parsed, j: int) -> bool:
    low, n = parsed.low, len(parsed.low)
    if j + 1 >= n:
        return True
    if (
        low[j + 1] == "including"
        and (close := _next_comma(low, j + 2))
        and low[close + 1] in _TERMS | _PLACES
    ):
        return False  # "the disarmament, including light weapons, within 30 days"
    if low[j + 1] in _TRAILERS or low[j + 1] in QUOTES:
        return True
    if low[j + 1] in ("and", "or", "but", "after", "before", "as", "when") and j + 2 < n:
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
    single = parsed.low[j] in ("after", "before", "as")
    for k in range(j + 1, min(j + 14, n)):
        if single and parsed.low[k] == ",":
            return False  # "after the signature, and the parties shall"
        group = parsed.verb_at.get(k)
        if (
            group is not None
            and group.form in ("finite", "bare", "progressive")
            and group.modal != "to"
        ):
            if group.does(SPEAKING) and "," in parsed.low[j + 1 : k]:
                return False  # "a full and immediate truce, X said"
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
        or (m == i and (low[m] in lexicon.DETERMINERS | _COUNTED or _counts(low, m)))
        for m in range(i, k)
    )


_COUNTED = frozenset(lexicon.NUMBERS)


def _counts(low: list[str], m: int) -> bool:
    """ "600 lorries", and no day of a month."""
    return low[m].isdigit() and m + 1 < len(low) and low[m + 1].rstrip(".") not in MONTHS


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
        if not (
            closed_aside(parsed, other, group)
            or _reduced(parsed, other, group)
            or _participle(parsed, other, group)
        ):
            start, before = other.end + 1, other
            break
    for k in range(group.start - 1, start - 1, -1):
        if low[k] in STOPS or (
            low[k] in lexicon.SUBORDINATORS
            and low[k] not in ("which", "who", "since", "until", "despite")
            and not (low[k] == "but" and k >= group.start - 2)
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
            and low[k - 1] not in ("such", "as", "long", "soon")
            and _new_subject(parsed, k)
        ):
            start = k + 1
            break
    start, j = _past_times(parsed, start, group.start)
    joined = j > start and low[j - 1] in ("and", "or", "but", "then", "nor")
    return start, j, joined


_DAYS = words(
    "monday tuesday wednesday thursday friday saturday sunday today yesterday week month year"
    " morning afternoon evening night"
)


def _past_times(parsed: Parsed, start: int, j: int) -> tuple[int, int]:
    """The window without when it was: "Hours later Misri", "the general this week"."""
    low = parsed.low
    while j > start and (
        (low[j - 1] in lexicon.ADVERBS and low[j - 1] not in ("both", "each")) or low[j - 1] == ","
    ):
        j -= 1
    if j - 2 > start and low[j - 1] in _DAYS and low[j - 2] in ("on", "this", "last", "late"):
        j -= 2
    elif j - 1 > start and low[j - 1] in _DAYS and parsed.at[j - 1] is None:
        j -= 1
    if start + 2 < j and low[start] in ("last", "this", "next") and low[start + 1] in _DAYS:
        return start + 2, j
    for k in range(start, min(start + 4, j - 1)):
        if low[k] in ("later", "earlier", "ago") and low[k - 1] in _SPANS:
            return k + 1, j
    return start, j


_SPANS = words("hours minutes days weeks months years day week month year shortly moments")


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
