"""The addresses that letters carry, as paths; whoever sends puts the host before them.

A token is in the path and not in the query: the request log leaves it out of both.
"""

from urllib.parse import urlencode

from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from tracker.models import Message, User
from tracker.selectors.parcels import PledgeLines

LEAVE, ACKNOWLEDGE = "mail-leave", "mail-acknowledge"
UID_LENGTH, SEAL_LENGTH = 32, 32


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


def unsubscribe(message: Message) -> str:
    """Ends what sent this message to its reader. A GET only asks; a POST needs no sign-in."""
    return f"/mail/{_token(message, LEAVE)}/unsubscribe/"


def acknowledge(message: Message) -> str:
    """Acknowledges the alerts of this message for its reader. A GET only asks."""
    return f"/mail/{_token(message, ACKNOWLEDGE)}/acknowledge/"


def enter(noun: str, pledge: PledgeLines) -> str:
    """The form of a noun about a pledge, filled in with it."""
    address = reverse("fact_new", args=(pledge.slug, noun))
    return f"{address}?{urlencode({'pledge': pledge.ref})}"


def message_of(token: str, purpose: str) -> str | None:
    """The opaque id of the message that a token of that purpose was made for; None: it is none."""
    uid, seal = token[:UID_LENGTH], token[UID_LENGTH:]
    return uid if constant_time_compare(seal, _seal(uid, purpose)) else None


def _token(message: Message, purpose: str) -> str:
    """It has no end of its own: a mail may be read late, and what it does is harmless."""
    return message.uid.hex + _seal(message.uid.hex, purpose)


def _seal(uid: str, purpose: str) -> str:
    return salted_hmac(purpose, uid, algorithm="sha256").hexdigest()[:SEAL_LENGTH]


def days() -> int:
    """For how long such a page can be opened."""
    return int(settings.PASSWORD_RESET_TIMEOUT // 86400)
