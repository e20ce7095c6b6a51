"""What may become of a message, and when it is tried again. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

GIVES_UP_AFTER = timedelta(hours=24)
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
LONGEST_ASKED = timedelta(hours=6)


class MessageState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    REFUSED = "refused"  # the address, for good
    DEAD = "dead"  # given up, or its content refused: listed, and can be sent again
    MERGED = "merged"  # its alerts travel in a newer one
    DROPPED = "dropped"  # nothing in it was left to say


class Outcome(StrEnum):
    """Of one attempt. ``uncertain``: it may have been taken without our being told."""

    SENT = "sent"
    DEFERRED = "deferred"
    UNCERTAIN = "uncertain"
    ADDRESS_REFUSED = "address_refused"
    CONTENT_REFUSED = "content_refused"


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of handing a message over: ``code`` and ``detail`` as the other side told.

    ``wait``: how long it asked to be left alone. ``halts``: nothing more is to be tried there for
    now, be it that it asked for that or that it does not answer.
    """

    outcome: Outcome
    code: int | None = None
    detail: str = ""
    wait: timedelta | None = None
    halts: bool = False


def next_try(
    *, made_at: datetime, attempts: int, at: datetime, wait: timedelta | None = None
) -> datetime | None:
    """When to try again after that many attempts, each wait twice the last; None: give up.

    ``wait``: what the other side asked for, of which so much is granted.
    """
    if at - made_at >= GIVES_UP_AFTER:
        return None
    ours = FIRST_WAIT
    for _ in range(1, attempts):
        ours = min(ours * 2, LONGEST_WAIT)
    return at + max(ours, granted(wait))


def granted(wait: timedelta | None) -> timedelta:
    """Of what the other side asked for, so much as alerts can bear."""
    return min(wait or timedelta(), LONGEST_ASKED)
