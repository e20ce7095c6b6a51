"""Where a quotation stands in a text, and a text cut into what is quoted and what is not.

Places are counted in code points of the text as it is kept, and quote what stands around them, so
that equal passages are told apart. Must not live here: what counts as the same (folding.py).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from .errors import Invalid
from .folding import Folded
from .sentences import _

AROUND = 32  # code points that a place quotes before and after
MOST = 100  # places that are told of one quotation
LEFT_OUT = 2000  # code points that an ellipsis may stand for, within a paragraph

_NEWLINE = re.compile("\r\n?|[\u2028\u2029]")
_ELLIPSIS = re.compile(r"\s*(?:[\[(]\s*(?:\.\.\.|…)\s*[\])]|\.\.\.+|…)\s*")
_PARAGRAPH = re.compile(r"\n[^\S\n]*\n")
_ENCLOSING = "\"'“”„‟«»‘’‚‹› \t\n"


@dataclass(frozen=True, slots=True)
class Place:
    """``start`` and ``end`` in code points, and what the text has before and after."""

    start: int
    end: int
    prefix: str = ""
    suffix: str = ""

    @property
    def state(self) -> dict[str, Any]:
        """As the register keeps it."""
        return {
            "start": self.start,
            "end": self.end,
            "prefix": self.prefix,
            "suffix": self.suffix,
        }


def kept(text: str) -> str:
    """A text as a snapshot keeps it: one kind of line break. Raises Invalid for NUL."""
    if "\x00" in text:
        raise Invalid(_("The text holds a NUL character."), mend=_("Remove it."))
    return _NEWLINE.sub("\n", text)


def placed(text: str, start: int, end: int) -> Place:
    """The place of that passage. Raises Invalid when the text has no such passage."""
    if not 0 <= start < end <= len(text):
        raise Invalid(_("The text has no such passage."), mend=_("Select the passage again."))
    return Place(start, end, text[max(0, start - AROUND) : start], text[end : end + AROUND])


def of_state(state: Mapping[str, Any]) -> Place:
    """The place that the register keeps."""
    around = (str(state.get(name) or "") for name in ("prefix", "suffix"))
    return Place(int(state["start"]), int(state["end"]), *around)


def fits(text: str, place: Place) -> bool:
    """Whether the text has such a passage, between what the place quotes around it."""
    return (
        0 <= place.start < place.end <= len(text)
        and text.endswith(place.prefix, 0, place.start)
        and text.startswith(place.suffix, place.end)
    )


def find(text: str, quotation: str, place: Place | None = None) -> list[Place]:
    """Every place of the quotation, or the one that is meant. See ``Searched.find``."""
    return Searched(text).find(quotation, place)


class Searched:
    """A text in which quotations are looked for; what that takes is made once."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def _folded(self) -> Folded:
        return Folded(self.text)

    def find(self, quotation: str, place: Place | None = None) -> list[Place]:
        """Places of the quotation in order, at most ``MOST``; empty if it is not in the text.

        Letter for letter, else as it reads (folding.py), else with an ellipsis in the quotation
        standing for what was left out of a paragraph. With ``place`` the one there, or the one
        that stands between the same words; all of them when that does not tell.
        """
        said = kept(quotation).strip()
        if not said:
            return []
        if place is not None and fits(self.text, place) and self._says(place, said):
            return [placed(self.text, place.start, place.end)]
        found = [placed(self.text, start, end) for start, end in self._spans(said)]
        return _meant(self.text, found, place) if place is not None else found

    def first_words(self, quotation: str) -> str:
        """As many of the quotation's first words as the text has together; blank: not the first."""
        words = kept(quotation).split()
        least, most = 0, len(words)
        while least < most:  # with the first so many words found, fewer are found too
            half = (least + most + 1) // 2
            if self._spans(" ".join(words[:half])):
                least = half
            else:
                most = half - 1
        return " ".join(words[:least])

    def exactly(self, quotation: str) -> list[Place]:
        """Places at which it stands letter for letter."""
        return [placed(self.text, s, e) for s, e in _exact(self.text, kept(quotation).strip())]

    def _says(self, place: Place, said: str) -> bool:
        passage = self.text[place.start : place.end].strip()
        if passage == said:
            return True
        within = Searched(passage)
        return (0, len(passage)) in within._spans(said)

    def _spans(self, said: str) -> list[tuple[int, int]]:
        found = _exact(self.text, said) or self._leniently(said) or self._with_gaps(said)
        bare = said.strip(_ENCLOSING)
        if found or not bare or bare == said:
            return found
        return self._spans(bare)

    def _leniently(self, said: str) -> list[tuple[int, int]]:
        wanted = Folded(said).text.strip()
        return _first(self._occurrences(wanted)) if wanted else []

    def _occurrences(self, wanted: str) -> Iterator[tuple[int, int]]:
        folded, at = self._folded, -1
        while (at := folded.text.find(wanted, at + 1)) >= 0:
            span = folded.original(at, at + len(wanted))
            if span is not None:
                yield span

    def _with_gaps(self, said: str) -> list[tuple[int, int]]:
        parts = [Folded(part).text.strip() for part in _ELLIPSIS.split(said)]
        parts = [part for part in parts if part]
        if not parts or not _ELLIPSIS.search(said):
            return []
        return _first(self._chains(parts))

    def _chains(self, parts: list[str]) -> Iterator[tuple[int, int]]:
        """Each first part with the nearest of the others behind it, while a paragraph lasts."""
        nearest = [_Ahead(self._occurrences(part)) for part in parts[1:]]
        for start, end in self._occurrences(parts[0]):
            stop = end
            for ahead in nearest:
                stop = self._next(ahead, stop)
                if not stop:
                    break
            else:
                yield start, stop

    def _next(self, ahead: "_Ahead", after: int) -> int:
        """Where the next part ends; 0 if it is not in the same paragraph."""
        found = ahead.beyond(after)
        if found is None or found[0] - after > LEFT_OUT:
            return 0
        return 0 if _PARAGRAPH.search(self.text, after, found[0]) else found[1]


