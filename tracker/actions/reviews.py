"""Review tasks: raised where what a pledge rests on has failed, and done by a person.

The clock asks for a review; it marks no breach.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from tracker.domain.causes import FAILED, review_of
from tracker.domain.errors import Conflict, Invalid
from tracker.domain.sentences import _
from tracker.models import Flag, ReviewTask, User
from tracker.selectors.audience import audience

from . import alerts
from .alerts import cause_of


def raise_for(flags: Iterable[Flag], *, at: datetime, by_edit: bool) -> int:
    """A task per failed dependency, how many; told to the pledge's analyst, else to reviewers."""
    failed = [flag for flag in flags if flag.kind == FAILED and not flag.is_backfilled]
    if not failed:
        return 0
    ReviewTask.objects.bulk_create(
        [
            ReviewTask(
                pledge_id=flag.pledge_id, subject=flag.subject, since=flag.since, raised_at=at
            )
            for flag in failed
        ],
        ignore_conflicts=True,
    )
    told = audience({flag.pledge_id for flag in failed}, at=at)
    alerts.owe(
        [],
        at=at,
        by_edit=by_edit,
        only={review_of(cause_of(flag)): told.asked_to_review(flag.pledge_id) for flag in failed},
    )
    return len(failed)


@transaction.atomic
def finish(*, row: ReviewTask, note: str, by: User, at: datetime) -> ReviewTask:
    """A person has looked. Raises Invalid without a word on it, Conflict when it was done."""
    task = ReviewTask.objects.select_for_update().get(pk=row.pk)
    if task.done_at is not None:
        raise Conflict(_("This review is done already."), field="note")
    if not note.strip():
        raise Invalid(
            _("What you found is missing."), field="note", mend=_("Say it in a sentence.")
        )
    task.done_at, task.done_by, task.note = at, by, note
    task.save(update_fields=["done_at", "done_by", "note"])
    return task
