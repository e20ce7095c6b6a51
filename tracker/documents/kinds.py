"""What bytes are, by the bytes alone: no name and no claimed type is believed."""

import re

from tracker.domain.errors import Invalid
from tracker.domain.sentences import _

from .values import Kind

AHEAD = 1024  # a PDF may begin with so much else
OPENING = 4096
PASTE = _("Save it as PDF, HTML or plain text, or paste its text.")
REDRAW = _("Save it as PNG, JPEG or WebP, and say in the note what it was made from.")
BOTH = _("This is several things at once: it begins as a picture, and holds a PDF.")
# What people take for a document and is none that is read here, by how it begins.
KNOWN: tuple[tuple[bytes, str], ...] = (
    (
        b"PK\x03\x04",
        "a ZIP archive, or a Word, LibreOffice or e-book file, which are such archives",
    ),
    (b"\xd0\xcf\x11\xe0", "an Office file of the old kind"),
    (b"{\\rtf", "an RTF file"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"RIFF", "a sound or a film"),
    (b"ID3", "a sound"),
    (b"OggS", "a sound or a film"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"%!PS", "a PostScript file"),
)
# Pictures of other kinds.
DRAWN: tuple[tuple[bytes, str], ...] = (
    (b"GIF8", "a GIF"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"\x00\x00\x01\x00", "an icon"),
    (b"8BPS", "a Photoshop file"),
    (b"\x00\x00\x00\x0cJXL ", "a JPEG XL picture"),
    (b"\x00\x00\x00\x0cjP  ", "a JPEG 2000 picture"),
)
_BOXED = b"ftyp"  # from the fifth byte on: HEIC, AVIF and films
_WIDE = (b"\xff\xfe", b"\xfe\xff")  # how UTF-16 and UTF-32 begin
_MARKUP = re.compile(
    rb"(?:<\?xml[^>]*>|<!--(?:(?!-->).)*+-->|\s)*+<(?:!doctype\s+html|html|head|body)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
_DRAWING = re.compile(
    rb"(?:<\?xml[^>]*>|<!--(?:(?!-->).)*+-->|<!doctype[^>\[]*(?:\[[^\]]*\])?\s*>|\s)*+<(?:\w+:)?svg[\s>/]",
    re.IGNORECASE | re.DOTALL,
)
# Control characters that no text has. NUL is told apart: it is refused by name.
_CONTROLS = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")


def judged(content: bytes) -> Kind:
    """PDF, HTML, plain text, or a picture that is taken. Raises Invalid for anything else, with
    what it is.
    """
    if not content.strip():
        raise Invalid(_("The file is empty."), mend=_("Choose another, or paste the text."))
    picture = drawn(content)
    if b"%PDF-" in content[:AHEAD]:
        if picture is not None:
            raise Invalid(BOTH, mend=REDRAW)
        return Kind.PDF
    if picture is not None:
        return picture
    for begins, what in DRAWN:
        if content.startswith(begins):
            raise Invalid(_("This is {what}, which is not taken.", what=what), mend=REDRAW)
    if content[4:8] == _BOXED:
        raise Invalid(_("This is a HEIC or AVIF picture, or a film: none is taken."), mend=REDRAW)
    for begins, what in KNOWN:
        if content.startswith(begins):
            raise Invalid(_("This is {what}, and is not read here.", what=what), mend=PASTE)
    opening = content[:OPENING]
    if opening.startswith(_WIDE):
        plain = opening.replace(b"\x00", b"")[2:]
    else:
        plain = opening.removeprefix(b"\xef\xbb\xbf")
        if len(_CONTROLS.findall(opening)) * 50 > len(opening):
            raise Invalid(_("This is neither PDF, HTML, plain text nor a picture."), mend=PASTE)
    if _DRAWING.match(plain):
        raise Invalid(_("This is an SVG drawing, which can hold programs."), mend=REDRAW)
    return Kind.HTML if _MARKUP.match(plain) else Kind.TEXT


def drawn(content: bytes) -> Kind | None:
    """Which picture it begins as; whether it is one is for pictures.py."""
    if content.startswith(b"\x89PNG"):
        return Kind.PNG
    if content.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    return Kind.WEBP if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else None
