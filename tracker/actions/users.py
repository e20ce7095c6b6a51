"""Writes to people who sign in. The ledger names them by an opaque id and holds nothing personal,
so that a person's data can be erased and the chain still holds.
"""

from datetime import datetime

from django.db import transaction

from tracker.models import PEOPLE, User
from tracker.selectors.people import state

from . import ledger, sign_ins


@transaction.atomic
def register(*, email: str, name: str, password: str | None, by: User | None, at: datetime) -> User:
    """A new user; one with no password cannot sign in."""
    user = User.objects.create_user(email, password, name=name)
    sign_ins.know_address(user)
    _enter(user, "user.register", by, at)
    return user


@transaction.atomic
def set_password(*, user: User, password: str, by: User | None, at: datetime) -> User:
    """A new password. Every session of the user but the caller's own ends with the old one."""
    user.set_password(password)
    user.save(update_fields=["password"])
    _enter(user, "user.set_password", by, at)
    return user


def _enter(user: User, action: str, by: User | None, at: datetime) -> None:
    ledger.append(
        chain=PEOPLE,
        noun="user",
        key=str(user.uid),
        row_id=user.pk,
        state=state(user),
        action=action,
        by=by,
        at=at,
    )
