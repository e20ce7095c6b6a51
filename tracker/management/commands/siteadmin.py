"""`manage.py siteadmin`: the first site administrator, or one more. No password passes here."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from tracker.actions import users
from tracker.clock import now
from tracker.domain.errors import DomainError
from tracker.mail import links
from tracker.models import User
from tracker.selectors import people


class Command(BaseCommand):
    help = "Make somebody a site administrator; print a link to set a password where none is set."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("--name", default="", help="how others see the person")
        parser.add_argument(
            "--link", action="store_true", help="print a link also where a password is set"
        )

    def handle(self, *_: Any, email: str, name: str, link: bool, **options: Any) -> None:
        try:
            user = self._made(email.strip(), name.strip())
        except ValidationError as error:
            raise CommandError(f"“{email}” is no e-mail address.") from error
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{user.email} is a site administrator.")
        if link or not user.has_usable_password():
            self.stdout.write(f"To set a password, once, within {links.days()} days:")
            self.stdout.write(f"{host()}{links.new_password(user)}")
        else:
            self.stdout.write("The password stays as it is; --link prints a link to set another.")

    def _made(self, email: str, name: str) -> User:
        at = now()
        user = people.by_email(email)
        if user is None:
            if not email.endswith("@localhost"):
                validate_email(email)
            if not name:
                raise CommandError("A new account needs a name: --name “Ada Lovelace”.")
            user = users.register(email=email, name=name, password=None, by=None, at=at)
        return users.set_site_admin(user=user, is_site_admin=True, by=None, at=at)


def host() -> str:
    """Where the web answers: the first host that was allowed, or this machine's port."""
    if settings.IS_PRODUCTION:
        return f"https://{settings.ALLOWED_HOSTS[0].lstrip('.')}"
    return f"http://localhost:{settings.ENV.port}"
