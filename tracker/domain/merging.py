"""Which rows turned out to be one: what was merged into what. No chains: what stays is not merged.

Must not live here: what moves when two pledges are merged (selectors/merges.py).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True)
class Merged:
    """``into``: by the slug of each that was merged, the one that it is taken for."""

    into: Mapping[str, str] = field(default_factory=dict)

    def of(self, slug: str) -> str:
        """The one that counts: itself, where it was not merged."""
        return self.into.get(slug, slug)

    def same(self, slug: str) -> frozenset[str]:
        """All that are one with it, itself among them."""
        root = self.of(slug)
        return frozenset({root, *self._by_root.get(root, ())})

    def widened(self, slugs: Iterable[str]) -> tuple[str, ...]:
        """Those slugs and all that are one with any of them, each once."""
        return tuple(
            dict.fromkeys(one for slug in slugs for one in (slug, *sorted(self.same(slug))))
        )

    @cached_property
    def _by_root(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for slug, root in self.into.items():
            found.setdefault(root, []).append(slug)
        return found


NOTHING = Merged()
