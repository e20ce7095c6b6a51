"""What two versions of a text have in common, and what was taken out and put in.

By paragraphs, and within those that changed by words. Its time is bounded: what is too long to be
matched word by word is told as taken out and put in as a whole. Must not live here: how it looks.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import pairwise

LONG = 1_000  # code points of a line, from which it is matched by its sentences
SMALL = 100_000  # pairs that are matched one by one
SPENT = 4_000_000  # such pairs in all
MOST = 400_000  # units of both sides that are looked through for what stands once
WORDS = 20_000  # of both sides of a change: more are not matched word by word
LEAST_ALIKE = 0.35  # of the shorter side: what has less in common is another text
_SENTENCE = re.compile(r".+?(?:[.!?…。؟۔]+[\"'”’»)]*\s+|$)", re.DOTALL)
_LETTER = re.compile(r"\w")
_WORD = re.compile(r"\s+|\w+|[^\w\s]+")


class Kind(StrEnum):
    """What became of a stretch of text."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Segment:
    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class _Step:
    """What both have, and after it a change: what is gone, and what is new in its place."""

    same: str
    gone: str = ""
    new: str = ""


@dataclass(slots=True)
class _Budget:
    """What may still be spent on pairs; then only what stands once is matched."""

    left: int = SPENT

    def take(self, pairs: int) -> bool:
        is_there = pairs <= min(SMALL, self.left)
        self.left -= pairs if is_there else 0
        return is_there


def differences(before: str, after: str) -> list[Segment]:
    """The stretches in order: without the new ones they are ``before``, without the gone ``after``.

    No two of a kind follow each other; what is gone stands before what is new in its place.
    """
    steps: list[_Step] = []
    budget = _Budget()
    for step in list(_steps(_units(before), _units(after), budget)):
        steps.append(_Step(step.same))
        steps += _by_words(step.gone, step.new, budget)
    return list(_segments(steps))


def _units(text: str) -> list[str]:
    """Lines with their ends; long ones by sentences, and where there are none by words."""
    units: list[str] = []
    for line in re.findall(r"[^\n]*\n|[^\n]+", text):
        for unit in [line] if len(line) <= LONG else _SENTENCE.findall(line):
            units += [unit] if len(unit) <= LONG else _WORD.findall(unit)
    return units


def _steps(old: Sequence[str], new: Sequence[str], budget: _Budget) -> Iterator[_Step]:
    a = b = 0
    same: list[str] = []
    for i, j, size in [*_matches(old, new, budget), (len(old), len(new), 0)]:
        if i > a or j > b:
            yield _Step("".join(same), "".join(old[a:i]), "".join(new[b:j]))
            same = []
        same += old[i : i + size]
        a, b = i + size, j + size
    yield _Step("".join(same))


def _by_words(gone: str, new: str, budget: _Budget) -> list[_Step]:
    """A change word by word, where that is worth reading."""
    whole = [_Step("", gone, new)]
    if not gone or not new or budget.left <= 0 or len(gone) + len(new) > WORDS * 20:
        return whole
    old, come = _WORD.findall(gone), _WORD.findall(new)
    if len(old) + len(come) > WORDS:
        return whole
    found = _joined(list(_steps(old, come, budget)))
    alike = sum(len(step.same) for step in found)
    return found if alike >= LEAST_ALIKE * min(len(gone), len(new)) else whole


def _joined(steps: list[_Step]) -> list[_Step]:
    """Changes with no word between them are one: they are read as one."""
    found: list[_Step] = []
    for step in steps:
        last = found[-1] if found else None
        has_change = bool(step.gone or step.new)
        after_change = last is not None and bool(last.gone or last.new)
        if last is not None and has_change and after_change and not _LETTER.search(step.same):
            gone, new = last.gone + step.same + step.gone, last.new + step.same + step.new
            found[-1] = _Step(last.same, gone, new)
        else:
            found.append(step)
    return found


def _matches(old: Sequence[str], new: Sequence[str], budget: _Budget) -> list[tuple[int, int, int]]:
    """Where both have the same units: (place in the one, in the other, how many), in order."""
    found: list[tuple[int, int, int]] = []
    todo = [(0, len(old), 0, len(new))]
    while todo:
        a, a_end, b, b_end = todo.pop()
        start = a
        while a < a_end and b < b_end and old[a] == new[b]:
            a, b = a + 1, b + 1
        found.append((start, b - (a - start), a - start))
        tail = 0
        while a < a_end and b < b_end and old[a_end - 1] == new[b_end - 1]:
            a_end, b_end, tail = a_end - 1, b_end - 1, tail + 1
        found.append((a_end, b_end, tail))
        if a == a_end or b == b_end:
            continue
        if budget.take((a_end - a) * (b_end - b)):
            matcher = SequenceMatcher(None, old[a:a_end], new[b:b_end], autojunk=False)
            found += [(a + i, b + j, n) for i, j, n in matcher.get_matching_blocks()]
            continue
        if a_end - a + b_end - b > MOST:
            continue
        todo += _between(_anchors(old[a:a_end], new[b:b_end]), a, a_end, b, b_end)
    return sorted(one for one in found if one[2])


def _between(
    anchors: list[tuple[int, int]], a: int, a_end: int, b: int, b_end: int
) -> Iterator[tuple[int, int, int, int]]:
    """The stretches that begin with each anchor, and the one before the first."""
    if not anchors:
        return  # too much, and nothing to hold on to: another text
    places = [(a, b), *((a + i, b + j) for i, j in anchors), (a_end, b_end)]
    for (i, j), (i_end, j_end) in pairwise(places):
        yield i, i_end, j, j_end


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Units that stand once on either side, as many as keep their order."""
    once = {unit for unit, times in Counter(old).items() if times == 1}
    once &= {unit for unit, times in Counter(new).items() if times == 1}
    where = {unit: place for place, unit in enumerate(new) if unit in once}
    pairs = [(place, where[unit]) for place, unit in enumerate(old) if unit in once]
    # The longest run of rising places, by what each could end (patience).
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for number, (_place, other) in enumerate(pairs):
        at = bisect_left(ends, other)
        before.append(last[at - 1] if at else -1)
        ends[at : at + 1] = [other]
        last[at : at + 1] = [number]
    found: list[tuple[int, int]] = []
    number = last[-1] if last else -1
    while number >= 0:
        found.append(pairs[number])
        number = before[number]
    return found[::-1]


def _segments(steps: Sequence[_Step]) -> Iterator[Segment]:
    """Steps as segments; changes with nothing between them are one."""
    held = _Step("")
    for step in steps:
        if step.same and (held.gone or held.new):
            yield from _told(held)
            held = _Step("")
        held = _Step(held.same + step.same, held.gone + step.gone, held.new + step.new)
    yield from _told(held)


def _told(step: _Step) -> Iterator[Segment]:
    told = ((Kind.SAME, step.same), (Kind.GONE, step.gone), (Kind.NEW, step.new))
    yield from (Segment(kind, text) for kind, text in told if text)
