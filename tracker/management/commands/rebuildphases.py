"""`manage.py rebuildphases`: derive every pledge's phases anew, after zone data changed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from tracker.actions import phases
from tracker.clock import now


class Command(BaseCommand):
    help = "Derive every pledge's phases anew from its facts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--mark", action="store_true", help="only mark them: the sweep does it bit by bit"
        )

    def handle(self, *_: Any, mark: bool, **options: Any) -> None:
        marked = phases.mark_all(at=now())
        done = 0
        while not mark and (batch := phases.rebuild_stale(at=now())):
            done += batch
        self.stdout.write(f"{marked} marked, {done} derived anew.")
