"""Cycles in what starts rest on."""

from collections.abc import Iterable, Mapping


def find_cycle(edges: Mapping[str, Iterable[str]]) -> list[str] | None:
    """One cycle of a directed graph as its path, first node repeated last; None when acyclic.

    Nodes are visited in sorted order, so that the same graph always gives the same answer.
    """
    done: set[str] = set()
    for root in sorted(edges):
        path: list[str] = []
        on_path: set[str] = set()
        stack: list[tuple[str, bool]] = [(root, False)]
        while stack:
            node, leaving = stack.pop()
            if leaving:
                path.pop()
                on_path.discard(node)
                done.add(node)
                continue
            if node in on_path:
                return [*path[path.index(node) :], node]
            if node in done:
                continue
            path.append(node)
            on_path.add(node)
            stack.append((node, True))
            stack.extend((child, False) for child in sorted(edges.get(node, ()), reverse=True))
    return None
