"""The text of a PDF. Only the child loads this."""

import io
import re

from pypdf import PdfReader
from pypdf.errors import DependencyError, LimitReachedError

from tracker.domain.errors import Invalid
from tracker.domain.sentences import _

from .values import LARGEST, Document, Kind

MOST_PAGES = 2_000
NO_TEXT = _(
    "There is no text in this PDF: it may be a scan. The file is kept; "
    "type or paste its text, if you have it."
)
DAMAGED = _("The PDF is damaged and cannot be read.")
MEND = _("Save it anew with a PDF program, or paste its text.")
LOCKED = Invalid(
    _("The PDF is locked with a password."), mend=_("Save it without one, or paste its text.")
)
# What PDF programs put for a title that nobody wrote.
_NO_TITLE = re.compile(
    r"^(microsoft word - .*|untitled.*|.*\.(docx?|pdf|odt|indd|rtf))$", re.IGNORECASE
)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?=$|[-_])", re.IGNORECASE)
LONGEST = 300
LOST = "\ufffd"


def read(content: bytes) -> Document:
    """The text of all pages. Raises Invalid for what is damaged, locked, or too much."""
    try:
        return _read(content)
    except Invalid:
        raise
    except LimitReachedError as error:
        raise Invalid(_("The PDF unfolds to more than is read."), mend=MEND) from error
    except DependencyError as error:
        raise LOCKED from error
    except (MemoryError, RecursionError):
        raise
    except Exception as error:  # whatever it stumbled on: the file is not what it says
        raise Invalid(DAMAGED, mend=MEND) from error


def _read(content: bytes) -> Document:
    reader = PdfReader(io.BytesIO(content), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise LOCKED
    number = len(reader.pages)
    if number > MOST_PAGES:
        raise Invalid(
            _(
                "The PDF has {number} pages, and at most {most_pages} are read.",
                number=number,
                most_pages=MOST_PAGES,
            ),
            mend=_("Save the pages that matter as a PDF of their own."),
        )
    said: list[str] = []
    size = 0
    for page in reader.pages:
        contents = page.get_contents()
        if contents is not None:
            contents.get_data()  # what unfolds too far would only be passed over below
        text = _clean(page.extract_text() or "")
        size += len(text.encode())
        if size > LARGEST:
            raise Invalid(_("The PDF unfolds to more text than is read."), mend=MEND)
        if text:
            said.append(text)
    text = "\n\n".join(said)
    lost = text.count(LOST)
    notes: tuple[str, ...] = () if text else (NO_TEXT,)
    if lost:
        stands = _(
            "{lost} characters have no meaning in the PDF and stand as {mark}.",
            lost=lost,
            mark=LOST,
        )
        notes = (stands,)
    return Document(Kind.PDF, text=text, title=_title(reader), language=_said(reader), notes=notes)


def _clean(text: str) -> str:
    """No halves of a character, and no NUL, which some fonts have for what they do not name."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return "\n".join(line.rstrip() for line in whole.replace("\x00", LOST).splitlines()).strip()


def _title(reader: PdfReader) -> str:
    title = " ".join(_clean(str((reader.metadata and reader.metadata.title) or "")).split())
    return "" if _NO_TITLE.match(title) else title[:LONGEST]


def _said(reader: PdfReader) -> str:
    found = _LANGUAGE.match(str(reader.root_object.get("/Lang") or ""))
    return found[0].lower() if found else ""
