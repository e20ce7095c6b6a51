"""The heartbeat's task, asked for by each sweep that has ended. One that waits for the next
sweep is worth nothing any more, and is dropped: whoever listens is told by that one.
"""

from celery import shared_task

from tracker.actions import heartbeats

EXPIRES = 30  # seconds, from one sweep to the next


@shared_task
def beat() -> None:
    heartbeats.beat()
