"""Folded text: what is the same to a reader is the same to a database, letter by letter."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain import searching
from tracker.domain.searching import fold

UNASSIGNED = ("Cn", "Co", "Cs")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("İSTANBUL", "istanbul"),
        ("Diyarbakır", "DIYARBAKIR"),
        ("Straße", "STRASSE"),
        ("Côte", "Co\u0302te"),
        ("Côte", "cote"),
        ("ЗАПОРІЖЖЯ", "запоріжжя"),
        ("Слов’янськ", "слов'янськ"),
        ("الأَمْن", "الامن"),
        ("هـــدنة", "هدنة"),
        ("شָלוֹם", "شלום"),
        ("می\u200cخواهم", "میخواهم"),
        ("ΠΌΛΕΜΟΣ", "πόλεμος"),
        ("ﬁre", "FIRE"),
        ("１２", "12"),
    ],
)
def test_the_same_word_typed_otherwise(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"), [("가", "각"), ("कि", "क"), ("мир", "мор"), ("هدنة", "هدية"), ("12", "1 2")]
)
def test_another_word_stays_another(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_every_character_is_folded_for_good_and_leaves_no_capital_that_sqlite_would_ignore() -> (
    None
):
    wrong = []
    for letter in map(chr, range(sys.maxunicode + 1)):
        if unicodedata.category(letter) not in UNASSIGNED:
            folded = fold(letter)
            if fold(folded) != folded or any("A" <= c <= "Z" for c in folded):
                wrong.append(letter)
    assert wrong == []


@given(st.text())
def test_composed_or_not_it_is_the_same(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))
    assert fold(fold(text)) == fold(text)


def test_words_come_once_and_without_blanks() -> None:
    assert searching.words("Halt  the\u00a0HALT", "", "now") == ("halt", "the", "now")
    assert searching.words(" ", "\u0301") == ()
