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


# A text, and what of one or two characters it is found by, and is not.
SHORT_WORDS = [
    ("UN observers in district 77, G7", "un in 77 g7", "u n dist 7 st"),
    ("停火三十天", "停 停火 火 火三 天", "停三 双"),
    ("휴전은 오늘", "휴전 전은 은 오 오늘", "은오 전오"),
    ("停戦は三月、ガザで", "停戦 は 三 ガザ で 月、", "戦三 ガで"),
    ("มีไฟในเมือง", "ไฟ มี ใน เม", "ไม มน"),
    ("الهدنة في غزة و سلام", "في و", "ال غز فغ"),
    ('צה"ל נסוג עם או', 'עם או צה ל "ל', "נס סו"),
    ("не в зоні ЄС", "не в єс", "зо ні н є"),
    ("30天内", "30 天 天内 内", "3 0 0天"),
    ("50% of §5", "50 of § §5 5 %", "0% o f"),
    ("C# é", "c# c # e", ""),
    ("🕊🕊", "🕊 🕊🕊", "🕊a"),
    ("", "", "a 停"),
]


@pytest.mark.parametrize(("text", "found", "missed"), SHORT_WORDS)
def test_a_short_word_is_found_whole_or_in_a_run_of_signs(
    text: str, found: str, missed: str
) -> None:
    folded = searching.passage(text)
    stored = searching.kept(folded)
    for typed, is_found in (*((one, True) for one in found.split()), (missed, False)):
        for word in searching.words(typed):
            if len(word) >= searching.SHORT:
                continue
            [way] = searching.ways(word)
            assert (way in stored) == searching.holds(folded, word) == is_found, word


CHARACTERS = st.sampled_from(
    ["a", "b", "7", "é", "停", "火", "휴", "ไ", "ي", "'", "%", " ", "\u093f", "𠀀"]
)


@given(
    st.lists(CHARACTERS, max_size=40).map("".join), st.lists(CHARACTERS, max_size=4).map("".join)
)
def test_what_is_stored_is_found_by_what_the_text_holds(text: str, typed: str) -> None:
    folded = searching.passage(text)
    stored = searching.kept(folded, ("alpha", "B-2"))
    assert stored.split(searching.APART)[0] == folded
    for word in searching.sought(typed):
        [way] = searching.ways(word)
        assert (way in stored) == searching.holds(folded, word)


def test_a_party_is_found_by_its_key_and_by_nothing_that_can_be_typed() -> None:
    stored = searching.kept("halt", ("alpha", "b-2"))
    for parties, is_found in ((["b-2"], True), (["alpha"], True), (["alph", "b-22"], False)):
        assert any(way in stored for way in searching.ways("nowhere", parties)) is is_found
    for typed in ("alpha", "b-2", "2", "ａｌｐｈａ", "Ａ", "ALPHA"):
        assert not any(
            way in stored for one in searching.sought(typed) for way in searching.ways(one)
        )


@given(st.text())
def test_nothing_that_is_looked_for_has_a_separator_or_a_wide_letter(typed: str) -> None:
    for word in searching.sought(typed):
        assert searching.APART not in word
        assert searching.BETWEEN not in word
        assert not any("\uff01" <= sign <= "\uff5e" for sign in word)
