"""`manage.py demouser`: the logins that a first look needs, on one machine, for local use only."""

import os
import secrets
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tracker.actions import memberships, users
from tracker.clock import now
from tracker.domain.access import Role
from tracker.models import Dossier, User

EMAIL = "demo@localhost"
NAME = "Demo analyst"
ADMIN_EMAIL = "admin@localhost"
ADMIN_NAME = "Site administrator"


class Command(BaseCommand):
    help = (
        "Make the demo analyst and a site administrator, or give them new passwords, kept in the"
        " data folder."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.IS_PRODUCTION:
            raise CommandError("The demo logins are for local use: production has none.")
        at = now()
        user = self._login(EMAIL, NAME, "demo-login", at)
        for dossier in Dossier.objects.exclude(memberships__user=user):
            memberships.grant(dossier=dossier, user=user, role=Role.OWNER, by=None, at=at)
        admin = self._login(ADMIN_EMAIL, ADMIN_NAME, "admin-login", at)
        users.set_site_admin(user=admin, is_site_admin=True, by=None, at=at)

    def _login(self, email: str, name: str, file_name: str, at: datetime) -> User:
        """The user with a new password, which only the file tells."""
        password = "-".join(secrets.token_hex(3) for _ in range(3))
        user = User.objects.filter(email=email).first()
        if user is None:
            user = users.register(email=email, name=name, password=password, by=None, at=at)
        else:
            users.set_password(user=user, password=password, by=None, at=at)
        path = settings.DATA_DIR / file_name
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(f"{email}\n{password}\n")
        self.stdout.write(f"The login of {email} is in {path}.")
        return user
