"""The drain of the outbox: claim, send, record. Named, and on purpose not one transaction.

A worker that is killed between sending and recording leaves a lease that runs out; the message
then goes once more under the same Message-ID, by which a reader's program knows it.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from time import perf_counter

import structlog

from tracker.domain.outbox import FIRST_WAIT, Outcome
from tracker.mail import alerts, transport
from tracker.mail.transport import Connection, Unreachable
from tracker.models import Message
from tracker.selectors.parcels import Parcel, parcels

from . import outbox
from .outbox import Attempt

log = structlog.get_logger("tracker.deliveries")
MOST_SILENT = 2
SILENT_FOR = FIRST_WAIT + timedelta(seconds=30)


def drain(*, now: Callable[[], datetime], within: float | None = None) -> int:
    """Send what is due, for at most so many seconds; how many messages were tried.

    It ends early when the mail server does not answer. ``now`` is asked anew for each message:
    sending takes its time.
    """
    began = perf_counter()
    tried, answers = 0, True
    with transport.connected() as connection:
        while answers and (within is None or perf_counter() - began < within):
            outbox.freeze(at=now())
            claimed = outbox.claim(at=now())
            if not claimed:
                break
            done, answers = _batch(claimed, connection, now)
            tried += done
    return tried


def _batch(
    claimed: list[Message], connection: Connection, now: Callable[[], datetime]
) -> tuple[int, bool]:
    """Each of these once; how many were tried, and whether the other side answers.

    When it does not, or twice in a row fell silent, the rest is given back untried.
    """
    loaded = parcels(claimed, at=now())
    silent, refused = 0, set()
    for number, parcel in enumerate(loaded, start=1):
        held = outbox.renew((later.message for later in loaded[number - 1 :]), at=now())
        if parcel.message not in held:
            continue
        outbox.drop(dict(parcel.dropped), at=now())
        if not parcel.pledges and not parcel.message.is_test:
            outbox.leave(parcel.message, at=now())
            continue
        at = now()
        way = (parcel.message.recipient_id, parcel.message.channel)
        if way in refused:
            outbox.refuse(parcel.message, at=at)
            continue
        try:
            attempt = _send(parcel, connection, at)
        except Unreachable as error:
            log.warning("mail server does not answer", detail=str(error))
            attempt, silent = Attempt(Outcome.DEFERRED, None, str(error)), MOST_SILENT
        except Exception as error:
            # One that cannot be rendered must not hold up the others.
            log.exception("message not rendered", message=str(parcel.message.uid))
            attempt = Attempt(Outcome.DEFERRED, None, f"{type(error).__name__}: {error}")
        if attempt.outcome is Outcome.ADDRESS_REFUSED:
            refused.add(way)
        silent = silent + 1 if attempt.outcome is Outcome.UNCERTAIN else silent
        outbox.record(parcel.message, attempt, at=now(), is_late=parcel.is_late)
        if silent >= MOST_SILENT:
            rest = [later.message for later in loaded[number:]]
            outbox.release(rest, until=now() + SILENT_FOR)
            return number, False
    return len(loaded), True


def _send(parcel: Parcel, connection: Connection, at: datetime) -> Attempt:
    answer = connection.send(alerts.letter(parcel, at=at))
    return Attempt(answer.outcome, answer.code, answer.detail)
