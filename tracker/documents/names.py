"""What a file is called: a name that can be shown, kept and offered to be saved."""

import re
import unicodedata
from urllib.parse import unquote, urlsplit

from tracker.domain.errors import Invalid
from tracker.domain.sentences import _

from .values import PICTURES, Kind

LONGEST = 150
SUFFIXES = {
    Kind.PDF: ".pdf",
    Kind.HTML: ".html",
    Kind.TEXT: ".txt",
    Kind.PNG: ".png",
    Kind.JPEG: ".jpg",
    Kind.WEBP: ".webp",
}
ALSO = {
    Kind.HTML: (".htm", ".xhtml"),
    Kind.TEXT: (".md", ".text"),
    Kind.JPEG: (".jpeg", ".jpe", ".jfif"),
}
WHAT = {Kind.PDF: "a PDF", Kind.HTML: "a web page", Kind.TEXT: "plain text"}
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


def claimed(name: str) -> Kind | None:
    """What a name says that the file is; None: nothing that is taken."""
    last = name.lower().strip()
    ends = ((kind, (SUFFIXES[kind], *ALSO.get(kind, ()))) for kind in Kind)
    return next((kind for kind, known in ends if last.endswith(known)), None)


def is_picture(name: str) -> bool:
    """Whether a file that was entered under that name is a picture: check() saw to it."""
    return claimed(name) in PICTURES


def check(name: str, kind: Kind) -> None:
    """Raises Invalid for a name that takes a picture for something else, or the other way round.

    One kind of picture that is called another is no lie: programs do it every day.
    """
    said = claimed(name)
    if said is None or said.is_picture == kind.is_picture:
        return
    if said.is_picture:
        raise Invalid(
            _("Its name ends as a picture's does, and its content is {what}.", what=WHAT[kind]),
            mend=_("Look at what it is. If it is what you mean, give it the name of what it is."),
        )
    raise Invalid(
        _("Its name says {what}, and its content is a picture.", what=WHAT[said]),
        mend=_("Look at what it is. If it is what you mean, give it the name of what it is."),
    )
