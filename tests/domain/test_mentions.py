"""Mentions: whom an @ names, and what is said of one that names nobody or several."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.errors import Invalid
from tracker.domain.mentions import MOST, found, resolved

PEOPLE = {
    "1": "Ada Lovelace",
    "2": "Ada Byron",
    "3": "Bea",
    "4": "Ann-Marie  O’Neill",
    "5": "Ann",
    "6": "Євген Ткач",
    "7": "Bea",
}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("@Ada Lovelace, please look", {"1"}),
        ("please look, @ada lovelace.", {"1"}),
        ("(@Ada Byron)", {"2"}),
        ("@Ann", {"5"}),
        ("@Ann’s note", {"5"}),
        ("@Ann-Marie", {"4"}),
        ("@Ann-Marie O’Neill and @Ann", {"4", "5"}),
        ("@Євген", {"6"}),
        ("@Євген Ткач", {"6"}),
        ("ada@example.org, @ 5 p.m., a @, @@Nobody", set()),
        ("nobody", set()),
    ],
)
def test_a_name_is_the_longest_that_fits(text: str, told: set[str]) -> None:
    assert resolved(text, PEOPLE) == told


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("@Ada", "2 members are called “Ada”"),
        ("@Bea", "2 members are called “Bea”"),
        ("@Annabel", "No member of this dossier is called “Annabel”"),
        ("thanks @Nobody!", "No member of this dossier is called “Nobody”"),
    ],
)
def test_nobody_and_several_are_refused_with_what_to_do(text: str, said: str) -> None:
    with pytest.raises(Invalid) as refused:
        resolved(text, PEOPLE)
    assert said in refused.value.message
    assert refused.value.field == "text"
    assert refused.value.mend


def test_a_tick_says_which_of_several_is_meant() -> None:
    assert resolved("@Ada", PEOPLE, ticked={"2"}) == {"2"}
    assert resolved("@Ada", PEOPLE, ticked={"1", "2"}) == {"1", "2"}
    with pytest.raises(Invalid):
        resolved("@Ada", PEOPLE, ticked={"3"})


def test_who_is_ticked_is_a_member_and_they_are_not_too_many() -> None:
    assert resolved("", PEOPLE, ticked={"5"}) == {"5"}
    with pytest.raises(Invalid, match="no active member"):
        resolved("", PEOPLE, ticked={"99"})
    many = {str(n): f"P{n}" for n in range(MOST + 1)}
    with pytest.raises(Invalid, match="at most"):
        resolved("", many, ticked=set(many))


@given(st.text(alphabet="@ @AdaLovceByronBİßﬀ.\n", max_size=40))
def test_on_any_text_the_places_are_those_of_what_was_typed(text: str) -> None:
    last = 0
    for mention in found(text, PEOPLE):
        assert last <= mention.start < mention.end <= len(text)
        assert text[mention.start] == "@"
        last = mention.end
