"""Fetching what stands at a source's address: its bytes, or why there are none.

Must not live here: how it is called (calls.py), what the bytes say (documents).
"""

from dataclasses import dataclass
from email.message import Message
from http import HTTPStatus

from tracker.domain import addresses
from tracker.domain.errors import DomainError, Invalid
from tracker.domain.sentences import _, joined

from . import calls
from .errors import CutOff, Unfit

PASTE = _("Open it in your browser, and paste its text below; or enter the source without it.")
LATER = _("Try again, or paste its text below; the source can be entered without it too.")


@dataclass(frozen=True, slots=True)
class Fetched:
    """``address``: the one that answered, after redirects. ``charset``: what it said, if it did."""

    content: bytes
    charset: str
    address: str


def fetch(address: str) -> Fetched:
    """What is there. Raises DomainError on ``url``: what failed, and how to go on without."""
    try:
        answer = calls.get(addresses.parse(address))
    except Invalid as error:
        raise Invalid(
            error.message,
            field="url",
            mend=joined(error.mend, PASTE),
        ) from error
    except Unfit as error:
        raise Unfit(error.message, field="url", mend=PASTE) from error
    except DomainError as error:  # nobody there, or not to the end
        raise CutOff(error.message, field="url", mend=LATER) from error
    if answer.status != HTTPStatus.OK:
        raise Unfit(
            f"{answer.address.place} answers {_named(answer.status)}, and no text.",
            field="url",
            mend=PASTE,
        )
    header = Message()
    header["content-type"] = answer.content_type.replace("\r", " ").replace("\n", " ")
    charset = str(header.get_content_charset("") or "")
    return Fetched(answer.body, charset, str(answer.address))


def _named(status: int) -> str:
    try:
        return f"{status} ({HTTPStatus(status).phrase})"
    except ValueError:
        return str(status)
