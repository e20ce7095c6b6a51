"""The outbox: which alerts travel together, who sends them now, and what came of it.

Rows only; sending is ``deliveries.py``. Each function is one transaction, so that a worker that is
killed leaves either what was before or what is after.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import connection, transaction
from django.db.models import Count, F, Model, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.text import Truncator

from tracker.domain.causes import Dropped
from tracker.domain.errors import Conflict
from tracker.domain.outbox import Attempt, MessageState, Outcome, next_try
from tracker.domain.sentences import _
from tracker.domain.timing import Rhythm
from tracker.models import Alert, AlertSettings, Delivery, Message, User, Webhook
from tracker.selectors.audience import MAIL

LEASE = timedelta(seconds=60)
RENEWED_AFTER = timedelta(seconds=20)
FROZEN_AT_ONCE = 1000
RECIPIENTS_AT_ONCE = 100
CLAIMED_AT_ONCE = 50
LEAST_TRIED = ("attempts", "next_try_at", "pk")
MOST_ATTEMPTS = 60
MOST_CUT_OFF = 10
Group = tuple[int, str, int | None]
Row = TypeVar("Row", bound=Model)


def freeze(*, at: datetime) -> int:
    """Decide which due alerts travel together; how many did. 0: none is left that is due.

    One message per recipient, channel and pledge; a digest, which is a letter, has all of a
    recipient's pledges. What waits and was surely not delivered is taken along, so that an outage
    ends in one message and not in one per try. A recipient is worked on by one worker at a time.
    """
    with transaction.atomic():
        unsent = Alert.objects.filter(message=None, dropped_at=None, due_at__lte=at)
        found = unsent.order_by("due_at").values_list("recipient_id", flat=True)[:FROZEN_AT_ONCE]
        recipients = _free(User.objects.filter(pk__in=set(found)).order_by("pk"))
        mine = [user.pk for user in recipients.only("pk")[:RECIPIENTS_AT_ONCE]]
        if not mine:
            return 0
        # Nor an alert that an edit is just withdrawing.
        alerts = list(
            _free(unsent.filter(recipient__in=mine))
            .order_by("recipient", "pledge", "channel", "pk")
            .only("recipient_id", "channel", "pledge_id")[:FROZEN_AT_ONCE]
        )
        digests = set(
            AlertSettings.objects.filter(user__in=mine)
            .exclude(rhythm=Rhythm.AT_ONCE)
            .values_list("user_id", flat=True)
        )
        groups: dict[Group, list[int]] = {}
        for alert in alerts:
            groups.setdefault(_group(alert, digests), []).append(alert.pk)
        if len(alerts) == FROZEN_AT_ONCE and len(groups) > 1:
            groups.popitem()  # it may go on beyond what was read
        _travel(groups, at)
        return sum(map(len, groups.values()))


def _group(alert: Alert, digests: set[int]) -> Group:
    in_digest = alert.channel == MAIL and alert.recipient_id in digests
    return alert.recipient_id, alert.channel, None if in_digest else alert.pledge_id


def _travel(groups: dict[Group, list[int]], at: datetime) -> None:
    """A message per group, with those that wait for the same."""
    waiting: dict[Group, list[Message]] = {}
    for old in _free(
        _idle(at).filter(recipient__in={recipient for recipient, *_rest in groups}, is_test=False)
    ):
        if not old.is_uncertain and not _was_cut_off(old):
            key = (old.recipient_id, old.channel, old.pledge_id)
            waiting.setdefault(key, []).append(old)
    made: dict[Group, Message] = {}
    merged: dict[int, Group] = {}
    for group in groups:
        recipient, channel, pledge = group
        made[group] = Message(
            recipient_id=recipient,
            channel=channel,
            pledge_id=pledge,
            made_at=at,
            next_try_at=at,
        )
        merged |= {old.pk: group for old in waiting.get(group, [])}
    Message.objects.bulk_create(made.values())
    moved = [Alert(pk=pk, message=made[group]) for group, alerts in groups.items() for pk in alerts]
    for pk, message in Alert.objects.filter(message__in=merged).values_list("pk", "message_id"):
        moved.append(Alert(pk=pk, message=made[merged[message]]))
    Alert.objects.bulk_update(moved, ["message"], batch_size=500)
    Message.objects.filter(pk__in=merged).update(
        state=MessageState.MERGED, ended_at=at, leased_until=None
    )


def claim(
    *, at: datetime, channel: str = MAIL, each: int | None = None, most: int = CLAIMED_AT_ONCE
) -> list[Message]:
    """Messages to be tried now, leased to the caller: nobody else tries them meanwhile.

    ``each``: at most so many of one recipient, everybody's first before anybody's second, and what
    was tried least first: one that its server cannot take holds up no other.

    A lease that ran out was a worker's that died: whether it had sent is not known, so the message
    goes as it is, under the id that it had; and alone, since it may be what killed the worker. One
    that did so ten times is a dead letter.
    """
    with transaction.atomic():
        ready = _idle(at).filter(channel=channel, next_try_at__lte=at)
        ready = ready.order_by("next_try_at", "pk")
        if each is not None:
            turns = list(_in_turn(ready, each)[:most])
            ready = _idle(at).filter(pk__in=turns).order_by(*LEAST_TRIED)
        found = list(_free(ready)[:most])
        cut_off = [message for message in found if _was_cut_off(message)]
        deadly = _deadly(cut_off)
        Message.objects.filter(pk__in=deadly).update(
            state=MessageState.DEAD, ended_at=at, leased_until=None
        )
        alone = [message for message in cut_off if message.pk not in deadly]
        claimed = [message for message in found if message not in cut_off]
        is_alone = bool(alone) and (not claimed or _waited(alone[0], at))
        if is_alone:
            claimed = alone[:1]
        for message in claimed:
            message.is_uncertain = message.is_uncertain or is_alone
            message.attempts += 1
            message.leased_until = at + LEASE
        Message.objects.filter(pk__in=[message.pk for message in claimed]).update(
            attempts=F("attempts") + 1,
            leased_until=at + LEASE,
            is_uncertain=is_alone or F("is_uncertain"),
        )
        return claimed


def renew(messages: Iterable[Message], *, at: datetime) -> list[Message]:
    """Those that are still the caller's, held for longer; asked before each one is sent."""
    held = []
    for message in messages:
        assert message.leased_until is not None
        if message.leased_until - at > LEASE - RENEWED_AFTER:
            held.append(message)
        elif _held(message).update(leased_until=at + LEASE):
            message.leased_until = at + LEASE
            held.append(message)
    return held


