"""What a file is called: a name that can be shown, kept and offered to be saved."""

import re
import unicodedata
from urllib.parse import unquote, urlsplit

from .values import Kind

LONGEST = 150
SUFFIXES = {Kind.PDF: ".pdf", Kind.HTML: ".html", Kind.TEXT: ".txt"}
ALSO = {Kind.HTML: (".htm", ".xhtml"), Kind.TEXT: (".md", ".text")}
_NOT_IN_NAMES = re.compile(r'[/\\:*?"<>|]+')


def safe(name: str, kind: Kind) -> str:
    """The name without folders, controls and marks of direction, and with what its kind ends in."""
    last = re.split(r"[/\\]", name)[-1]
    seen = "".join(c for c in last if unicodedata.category(c)[0] != "C")
    plain = " ".join(_NOT_IN_NAMES.sub(" ", seen).split()) or "source"
    suffix = SUFFIXES[kind]
    known = next((e for e in (suffix, *ALSO.get(kind, ())) if plain.lower().endswith(e)), "")
    stem = plain[: len(plain) - len(known)].strip(". ") or "source"
    ends = plain[len(plain) - len(known) :] if known else suffix
    return stem[: LONGEST - len(ends)] + ends


def of_address(address: str, kind: Kind) -> str:
    """A name for what was fetched: the last part of its path, else its host."""
    parts = urlsplit(address)
    last = unquote(parts.path.rstrip("/").rpartition("/")[2], errors="replace")
    return safe(last or parts.hostname or "", kind)
