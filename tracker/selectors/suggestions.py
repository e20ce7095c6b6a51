"""What the tracker suggests of a source's text, beside what is entered or dismissed of it already.

The engine is ``tracker.suggestions``; it is loaded when first asked. Nothing here writes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from tracker.domain import stated
from tracker.domain.merging import Merged
from tracker.models import Dismissal, Source

from . import register
from .facts import Tables

if TYPE_CHECKING:
    from tracker.suggestions import Suggestion

AT_ONCE = 200_000  # code points that are read for one page: about a second's work
SHARE = 2  # of two passages that overlap by 1/SHARE of the shorter one, one is the other
ABOUT = ("pledge", "position", "condition", "extension")
Passage = tuple[int, int, str]  # where it begins and ends, and as what it was suggested


@dataclass(frozen=True, slots=True)
class Entered:
    """A row that was entered from a passage: its noun, its key, and its pledgor, if it has one."""

    noun: str
    key: str
    party: str = ""


@dataclass(frozen=True, slots=True)
class Suggested:
    """A suggestion, with what was entered from its passage, and whether somebody dismissed it."""

    found: "Suggestion"
    entered: tuple[Entered, ...] = ()
    is_dismissed: bool = False


@dataclass(frozen=True, slots=True)
class Stretch:
    """The part of a text that was read: ``start`` to ``end`` of ``length`` code points."""

    start: int
    end: int
    length: int
    suggested: tuple[Suggested, ...]

    @property
    def next(self) -> int | None:
        """Where the next part begins."""
        return self.end if self.end < self.length else None


def of_source(source: Source, tables: Tables, *, start: int = 0) -> Stretch:
    """What is suggested of the text from ``start`` on, in the order of the text."""
    from tracker.suggestions import KnownParty, suggest  # noqa: PLC0415 - it loads for a while

    text = source.snapshot
    start = min(start, len(text))
    end = _end(text, start)
    index = register.party_index()
    parties = [
        KnownParty(slug, name, tuple(index.aliases.get(slug, ())))
        for slug, name in sorted(index.names.items())
        if index.merged.of(slug) == slug
    ]
    taken = _taken(tables, source.key, index.merged)
    dismissed = set(Dismissal.objects.filter(source=source).values_list("start", "end", "kind"))
    found = []
    for one in suggest(text[start:end], parties=parties, published=_day(source)):
        shifted = one.moved(start)
        passage = (shifted.start, shifted.end, str(shifted.kind))
        entered = (
            *(e for place, e in taken if _is_of(place, passage)),
            *_told(tables, shifted, source.key),
        )
        found.append(Suggested(shifted, entered, passage in dismissed))
    return Stretch(start, end, len(text), tuple(found))


def _end(text: str, start: int) -> int:
    """The end of a paragraph, if one ends within what is read at once."""
    end = start + AT_ONCE
    if end >= len(text):
        return len(text)
    paragraph = text.rfind("\n\n", start + 1, end)
    line = text.rfind("\n", start + 1, end)
    return next((at + 1 for at in (paragraph, line) if at > start), end)


def _day(source: Source) -> date | None:
    """The day of publication as it was stated, in its own zone."""
    for text in (source.published, source.public):
        if text:
            return stated.parse(text).day
    return None


def _taken(tables: Tables, key: str, merged: Merged) -> list[tuple[tuple[int, int], Entered]]:
    """What accounts of this source quote: where, and what they speak of."""
    found = []
    for _key, state in _standing(tables, "account"):
        place = state.get("place")
        about = next(((noun, state[noun]) for noun in ABOUT if state.get(noun)), None)
        if state.get("source") == key and place and about:
            row = tables.get(about[0], {}).get(about[1], {})
            if not row.get("withdrawn_at"):
                party = merged.of(str(row.get("pledgor") or row.get("party") or ""))
                found.append(((place["start"], place["end"]), Entered(*about, party)))
    return found


def _told(tables: Tables, found: "Suggestion", source: str) -> Iterable[Entered]:
    """Incidents and counts, of which there are no accounts: by their words and by their number."""
    if found.noun == "incident":
        said = " ".join(found.passage.split())
        for key, state in _standing(tables, "incident"):
            described = " ".join(str(state["description"]).split())
            if source in (state.get("sources") or ()) and said in described:
                yield Entered("incident", key)
    if found.noun == "count":
        for key, state in _standing(tables, "count"):
            if (state.get("source"), state.get("number")) == (source, found.count):
                yield Entered("count", key)


def _standing(tables: Tables, noun: str) -> Iterable[tuple[str, Mapping[str, Any]]]:
    rows = tables.get(noun, {}).items()
    return ((key, state) for key, state in rows if not state.get("withdrawn_at"))


def _is_of(place: tuple[int, int], passage: Passage) -> bool:
    shared = min(place[1], passage[1]) - max(place[0], passage[0])
    shorter = min(place[1] - place[0], passage[1] - passage[0])
    return shared * SHARE >= shorter