def release(messages: Iterable[Message], *, until: datetime) -> None:
    """Give back what was claimed and not tried: the other side did not answer at all."""
    for message in messages:
        _held(message).update(
            leased_until=None,
            attempts=F("attempts") - 1,
            next_try_at=max(until, message.made_at),  # clocks are set back
        )


def hold_back(message: Message, *, until: datetime, at: datetime) -> None:
    """What else waits for the same recipient on the same way is not tried before ``until``."""
    others = _idle(at).filter(recipient=message.recipient_id, channel=message.channel)
    others.filter(next_try_at__lt=until).exclude(pk=message.pk).update(next_try_at=until)


@transaction.atomic
def record(message: Message, attempt: Attempt, *, at: datetime, is_late: bool = False) -> None:
    """What came of an attempt. Who held the lease too long has no say any more, but is written."""
    _need_not_reach_the_disk()
    Delivery.objects.create(
        message=message,
        attempt=message.attempts,
        at=at,
        outcome=attempt.outcome,
        code=attempt.code,
        detail=Truncator(attempt.detail).chars(2000),
    )
    match attempt.outcome:
        case Outcome.SENT:
            _end(message, MessageState.SENT, at, is_late=is_late)
        case Outcome.CONTENT_REFUSED:
            _end(message, MessageState.DEAD, at)
        case Outcome.ADDRESS_REFUSED:
            if _end(message, MessageState.REFUSED, at):
                _suppress(message, attempt, at)
        case Outcome.DEFERRED | Outcome.UNCERTAIN:
            # One that is sent again after it was given up has its day, and its waits, anew.
            tries = message.deliveries.filter(at__gte=message.made_at).count()
            again = next_try(made_at=message.made_at, attempts=tries, at=at, wait=attempt.wait)
            if again is None or tries >= MOST_ATTEMPTS:
                _end(message, MessageState.DEAD, at)
                return
            is_uncertain = message.is_uncertain or attempt.outcome is Outcome.UNCERTAIN
            _held(message).update(
                leased_until=None,
                next_try_at=max(again, message.made_at),  # clocks are set back
                is_uncertain=is_uncertain,
            )


@transaction.atomic
def drop(alerts: dict[int, Dropped], *, at: datetime) -> None:
    """Alerts that are not to be sent after all, with why."""
    for why in set(alerts.values()):
        gone = [pk for pk, reason in alerts.items() if reason is why]
        Alert.objects.filter(pk__in=gone, dropped_at=None).update(dropped_at=at, dropped_why=why)


