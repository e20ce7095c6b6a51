"""`manage.py deliver`: send what is due now, once, without a worker."""

from typing import Any

from django.core.management.base import BaseCommand

from tracker.actions import deliveries
from tracker.clock import now


class Command(BaseCommand):
    help = "Send every message that is due."

    def handle(self, *_: Any, **options: Any) -> None:
        self.stdout.write(f"{deliveries.drain(now=now)} messages tried.")
