"""The outbox's tasks, one for each channel. Beat pokes them; what is due, the database knows."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from celery import shared_task
from django.conf import settings

from tracker.actions import deliveries
from tracker.clock import now
from tracker.selectors.audience import MAIL, WEBHOOK

WITHIN = 20.0  # seconds: then whatever else waits has its turn


@shared_task
def deliver() -> None:
    deliveries.drain(now=now, within=WITHIN, channels=(MAIL,))


@shared_task
def deliver_webhooks() -> None:
    """Waiting for servers that do not answer, many of these would keep every worker from the rest:
    at most one runs on a machine, and others leave at once.
    """
    with _alone() as is_mine:
        if is_mine:
            deliveries.drain(now=now, within=WITHIN, channels=(WEBHOOK,))


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether nobody else on this machine is at it; the lock ends with its process."""
    folder = settings.DATA_DIR / "run"
    folder.mkdir(mode=0o700, exist_ok=True)
    with (folder / "webhooks.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True
