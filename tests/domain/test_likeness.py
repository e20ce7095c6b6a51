"""Which names are so like another that it is asked whether they mean the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.likeness import like, plain

KNOWN = {
    "russia": ["Russia", "Russian Federation", "Россия"],
    "houthis": ["Ansar Allah", "Houthis", "أنصار الله"],
    "idf": ["Israel Defense Forces"],
    "mali": ["Mali"],
    "malawi": ["Malawi"],
}


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("russia", ["russia"]),
        ("The Russian Federation", ["russia"]),
        ("Federation, Russian", ["russia"]),
        ("Russsia", ["russia"]),
        ("РОССИЯ", ["russia"]),
        ("Ansarallah", ["houthis"]),
        ("أنصار الله", ["houthis"]),
        ("Mali", ["mali"]),
        ("Chad", []),
        ("The", []),
        ("", []),
        ("!?", []),
    ],
)
def test_like_names(name: str, found: list[str]) -> None:
    assert like(name, KNOWN) == found


@given(st.text(max_size=40))
def test_a_name_is_like_itself_if_it_says_anything(name: str) -> None:
    found = like(name, {"self": [name]})
    assert found == (["self"] if plain(name) else [])
