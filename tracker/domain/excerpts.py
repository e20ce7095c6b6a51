"""Where what is looked for stands in a text as it was written, and the stretches around it.

Matching is on folded text (searching.py); places are code points of the text itself, and never
split what a reader sees as one character: a letter with its marks, a ligature, a syllable.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from .searching import fold, holds, passage, places

BLOCK = 4000  # code points of a long text that are looked at together
OVERLAP = 800  # and how much of a block the next one has as well
AROUND = 90  # code points shown before the first match
LENGTH = 260  # code points of an excerpt, about
MOST = 3  # excerpts of one text

_BLANKS = re.compile(r"\s+")
_ASCII = re.compile("[\x00-\x7f]+(?![^\x00-\x7f])")  # what follows may be a mark on the last one


@dataclass(frozen=True, slots=True)
class Excerpt:
    """``start`` and ``end`` of a stretch of a text, and the matches within, all in its places."""

    start: int
    end: int
    marks: tuple[tuple[int, int], ...]
    length: int

    @property
    def is_cut_before(self) -> bool:
        return self.start > 0

    @property
    def is_cut_after(self) -> bool:
        return self.end < self.length


class Traced:
    """``text`` is the source as ``searching.passage`` has it, but for blanks at its ends.

    For each character of it: where the characters of the source begin and end that it is made of.
    """

    def __init__(self, source: str) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        said: list[str] = []
        for start, end, one in _pieces(source):
            if one.isascii() and end - start == len(one):
                self._starts += range(start, end)
                self._ends += range(start + 1, end + 1)
            else:
                self._starts += [start] * len(one)
                self._ends += [end] * len(one)
            said.append(one)
        self.text = self._with_single_blanks("".join(said))

    def _with_single_blanks(self, folded: str) -> str:
        starts, ends, parts, last = [], [], [], 0
        for blank in _BLANKS.finditer(folded):
            first, stop = blank.span()
            starts += [*self._starts[last:first], self._starts[first]]
            ends += [*self._ends[last:first], self._ends[stop - 1]]
            parts += [folded[last:first], " "]
            last = stop
        if last:
            self._starts, self._ends = starts + self._starts[last:], ends + self._ends[last:]
            return "".join(parts) + folded[last:]
        return folded

    def spans(self, wanted: Iterable[str]) -> list[tuple[int, int]]:
        """Where any of these stands in the source; what overlaps or touches is one."""
        found = sorted(
            (self._starts[at], self._ends[at + len(one) - 1])
            for one in wanted
            for at in places(self.text, one)
        )
        return _merged(found)


def _pieces(source: str) -> Iterator[tuple[int, int, str]]:
    """Stretches of the source, each with what it is folded to: plain ones whole, others alone."""
    at = 0
    while at < len(source):
        plain = _ASCII.match(source, at)
        if plain is not None:
            yield at, plain.end(), plain[0].lower()
            at = plain.end()
            continue
        end = at + 1
        while end < len(source) and goes_with(source[end]):
            end += 1
        yield at, end, _one(source[at:end])
        at = end


@lru_cache(maxsize=8192)
def _one(cluster: str) -> str:
    return fold(cluster)


@lru_cache(maxsize=8192)
def goes_with(character: str) -> bool:
    """Whether it belongs to the character before it: a mark, what is unseen, a syllable's end."""
    if character < "\u0080":
        return False
    folded = fold(character)
    return (
        not folded
        or unicodedata.category(folded[0])[0] == "M"
        or unicodedata.category(character)[0] == "M"
        or "\u1160" <= folded[0] <= "\u11ff"
    )


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for start, end in spans:
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def spans(text: str, wanted: Sequence[str]) -> list[tuple[int, int]]:
    """Where any of what is looked for stands in a text that is not long."""
    return Traced(text).spans(wanted)


def excerpts(text: str, wanted: Sequence[str]) -> list[Excerpt]:
    """The stretches that show each of what is looked for, where the text has it; in their order.

    The first is where most of it stands together. What is in the text but cannot be shown in
    ``MOST`` of them is left out.
    """
    missing = [one for one in wanted if one]
    found: dict[int, Excerpt] = {}
    while missing and len(found) < MOST:
        best = _block_with_most(text, missing)
        if best is None:
            break
        one, shown = _around(text, *best, missing, wanted)
        if not shown:
            break
        found.setdefault(one.start, one)
        missing = [word for word in missing if word not in shown]
    return [found[start] for start in sorted(found)]


def _block_with_most(text: str, wanted: Sequence[str]) -> tuple[int, int] | None:
    best, most = None, 0
    for start, end in blocks(text):
        folded = passage(text[start:end])
        number = sum(1 for one in wanted if holds(folded, one))
        if number > most:
            best, most = (start, end), number
        if most == len(wanted):
            break
    return best


def _around(
    text: str, start: int, end: int, missing: Sequence[str], wanted: Sequence[str]
) -> tuple[Excerpt, set[str]]:
    """The stretch of a block that shows most of what is missing, and which of it."""
    traced = Traced(text[start:end])
    each = {one: [start + s for s, _ in traced.spans([one])] for one in missing}
    every = [(start + s, start + e) for s, e in traced.spans(wanted)]
    best, shown = 0, set[str]()
    for at in sorted({place for found in each.values() for place in found}):
        held = {one for one, found in each.items() if _next(found, at) < at + LENGTH - AROUND}
        if len(held) > len(shown):
            best, shown = at, held
    first = _cut(text, max(0, best - AROUND), forward=True, limit=best)
    last_mark = max((e for s, e in every if s < best + LENGTH - AROUND), default=best)
    last = _cut(
        text, min(len(text), max(last_mark, first + LENGTH)), forward=False, limit=last_mark
    )
    marks = tuple((s, e) for s, e in every if s >= first and e <= last)
    return Excerpt(first, last, marks, len(text)), shown


def _next(places: Sequence[int], at: int) -> float:
    here = bisect_left(places, at)
    return places[here] if here < len(places) else float("inf")


def _cut(text: str, at: int, *, forward: bool, limit: int) -> int:
    """The end of a word near there, on this side of the limit; where there is none, of a letter."""
    if at in (0, len(text)):
        return at
    near = text[at:limit] if forward else text[limit:at]
    blank = _BLANKS.search(near[:40]) if forward else None
    if blank is not None:
        return at + blank.end()
    if not forward and (tail := list(_BLANKS.finditer(near))[-1:]) and at - limit > 0:
        back = limit + tail[0].start()
        if at - back <= 40:
            return back
    while 0 < at < len(text) and goes_with(text[at]):
        at += 1 if not forward else -1
    return at


def blocks(text: str) -> Iterator[tuple[int, int]]:
    """A text in stretches that overlap, each between two words, or at least two letters."""
    start = 0
    while True:
        end = min(start + BLOCK, len(text))
        if end < len(text):
            blank = max(
                text.rfind(" ", start + OVERLAP, end), text.rfind("\n", start + OVERLAP, end)
            )
            end = blank if blank > start + BLOCK - OVERLAP else end
            while end < len(text) and goes_with(text[end]):
                end += 1
        yield start, end
        if end == len(text):
            return
        start = max(start + 1, end - OVERLAP)
        while start < end and goes_with(text[start]):
            start += 1
