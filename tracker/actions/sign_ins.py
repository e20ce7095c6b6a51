"""Writes to what somebody signs in with, and under which name. The ledger says that it changed and
who did it, and holds none of it.

The pages of allauth write the rows; ``watched`` enters what they changed, in their transaction.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction

from tracker.domain.errors import Invalid
from tracker.domain.sentences import _
from tracker.models import PEOPLE, User

from . import ledger

WHAT = {
    Authenticator.Type.TOTP: "totp",
    Authenticator.Type.WEBAUTHN: "passkey",
    Authenticator.Type.RECOVERY_CODES: "recovery_codes",
}
Held = dict[int, str]


def know_address(user: User) -> None:
    """Sign-in mail goes to the user's address. It counts as confirmed: nobody signs up alone."""
    EmailAddress.objects.update_or_create(
        user=user, primary=True, defaults={"email": user.email, "verified": True}
    )


@transaction.atomic
def reset(*, user: User, by: User | None, at: datetime, reason: str) -> None:
    """Takes away all that the user signs in with, for when it was lost or is in wrong hands.

    No password and no second factor is left, nor an address that waits for confirmation. Every
    session ends, since each holds a digest of the password. A new password can be asked for by
    mail.
    """
    ledger.lock(PEOPLE)
    Authenticator.objects.filter(user=user).delete()
    EmailAddress.objects.filter(user=user, primary=False).delete()
    user.set_unusable_password()
    user.save(update_fields=["password"])
    ledger.enter_user(user, "sign_ins.reset", by, at, reason)


@transaction.atomic
def rename(*, user: User, name: str, by: User | None, at: datetime) -> User:
    """The name that others see. Raises Invalid for one that is blank or too long."""
    cleaned = " ".join(name.split())
    most = User._meta.get_field("name").max_length or 0
    if not cleaned:
        raise Invalid(
            _("A name is wanted."), field="name", mend=_("Enter the name that others know.")
        )
    if len(cleaned) > most or "\x00" in cleaned:
        raise Invalid(
            _("A name has at most {most} characters.", most=most),
            field="name",
            mend=_("Shorten it."),
        )
    if cleaned != user.name:
        user.name = cleaned
        user.save(update_fields=["name"])
        ledger.enter_user(user, "sign_ins.rename", by, at)
    return user


@contextmanager
def watched(*, user: User, at: datetime) -> Iterator[None]:
    """One transaction in which the user changes what they sign in with; each change is entered."""
    with transaction.atomic():
        ledger.lock(PEOPLE)
        before = User.objects.get(pk=user.pk)
        held = _held(user)
        yield
        after = User.objects.get(pk=user.pk)
        for action in _changes(before, held, after, _held(user)):
            ledger.enter_user(after, action, after, at)


def _held(user: User) -> Held:
    return dict(Authenticator.objects.filter(user=user).values_list("pk", "type"))


def _changes(before: User, held: Held, after: User, holds: Held) -> Iterator[str]:
    if before.password != after.password:
        yield "sign_ins.change_password"
    if before.email != after.email:
        yield "sign_ins.change_address"
    for pk in sorted(held.keys() - holds.keys()):
        if held[pk] != Authenticator.Type.RECOVERY_CODES:
            yield f"sign_ins.remove_{WHAT[Authenticator.Type(held[pk])]}"
    for pk in sorted(holds.keys() - held.keys()):
        if holds[pk] == Authenticator.Type.RECOVERY_CODES:
            yield "sign_ins.make_recovery_codes"
        else:
            yield f"sign_ins.add_{WHAT[Authenticator.Type(holds[pk])]}"
