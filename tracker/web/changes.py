"""The difference between two texts as a page shows it: what changed, with some text around it.

Must not live here: how it is found (domain/differences.py).
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from tracker.domain.differences import Kind, Segment, differences

AROUND = 240  # code points that are shown before a change and after it
LONGEST = 20_000  # code points of one change
MOST = 200_000  # of all that is shown
_EDGE = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch as shown. ``left_out``: code points that are not, in its place or after it."""

    kind: str
    text: str = ""
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Changes:
    """``number`` of changes; ``unshown``: those beyond what one page shows."""

    pieces: list[Piece] = field(default_factory=list)
    number: int = 0
    unshown: int = 0


@dataclass(frozen=True, slots=True)
class Beside:
    """The difference beside a form."""

    changes: Changes

    template = "sources/beside.html"


def between(before: str, after: str) -> Changes:
    segments = differences(before, after)
    pieces: list[Piece] = []
    shown = number = unshown = 0
    for at, segment in enumerate(segments):
        is_change = segment.kind is not Kind.SAME
        begins = is_change and (at == 0 or segments[at - 1].kind is Kind.SAME)
        number += begins
        if shown > MOST:
            unshown += begins
            continue
        made = list(_changed(segment) if is_change else _around(segments, at))
        shown += sum(len(piece.text) for piece in made)
        pieces += made
    return Changes(pieces, number, unshown)


def _changed(segment: Segment) -> Iterator[Piece]:
    text = segment.text
    left_out = max(0, len(text) - LONGEST)
    yield Piece(segment.kind.value, _visible(text[: len(text) - left_out]), left_out)


def _around(segments: Sequence[Segment], at: int) -> Iterator[Piece]:
    """What both have: whole where it is short, else its ends beside the changes."""
    text = segments[at].text
    head = AROUND if at else 0
    tail = AROUND if at + 1 < len(segments) else 0
    if len(text) <= head + tail + AROUND and head + tail:
        yield Piece("same", text)
        return
    first, last = _cut(text, head), _cut(text[::-1], tail)[::-1]
    if first:
        yield Piece("same", first)
    yield Piece("skip", left_out=len(text) - len(first) - len(last))
    if last:
        yield Piece("same", last)


def _cut(text: str, size: int) -> str:
    """So much of the beginning, up to a blank."""
    found = _EDGE.search(text, size) if size else None
    return text[: found.start() if found and found.start() < 2 * size else size]


def _visible(text: str) -> str:
    """What changed, with marks for what would not be seen where nothing else of it would be."""
    if any(unicodedata.category(c)[0] not in "CZ" for c in text):
        return text
    return "".join(chain.from_iterable(_named(c) for c in text))


def _named(character: str) -> str:
    if character == "\n":
        return "⏎\n"
    if character in " \t":
        return "␣" if character == " " else "⇥"
    return f"⟨U+{ord(character):04X}⟩"
