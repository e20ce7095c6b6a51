"""From bytes to text: by what they begin with, by what is declared, and only then by guessing."""

import codecs
import re

from tracker.domain.errors import Invalid
from tracker.domain.sentences import _

from .values import Kind

# Longer first: UTF-32 begins as UTF-16 does.
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What browsers mean by these labels.
MEANT = {
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "iso-8859-9": "cp1254",
    "latin5": "cp1254",
    "tis-620": "cp874",
    "iso-8859-11": "cp874",
    "iso-8859-8-i": "iso-8859-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "x-mac-cyrillic": "mac-cyrillic",
    "unicode": "utf-16",
}
LOOKED_AT = 4096  # bytes in which a page says how it is encoded
GUESSED_BY = 200_000
FEW = 200  # of so many characters one may be unreadable
_DECLARED = re.compile(rb"""<meta[^>]*?charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_DECLARED_XML = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)""", re.IGNORECASE)
LOST = "\ufffd"


def decoded(content: bytes, kind: Kind, charset: str = "") -> tuple[str, tuple[str, ...]]:
    """The text, and what to look at. ``charset``: what the server said.

    Raises Invalid where nobody can tell, and for NUL.
    """
    text, notes = _decoded(content, kind, charset)
    if "\x00" in text:
        raise Invalid(
            _("The text holds a NUL character, so that it is no plain text."),
            mend=_("Save the file as UTF-8 text without it, or paste the text."),
        )
    return text, notes


def _decoded(content: bytes, kind: Kind, charset: str) -> tuple[str, tuple[str, ...]]:
    for mark, name in MARKS:
        if content.startswith(mark):
            return _with_losses(content.removeprefix(mark), name)
    for declared in _declared(content, kind, charset):
        found = _strictly(content, declared)
        if found is not None:
            return found, ()
        text, notes = _with_losses(content, declared)
        if text.count(LOST) * FEW <= len(text):
            return text, notes
    found = _strictly(content, "utf-8")
    return (found, ()) if found is not None else _guessed(content)


def _declared(content: bytes, kind: Kind, charset: str) -> list[str]:
    said = [charset]
    if kind is Kind.HTML:
        opening = content[:LOOKED_AT]
        said += [
            found[1].decode("ascii", "ignore")
            for pattern in (_DECLARED, _DECLARED_XML)
            if (found := pattern.search(opening))
        ]
    names = [MEANT.get(one.strip().lower(), one.strip().lower()) for one in said]
    # Whoever writes in ASCII that it is UTF-16 is not believed.
    return [name for name in names if _is_known(name) and not name.startswith(("utf-16", "utf-32"))]


def _is_known(name: str) -> bool:
    try:
        return bool(name) and bool(codecs.lookup(name)._is_text_encoding)
    except (LookupError, ValueError):
        return False


def _strictly(content: bytes, name: str) -> str | None:
    try:
        return content.decode(name)
    except (UnicodeError, ValueError):
        return None


def _with_losses(content: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    text = content.decode(name, "replace")
    lost = text.count(LOST)
    note = f"{lost} characters could not be read and stand as {LOST}: compare with the original."
    return text, ((note,) if lost else ())


def _guessed(content: bytes) -> tuple[str, tuple[str, ...]]:
    from charset_normalizer import from_bytes  # loaded where it is needed

    best = from_bytes(content[:GUESSED_BY]).best()
    text = _strictly(content, best.encoding) if best is not None else None
    if best is None or text is None:
        raise Invalid(
            _("How the text is encoded is not said, and cannot be told from it."),
            mend=_("Save it as UTF-8, or paste the text."),
        )
    note = _(
        "How it is encoded is not said; it was read as {encoding}: look whether it is right.",
        encoding=best.encoding,
    )
    return text, (note,)
