"""Keeping what somebody types until it is sent. Nothing of it is a fact, so nothing is in a ledger.

A draft belongs to the person whom the form was given to. The page that it was typed in is named by
``Origin``: two pages that show one draft never overwrite each other, the second goes on as another.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction

from tracker.domain.errors import Conflict, Invalid
from tracker.domain.sentences import _
from tracker.models import Draft, User
from tracker.selectors import drafts

MOST = 100  # of one person
LARGEST = 10 * 2**20  # bytes of one
LARGEST_TOGETHER = 60 * 2**20
KEPT = timedelta(days=30)
KEPT_DISCARDED = timedelta(days=2)
# How long a page that was sent may still try to save what it was sent with.
KEPT_SENT = timedelta(days=15)


@dataclass(frozen=True, slots=True)
class Origin:
    """The loaded page of a form: ``turn`` is that of the draft which it showed."""

    uid: UUID
    address: str
    title: str
    window: str
    turn: int


@transaction.atomic
def keep(*, of: Origin, typed: Mapping[str, Sequence[str]], by: User, at: datetime) -> Draft | None:
    """What was typed so far, in place of what this page saved before; None once it was sent.

    Raises Invalid when it is too much, Conflict when there are too many.
    """
    text = json.dumps(typed, ensure_ascii=False, separators=(",", ":"))
    size = len(text.encode())
    if size > LARGEST:
        raise Invalid(
            _("This is too long to be kept as a draft."),
            mend=_(
                "A draft holds {number} MB. Send the form, or shorten it.", number=LARGEST // 2**20
            ),
        )
    uid, row = _mine(of, by)
    if row is not None and row.sent_at is not None:
        return None
    held = drafts.held(by)
    is_counted = row is not None and row.discarded_at is None
    if held.number + (not is_counted) > MOST:
        raise Conflict(
            _("You have {number} drafts, and no more are kept.", number=held.number),
            mend=_("Send or discard some of them."),
        )
    if held.size + size - (row.size if row and is_counted else 0) > LARGEST_TOGETHER:
        raise Conflict(
            _("Your drafts hold as much as is kept."), mend=_("Send or discard some of them.")
        )
    if row is None:
        row = Draft(uid=uid, by=by, address=of.address, begun_at=at, turn=of.turn)
    elif row.window != of.window:
        row.turn += 1
    row.title, row.window = of.title, of.window
    row.typed, row.size, row.seen = text, size, _seen(typed)
    row.saved_at, row.discarded_at = at, None
    row.save()
    return row


@transaction.atomic
def sent(*, of: Origin, by: User, at: datetime) -> None:
    """The form was taken: the draft goes, and what the page saves of it later comes too late."""
    uid, row = _mine(of, by)
    if row is None:
        row = Draft(uid=uid, by=by, address=of.address, begun_at=at, turn=of.turn)
    row.title, row.window = of.title, of.window
    row.typed, row.size, row.seen = "", 0, None
    row.saved_at, row.sent_at, row.discarded_at = at, at, None
    row.save()


def discard(*, uid: UUID, by: User, at: datetime) -> bool:
    """Puts one's draft away, for two days; whether there was one."""
    return bool(drafts.of(by).filter(uid=uid).update(discarded_at=at))


def take_back(*, uid: UUID, by: User) -> Draft | None:
    """The draft that was discarded is one again."""
    row = drafts.discarded(by, uid)
    if row is not None:
        row.discarded_at = None
        row.save(update_fields=["discarded_at"])
    return row


def forget(*, at: datetime) -> None:
    """What has not been touched for a month, and what was discarded or sent a while ago."""
    Draft.objects.filter(saved_at__lt=at - KEPT).delete()
    Draft.objects.filter(discarded_at__lt=at - KEPT_DISCARDED).delete()
    Draft.objects.filter(sent_at__lt=at - KEPT_SENT).delete()


def _mine(of: Origin, by: User) -> tuple[UUID, Draft | None]:
    """The draft that this page saves to; one that another page went on with is left to that."""
    # Of one person's pages one at a time: two that are new would both make the row.
    User.objects.select_for_update().get(pk=by.pk)
    row = _row(of.uid, by)
    if row is None or row.window == of.window:
        return of.uid, row
    if row.turn == of.turn and row.sent_at is None:
        return of.uid, row
    other = _other(of)
    return other, _row(other, by)


def _row(uid: UUID, by: User) -> Draft | None:
    return Draft.objects.select_for_update().filter(by=by, uid=uid).first()


def _other(of: Origin) -> UUID:
    return uuid5(of.uid, of.window)


def _seen(typed: Mapping[str, Sequence[str]]) -> int | None:
    text = next(iter(typed.get("seen", ())), "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
