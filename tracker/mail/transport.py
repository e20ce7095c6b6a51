"""A connection to the mail server, kept over many messages; and what each attempt came to.

Never raises for what a server or a network does. Must not live here: what is said (alerts.py).
"""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import structlog
from django.core.mail import EmailMultiAlternatives, get_connection

from tracker.domain.outbox import Outcome

log = structlog.get_logger("tracker.mail")
# Replies to RCPT that say of the address itself that it is none, or no longer.
NO_SUCH_ADDRESS = frozenset({550, 551, 553})
ADDRESS_STATUS = "5.1."
POLICY_STATUS = "5.7."


class Unreachable(Exception):
    """No message could be tried at all: nobody answers, or not to us. ``detail`` as told."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one message."""

    outcome: Outcome
    code: int | None = None
    detail: str = ""


class Connection:
    """One connection; opened when it is first needed, and again after a failure."""

    def __init__(self) -> None:
        self.backend: Any = get_connection(fail_silently=False)
        self.is_open = False

    def send(self, message: EmailMultiAlternatives) -> Answer:
        """Hands the message over. Raises Unreachable when it could not even be tried."""
        self._open()
        message.connection = self.backend
        try:
            sent = message.send()
        except smtplib.SMTPRecipientsRefused as error:
            self._recover()
            return _of_recipients(error)
        except smtplib.SMTPSenderRefused as error:
            self.close()
            raise Unreachable(_said(error.smtp_code, error.smtp_error)) from error
        except smtplib.SMTPDataError as error:
            self._recover()
            outcome = Outcome.DEFERRED if error.smtp_code < 500 else Outcome.CONTENT_REFUSED
            return Answer(outcome, error.smtp_code, _said(error.smtp_code, error.smtp_error))
        except (smtplib.SMTPException, OSError) as error:
            # Silence after the last byte: the server may have it. The same id tells a second one.
            self.close()
            return Answer(Outcome.UNCERTAIN, None, f"{type(error).__name__}: {error}")
        except ValueError as error:  # what no header or address can hold
            return Answer(Outcome.CONTENT_REFUSED, None, f"{type(error).__name__}: {error}")
        return Answer(Outcome.SENT, 250) if sent else Answer(Outcome.DEFERRED, None, "Not sent.")

    def close(self) -> None:
        self.is_open = False
        with suppress(smtplib.SMTPException, OSError):
            self.backend.close()
        self.backend.connection = None

    def _open(self) -> None:
        if self.is_open:
            return
        try:
            self.backend.open()
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise Unreachable(f"{type(error).__name__}: {error}") from error
        self.is_open = True

    def _recover(self) -> None:
        """After a refusal the server awaits another message, or has hung up."""
        smtp = getattr(self.backend, "connection", None)
        if smtp is None:
            return
        try:
            smtp.rset()
        except (smtplib.SMTPException, OSError):
            self.close()


@contextmanager
def connected() -> Iterator[Connection]:
    """A connection for as many messages as there are; closed in the end."""
    connection = Connection()
    try:
        yield connection
    finally:
        connection.close()


def _of_recipients(error: smtplib.SMTPRecipientsRefused) -> Answer:
    """One recipient to a message: its refusal is the message's."""
    code, told = next(iter(error.recipients.values()))
    said = _said(code, told)
    status = said.partition(" ")[2]
    if code < 500:
        return Answer(Outcome.DEFERRED, code, said)
    if status.startswith(ADDRESS_STATUS) or (
        code in NO_SUCH_ADDRESS and not status.startswith(POLICY_STATUS)
    ):
        return Answer(Outcome.ADDRESS_REFUSED, code, said)
    return Answer(Outcome.CONTENT_REFUSED, code, said)


def _said(code: int, told: bytes | str) -> str:
    text = told.decode(errors="replace") if isinstance(told, bytes) else str(told)
    return f"{code} {' '.join(text.split())}"
