"""One form sent twice (a double click, back and again) enters one row."""

from collections.abc import Callable
from datetime import datetime

from django.db import IntegrityError, transaction

from tracker.models import Entered, SentForm, User

from . import record
from .verbs import key_of

TOKEN = 40  # characters of a form's name


def once(*, token: str, write: Callable[[], Entered], by: User, at: datetime) -> tuple[str, bool]:
    """The key of the row that ``write`` enters, and whether it did; else that of the first time.

    In one transaction with the row: of two that are sent at once, the second waits for the first.
    """
    if not token:  # no form of ours
        return key_of(write()), True
    with record.batch(at=at):
        try:
            with transaction.atomic():
                sent = SentForm.objects.create(by=by, token=token, at=at)
        except IntegrityError:
            return SentForm.objects.get(by=by, token=token).key, False
        sent.key = key_of(write())
        sent.save(update_fields=["key"])
        return sent.key, True


def is_sent(*, token: str, by: User) -> bool:
    return bool(token) and SentForm.objects.filter(by=by, token=token[:TOKEN]).exists()
