"""Writes to what people sign in with: taken away by a site administrator when it was lost."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction

from tracker.models import User

from . import sessions, users


@transaction.atomic
def reset(*, user: User, by: User | None, at: datetime, reason: str) -> None:
    """No password, no authenticator and no session is left: a new password has to be set."""
    users.lock(user)
    Authenticator.objects.filter(user=user).delete()
    user.set_unusable_password()
    user.save(update_fields=["password"])
    sessions.end(user=user)
    users.enter(user, "user.reset_sign_in", by, at, reason)
