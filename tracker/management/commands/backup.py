"""``manage.py backup``: the whole register as one file, or the proof that such a file is whole.

Must not live here: what the file looks like (exports), what is in it (docs/backup.md).
"""

from argparse import ArgumentParser
from pathlib import Path
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import Error

from tracker.clock import now
from tracker.domain.errors import DomainError
from tracker.exports import archives, backups
from tracker.exports.manifests import Manifest


class Command(BaseCommand):
    help = (
        "Write the whole register into one new file (docs/backup.md). It holds password hashes and"
        " second-factor secrets: only its owner can read it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", metavar="PATH", type=Path, help="the file, such as today.zip")
        parser.add_argument(
            "--check", action="store_true", help="prove that PATH is whole; writes nothing"
        )

    def handle(self, *_: Any, path: Path, check: bool, **options: Any) -> None:
        began = perf_counter()
        try:
            if check:
                with archives.opened(path) as found:
                    found.check()
                    self._tell(f"{path} holds", found.manifest, path.stat().st_size, began)
                return
            written = backups.write(path, at=now())
        except DomainError as error:
            raise CommandError(str(error)) from error
        except Error as error:
            raise CommandError(f"The database cannot be read: {reason(error)}.") from error
        self._tell(f"{path} is written", written.manifest, written.bytes, began)
        if written.problems:
            raise CommandError(
                f"The ledger does not hold, so {path} can not be restored:"
                f" {written.problems[0]} See manage.py verifyledger."
            )

    def _tell(self, what: str, manifest: Manifest, size: int, began: float) -> None:
        entries = sum(head.seq for head in manifest.chains.values())
        self.stdout.write(
            f"{what}: {manifest.rows} rows in {len(manifest.tables)} tables, {entries} ledger"
            f" entries in {len(manifest.chains)} chains, {len(manifest.files)} files;"
            f" {size / 1e6:.1f} MB, {perf_counter() - began:.1f} s."
        )


def reason(error: Exception) -> str:
    """An error's first line."""
    return (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")
