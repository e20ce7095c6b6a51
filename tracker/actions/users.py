"""Writes to people who sign in."""

from datetime import datetime

from django.db import transaction

from tracker.models import User


@transaction.atomic
def register(*, email: str, name: str, password: str | None, by: str, at: datetime) -> User:
    """A new user; one with no password cannot sign in."""
    return User.objects.create_user(email, password, name=name)


@transaction.atomic
def set_password(*, user: User, password: str, by: str, at: datetime) -> User:
    """A new password. Every session of the user but the caller's own ends with the old one."""
    user.set_password(password)
    user.save(update_fields=["password"])
    return user
