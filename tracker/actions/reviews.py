"""Review tasks: raised where what a pledge rests on has failed, and done by a person.

The clock asks for a review; it marks no breach.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from tracker.domain.causes import REVIEW_DUE, Cause
from tracker.domain.errors import Conflict, Invalid
from tracker.models import Flag, Pledge, ReviewTask, User
from tracker.selectors.audience import audience

from . import alerts

FAILED = "dependency_failed"


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
    pledges = {flag.pledge_id for flag in failed}
    analysts = dict(
        Pledge.objects.filter(pk__in=pledges, analyst__is_active=True).values_list("pk", "analyst")
    )
    reviewers = audience(pledges, at=at).reviewers
    alerts.owe(
        [],
        at=at,
        by_edit=by_edit,
        only={
            Cause(flag.pledge_id, REVIEW_DUE, flag.since, flag.subject): (
                {analysts[flag.pledge_id]}
                if flag.pledge_id in analysts
                else reviewers.get(flag.pledge_id, frozenset())
            )
            for flag in failed
        },
    )
    return len(failed)


@transaction.atomic
def finish(*, row: ReviewTask, note: str, by: User, at: datetime) -> ReviewTask:
    """A person has looked. Raises Invalid without a word on it, Conflict when it was done."""
    task = ReviewTask.objects.select_for_update().get(pk=row.pk)
    if task.done_at is not None:
        raise Conflict("This review is done already.", field="note")
    if not note.strip():
        raise Invalid("What you found is missing.", field="note", mend="Say it in a sentence.")
    task.done_at, task.done_by, task.note = at, by, note
    task.save(update_fields=["done_at", "done_by", "note"])
    return task
