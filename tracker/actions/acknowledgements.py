"""Saying that an alert was seen: for its cause, on every channel that it came by."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from tracker.models import Alert, Message, User


@transaction.atomic
def acknowledge(*, alerts: Iterable[Alert], by: User, at: datetime) -> int:
    """How many were not acknowledged before. Only one's own are; the cause no longer escalates."""
    return sum(
        Alert.objects.filter(
            recipient=by,
            pledge=alert.pledge_id,
            kind=alert.kind,
            subject=alert.subject,
            link=alert.link,
            lead=alert.lead,
            true_at=alert.true_at,
            acknowledged_at=None,
        ).update(acknowledged_at=at, acknowledged_by=by)
        for alert in alerts
    )


def acknowledge_message(*, message: Message, at: datetime) -> int:
    """Its reader has seen it."""
    return acknowledge(alerts=message.alerts.all(), by=message.recipient, at=at)
