"""What was looked for is marked in the text as it was written, and no letter is split."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain import excerpts, searching
from tracker.domain.excerpts import Traced, goes_with
from tracker.domain.searching import fold, passage, sought

# Each with what is looked for in it, and what of it is marked.
MARKED = [
    ("Halt of strikes", "strike", ["strike"]),
    ("STRASSE und Straße", "straße", ["STRASSE", "Straße"]),
    ("in DİYARBAKIR und Diyarbakır", "diyarbakir", ["DİYARBAKIR", "Diyarbakır"]),
    ("Cote\u0301 d’Azur", "cote", ["Cote\u0301"]),
    ("Cote\u0301", "cot", ["Cot"]),
    ("the ﬁre", "ire", ["ﬁre"]),  # half of a ligature is all of it
    ("aﬁﬁb", "iﬁb", ["ﬁﬁb"]),
    ("وَقْف إِطْلاق النَّار", "اطلاق", ["إِطْلاق"]),
    ("هـــدنة", "هدنة", ["هـــدنة"]),
    ("\ufefb شيء", "لا", ["\ufefb"]),  # one sign for two letters
    ("שָׁלוֹם עליכם", "שלום", ["שָׁלוֹם"]),
    ("Запорі\u0301жжя", "запоріжжя", ["Запорі\u0301жжя"]),
    ("युद्धविराम", "युद्ध", ["युद्ध"]),
    ("किकिकि", "ककक", []),
    ("किया", "किय", ["किया"]),  # a letter with its vowel sign
    ("双方同意停火三十天", "停火", ["停火"]),
    ("UN and unrest, the UN’s G7", "un", ["UN", "UN"]),  # a short word stands by itself
    ("在G7峰会，77国", "g7 77 国", ["G7", "77国"]),
    ("มีไฟในเมือง", "ไฟ", ["ไฟ"]),
    ("각", "각", ["각"]),
    ("a \n\u00a0 b", '"a b"', ["a \n\u00a0 b"]),
    ("मौन 🕊 peace", "peace", ["peace"]),
    ("halt halting", "halt", ["halt", "halt"]),
]


@pytest.mark.parametrize(("text", "typed", "marked"), MARKED)
def test_what_is_marked_is_what_was_written(text: str, typed: str, marked: list[str]) -> None:
    assert [text[start:end] for start, end in excerpts.spans(text, sought(typed))] == marked
    found = excerpts.excerpts(text, sought(typed))
    assert [text[s:e] for one in found for s, e in one.marks] == marked


@given(st.text())
def test_what_is_traced_is_the_text_as_it_is_kept(text: str) -> None:
    assert Traced(text).text.strip() == passage(text)


@given(st.text(), st.text(max_size=4), st.text())
def test_what_is_in_the_text_is_marked_whole(before: str, middle: str, after: str) -> None:
    text = before + middle + after
    wanted = [word for word in sought(middle) if searching.holds(passage(text), word)]
    found = excerpts.spans(text, wanted)
    assert bool(found) == bool(wanted)
    for start, end in found:
        assert any(word in passage(text[start:end]) for word in wanted)
        assert start == 0 or not goes_with(text[start])
        assert end == len(text) or not goes_with(text[end])
        assert not unicodedata.combining(text[start]) or start == 0


def test_characters_that_compose_stay_together() -> None:
    """Of every pair that Unicode composes the second goes with the first."""
    apart = []
    for code in range(0x110000):
        parts = unicodedata.decomposition(chr(code)).split()
        if len(parts) == 2 and not parts[0].startswith("<"):
            second = chr(int(parts[1], 16))
            if unicodedata.normalize("NFC", chr(int(parts[0], 16)) + second) == chr(code):
                apart += [] if goes_with(second) else [chr(code)]
    assert apart == []


@given(st.lists(st.sampled_from(["halt", "fire ", "é", "e\u0301", "停", "\n", " x "]), max_size=60))
def test_the_blocks_of_a_text_cover_it_and_overlap(parts: list[str]) -> None:
    text = "".join(parts) * 200
    found = list(excerpts.blocks(text))
    assert (found[0][0], found[-1][1]) == (0, len(text))
    for (start, end), (next_start, next_end) in pairwise(found):
        assert start < next_start < end < next_end
    assert all(end - start <= excerpts.BLOCK + 2 for start, end in found)


@given(st.integers(0, 40_000), st.sampled_from(["停火", "cease-fire", "هُدْنَة"]))
def test_in_a_long_text_what_stands_far_down_is_shown(at: int, word: str) -> None:
    filler = "Nothing is said here. " * 2000
    text = filler[:at] + " " + word + " " + filler[at:]
    [found] = excerpts.excerpts(text, sought(word))
    assert [text[s:e] for s, e in found.marks] == [word]
    assert found.start <= found.marks[0][0]
    assert found.end - found.start < 2 * excerpts.LENGTH


def test_words_that_stand_apart_are_shown_apart_and_no_word_is_cut() -> None:
    text = "alpha " + "nothing " * 3000 + "omega " + "nothing " * 3000
    first, second = excerpts.excerpts(text, ("alpha", "omega"))
    assert text[slice(*first.marks[0])] == "alpha"
    assert text[slice(*second.marks[0])] == "omega"
    assert not first.is_cut_before
    assert first.is_cut_after
    assert second.is_cut_before
    assert text[second.start : second.end].split(maxsplit=1)[0] == "nothing"
    assert text[second.start : second.end].rsplit(maxsplit=1)[-1] == "nothing"
    assert excerpts.excerpts(text, ("elsewhere",)) == []
    assert excerpts.excerpts("", ("elsewhere",)) == []


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("Halt  FIRE halt", ("halt", "fire")),
        ('"Halt  fire" now', ("halt fire", "now")),
        ("«Не  стріляти» зараз", ("не стріляти", "зараз")),
        ("„Nicht schießen“", ("nicht schiessen",)),
        ('" ten days "', ("ten days",)),
        ('"not closed here', ("not", "closed", "here")),
        ('צה"ל נסוג', ('צה"ל', "נסוג")),
        ("halt, (fire).", ("halt", "fire")),
        ('""', ()),
        ("\u0301 \u200b", ()),
        ("...", ("...",)),
        ("C++", ("c++",)),
    ],
)
def test_what_is_looked_for(typed: str, wanted: tuple[str, ...]) -> None:
    assert sought(typed) == wanted


@given(st.text())
def test_what_is_looked_for_is_folded_and_not_blank(typed: str) -> None:
    for one in sought(typed):
        assert one
        assert one == fold(one) == searching.passage(one)
