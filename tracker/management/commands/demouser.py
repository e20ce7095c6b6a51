"""`manage.py demouser`: the login that a first look needs, on one machine, for local use only."""

import os
import secrets
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tracker.actions import memberships, users
from tracker.clock import now
from tracker.domain.access import Role
from tracker.models import Dossier, User

EMAIL = "demo@localhost"
NAME = "Demo analyst"


class Command(BaseCommand):
    help = "Make the demo analyst, or give it a new password, kept in the data folder."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.IS_PRODUCTION:
            raise CommandError("The demo login is for local use: production has none.")
        password = "-".join(secrets.token_hex(3) for _ in range(3))
        at = now()
        user = User.objects.filter(email=EMAIL).first()
        if user is None:
            user = users.register(email=EMAIL, name=NAME, password=password, by=None, at=at)
        else:
            users.set_password(user=user, password=password, by=None, at=at)
        for dossier in Dossier.objects.exclude(memberships__user=user):
            memberships.grant(dossier=dossier, user=user, role=Role.OWNER, by=None, at=at)
        path = settings.DATA_DIR / "demo-login"
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(f"{EMAIL}\n{password}\n")
        self.stdout.write(f"The login of {EMAIL} is in {path}.")
