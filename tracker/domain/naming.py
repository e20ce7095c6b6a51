"""What parties are called, by themselves and by those that are one with them.

Must not live here: which party a text of a source means (suggestions), or which names are alike.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from . import searching
from .merging import NOTHING, Merged


@dataclass(frozen=True)
class Names:
    """``of``: by slug, its name and its aliases. ``merged``: which parties are one."""

    of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    merged: Merged = NOTHING

    def called(self, words: Iterable[str]) -> tuple[tuple[str, ...], ...]:
        """For each folded word, by slug, the parties that are called by it."""
        found = []
        for word in words:
            so = [slug for slug, text in self._folded.items() if searching.holds(text, word)]
            found.append(self.merged.widened(so))
        return tuple(found)

    def by(self, words: Iterable[str], slug: str) -> list[str]:
        """Those of a party's names that have one of the words, its own name first of all."""
        words = tuple(words)
        names = [self.of[one] for one in self.merged.widened([slug]) if one in self.of]
        each = dict.fromkeys(name for one in names for name in one)
        return [n for n in each if any(searching.holds(_folded((n,)), word) for word in words)]

    @cached_property
    def _folded(self) -> Mapping[str, str]:
        return {slug: _folded(names) for slug, names in self.of.items()}


@lru_cache(maxsize=8192)
def _folded(names: tuple[str, ...]) -> str:
    return searching.BETWEEN.join(map(searching.passage, names))
