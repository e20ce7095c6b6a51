"""What is found by words, by whoever may see it and at the instant that is asked for.

The derived passages say which rows hold the words; what is shown is made from the rows themselves.
Must not live here: how words are folded (domain), which columns are searched (passages.py).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import starmap
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Window, prefetch_related_objects
from django.db.models.functions import RowNumber

from tracker.domain import excerpts, searching
from tracker.domain.access import Viewer
from tracker.domain.excerpts import Excerpt
from tracker.domain.naming import Names
from tracker.models import (
    NOUNS,
    Dossier,
    Entered,
    Incident,
    Party,
    Passage,
    Pledge,
    Source,
    search_index,
)
from tracker.models.account import ABOUT as SPOKEN_OF
from tracker.models.comment import ABOUT as COMMENTED
from tracker.models.passage import KINDS

from . import access, party_names, passages

FEW = 5  # of each kind, where all kinds are listed
MOST = 2_000  # passages that are counted and listed of one kind, where there are more in all
_LATEST_FIRST = (F("public_at").desc(), F("id").desc())
_HUNG_ON = ("condition", "extension", "deadline", "reading")
_SHOWN_WITH = (
    *("dossier", "pledge", "position", "incident", "trigger", *_HUNG_ON),
    *("source", "party", "pledgor", "merged_into"),
)


@dataclass(frozen=True, slots=True)
class Marked:
    """A stretch of a text as it was written."""

    text: str
    is_match: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """What a column says where it matches; ``place``: its first match, in code points."""

    column: str
    marked: tuple[Marked, ...]
    place: tuple[int, int]


@dataclass(frozen=True)
class Hit:
    """One row that was found. ``title`` marked, where it has one; ``of``: what it belongs to."""

    kind: str
    noun: str
    row: Any
    dossier: Dossier | None
    title: tuple[Marked, ...]
    parts: tuple[Part, ...]
    pledge: Pledge | None = None
    source: Source | None = None

    @property
    def key(self) -> str:
        return str(getattr(self.row, self.row.KEY))


@dataclass(frozen=True)
class Counts:
    """``of``: how many of each kind there are, of ``beyond`` more than that: only so many are
    counted and listed, the newest of them.
    """

    of: Mapping[str, int] = field(default_factory=dict)
    beyond: frozenset[str] = frozenset()

    @property
    def total(self) -> int:
        return sum(self.of.values())


@dataclass(frozen=True)
class Search:
    """``rows``: the passages that hold every word, and that the viewer may read at that instant.
    ``names``: what parties are called, where a word is in a name of any.
    """

    words: Sequence[str]
    rows: QuerySet[Passage]
    names: Names = field(default_factory=Names)


def search(*, viewer: Viewer, words: Sequence[str], at: datetime) -> Search:
    """What is looked for. Some four queries: what parties are called, and whether many have it.

    What many passages have is not ranked as a whole: of each kind the newest are read, in the order
    in which an index has them, until there are enough.
    """
    names = party_names.every(at=at)
    called = names.called(words)
    ways = tuple(starmap(searching.ways, zip(words, called, strict=True)))
    seen = readable(viewer, at)
    if _are_many(words, ways):
        rows = Passage.objects.filter(pk__in=_newest(seen, words, ways))
    else:
        rows = seen.filter(search_index.holding(ways))
    return Search(words, rows, names if any(called) else Names())


def _are_many(words: Sequence[str], ways: search_index.Ways) -> bool:
    """Whether more have it than are listed of a kind, whoever may read them. One query."""
    known = search_index.number(ways, MOST + 1)
    if known is not None:
        return known > MOST
    short = Passage.objects.exclude(kind=passages.TEXT).filter(search_index.holding(ways))
    return _so_many([short, Passage.objects.filter(_whole_texts(words))]).count() > MOST


def _newest(
    seen: QuerySet[Passage], words: Sequence[str], ways: search_index.Ways
) -> QuerySet[Any]:
    """Of each kind the newest that have it, one more than are listed.

    They are read one after the other, but for whole texts, which are long to read.
    """
    plain = search_index.holding([searching.ways(word) for word in words], by_index=False)
    having = dict.fromkeys(KINDS, plain) | {
        Pledge.NOUN: search_index.holding(ways, by_index=False),
        passages.TEXT: _whole_texts(words),
    }
    latest = seen.order_by(*_LATEST_FIRST)
    return _so_many([latest.filter(have, kind=kind) for kind, have in having.items()])


def _whole_texts(words: Sequence[str]) -> Q:
    """The texts that have it, by an index that knows which passages are such."""
    plain = [searching.ways(word) for word in words]
    asked = search_index.holding([*plain, [searching.keyed(passages.WHOLE)]])
    return Q(asked, kind=passages.TEXT)


def _so_many(each: Sequence[QuerySet[Passage]]) -> QuerySet[Any]:
    """Of each of these the first, one more than are listed."""
    some = [
        Passage.objects.filter(pk__in=one.values("pk")[: MOST + 1]).values("pk") for one in each
    ]
    return some[0].union(*some[1:], all=True)


def readable(viewer: Viewer, at: datetime) -> QuerySet[Passage]:
    """The passages of what the pages show that viewer at that instant, as it stands by then."""
    doors = {one.pk: access.door(one) for one in access.visible(viewer)}
    common: list[str] = []
    found = Q(pk__in=[])
    for kind in KINDS:
        inside = [pk for pk, door in doors.items() if passages.may_find(viewer, door, kind)]
        if len(inside) == len(doors):
            common.append(kind)
        elif inside:
            found |= Q(kind=kind, dossier__in=inside)
    found |= Q(kind__in=common, dossier__in=list(doors)) | Q(dossier=None)
    is_listed = Q(pledge=None) | (
        Q(pledge__public_instant__lte=at, pledge__merged_into=None)
        & (Q(pledge__withdrawn_at_instant=None) | Q(pledge__withdrawn_at_instant__gt=at))
    )
    return Passage.objects.filter(
        found,
        is_listed,
        Q(public_at=None) | Q(public_at__lte=at),
        Q(until_at=None) | Q(until_at__gt=at),
    )


def few(found: Search) -> tuple[Counts, dict[str, list[Hit]]]:
    """How many there are of each kind, and the newest few of each."""
    ranked = found.rows.annotate(
        place=Window(RowNumber(), partition_by="kind", order_by=_LATEST_FIRST),
        total=Window(Count("pk"), partition_by="kind"),
    )
    counts: dict[str, int] = {}
    keys: list[tuple[str, str, int]] = []
    listed = ranked.filter(place__lte=FEW).order_by("kind", "place")
    for kind, noun, row, total in listed.values_list("kind", "noun", "row", "total"):
        counts[kind] = total
        keys.append((kind, noun, row))
    return _counts(counts), _hits(keys, found)


def count(found: Search) -> Counts:
    """How many there are of each kind."""
    each = found.rows.order_by().values_list("kind").annotate(number=Count("pk"))
    return _counts(dict(each))


def of_kind(found: Search, kind: str, start: int, end: int) -> list[Hit]:
    """Those of one kind from one place in their order to another, the newest first."""
    listed = found.rows.filter(kind=kind).order_by(*_LATEST_FIRST)
    keys = list(listed.values_list("kind", "noun", "row")[start : min(end, MOST)])
    return _hits(keys, found).get(kind, [])


def _counts(each: Mapping[str, int]) -> Counts:
    return Counts(
        {kind: min(number, MOST) for kind, number in _in_order(each).items()},
        frozenset(kind for kind, number in each.items() if number > MOST),
    )


def _in_order(counts: Mapping[str, int]) -> dict[str, int]:
    return {kind: counts[kind] for kind in KINDS if kind in counts}


def _hits(keys: Iterable[tuple[str, str, int]], found: Search) -> dict[str, list[Hit]]:
    """By kind, in the order of the keys. One query to a noun, one more for whole texts, and one
    where pledges may be found by what those are called whom they concern.
    """
    keys = list(dict.fromkeys(keys))
    rows = {
        (is_text, noun): _rows(
            noun, {r for k, n, r in keys if n == noun and (k == "text") == is_text}, is_text
        )
        for is_text, noun in {(kind == "text", noun) for kind, noun, _ in keys}
    }
    if found.names.of and (False, Pledge.NOUN) in rows:
        prefetch_related_objects(list(rows[False, Pledge.NOUN].values()), "beneficiaries")
    hits: dict[str, list[Hit]] = {kind: [] for kind in _in_order({k: 0 for k, _, _ in keys})}
    for kind, noun, number in keys:
        row = rows[kind == "text", noun].get(number)
        if row is not None:
            hits[kind].append(_hit(kind, row, found))
    return hits


def _rows(noun: str, numbers: set[int], is_text: bool) -> dict[int, Any]:
    """With what they are shown with. Of a source the whole text only where that is shown."""
    model: Any = NOUNS[noun]
    columns = {one.name: one for one in model._meta.concrete_fields}
    joined = [name for name in _SHOWN_WITH if name in columns]
    joined += [
        f"{name}__pledge"
        for name in _HUNG_ON
        if name in joined and hasattr(columns[name].related_model, "pledge")
    ]
    found = model._default_manager.select_related(*joined)
    if "source" in columns:
        found = found.defer("source__snapshot")
    if noun == "source" and not is_text:
        found = found.defer("snapshot")
    if noun == "incident":
        found = found.prefetch_related("pledges")
    return {row.pk: row for row in found.filter(pk__in=numbers)}


def _hit(kind: str, row: Any, found: Search) -> Hit:
    words = found.words
    said = dict(passages.texts(row, kind))
    if kind == passages.ENTRY and row.NOUN in passages.HANGING:  # it may hang on no pledge
        said |= dict(passages.texts(row, row.NOUN))
    if kind == Pledge.NOUN and found.names.of:
        said |= _called(row, said, found)
    title = next((name for name in ("title", "name") if name in said and kind != "text"), "")
    parts = [
        Part(name, _marked(text, one), one.marks[0])
        for name, text in said.items()
        if name != title
        for one in excerpts.excerpts(text, words)
        if one.marks
    ]
    if len(parts) > 1:  # the reference stands beside it anyway
        parts = [part for part in parts if part.column != "ref"]
    heading = str(row.title) if kind == "text" else said.get(title, "")
    return Hit(
        kind=kind,
        noun=row.NOUN,
        row=row,
        dossier=row if isinstance(row, Dossier) else getattr(row, "dossier", None),
        title=_whole(heading, () if kind == "text" else words),
        parts=tuple(parts) if parts or title else tuple(_first(said)),
        pledge=None if isinstance(row, Pledge) else pledge_of(row),
        source=row if isinstance(row, Source) else getattr(row, "source", None),
    )


def _called(row: Pledge, said: Mapping[str, str], found: Search) -> dict[str, str]:
    """What those are called whom a pledge concerns, as far as it is found by that alone."""
    text = searching.BETWEEN.join(map(searching.passage, said.values()))
    missing = [word for word in found.words if not searching.holds(text, word)]
    called = {}
    for role, parties in (("pledgor", [row.pledgor]), ("beneficiaries", row.beneficiaries.all())):
        names = [name for one in parties for name in _names(one, missing, found.names)]
        if names:
            called[role] = "; ".join(names)
    return called


def _names(party: Party, words: Sequence[str], names: Names) -> Iterator[str]:
    """Its name, where any of its names has one of the words; behind it those that have it."""
    having = names.by(words, party.slug)
    others = [name for name in having if name != party.name]
    if having:
        yield f"{party.name} ({', '.join(others)})" if others else party.name


def pledge_of(row: Entered) -> Pledge | None:
    """The pledge that a row is about, or hangs on; of an incident the first."""
    if isinstance(row, Incident):
        return next(iter(sorted(row.pledges.all(), key=lambda one: one.ref)), None)
    for owner in (row, *(getattr(row, name, None) for name in _HUNG_ON)):
        pledge = getattr(owner, "pledge", None)
        if isinstance(pledge, Pledge):
            return pledge
    return None


def about(row: Entered) -> tuple[str, str]:
    """The noun and the key of what an account or a comment is about; blank: of nothing."""
    for name in (*SPOKEN_OF, *COMMENTED):
        other = getattr(row, name, None)
        if isinstance(other, Entered):
            return name, str(getattr(other, other.KEY))
    return "", ""


def _first(said: Mapping[str, str]) -> Iterable[Part]:
    """The beginning of what it says, where a match stands on the edge of what is shown."""
    for name, text in list(said.items())[:1]:
        yield Part(name, (Marked(text[: excerpts.LENGTH]),), (0, 0))


def _whole(text: str, words: Sequence[str]) -> tuple[Marked, ...]:
    return _marked(text, Excerpt(0, len(text), tuple(excerpts.spans(text, words)), len(text)))


def _marked(text: str, one: Excerpt) -> tuple[Marked, ...]:
    found, at = [], one.start
    for start, end in one.marks:
        found += [Marked(text[at:start]), Marked(text[start:end], is_match=True)]
        at = end
    found.append(Marked(text[at : one.end]))
    if one.is_cut_before:
        found.insert(0, Marked("… "))
    if one.is_cut_after:
        found.append(Marked(" …"))
    return tuple(part for part in found if part.text)
