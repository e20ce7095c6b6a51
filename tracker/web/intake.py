"""A source's text or picture from its address or from a file, proposed in the fields of its form.

Only what is empty is filled in, and what an earlier proposal put there and nobody changed. Nothing
is entered here; the file is kept, so that it is there when the form is sent.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext

from tracker.actions import source_files
from tracker.documents import names, reading
from tracker.documents.values import LARGEST, Document, Kind
from tracker.domain import quotations, stated
from tracker.domain.errors import DomainError, Invalid
from tracker.models import Dossier, User
from tracker.outside import fetching
from tracker.web.entry import this_minute
from tracker.web.forms.fields import StatedTime
from tracker.web.forms.sources import SourceForm
from tracker.words import label

NAMED = 80  # code points of a value that are shown
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+(?:[/?#]|$)")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a page or file says of a field; ``is_taken``: it stands in the form now."""

    label: Any
    value: str
    is_taken: bool
    is_time: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    """What was read. ``place``: the address that answered, or the name of the file."""

    document: Document
    place: str
    name: str
    content: bytes
    retrieved: str = ""

    @property
    def text(self) -> str:
        return quotations.kept(self.document.text)


@dataclass(frozen=True, slots=True)
class Filled:
    """What came of it, for the page to tell. ``size``: of the text, in characters; a picture has
    none.
    """

    place: str
    proposals: tuple[Proposal, ...]
    notes: tuple[str, ...]
    size: int
    is_same: bool = False
    is_picture: bool = False


def fetched(address: str, *, at: datetime) -> Read:
    """What stands at an address. Raises DomainError on ``url``, with how to go on without."""
    if not address.strip():
        raise Invalid(
            gettext("There is no address to fetch."),
            field="url",
            mend=gettext("Type it, then fetch it."),
        )
    is_bare = _HOST.match(address.strip()) is not None  # as the form takes it
    found = fetching.fetch(f"https://{address.strip()}" if is_bare else address)
    try:
        document = reading.read(found.content, charset=found.charset, address=found.address)
    except DomainError as error:
        raise Invalid(error.message, field="url", mend=fetching.PASTE) from error
    name = names.of_address(found.address, document.kind)
    return Read(document, found.address, name, found.content, retrieved=this_minute(at))


def uploaded(file: "UploadedFile[bytes] | None") -> Read:
    """What a chosen file says. Raises DomainError on ``file``."""
    if file is None:
        raise Invalid(
            gettext("No file is chosen."),
            field="file",
            mend=gettext("Choose a PDF, HTML or text file, or a picture."),
        )
    size = file.size or 0
    if size > LARGEST:
        said = gettext("The file has %(size)s MB; at most %(most)s are taken.")
        raise Invalid(
            said % {"size": f"{size / 1_000_000:.1f}", "most": LARGEST // 1_000_000},
            field="file",
            mend=gettext("Choose a smaller one, or paste the part of its text that matters."),
        )
    content = file.read()
    try:
        document = reading.read(content)
        names.check(file.name or "", document.kind)
    except DomainError as error:
        raise Invalid(error.message, field="file", mend=error.mend) from error
    document = _called(document, file.name or "")
    name = names.safe(file.name or "", document.kind)
    return Read(document, name, name, content)


def _called(document: Document, name: str) -> Document:
    """With a note where its name says another kind of picture than it is."""
    said = names.claimed(name)
    if said is None or said is document.kind or not document.kind.is_picture:
        return document
    note = gettext("Its name says %(said)s, its content is %(kind)s: it is kept as that.") % {
        "said": label("file_kind", said),
        "kind": label("file_kind", document.kind),
    }
    return replace(document, notes=(*document.notes, note))


def is_kept(read: Read, digest: str) -> bool:
    """Whether it is the very picture that is kept already. Texts are compared as texts."""
    return read.document.kind.is_picture and sha256(read.content).hexdigest() == digest


def fill(
    data: QueryDict, read: Read, *, one: Dossier, by: User, at: datetime, former: str | None = None
) -> Filled:
    """Put what was read into a form's data, which must be mutable, and keep the file.

    ``former``: the text of the version that this one would be newer than; None: there is none.
    """
    kept = source_files.keep(
        dossier=one, content=read.content, kind=Kind(read.document.kind), by=by, at=at
    )
    proposals = tuple(_proposed(data, _told(read, is_newer=former is not None)))
    data["file_sha256"], data["file_name"] = kept.sha256, read.name
    return Filled(
        read.place,
        proposals,
        read.document.notes,
        len(read.text),
        is_same=bool(read.text) and read.text == former,
        is_picture=read.document.kind.is_picture,
    )


def drop_file(data: QueryDict) -> None:
    """The form goes on without the file that was read; its text stays."""
    data["file_sha256"] = data["file_name"] = ""


def _told(read: Read, *, is_newer: bool) -> dict[str, str]:
    """What the document says, by field. When a newer text could first be read nobody knows better
    than that it was there when it was fetched.
    """
    document = read.document
    published = _published(document.published)
    has_instant = published and stated.first_instant(stated.parse(published)) is not None
    since = read.retrieved if is_newer else published if has_instant else ""
    return {
        "title": document.title,
        "publisher": document.publisher,
        "language": document.language,
        "published": published,
        "public": since,
        "retrieved": read.retrieved,
        "snapshot": read.text,
    }


def _published(text: str) -> str:
    try:
        return str(stated.parse(text)) if text else ""
    except Invalid:
        return ""


def _proposed(data: QueryDict, told: Mapping[str, str]) -> Iterator[Proposal]:
    """Fills the fields in that are nobody's typing. That the text was taken shows by itself."""
    marks = _marks(data.get("proposed", ""))
    for name, value in told.items():
        typed = str(data.get(name) or "").replace("\r\n", "\n")
        is_free = not typed.strip() or marks.get(name) == _mark(typed)
        if is_free:
            data[name] = value
            marks[name] = _mark(value)
            if value and name != "snapshot":
                yield _proposal(name, value, is_taken=True)
        elif value and typed.strip() != value.strip():
            yield _proposal(name, value, is_taken=False)
    data["proposed"] = json.dumps(marks)


def _proposal(name: str, value: str, *, is_taken: bool) -> Proposal:
    field = SourceForm.base_fields[name]
    is_time = isinstance(field, StatedTime)
    short = value if len(value) <= NAMED else f"{value[:NAMED]}…"
    return Proposal(field.label, "" if name == "snapshot" else short, is_taken, is_time)


def _marks(text: str) -> dict[str, str]:
    """The hash of what each field was last proposed: what still has it was typed by nobody."""
    try:
        found = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        found = {}
    return found if isinstance(found, dict) else {}


def _mark(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
