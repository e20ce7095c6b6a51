"""``manage.py loadseeds``: dossiers written by hand as YAML, loaded through the actions.

Must not live here: what a seed file means (docs/seeds.md, actions/seed_form.py).
"""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tracker.actions import seeds
from tracker.actions.seed_yaml import MAX_BYTES
from tracker.clock import now
from tracker.models import User


class Command(BaseCommand):
    help = "Load seed files (docs/seeds.md). Loading again writes nothing that is there already."
    requires_migrations_checks = True

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "paths",
            nargs="*",
            metavar="PATH",
            help="files, or folders of *.yaml files; all of seeds/ when left out",
        )
        parser.add_argument("--by", metavar="EMAIL", help="the user in whose name it is loaded")

    def handle(self, *args: Any, **options: Any) -> None:
        by = self._user(options["by"])
        refused: list[str] = []
        for path in self._files(options["paths"] or [str(settings.ROOT / "seeds")], refused):
            name = _short(path)
            try:
                with path.open("rb") as file:
                    data = file.read(MAX_BYTES + 1)
                loaded = seeds.load(name, data, by=by, at=now())
            except OSError as error:
                refused.append(f"{name}: it cannot be read: {error.strerror}.")
            except seeds.SeedRefusedError as error:
                refused += [*error.lines, f"{name}: nothing of this file was loaded."]
            else:
                self._tell(loaded)
        if refused:
            raise CommandError("\n".join(refused), returncode=1)

    def _user(self, email: str | None) -> User | None:
        if not email:
            return None
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            raise CommandError(f"--by: nobody in the register has the address '{email}'.")
        return user

    def _files(self, paths: list[str], refused: list[str]) -> list[Path]:
        found: list[Path] = []
        for name in paths:
            path = Path(name)
            if path.is_dir():
                inside = sorted(p for p in path.iterdir() if p.suffix in {".yaml", ".yml"})
                if not inside:
                    refused.append(f"{name}: there is no *.yaml file in this folder.")
                found += inside
            elif path.exists():
                found.append(path)
            else:
                refused.append(f"{name}: there is no such file. Check the path.")
        return found

    def _tell(self, loaded: seeds.Loaded) -> None:
        changes = (
            f"{len(loaded.added)} added, {len(loaded.amended)} amended, "
            f"{loaded.unchanged} unchanged"
            if loaded.added or loaded.amended
            else f"nothing to do, {loaded.unchanged} unchanged"
        )
        self.stdout.write(f"{loaded.file}: {changes}.")
        for noun, key in loaded.amended:
            self.stdout.write(f"  amended: {_words(noun)} {key}")
        for noun, key in loaded.left:
            self.stdout.write(
                f"  no longer in the file, left alone: {_words(noun)} {key}"
                " (withdrawn_at takes it back)"
            )


def _words(noun: str) -> str:
    return noun.replace("_", " ")


def _short(path: Path) -> str:
    """The path as it is shown: relative to the working folder where it lies beneath it."""
    absolute = path.absolute()
    try:
        return os.fspath(absolute.relative_to(Path.cwd()))
    except ValueError:
        return os.fspath(path)
