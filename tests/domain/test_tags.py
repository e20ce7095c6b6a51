"""Tags: how they are kept, and when two are one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain import tags
from tracker.domain.errors import Invalid


def test_they_are_trimmed_and_each_stands_once_as_it_was_typed_first() -> None:
    assert tags.kept([" Power  grid ", "POWER GRID", "عاجل", "Straße", "STRASSE"]) == [
        "Power grid",
        "عاجل",
        "Straße",
    ]


def test_they_are_typed_in_lines_or_between_commas_of_any_script() -> None:
    assert tags.split("grid, ports\r\nعاجل، هدنة、 \n,") == ["grid", "ports", "عاجل", "هدنة"]


@pytest.mark.parametrize(
    "given_tags",
    [["x" * 51], [f"t{n}" for n in range(21)], [" "], ["a,b"], ["a\nb", "c、d"]],
)
def test_what_is_no_tag_is_refused(given_tags: list[str]) -> None:
    with pytest.raises(Invalid):
        tags.kept(given_tags)


def test_the_limits_themselves_hold() -> None:
    assert len(tags.kept(["x" * 50, *(f"t{n}" for n in range(19))])) == tags.MOST


def test_some_are_added_and_some_removed() -> None:
    assert tags.changed(["A", "b"], add=["c", "B"], remove=["a"]) == ["b", "c"]
    with pytest.raises(Invalid):
        tags.changed([f"t{n}" for n in range(20)], add=["more"], remove=[])
    assert len(tags.changed([f"t{n}" for n in range(20)], add=["more"], remove=["T0"])) == 20


@given(st.text())
def test_folded_twice_it_is_the_same_and_it_is_found_in_what_is_stored(text: str) -> None:
    once = tags.fold(text)
    assert tags.fold(once) == once
    assert "\n" not in once
    if once:
        assert tags.sought(text) in tags.stored([text, "other"])


def test_a_part_of_a_tag_is_not_found() -> None:
    assert tags.sought("gri") not in tags.stored(["grid", "a gri b"])
