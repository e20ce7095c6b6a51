"""A message opened for reading: its headers, its words, what is attached. Bytes in, values out.

Total on any bytes: what cannot be read is said to be damaged, and the rest is there. Must not live
here: files, pages.
"""

import base64
import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses
from urllib.parse import unquote

from .mailbox import Envelope

FOLD = re.compile(r"\r?\n(?=[ \t])")
CID = re.compile(r"cid:([^\s\"'<>()]+)", re.IGNORECASE)
DOCTYPE = re.compile(r"\s*<!doctype\b[^>]*>", re.IGNORECASE)
NEW_WINDOW = '<base target="_blank">'
Part = Message  # of the compat32 policy, which reads anything without an error


@dataclass(frozen=True, slots=True)
class Header:
    """``raw`` as sent, folds and all; ``text`` as meant."""

    name: str
    raw: str
    text: str

    @property
    def is_encoded(self) -> bool:
        return self.text != FOLD.sub("", self.raw).strip()


@dataclass(frozen=True, slots=True)
class Attachment:
    """``number`` counts from 1; ``cid`` is the name that the HTML part calls it by, or blank."""

    number: int
    name: str
    kind: str
    cid: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Opened:
    """A message as a reader sees it."""

    headers: tuple[Header, ...] = ()
    recipients: str = ""
    hidden: tuple[str, ...] = ()
    text: str = ""
    html: str = ""
    attachments: tuple[Attachment, ...] = ()
    is_damaged: bool = True

    def header(self, name: str) -> str:
        """The first header of that name, as meant; blank if there is none."""
        return next((one.text for one in self.headers if one.name.lower() == name), "")

    @property
    def subject(self) -> str:
        return self.header("subject")

    @property
    def sender(self) -> str:
        return self.header("from")


def opened(content: bytes, envelope: Envelope) -> Opened:
    """What these bytes say. ``hidden``: recipients whom no header names."""
    try:
        message = message_from_bytes(content, policy=policy.compat32)
        headers = tuple(_header(name, str(raw)) for name, raw in message.raw_items())
        bodies = _Bodies()
        for part in _leaves(message):
            bodies.take(part)
        is_damaged = not headers or any(part.defects for part in message.walk())
    except (ValueError, LookupError, TypeError, AttributeError):
        # The parser's promise is to fail on nothing; it has broken it before.
        return Opened()
    named = [one.text for one in headers if one.name.lower() in {"to", "cc"}]
    addresses = {address.lower() for _, address in getaddresses(named)}
    return Opened(
        headers=headers,
        recipients=", ".join(named) or ", ".join(envelope.recipients),
        hidden=tuple(one for one in envelope.recipients if one.lower() not in addresses),
        text="\n\n".join(bodies.texts),
        html=bodies.html,
        attachments=tuple(bodies.attachments),
        is_damaged=is_damaged,
    )


def framed(letter: Opened) -> str:
    """The HTML part as a document of its own: its pictures within it, its links in new windows."""
    pictures = {
        one.cid: f"data:{one.kind};base64,{base64.b64encode(one.content).decode()}"
        for one in letter.attachments
        if one.cid and one.kind.startswith("image/")
    }
    html = CID.sub(lambda found: pictures.get(unquote(found[1]), found[0]), letter.html)
    found = DOCTYPE.match(html)  # stands first, or the browser reads the rest by other rules
    at = found.end() if found else 0
    return f"{html[:at]}{NEW_WINDOW}{html[at:]}"


@dataclass(slots=True)
class _Bodies:
    texts: list[str] = field(default_factory=list)
    html: str = ""
    attachments: list[Attachment] = field(default_factory=list)

    def take(self, part: Part) -> None:
        kind = part.get_content_type()
        name = part.get_filename() or ""
        is_body = part.get_content_disposition() != "attachment" and not name
        if is_body and kind == "text/plain":
            self.texts.append(_text(part))
        elif is_body and kind == "text/html" and not self.html:
            self.html = _text(part)
        else:
            number = len(self.attachments) + 1
            self.attachments.append(
                Attachment(
                    number=number,
                    name=_line(_decoded(name))
                    or f"{number}{mimetypes.guess_extension(kind) or ''}",
                    kind=kind,
                    cid=str(part.get("Content-ID", "")).strip().strip("<>"),
                    content=_bytes(part),
                )
            )


def _leaves(message: Part) -> Iterator[Part]:
    """The parts that hold something, in order; an attached message is one, and is not entered."""
    if message.get_content_maintype() == "multipart" and message.is_multipart():
        for part in message.get_payload():
            if isinstance(part, Message):
                yield from _leaves(part)
    else:
        yield message


def _bytes(part: Part) -> bytes:
    if part.is_multipart():
        return b"".join(one.as_bytes() for one in part.get_payload() if isinstance(one, Message))
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def _text(part: Part) -> str:
    charset = part.get_content_charset() or "utf-8"
    try:
        text = _bytes(part).decode(charset, "replace")
    except LookupError:
        text = _bytes(part).decode("utf-8", "replace")
    return text.replace("\r\n", "\n").replace("\x00", "\N{REPLACEMENT CHARACTER}")


def _header(name: str, raw: str) -> Header:
    raw = raw.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return Header(name, raw, _decoded(raw))


def _decoded(raw: str) -> str:
    """A header's value as meant; as it stands where it cannot be decoded."""
    plain = FOLD.sub("", raw).strip()
    try:
        return str(make_header(decode_header(plain)))
    except (HeaderParseError, LookupError, ValueError):
        return plain


def _line(text: str) -> str:
    """A file's name with nothing in it that ends a line or a folder."""
    return re.sub(r"[\x00-\x1f\x7f/\\]+", "_", text).strip()
