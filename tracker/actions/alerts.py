"""Owing alerts: who is told of a cause. Sending them is another's work.

What was owed is never owed again: the constraint on alerts holds that, whatever the code does.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.db.models import Value
from django.db.models.functions import Greatest

from tracker.domain.alerts import BACKFILL_AFTER
from tracker.domain.causes import CORRECTED, ESCALATING, MENTIONED, REVIEW_DUE, Cause, Dropped
from tracker.domain.outbox import MessageState
from tracker.models import Alert, Flag, Message
from tracker.selectors.audience import Told, audience


def is_history(since: datetime, at: datetime) -> bool:
    """Whether a flag that an edit raised had been true for so long that it alerts nobody.

    What an outage of ours missed is alerted whatever its age: this never asks of it.
    """
    return at - since > BACKFILL_AFTER


def cause_of(flag: Flag) -> Cause:
    return Cause(flag.pledge_id, flag.kind, flag.since, flag.subject, flag.link, flag.lead)


def owe(
    causes: Iterable[Cause],
    *,
    at: datetime,
    by_edit: bool = False,
    only: Mapping[Cause, Iterable[int]] | None = None,
    but: Collection[int] = (),
) -> int:
    """An alert per person, channel and cause; how many may be new.

    ``only``: whom a cause names; ``but``: whom it leaves out.

    The number of queries does not depend on how many causes there are.
    """
    wanted, named = list(causes), dict(only or {})
    pledges = {cause.pledge for cause in (*wanted, *named)}
    if not pledges:
        return 0
    told = audience(pledges, at=at)
    made = [_row(cause, one, at, by_edit) for cause in wanted for one in told.of(cause)]
    for cause, people in named.items():
        made += [_row(cause, one, at, by_edit) for one in told.of(cause, only=people)]
    made = [alert for alert in made if alert.recipient_id not in but]
    Alert.objects.bulk_create(made, ignore_conflicts=True, batch_size=1000)
    return len(made)


def owe_for(flags: Iterable[Flag], *, at: datetime, by_edit: bool) -> int:
    """What new flags owe, but for those that are history."""
    return owe([cause_of(f) for f in flags if not f.is_backfilled], at=at, by_edit=by_edit)


def correct(flags: Iterable[Flag], *, at: datetime) -> int:
    """Flags were withdrawn: who was told of one is told that it was not so; others never are.

    How many corrections are owed. What an attempt may have delivered counts as told.
    """
    alerts = _of(flags)
    if not alerts:
        return 0
    unsent = _hold_unsent([alert.pk for alert in alerts])
    Alert.objects.filter(pk__in=unsent, message=None, dropped_at=None).update(
        dropped_at=at, dropped_why=Dropped.UNTRUE
    )
    told: dict[Cause, set[int]] = {}
    for alert in alerts:
        if alert.pk not in unsent and alert.dropped_at is None:
            cause = Cause(
                alert.pledge_id or 0,
                CORRECTED,
                at,
                f"{alert.kind}:{alert.subject}"[:300],
                alert.link,
                alert.lead,
            )
            told.setdefault(cause, set()).add(alert.recipient_id)
    return owe([], at=at, by_edit=True, only=told)


def drop_of_merged(pledges: Collection[int], *, at: datetime) -> None:
    """What has not left of pledges that turned out to be others; mentions name what was said."""
    if not pledges:
        return
    waiting = Alert.objects.filter(pledge__in=pledges, dropped_at=None).exclude(kind=MENTIONED)
    unsent = _hold_unsent(list(waiting.values_list("pk", flat=True)))
    waiting.filter(pk__in=unsent, message=None).update(dropped_at=at, dropped_why=Dropped.UNTRUE)


def _hold_unsent(pks: Collection[int]) -> set[int]:
    """Those of these alerts that nobody has tried to send, nor will before we are done.

    A worker that looked a moment earlier has claimed the message by now, and then it counts as
    told; one that comes later finds the flag withdrawn. Without holding them it could look before
    and send after, and nobody would be told that it was not so.
    """
    mine = Alert.objects.filter(pk__in=pks).order_by("pk")
    held = list(mine.filter(message=None).select_for_update(no_key=True).values_list("pk"))
    untried = Message.objects.filter(
        pk__in=mine.order_by().values("message"),
        state=MessageState.WAITING,
        attempts=0,
        is_uncertain=False,
    ).order_by("pk")
    held_messages = [m.pk for m in untried.select_for_update(no_key=True).only("pk")]
    return {pk for (pk,) in held} | set(
        mine.filter(message__in=held_messages).values_list("pk", flat=True)
    )


def bear_out(flags: Iterable[Flag], *, at: datetime) -> None:
    """Withdrawn flags are true after all: what was dropped for that is owed again."""
    dropped = [a.pk for a in _of(flags) if a.dropped_why == Dropped.UNTRUE]
    Alert.objects.filter(pk__in=dropped, message=None).update(
        dropped_at=None, dropped_why="", due_at=Greatest("owed_at", Value(at))
    )


def _of(flags: Iterable[Flag]) -> list[Alert]:
    """The alerts that these flags owed."""
    causes = {cause_of(flag) for flag in flags}
    if not causes:
        return []
    held = Alert.objects.filter(pledge__in={c.pledge for c in causes}).exclude(
        kind__in=(CORRECTED, REVIEW_DUE, MENTIONED)
    )
    return [
        alert
        for alert in held
        if Cause(
            alert.pledge_id or 0, alert.kind, alert.true_at, alert.subject, alert.link, alert.lead
        )
        in causes
    ]


def _row(cause: Cause, told: Told, at: datetime, by_edit: bool) -> Alert:
    return Alert(
        pledge_id=cause.pledge,
        recipient_id=told.user,
        channel=told.channel,
        kind=cause.kind,
        subject=cause.subject,
        link=cause.link,
        lead=cause.lead,
        true_at=cause.true_at,
        owed_at=at,
        due_at=told.due_at,
        by_edit=by_edit,
        because=list(told.because),
        escalates_at=told.escalates_at if cause.kind in ESCALATING else None,
    )


__all__ = ["bear_out", "cause_of", "correct", "is_history", "owe", "owe_for"]
