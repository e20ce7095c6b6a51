"""`manage.py rebuildsearch`: what is searched, derived anew from all rows."""

from typing import Any

from django.core.management.base import BaseCommand

from tracker.actions import passages


class Command(BaseCommand):
    help = "Fold every text that is searched anew. The site may run meanwhile."

    def handle(self, *_: Any, **options: Any) -> None:
        self.stdout.write(f"{passages.rebuild()} passages derived anew.")
