"""The drain of the outbox: claim, send, record. Named, and on purpose not one transaction.

A worker that is killed between sending and recording leaves a lease that runs out; the message
then goes once more under the same id, by which a reader's program knows it.

What of a batch goes to one server is a lane: one after the other, and no further once the server
is silent. Lanes do not wait for each other. Only sending happens in other threads: the database is
read and written in this one. Must not live here: what a channel says, and how (mail/, outside/).
"""

from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from time import perf_counter
from typing import Any, Protocol

import structlog

from tracker.domain.outbox import FIRST_WAIT, Attempt, Outcome, granted
from tracker.mail import transport
from tracker.models import Message
from tracker.models.alert import CHANNELS
from tracker.outside import webhooks
from tracker.selectors.audience import WEBHOOK
from tracker.selectors.parcels import Parcel, parcels

from . import outbox, sealing

log = structlog.get_logger("tracker.deliveries")
SILENT_FOR = FIRST_WAIT + timedelta(seconds=30)
LOOKED_AT_LEASES = 5.0  # seconds
Clock = Callable[[], datetime]
Lane = int | None


class Carrier(Protocol):
    """How a channel hands messages over; opened for one drain."""

    @property
    def hands(self) -> int:
        """How many it hands over at a time."""

    @property
    def each(self) -> int | None:
        """How many of one recipient a batch has at most; None: any number."""

    def lane(self, parcel: Parcel) -> Lane:
        """Whose server it goes to: a recipient's own, or None: the one that all share."""

    def prepare(self, parcel: Parcel, *, at: datetime) -> Any:
        """What is sent, made of what was loaded; None: there is nowhere to send it."""

    def send(self, prepared: Any) -> Attempt:
        """Hands it over. Reads and writes no row: it runs in a thread of its own."""

    def close(self) -> None: ...


def open_carrier(channel: str) -> Carrier:
    if channel == WEBHOOK:
        return webhooks.Posts(unseal=lambda text: sealing.unseal(text, purpose=sealing.WEBHOOKS))
    return transport.Connection()


def drain(*, now: Clock, within: float | None = None, channels: Iterable[str] = CHANNELS) -> int:
    """Send what is due, for at most so many seconds a channel; how many messages were tried.

    It ends early when the server that all share does not answer. ``now`` is asked anew for each
    message: sending takes its time.
    """
    tried = 0
    for channel in channels:
        began, goes_on = perf_counter(), True
        carrier = open_carrier(channel)

        def is_over(began: float = began) -> bool:
            return within is not None and perf_counter() - began >= within

        try:
            with ThreadPoolExecutor(carrier.hands) as pool:
                while goes_on and not is_over():
                    outbox.freeze(at=now())
                    claimed = outbox.claim(at=now(), channel=channel, each=carrier.each)
                    if not claimed:
                        break
                    batch = _Batch(claimed, carrier, pool, now, is_over)
                    batch.run()
                    tried += batch.tried
                    goes_on = None not in batch.halted
        finally:
            carrier.close()
    return tried


class _Batch:
    """Each of these messages once, those of one lane in their order."""

    def __init__(
        self,
        claimed: list[Message],
        carrier: Carrier,
        pool: ThreadPoolExecutor,
        now: Clock,
        is_over: Callable[[], bool],
    ) -> None:
        self.carrier, self.pool, self.now, self.is_over = carrier, pool, now, is_over
        self.lanes: dict[Lane, deque[Parcel]] = {}
        for parcel in parcels(claimed, at=now()):
            self.lanes.setdefault(carrier.lane(parcel), deque()).append(parcel)
        self.flying: dict[Future[Attempt], tuple[Lane, Parcel]] = {}
        self.halted: set[Lane] = set()
        self.refused: set[int] = set()  # recipients
        self.tried = 0

    def run(self) -> None:
        for lane in self.lanes:
            self._launch(lane)
        while self.flying:
            landed, _ = wait(self.flying, LOOKED_AT_LEASES, return_when=FIRST_COMPLETED)
            for future in landed:
                lane, parcel = self.flying.pop(future)
                self._record(lane, parcel, _outcome(future))
                self._launch(lane)
            self._renew()

    def _launch(self, lane: Lane) -> None:
        """The next of a lane; what need not be sent is settled on the way to it."""
        waiting = self.lanes[lane]
        while waiting:
            if self.is_over():
                self._give_back(lane, until=self.now())
                return
            parcel = waiting.popleft()
            if not outbox.renew([parcel.message], at=self.now()):
                continue
            self.tried += 1
            outbox.drop(dict(parcel.dropped), at=self.now())
            if not parcel.pledges and not parcel.message.is_test:
                outbox.leave(parcel.message, at=self.now())
                continue
            if parcel.message.recipient_id in self.refused:
                outbox.refuse(parcel.message, at=self.now())
                continue
            try:
                prepared = self.carrier.prepare(parcel, at=self.now())
            except Exception as error:
                # One that cannot be rendered must not hold up the others.
                log.exception("message not rendered", message=str(parcel.message.uid))
                said = f"{type(error).__name__}: {error}"
                self._record(lane, parcel, Attempt(Outcome.DEFERRED, None, said))
                continue
            if prepared is None:
                outbox.leave(parcel.message, at=self.now())
                continue
            self.flying[self.pool.submit(self.carrier.send, prepared)] = (lane, parcel)
            return

    def _record(self, lane: Lane, parcel: Parcel, attempt: Attempt) -> None:
        at = self.now()
        outbox.record(parcel.message, attempt, at=at, is_late=parcel.is_late)
        if attempt.outcome is Outcome.ADDRESS_REFUSED:
            self.refused.add(parcel.message.recipient_id)
        if attempt.halts:
            log.warning("server does not take more for now", detail=attempt.detail)
            self.halted.add(lane)
            until = at + max(SILENT_FOR, granted(attempt.wait))
            self._give_back(lane, until=until)
            if lane is not None:
                outbox.hold_back(parcel.message, until=until, at=at)

    def _give_back(self, lane: Lane, *, until: datetime) -> None:
        """The rest of a lane, untried."""
        outbox.release([parcel.message for parcel in self.lanes[lane]], until=until)
        self.lanes[lane].clear()

    def _renew(self) -> None:
        """Nobody else takes what is on its way, or waits for its turn here."""
        waiting = [parcel for lane in self.lanes.values() for parcel in lane]
        flying = [parcel for _, parcel in self.flying.values()]
        outbox.renew((parcel.message for parcel in flying + waiting), at=self.now())


def _outcome(future: Future[Attempt]) -> Attempt:
    try:
        return future.result()
    except Exception as error:
        log.exception("sending failed in a way that nobody thought of")
        return Attempt(Outcome.UNCERTAIN, None, f"{type(error).__name__}: {error}")
