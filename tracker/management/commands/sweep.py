"""`manage.py sweep`: notice what is due now, once, without a worker. It sends nothing."""

from typing import Any

from django.core.management.base import BaseCommand

from tracker.actions import heartbeats, sweeps
from tracker.clock import now


class Command(BaseCommand):
    help = "Notice everything that is due, once. `deliver` sends what that owes."

    def handle(self, *_: Any, **options: Any) -> None:
        done = sweeps.run(at=now())
        self.stdout.write(f"{done.noticed} noticed.")
        heartbeats.beat()
