"""When the sweep last ran, and whether there is anything for it to do."""

from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from tracker.domain.outbox import MessageState
from tracker.models import Alert, Delivery, Message, Phase, StalePledge, SweepRun

from .audience import MAIL


class Due(NamedTuple):
    """What is due, by the work that it wants: derive anew, notice, escalate."""

    stale: bool
    phases: bool
    escalations: bool


def last_finished() -> datetime | None:
    """The end of the last run to be recorded; None before the first.

    Not the latest end: a clock that was ahead and is set back would pass for a watch that runs.
    """
    return SweepRun.objects.order_by("-pk").values_list("finished_at", flat=True).first()


def oldest_unanswered(*, at: datetime) -> datetime | None:
    """Since when the oldest alert or message has been due that no server has said anything about.

    Nobody tried to send it, or nobody answered. One that a server put off is in good hands. Of a
    webhook only what nobody tried: its server is its owner's.
    """
    unsent = Alert.objects.filter(message=None, dropped_at=None, due_at__lte=at)
    waiting = Message.objects.filter(state=MessageState.WAITING)
    mail = waiting.filter(channel=MAIL, made_at__lte=at).exclude(
        Exists(Delivery.objects.filter(message=OuterRef("pk"), code__isnull=False))
    )
    calls = waiting.exclude(channel=MAIL).filter(attempts=0, leased_until=None, next_try_at__lte=at)
    found = [
        unsent.order_by("due_at").values_list("due_at", flat=True).first(),
        mail.order_by("made_at").values_list("made_at", flat=True).first(),
        calls.order_by("next_try_at").values_list("next_try_at", flat=True).first(),
    ]
    return min((one for one in found if one is not None), default=None)


def due(*, at: datetime) -> Due:
    """One query of three looks into an index, whatever the register holds."""
    wanted: tuple[QuerySet[StalePledge] | QuerySet[Phase] | QuerySet[Alert], ...] = (
        StalePledge.objects.order_by("pk"),
        Phase.objects.filter(from_at__lte=at, noticed_at=None).order_by("from_at"),
        escalating(at=at).order_by("escalates_at"),
    )
    texts: list[str] = []
    params: list[Any] = []
    for one in wanted:
        text, given = one.values("pk")[:1].query.sql_with_params()
        texts.append(f"({text}) IS NOT NULL")  # EXISTS would forget the order, and the index
        params += given
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(texts)}", params)
        return Due(*map(bool, cursor.fetchone()))


def escalating(*, at: datetime) -> QuerySet[Alert]:
    """Alerts that nobody acknowledged in time, where a dossier asks for more."""
    return Alert.objects.filter(
        escalates_at__lte=at, escalated_at=None, acknowledged_at=None, dropped_at=None
    )
