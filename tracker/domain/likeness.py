"""Which names are so like another that they may mean the same party. No verdict: a question."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher

ALIKE = 0.86
_ARTICLES = frozenset(["the", "al", "el", "la", "le", "les", "of", "and", "de", "du"])


def plain(name: str) -> str:
    """A name without case, accents, signs and articles, its words in their order."""
    folded = unicodedata.normalize("NFKD", name).casefold()
    letters = "".join(c for c in folded if not unicodedata.combining(c))
    words = re.findall(r"\w+", letters)
    return " ".join(word for word in words if word not in _ARTICLES) or " ".join(words)


def like(name: str, known: Mapping[str, Iterable[str]], *, most: int = 5) -> list[str]:
    """The keys of ``known`` one of whose names is like ``name``, the likeliest first."""
    wanted = plain(name)
    if not wanted:
        return []
    found: dict[str, float] = {}
    matcher = SequenceMatcher(b=wanted, autojunk=False)
    for key, names in known.items():
        for other in map(plain, names):
            likeness = _likeness(matcher, wanted, other)
            if likeness >= ALIKE:
                found[key] = max(likeness, found.get(key, 0.0))
    return sorted(found, key=lambda key: (-found[key], key))[:most]


def _likeness(matcher: "SequenceMatcher[str]", wanted: str, other: str) -> float:
    if wanted == other or sorted(wanted.split()) == sorted(other.split()):
        return 1.0
    matcher.set_seq1(other)
    if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
        return 0.0
    return matcher.ratio()
