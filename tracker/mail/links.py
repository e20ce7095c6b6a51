"""The addresses that letters carry, as paths; whoever sends puts the host before them.

A token is in the path and not in the query: the request log leaves it out of both.
"""

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse

from tracker.models import User


def invitation(token: str) -> str:
    return reverse("invitation", args=(token,))


def new_password(user: User) -> str:
    """A page to set a password on, once: the token ends with the password that it was made for."""
    return reverse("set_password", args=(user.uid, default_token_generator.make_token(user)))


def fits(user: User, token: str) -> bool:
    return default_token_generator.check_token(user, token)


def days() -> int:
    """For how long such a page can be opened."""
    return int(settings.PASSWORD_RESET_TIMEOUT // 86400)