def refuse(message: Message, *, at: datetime) -> None:
    """Its address was refused a moment ago: it is not even tried."""
    _end(message, MessageState.REFUSED, at)


def leave(message: Message, *, at: datetime) -> None:
    """Nothing in the message is left to say."""
    _end(message, MessageState.DROPPED, at)


@transaction.atomic
def send_test(*, user: User, at: datetime, channel: str = MAIL) -> Message:
    """A message that says that it is a test, by the way that alerts go; one at a time."""
    waiting = Message.objects.filter(
        recipient=user, channel=channel, is_test=True, state=MessageState.WAITING
    ).first()
    return waiting or Message.objects.create(
        recipient=user, channel=channel, is_test=True, made_at=at, next_try_at=at
    )


@transaction.atomic
def send_again(*, message: Message, by: User | None, at: datetime) -> Message:
    """A dead letter is tried anew for a day. Raises Conflict for any other."""
    found = Message.objects.select_for_update().get(pk=message.pk)
    if found.state not in (MessageState.DEAD, MessageState.REFUSED):
        raise Conflict(
            _("This message is not a dead letter."), mend=_("Look at it as it stands now.")
        )
    found.state, found.ended_at, found.leased_until = MessageState.WAITING, None, None
    found.made_at = found.next_try_at = at
    found.save(update_fields=["state", "ended_at", "leased_until", "made_at", "next_try_at"])
    return found


def _end(message: Message, state: MessageState, at: datetime, *, is_late: bool = False) -> bool:
    """Whether it was still the caller's to end."""
    return bool(_held(message).update(state=state, ended_at=at, leased_until=None, is_late=is_late))


def _suppress(message: Message, attempt: Attempt, at: datetime) -> None:
    """Nothing more goes there until the person says that it works again."""
    detail = Truncator(attempt.detail).chars(500)
    if message.channel == MAIL:
        AlertSettings.objects.update_or_create(
            user_id=message.recipient_id, defaults={"refused_at": at, "refused_detail": detail}
        )
    else:
        Webhook.objects.filter(user_id=message.recipient_id).update(
            refused_at=at, refused_detail=detail
        )
    same_way = {"recipient": message.recipient_id, "channel": message.channel}
    Alert.objects.filter(message=None, dropped_at=None, **same_way).update(
        dropped_at=at, dropped_why=Dropped.CHANNEL_GONE
    )
    _idle(at).filter(**same_way).update(state=MessageState.REFUSED, ended_at=at, leased_until=None)


def _need_not_reach_the_disk() -> None:
    """Until this transaction ends: a database that crashes now may forget what it is told.

    The message then goes again when its lease has run out, under the same Message-ID. That it was
    claimed is on the disk before it is sent.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit TO OFF")


def _held(message: Message) -> QuerySet[Message]:
    """The message while the lease that the caller took still counts."""
    return Message.objects.filter(
        pk=message.pk, state=MessageState.WAITING, leased_until=message.leased_until
    )


def _idle(at: datetime) -> QuerySet[Message]:
    return Message.objects.filter(state=MessageState.WAITING).filter(
        Q(leased_until=None) | Q(leased_until__lte=at)
    )


def _in_turn(ready: QuerySet[Message], each: int) -> QuerySet[Message, int]:
    turn = Window(RowNumber(), partition_by="recipient", order_by=LEAST_TRIED)
    found = ready.annotate(turn=turn).filter(turn__lte=each)
    return found.order_by("turn", *LEAST_TRIED).values_list("pk", flat=True)


def _deadly(cut_off: list[Message]) -> set[int]:
    """Those of which nobody ever said what came of too many attempts."""
    often = [message.pk for message in cut_off if message.attempts >= MOST_CUT_OFF]
    if not often:
        return set()
    told = Message.objects.filter(pk__in=often).annotate(told=Count("deliveries"))
    return set(told.filter(attempts__gte=F("told") + MOST_CUT_OFF).values_list("pk", flat=True))


def _waited(message: Message, at: datetime) -> bool:
    """Whether others have gone before it for long enough."""
    return message.leased_until is not None and message.leased_until <= at - LEASE


def _was_cut_off(message: Message) -> bool:
    return message.leased_until is not None


def _free(rows: QuerySet[Row]) -> QuerySet[Row]:
    """The rows that no other worker holds, held from now on; where the database can."""
    if connection.features.has_select_for_update_skip_locked:
        return rows.select_for_update(skip_locked=True, no_key=True)
    return rows