class _Ahead:
    """What is asked for places further and further on, so that it is gone through once."""

    def __init__(self, spans: Iterator[tuple[int, int]]) -> None:
        self._spans = spans
        self._span = next(spans, None)

    def beyond(self, at: int) -> tuple[int, int] | None:
        while self._span is not None and self._span[0] < at:
            self._span = next(self._spans, None)
        return self._span


def _exact(text: str, said: str) -> list[tuple[int, int]]:
    return _first(_literal(text, said))


def _literal(text: str, said: str) -> Iterator[tuple[int, int]]:
    at = -1
    while (at := text.find(said, at + 1)) >= 0:
        yield at, at + len(said)


def _first(spans: Iterator[tuple[int, int]]) -> list[tuple[int, int]]:
    return [span for span, _n in zip(spans, range(MOST), strict=False)]


def _meant(text: str, found: list[Place], place: Place) -> list[Place]:
    """The one between the same words as the place, or half of them; all when that tells nothing."""
    around = len(place.prefix) + len(place.suffix)
    if len(found) < 2 or not around:
        return found
    alike = [_alike(text, one, place) for one in found]
    best = max(alike)
    return [found[alike.index(best)]] if 2 * best >= around and alike.count(best) == 1 else found


def _alike(text: str, one: Place, place: Place) -> int:
    """How many code points before and after are the same as around the place."""
    before = text[max(0, one.start - len(place.prefix)) : one.start]
    after = text[one.end : one.end + len(place.suffix)]
    return _common(before[::-1], place.prefix[::-1]) + _common(after, place.suffix)


def _common(one: str, other: str) -> int:
    length = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        length += 1
    return length


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a text with the quotations that cover it, begin with it and end with it."""

    text: str
    covers: tuple[str, ...] = ()
    begins: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()


def marks(text: str, places: Iterable[tuple[str, Place]]) -> list[Segment]:
    """The whole text in segments; quotations may overlap. A place beyond the text is left out."""
    spans = [(key, p.start, p.end) for key, p in places if 0 <= p.start < p.end <= len(text)]
    begins: dict[int, list[str]] = {}
    ends: dict[int, list[str]] = {}
    for key, start, end in spans:
        begins.setdefault(start, []).append(key)
        ends.setdefault(end, []).append(key)
    found: list[Segment] = []
    open_: dict[str, None] = {}
    cuts = sorted({0, len(text), *begins, *ends})
    for start, end in pairwise(cuts):
        for key in ends.get(start, ()):
            del open_[key]
        open_ |= dict.fromkeys(begins.get(start, ()))
        found.append(
            Segment(
                text[start:end],
                tuple(open_),
                tuple(begins.get(start, ())),
                tuple(ends.get(end, ())),
            )
        )
    return found
