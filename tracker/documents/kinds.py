"""What bytes are, by the bytes alone: no name and no claimed type is believed."""

import re

from tracker.domain.errors import Invalid

from .values import Kind

AHEAD = 1024  # a PDF may begin with so much else
OPENING = 4096
PASTE = "Save it as PDF, HTML or plain text, or paste its text."
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
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"II*\x00", "an image"),
    (b"MM\x00*", "an image"),
    (b"RIFF", "an image, a sound or a film"),
    (b"ID3", "a sound"),
    (b"OggS", "a sound or a film"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"%!PS", "a PostScript file"),
)
_WIDE = (b"\xff\xfe", b"\xfe\xff")  # how UTF-16 and UTF-32 begin
_MARKUP = re.compile(
    rb"(?:<\?xml[^>]*>|<!--(?:(?!-->).)*+-->|\s)*+<(?:!doctype\s+html|html|head|body)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
# Control characters that no text has. NUL is told apart: it is refused by name.
_CONTROLS = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")


def judged(content: bytes) -> Kind:
    """PDF, HTML or plain text. Raises Invalid for anything else, with what it is."""
    if not content.strip():
        raise Invalid("The file is empty.", mend="Choose another, or paste the text.")
    if b"%PDF-" in content[:AHEAD]:
        return Kind.PDF
    for begins, what in KNOWN:
        if content.startswith(begins):
            raise Invalid(f"This is {what}, and is not read here.", mend=PASTE)
    opening = content[:OPENING]
    if opening.startswith(_WIDE):
        plain = opening.replace(b"\x00", b"")[2:]
    else:
        plain = opening.removeprefix(b"\xef\xbb\xbf")
        if len(_CONTROLS.findall(opening)) * 50 > len(opening):
            raise Invalid("This is neither PDF, HTML nor plain text.", mend=PASTE)
    return Kind.HTML if _MARKUP.match(plain) else Kind.TEXT
