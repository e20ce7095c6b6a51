"""Writes to people who sign in. The ledger names them by an opaque id and holds nothing personal,
so that a person's data can be erased and the chain still holds.

Whoever locks several chains takes that of the people first, then the dossiers' by slug.
"""

from datetime import datetime

from django.db import transaction

from tracker.domain.errors import Conflict, Invalid
from tracker.domain.members import check_admin_remains
from tracker.domain.sentences import _
from tracker.models import PEOPLE, User
from tracker.selectors.people import admins, by_email

from . import ledger, sign_ins


@transaction.atomic
def register(
    *,
    email: str,
    name: str,
    password: str | None,
    by: User | None,
    at: datetime,
    reason: str = "",
) -> User:
    """A new user; one with no password cannot sign in. Raises Invalid when the address is taken."""
    ledger.lock(PEOPLE)
    if by_email(email) is not None:
        raise Invalid(
            _("There is an account with this address already."),
            field="email",
            mend=_("Sign in with it."),
        )
    user = User.objects.create_user(email, password, name=name)
    sign_ins.know_address(user)
    ledger.enter_user(user, "user.register", by, at, reason)
    return user


@transaction.atomic
def set_password(*, user: User, password: str, by: User | None, at: datetime) -> User:
    """A new password. Every session of the user but the caller's own ends with the old one."""
    user.set_password(password)
    user.save(update_fields=["password"])
    ledger.enter_user(user, "user.set_password", by, at)
    return user


@transaction.atomic
def set_site_admin(
    *, user: User, is_site_admin: bool, by: User | None, at: datetime, reason: str = ""
) -> User:
    """Makes somebody a site administrator, or no longer one. Raises NotAllowed of the last."""
    lock(user)
    if user.is_site_admin == is_site_admin:
        return user
    if is_site_admin and not user.is_active:
        raise Conflict(_("This account is deactivated."), mend=_("Reactivate it first."))
    if not is_site_admin:
        check_admin_remains(admins(), str(user.uid))
    user.is_site_admin = is_site_admin
    user.save(update_fields=["is_site_admin"])
    ledger.enter_user(user, "user.promote" if is_site_admin else "user.demote", by, at, reason)
    return user


def lock(user: User) -> None:
    """The chain of the people, held until the transaction ends; the user as it is now."""
    ledger.lock(PEOPLE)
    user.refresh_from_db()
