"""The channel “mail”: a connection to the mail server, kept over many messages, and what each
attempt came to.

Never raises for what a server or a network does. Must not live here: what is said (alerts.py).
"""

import smtplib
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.core.mail import EmailMultiAlternatives, get_connection

from tracker.domain.outbox import Attempt, Outcome
from tracker.selectors.parcels import Parcel

from . import alerts

MOST_SILENT = 2
# Replies to RCPT that say of the address itself that it is none, or no longer.
NO_SUCH_ADDRESS = frozenset({550, 551, 553})
ADDRESS_STATUS = "5.1."
POLICY_STATUS = "5.7."


class Connection:
    """One connection; opened when it is first needed, and again after a failure.

    One server takes everybody's mail, one message after the other. When nobody answers there, or
    not to us, or it falls silent over two messages in a row, it is left alone.
    """

    hands = 1
    each = None

    def __init__(self) -> None:
        self.backend: Any = get_connection(fail_silently=False)
        self.is_open = False
        self.silent = 0

    def lane(self, parcel: Parcel) -> None:
        return None

    def prepare(self, parcel: Parcel, *, at: datetime) -> EmailMultiAlternatives:
        return alerts.letter(parcel, at=at)

    def send(self, message: EmailMultiAlternatives) -> Attempt:
        try:
            self._open()
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            return Attempt(Outcome.DEFERRED, None, f"{type(error).__name__}: {error}", halts=True)
        attempt = self._hand_over(message)
        is_silent = attempt.outcome is Outcome.UNCERTAIN
        self.silent = self.silent + 1 if is_silent else 0
        return replace(attempt, halts=True) if self.silent >= MOST_SILENT else attempt

    def _hand_over(self, message: EmailMultiAlternatives) -> Attempt:
        message.connection = self.backend
        try:
            sent = message.send()
        except smtplib.SMTPRecipientsRefused as error:
            self._recover()
            return _of_recipients(error)
        except smtplib.SMTPSenderRefused as error:
            self.close()
            said = _said(error.smtp_code, error.smtp_error)
            return Attempt(Outcome.DEFERRED, None, said, halts=True)
        except smtplib.SMTPDataError as error:
            self._recover()
            outcome = Outcome.DEFERRED if error.smtp_code < 500 else Outcome.CONTENT_REFUSED
            return Attempt(outcome, error.smtp_code, _said(error.smtp_code, error.smtp_error))
        except (smtplib.SMTPException, OSError) as error:
            # Silence after the last byte: the server may have it. The same id tells a second one.
            self.close()
            return Attempt(Outcome.UNCERTAIN, None, f"{type(error).__name__}: {error}")
        except ValueError as error:  # what no header or address can hold
            return Attempt(Outcome.CONTENT_REFUSED, None, f"{type(error).__name__}: {error}")
        return Attempt(Outcome.SENT, 250) if sent else Attempt(Outcome.DEFERRED, None, "Not sent.")

    def close(self) -> None:
        self.is_open = False
        with suppress(smtplib.SMTPException, OSError):
            self.backend.close()
        self.backend.connection = None

    def _open(self) -> None:
        if self.is_open:
            return
        self.backend.open()
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


def _of_recipients(error: smtplib.SMTPRecipientsRefused) -> Attempt:
    """One recipient to a message: its refusal is the message's."""
    code, told = next(iter(error.recipients.values()))
    said = _said(code, told)
    status = said.partition(" ")[2]
    if code < 500:
        return Attempt(Outcome.DEFERRED, code, said)
    if status.startswith(ADDRESS_STATUS) or (
        code in NO_SUCH_ADDRESS and not status.startswith(POLICY_STATUS)
    ):
        return Attempt(Outcome.ADDRESS_REFUSED, code, said)
    return Attempt(Outcome.CONTENT_REFUSED, code, said)


def _said(code: int, told: bytes | str) -> str:
    text = told.decode(errors="replace") if isinstance(told, bytes) else str(told)
    return f"{code} {' '.join(text.split())}"
