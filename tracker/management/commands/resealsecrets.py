"""`manage.py resealsecrets`: after SECRET_KEY was replaced, before the old one is dropped."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tracker.actions import sealing


class Command(BaseCommand):
    help = "Seal second factors and webhooks' secrets with today's SECRET_KEY."

    def handle(self, *args: Any, **options: Any) -> None:
        done, lost = sealing.reseal()
        self.stdout.write(f"Sealed anew: {done}.")
        if lost:
            raise CommandError(f"No key opens {lost}: put the former key in SECRET_KEY_FALLBACKS.")
