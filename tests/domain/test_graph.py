"""Cycles among what starts rest on are found and named."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.graph import find_cycle

graphs = st.dictionaries(
    st.integers(0, 7).map(str), st.lists(st.integers(0, 7).map(str), max_size=4), max_size=8
)


def test_a_cycle_is_named_with_its_path() -> None:
    assert find_cycle({"A": ["B"], "B": ["C"], "C": ["A"]}) == ["A", "B", "C", "A"]
    assert find_cycle({"A": ["A"]}) == ["A", "A"]
    assert find_cycle({"A": ["B", "C"], "B": ["D"], "C": ["D"], "D": []}) is None
    assert find_cycle({}) is None


@given(graphs)
def test_what_is_found_is_a_cycle_and_none_is_missed(edges: dict[str, list[str]]) -> None:
    found = find_cycle(edges)
    if found is None:
        rest = {n: set(c) for n, c in edges.items()}
        while True:
            leaves = {n for n, children in rest.items() if not children & rest.keys()}
            if not leaves:
                break
            for leaf in leaves:
                del rest[leaf]
        assert not rest
    else:
        assert found[0] == found[-1]
        assert all(b in edges[a] for a, b in pairwise(found))


def test_a_long_chain_needs_no_deep_stack() -> None:
    chain = {str(i): [str(i + 1)] for i in range(20_000)}
    assert find_cycle(chain) is None
    chain["20000"] = ["0"]
    found = find_cycle(chain)
    assert found is not None
    assert len(found) == 20_002
