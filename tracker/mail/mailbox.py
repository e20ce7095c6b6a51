"""The local mailbox: Django's mail backend of local use, and the folder that it fills.

Each message is a file of its own: who it was handed over for (blind copies too, which no header
names), then exactly the bytes that a mail server would have been given. What they say is read in
tracker.mail.opened. Django calls the backend with no instant, so it is an entry point of its own
and asks the clock. Must not live here: anything of a page.
"""

import os
import re
import secrets
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parseaddr
from pathlib import Path
from typing import cast

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import SafeMIMEMultipart, SafeMIMEText, sanitize_address

from tracker import clock
from tracker.domain.errors import NotFound

MOST_KEPT = 1_000
DRAFT_IS_STALE_AFTER = 3_600  # seconds
SUFFIX = ".eml"
DRAFT_SUFFIX = ".part"
ID = re.compile(r"([0-9]{8}T[0-9]{12})Z-[0-9a-f]{16}")
FROM, TO = b"X-Mailbox-From: ", b"X-Mailbox-To: "


@dataclass(frozen=True, slots=True)
class Envelope:
    """Between whom a message was handed over. Blank where the file does not say."""

    sender: str = ""
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """One file: ``content`` is the message as a mail server would have been given it."""

    id: str
    at: datetime
    envelope: Envelope
    content: bytes


@dataclass(frozen=True, slots=True)
class Mailbox:
    """The folder. Any number of processes may write to it and read it at once."""

    folder: Path

    def keep(self, content: bytes, envelope: Envelope, *, at: datetime) -> str:
        """Write a message whole or not at all, and let go of the oldest ones. OSError if it fails.

        It is not forced to the disk: should the machine fall, a letter to oneself may be lost.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = f"{at.astimezone(UTC):%Y%m%dT%H%M%S%f}Z-{secrets.token_hex(8)}"
        draft = self.folder / f".{name}{DRAFT_SUFFIX}"
        try:
            number = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(number, "wb") as file:
                file.write(_prefix(envelope) + content)
            draft.rename(self._path(name))
        except BaseException:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            raise
        # The message is kept by now: that something old could not be removed is no failure of it.
        with suppress(OSError):
            self._let_go()
        return name

    def ids(self) -> list[str]:
        """Newest first. What is not named like a message of ours is none."""
        return _ids(self._names())

    def get(self, name: str) -> Kept:
        """The message of that id. NotFound if there is none, OSError if it cannot be read."""
        at = kept_at(name)
        try:
            envelope, content = _opened(self._path(name).read_bytes())
        except FileNotFoundError as error:
            raise NotFound("There is no such message.") from error
        return Kept(name, at, envelope, content)

    def delete_all(self) -> int:
        """How many messages were removed. One that arrives meanwhile stays."""
        return sum(self._delete(name) for name in self.ids())

    def _names(self) -> list[str]:
        try:
            return os.listdir(self.folder)  # noqa: PTH208 (a thousand names, and no path of them)
        except (FileNotFoundError, NotADirectoryError):
            return []

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}{SUFFIX}"

    def _delete(self, name: str) -> bool:
        try:
            self._path(name).unlink()
        except OSError:  # somebody else was first, or it is no file
            return False
        return True

    def _let_go(self) -> None:
        names = self._names()
        for name in _ids(names)[MOST_KEPT:]:
            self._delete(name)
        # A writer that was killed left its draft behind; one that is at work is far younger.
        before = time.time() - DRAFT_IS_STALE_AFTER
        for draft in (self.folder / name for name in names if name.endswith(DRAFT_SUFFIX)):
            with suppress(OSError):
                if draft.stat().st_mtime < before:
                    draft.unlink()


def _ids(names: list[str]) -> list[str]:
    """Newest first."""
    found = (name.removesuffix(SUFFIX) for name in names if name.endswith(SUFFIX))
    return sorted(filter(ID.fullmatch, found), reverse=True)


def kept_at(name: str) -> datetime:
    """When the message of that id was kept. NotFound for what is no id: no path is made of it."""
    found = ID.fullmatch(name)
    try:
        if found is not None:
            return datetime.strptime(f"{found[1]}+0000", "%Y%m%dT%H%M%S%f%z")
    except ValueError:  # the 31st of February
        pass
    raise NotFound("There is no such message.")


def here() -> Mailbox | None:
    """The mailbox of this instance; none in production or where a mail server was named."""
    return Mailbox(Path(settings.MAILBOX_DIR)) if settings.MAILBOX_DIR else None


class EmailBackend(BaseEmailBackend):
    """Keeps what Django's SMTP backend would have sent, and refuses what that would refuse."""

    def __init__(self, fail_silently: bool = False, **options: object) -> None:
        super().__init__(fail_silently=fail_silently)
        mailbox = here()
        if mailbox is None:
            raise ImproperlyConfigured("The mailbox is for local use without EMAIL_URL only.")
        self.mailbox = mailbox

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """How many were kept. A message that cannot be written raises, unless fail_silently."""
        return sum(self._keep(message) for message in email_messages)

    def _keep(self, message: EmailMessage) -> bool:
        if not message.recipients():
            return False
        encoding = str(message.encoding or settings.DEFAULT_CHARSET)
        envelope = Envelope(
            _bare(str(message.from_email), encoding),
            tuple(_bare(str(address), encoding) for address in message.recipients()),
        )
        made = cast("SafeMIMEText | SafeMIMEMultipart", message.message())
        content = made.as_bytes(linesep="\r\n")
        try:
            self.mailbox.keep(content, envelope, at=clock.now())
        except OSError:
            if not self.fail_silently:
                raise
            return False
        return True


def _bare(address: str, encoding: str) -> str:
    """The address alone, as a mail server is given it. ValueError for what is none."""
    return parseaddr(sanitize_address(address, encoding))[1]


def _prefix(envelope: Envelope) -> bytes:
    lines = [FROM + envelope.sender.encode()]
    lines += [TO + address.encode() for address in envelope.recipients]
    return b"".join(line + b"\r\n" for line in lines)


def _opened(content: bytes) -> tuple[Envelope, bytes]:
    """Envelope and message of a file; a file that was put there by hand has no envelope."""
    sender, recipients = "", []
    if content.startswith(FROM):
        line, _, content = content.removeprefix(FROM).partition(b"\r\n")
        sender = line.decode(errors="replace")
    while content.startswith(TO):
        line, _, content = content.removeprefix(TO).partition(b"\r\n")
        recipients.append(line.decode(errors="replace"))
    return Envelope(sender, tuple(recipients)), content
