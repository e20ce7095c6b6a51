"""What may become of a message, and when it is tried again. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

GIVES_UP_AFTER = timedelta(hours=24)
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)


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


def next_try(*, made_at: datetime, attempts: int, at: datetime) -> datetime | None:
    """When to try again after that many attempts, each wait twice the last; None: give up."""
    if at - made_at >= GIVES_UP_AFTER:
        return None
    wait = FIRST_WAIT
    for _ in range(1, attempts):
        wait = min(wait * 2, LONGEST_WAIT)
    return at + wait
