"""One form sent twice (a double click, back and again) enters one row."""

from collections.abc import Callable
from datetime import datetime

from django.db import IntegrityError, transaction

from tracker.models import Entered, Proposal, SentForm, User

from . import record
from .verbs import key_of

TOKEN = 40  # characters of a form's name
PROPOSED = "proposal:"  # before the id of what was proposed instead: no key begins so


def once(
    *, token: str, write: Callable[[], Entered | Proposal], by: User, at: datetime
) -> tuple[str, bool]:
    """The key of the row that ``write`` enters, and whether it did; else that of the first time.
    Of a proposal its id after ``PROPOSED``.

    In one transaction with the row: of two that are sent at once, the second waits for the first.
    """
    if not token:  # no form of ours
        return _key(write()), True
    with record.batch(at=at):
        try:
            with transaction.atomic():
                sent = SentForm.objects.create(by=by, token=token, at=at)
        except IntegrityError:
            return SentForm.objects.get(by=by, token=token).key, False
        sent.key = _key(write())
        sent.save(update_fields=["key"])
        return sent.key, True


def sent_key(*, token: str, by: User) -> str | None:
    """What ``once`` told of a form that was sent; None: it was not."""
    if not token:
        return None
    found = SentForm.objects.filter(by=by, token=token[:TOKEN])
    return found.values_list("key", flat=True).first()


def _key(row: Entered | Proposal) -> str:
    return f"{PROPOSED}{row.uid}" if isinstance(row, Proposal) else key_of(row)
