"""Keys that are made and not typed: from a title, numbered beneath an owner, or of what is pledged.

Must not live here: which key a new row gets (actions/verbs.py).
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.text import slugify

MOST = 60  # characters of a title that a key is made of
OF_REFERENCE = 50


@dataclass(frozen=True, slots=True)
class Base:
    """What of a made key may be made anew. ``join``: between ``stem`` and its number; ``rest``:
    what follows the number, as with the two readings of a rule that is not stated.
    """

    stem: str
    join: str
    name: str
    rest: str

    def plain(self, key: str) -> str:
        """Another key without what follows its number."""
        return re.sub(r"-[a-z]+$", "", key) if self.join == "." else key


def stem_of(noun: str, title: str) -> str:
    """What a key is made of where none was typed."""
    return slugify(title)[:MOST].strip("-_") or noun


def prefix_of(references: Iterable[str], slug: str) -> str:
    """What most references of a dossier begin with: ``UA``; without any, its slug."""
    firsts = Counter(ref.partition("-")[0] for ref in references if "-" in ref)
    return firsts.most_common(1)[0][0] if firsts else slug.upper()


def reference_of(prefix: str, what: str, who: str) -> str:
    """``UA-ENERGY-RU``: of a dossier's prefix, a subject or kind, and a party's code or slug."""
    own = who.upper().removeprefix(f"{prefix}-".upper())  # a slug may begin with it already
    parts = (prefix, what.partition("_")[0], own)
    return "-".join(filter(None, parts)).upper()[:OF_REFERENCE].rstrip("-")


def base_of(noun: str, key: str, title: str) -> Base | None:
    """How a key was made; None where it was typed."""
    numbered = re.fullmatch(rf"((?:.*\.)?{noun})\.\d+(-[a-z]+)?", key)
    if numbered is not None:
        stem, rest = numbered.group(1), numbered.group(2) or ""
        return Base(stem, ".", key.removesuffix(rest), rest)
    stem = stem_of(noun, title)
    if title and re.fullmatch(rf"{re.escape(stem)}(-\d+)?", key):
        return Base(stem, "-", key, "")
    return None
