"""``manage.py restore``: a backup into an empty database, whole or not at all (docs/backup.md)."""

from argparse import ArgumentParser
from pathlib import Path
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import Error, connection

from tracker.actions import restores
from tracker.domain.errors import DomainError
from tracker.exports import archives
from tracker.selectors import tables

from .backup import reason


class Command(BaseCommand):
    help = "Put a backup into an empty database, in today's shape. Fails whole, or not at all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", metavar="PATH", type=Path, help="a file that backup wrote")

    def handle(self, *_: Any, path: Path, **options: Any) -> None:
        began = perf_counter()
        try:
            with archives.opened(path) as found:
                done = restores.restore(backup=found)
        except DomainError as error:
            raise CommandError(f"{error} Nothing was restored.") from error
        except (Error, OSError) as error:
            raise CommandError(f"{path}: {reason(error)}. Nothing was restored.") from error
        self.stdout.write(
            f"{path} is restored into {tables.place(connection)}: {done.rows} rows, {done.chains}"
            f" chains of the ledger, {done.files} files; {perf_counter() - began:.1f} s."
        )
        if done.migrated:
            self.stdout.write(
                f"It was of an earlier release: {len(done.migrated)} migrations were applied, the"
                f" last {tables.dotted(done.migrated[-1])}."
            )
