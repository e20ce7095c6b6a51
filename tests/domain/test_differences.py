"""The difference between two texts: it gives both back, reads well, and takes a bounded time."""

import random
import time
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.differences import Kind, Segment, differences

SAME, GONE, NEW = Kind.SAME, Kind.GONE, Kind.NEW
TEXTS = st.text(alphabet="ab .\n\u200bя", max_size=60)


def told(before: str, after: str) -> list[tuple[Kind, str]]:
    found = differences(before, after)
    check(found, before, after)
    return [(one.kind, one.text) for one in found]


def check(found: list[Segment], before: str, after: str) -> None:
    assert "".join(one.text for one in found if one.kind is not NEW) == before
    assert "".join(one.text for one in found if one.kind is not GONE) == after
    kinds = [one.kind for one in found]
    pairs = list(pairwise(kinds))
    assert all(one != other for one, other in pairs)
    assert (NEW, GONE) not in pairs
    assert all(one.text for one in found)


@given(TEXTS, TEXTS)
def test_both_texts_are_in_it_to_the_letter(before: str, after: str) -> None:
    told(before, after)


def test_a_word_that_changed_is_told_alone() -> None:
    before = "They agreed to halt strikes for thirty days.\n\nA second paragraph."
    after = "They agreed to halt all strikes for sixty days.\n\nA second paragraph.\nA third."
    assert told(before, after) == [
        (SAME, "They agreed to halt "),
        (NEW, "all "),
        (SAME, "strikes for "),
        (GONE, "thirty"),
        (NEW, "sixty"),
        (SAME, " days.\n\nA second paragraph."),
        (NEW, "\nA third."),
    ]


def test_another_sentence_is_told_as_a_whole_and_not_word_by_word() -> None:
    assert told("Nobody spoke of it.\nEnd.", "All guns are silent since noon.\nEnd.") == [
        (GONE, "Nobody spoke of it.\n"),
        (NEW, "All guns are silent since noon.\n"),
        (SAME, "End."),
    ]


def test_words_that_changed_side_by_side_are_one_change() -> None:
    found = told("halt fire on the river for now", "halt all shots at the river for now")
    assert found[1:3] == [(GONE, "fire on"), (NEW, "all shots at")]


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("", "", []),
        ("a", "a", [(SAME, "a")]),
        ("", "a", [(NEW, "a")]),
        ("a", "", [(GONE, "a")]),
        ("zero", "z\u200bero", [(GONE, "zero"), (NEW, "z\u200bero")]),
        ("نُوقِفُ إطلاقَ النار", "نُوقِفُ النار", [(SAME, "نُوقِفُ "), (GONE, "إطلاقَ "), (SAME, "النار")]),
    ],
)  # fmt: skip
def test_small_ones(before: str, after: str, found: list[tuple[Kind, str]]) -> None:
    assert told(before, after) == found


def test_a_paragraph_that_moved_is_gone_in_one_place_and_new_in_another() -> None:
    one, two, three = "The first of them.\n", "The second is longer.\n", "Third.\n"
    kinds = [kind for kind, _text in told(one + two + three, two + three + one)]
    assert sorted(kinds) == [GONE, NEW, SAME]


LONG = ("edited", "another", "shuffled", "no full stop", "a thousand times", "one word")


@cache
def long_texts() -> dict[str, tuple[str, str]]:
    chance = random.Random(1)
    words = [f"w{n}" for n in range(20_000)]

    def paragraph() -> str:
        return " ".join(chance.choice(words) for _ in range(80)) + ".\n"

    lines = [paragraph() for _ in range(10_000)]
    edited = [*lines[:5000], lines[5000].replace("w1", "x1"), *lines[5001:7000], *lines[7010:]]
    shuffled = lines[:]
    chance.shuffle(shuffled)
    whole = "".join(lines)
    one_line = whole.replace("\n", " ").replace(".", "")
    return {
        "edited": (whole, "".join(edited)),
        "another": (whole, "".join(paragraph() for _ in range(10_000))),
        "shuffled": (whole, "".join(shuffled)),
        "no full stop": (one_line, one_line.replace("w77 ", "x ", 40)),
        "a thousand times": ("a\n" * 2_500_000, "b\na\n" * 1_250_000),
        "one word": ("x" * 5_000_000, "x" * 4_999_999 + "y"),
    }


@pytest.mark.parametrize("name", LONG)
def test_five_million_characters_take_seconds(name: str) -> None:
    before, after = long_texts()[name]
    began = time.process_time()
    found = differences(before, after)
    assert time.process_time() - began < 15, "about three here; a quadratic one takes minutes"
    check(found, before, after)
    if name == "edited":
        changed = [one for one in found if one.kind is not SAME]
        assert len(changed) < 100
