"""`manage.py prepare`, asked for by the supervisor when the database is not up to date."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Migrate the database; with --fresh also load the examples and make the demo login."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--fresh", action="store_true", help="the database has just been made")

    def handle(self, *args: Any, fresh: bool, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        if not fresh:
            return
        if "loadseeds" in get_commands():
            call_command("loadseeds", stdout=self.stdout)
        call_command("demouser", stdout=self.stdout)
