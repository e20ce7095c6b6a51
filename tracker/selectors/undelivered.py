"""Messages that did not arrive: given up, or refused; and addresses suppressed since."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from tracker.domain.outbox import MessageState
from tracker.models import Alert, AlertSettings, Delivery, Message, User, Webhook

UNDELIVERED = (MessageState.DEAD, MessageState.REFUSED)


@dataclass(frozen=True, slots=True)
class Undelivered:
    """One message. ``last``: the last attempt, with what the server said; None: none was made."""

    message: Message
    last: Delivery | None
    kinds: tuple[str, ...]
    refs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suppressed:
    """Somebody whom nothing reaches by that channel until they, or somebody for them, say so."""

    user: User
    channel: str
    since: datetime
    detail: str


def messages(*, user: User | None = None) -> QuerySet[Message]:
    """Those given up or refused, the latest first; ``user``: only to that person."""
    found = Message.objects.filter(state__in=UNDELIVERED).select_related("recipient")
    if user is not None:
        found = found.filter(recipient=user)
    return found.order_by("-ended_at", "-pk")


def told(rows: Iterable[Message]) -> list[Undelivered]:
    """The same messages with what they said of what, and what the server said. Two queries."""
    found = list(rows)
    pks = [row.pk for row in found]
    last = {one.message_id: one for one in Delivery.objects.filter(message__in=pks).order_by("pk")}
    carried: dict[int, list[tuple[str, str]]] = {}
    alerts = Alert.objects.filter(message__in=pks).order_by("pk")
    for pk, kind, ref in alerts.values_list("message_id", "kind", "pledge__ref"):
        carried.setdefault(pk or 0, []).append((kind, ref or ""))
    return [
        Undelivered(
            row,
            last.get(row.pk),
            tuple(dict.fromkeys(kind for kind, _ in carried.get(row.pk, ()))),
            tuple(dict.fromkeys(ref for _, ref in carried.get(row.pk, ()) if ref)),
        )
        for row in found
    ]


def suppressed() -> list[Suppressed]:
    """Everybody active whose address or webhook was refused for good. Two queries."""
    made = []
    for channel, rows in (
        ("mail", AlertSettings.objects.filter(refused_at__isnull=False, user__is_active=True)),
        ("webhook", Webhook.objects.filter(refused_at__isnull=False, user__is_active=True)),
    ):
        made += [
            Suppressed(row.user, channel, row.refused_at, row.refused_detail)
            for row in rows.select_related("user").order_by("-refused_at", "pk")
            if row.refused_at is not None
        ]
    return made
