"""The addresses that letters carry, as paths; whoever sends puts the host before them.

A token is in the path and not in the query: the request log leaves it out of both.
"""

from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.urls import reverse

from tracker.models import User


class PasswordTokens(PasswordResetTokenGenerator):
    """They end with the password and address they were made for, and where access ends."""

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}{user.is_active}"


def invitation(token: str) -> str:
    return reverse("invitation", args=(token,))


def new_password(user: User) -> str:
    """A page to set a password on, once: the token ends with the password that it was made for."""
    key = PasswordTokens().make_token(user)
    return reverse("account_reset_password_from_key", args=(user_pk_to_url_str(user), key))


def days() -> int:
    """For how long such a page can be opened."""
    return int(settings.PASSWORD_RESET_TIMEOUT // 86400)
