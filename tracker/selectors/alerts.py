"""Somebody's alerts, with what became of each: the list, and one alert's whole story."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from tracker.domain.causes import is_late
from tracker.models import Alert, Delivery, Flag, User


def mine(user: User, *, is_open: bool = False) -> QuerySet[Alert]:
    """Newest first. ``is_open``: those that were sent and nobody has acknowledged."""
    found = Alert.objects.filter(recipient=user).select_related(
        "pledge__dossier", "message", "comment__dossier"
    )
    if is_open:
        found = found.filter(acknowledged_at=None, dropped_at=None)
    return found.order_by("-owed_at", "-pk")


@dataclass(frozen=True, slots=True)
class Story:
    """What became of an alert. ``flag``: what raised it; None for what a person did."""

    alert: Alert
    flag: Flag | None
    deliveries: list[Delivery]
    escalated_to: list[str]
    held_back: bool
    late_by: datetime | None


def story(user: User, pk: int) -> Story | None:
    """One's own alert; None where there is none of that number."""
    alert = mine(user).filter(pk=pk).first()
    if alert is None:
        return None
    flag = Flag.objects.filter(
        pledge=alert.pledge_id,
        kind=alert.kind,
        subject=alert.subject,
        link=alert.link,
        lead=alert.lead,
        since=alert.true_at,
    ).first()
    message = alert.message
    sent_at = message.ended_at if message is not None and message.state == "sent" else None
    late = sent_at is not None and is_late(
        true_at=alert.true_at,
        owed_at=alert.owed_at,
        due_at=alert.due_at,
        by_edit=alert.by_edit,
        sent_at=sent_at,
    )
    return Story(
        alert=alert,
        flag=flag,
        deliveries=list(message.deliveries.order_by("attempt")) if message is not None else [],
        escalated_to=[str(one.recipient) for one in alert.escalations.select_related("recipient")],
        held_back=alert.due_at > alert.owed_at,
        late_by=sent_at if late else None,
    )
