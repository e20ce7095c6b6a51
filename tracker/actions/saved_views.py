"""Writes to saved views: a filter under a name. Personal, so not in the ledger."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from tracker.domain.errors import Conflict, Invalid
from tracker.domain.filters import Filter, parse
from tracker.domain.sentences import _
from tracker.models import SavedView, Subscription, User

LONGEST_NAME = 200
Given = Mapping[str, Sequence[str]]


@transaction.atomic
def save(
    *, owner: User, name: str, filters: Given, is_shared: bool = False, at: datetime
) -> SavedView:
    """A new view of somebody's own. Raises Invalid, with the field, for what cannot be one."""
    return SavedView.objects.create(
        owner=owner,
        name=_name(name),
        filters=_filter(filters).given,
        is_shared=is_shared,
        made_at=at,
        changed_at=at,
    )


@transaction.atomic
def change(
    *, row: SavedView, name: str, filters: Given, is_shared: bool, at: datetime
) -> SavedView:
    """Its name, what it lists, and whether its link is for others.

    Who watches it is told by the new filter from now on. Once its link is no longer for others,
    nobody but its owner watches it. Raises Conflict of one that was removed.
    """
    held = _lock(row)
    if held.removed_at is not None:
        raise Conflict(_("This view was removed."), mend=_("Take that back first."))
    wanted = _filter(filters).given
    if wanted != held.filters:
        held.filters, held.changed_at = wanted, at
    if held.is_shared and not is_shared:
        _watching(held).exclude(user=held.owner_id).update(ended_at=at)
    held.name, held.is_shared = _name(name), is_shared
    held.save(update_fields=["name", "filters", "is_shared", "changed_at"])
    return held


@transaction.atomic
def remove(*, row: SavedView, at: datetime) -> None:
    """Subscriptions to it end. It stays, so that it can be answered why somebody was told."""
    held = _lock(row)
    if held.removed_at is not None:
        return
    _watching(held).update(ended_at=at)
    held.removed_at = at
    held.save(update_fields=["removed_at"])


@transaction.atomic
def bring_back(*, row: SavedView, at: datetime) -> None:
    """A removal taken back: whoever watched it until then watches it again, from now on."""
    held = _lock(row)
    if held.removed_at is None:
        return
    ended = Subscription.objects.filter(view=held, ended_at=held.removed_at)
    Subscription.objects.bulk_create(
        Subscription(user_id=one.user_id, view=held, kinds=one.kinds, leads=one.leads, made_at=at)
        for one in ended.filter(user__is_active=True)
    )
    held.removed_at = None
    held.save(update_fields=["removed_at"])


def forget(*, owner: User, at: datetime) -> None:
    """Of somebody who is erased: what they called their views, and looked for, goes with them."""
    mine = SavedView.objects.filter(owner=owner)
    Subscription.objects.filter(view__in=mine, ended_at=None).update(ended_at=at)
    mine.filter(removed_at=None).update(removed_at=at)
    mine.update(name="erased", filters={}, is_shared=False)


def _lock(row: SavedView) -> SavedView:
    return SavedView.objects.select_for_update().get(pk=row.pk)


def _watching(row: SavedView) -> "QuerySet[Subscription]":
    return Subscription.objects.filter(view=row, ended_at=None)


def _name(name: str) -> str:
    text = " ".join(name.split())
    if not text:
        raise Invalid(_("A view has a name."), field="name", mend=_("Enter one."))
    if len(text) > LONGEST_NAME:
        raise Invalid(
            _("{text} characters are too many.", text=len(text)),
            field="name",
            mend=_("Use {longest_name}.", longest_name=LONGEST_NAME),
        )
    if "\x00" in text:
        raise Invalid(_("A name holds no NUL character."), field="name", mend=_("Leave it out."))
    return text


def _filter(given: Given) -> Filter:
    wanted = parse(given)
    if wanted.is_empty:
        raise Invalid(
            _("Nothing is filtered: that would be the whole board."),
            mend=_("Choose at least one thing to filter by."),
        )
    return wanted
