"""Telling a second person what nobody has acknowledged in time, where a dossier asks for that."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from tracker.models import Alert, Flag
from tracker.selectors.audience import audience
from tracker.selectors.sweeps import escalating

BATCH = 500


def raise_due(*, at: datetime) -> int:
    """One batch of alerts whose time is over; how many there were.

    Acknowledging one alert acknowledges its cause: no other alert of the same cause escalates. Nor
    does one of a flag that no longer stands, or that is still held back for its reader.
    """
    with transaction.atomic():
        due = escalating(at=at).order_by("escalates_at", "pk")
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True, of=("self",))
        claimed = list(due.select_related("pledge__dossier")[:BATCH])
        if not claimed:
            return 0
        quiet = set(
            Alert.objects.filter(pk__in=[a.pk for a in claimed])
            .filter(~Exists(_standing()) | Exists(_acknowledged()))
            .values_list("pk", flat=True)
        )
        told = audience({a.pledge.pk for a in claimed if a.pledge is not None}, at=at)
        made: dict[tuple[object, ...], Alert] = {}
        for alert in claimed:
            if alert.pk in quiet or alert.pledge is None:
                continue
            user = alert.pledge.dossier.escalates_to_id
            if user is None or not told.sees(user, alert.pledge.pk):
                continue
            for channel in told.readers[user].channels:
                one = _for(alert, user, channel, at)
                made.setdefault((one.pledge_id, channel, *_cause(alert)), one)
        Alert.objects.bulk_create(made.values(), ignore_conflicts=True)
        Alert.objects.filter(pk__in=[a.pk for a in claimed]).update(escalated_at=at)
        return len(claimed)


def _for(alert: Alert, user: int, channel: str, at: datetime) -> Alert:
    """It leaves at once: somebody chose that it is not to wait any longer."""
    return Alert(
        pledge_id=alert.pledge_id,
        recipient_id=user,
        channel=channel,
        kind=alert.kind,
        subject=alert.subject,
        link=alert.link,
        lead=alert.lead,
        true_at=alert.true_at,
        owed_at=at,
        due_at=at,
        by_edit=alert.by_edit,
        because=[{"by": "escalation", "of": str(alert.pk)}],
        escalated_from=alert,
    )


def _cause(alert: Alert) -> tuple[object, ...]:
    return alert.kind, alert.subject, alert.link, alert.lead, alert.true_at


def _standing() -> QuerySet[Any]:
    return Flag.objects.filter(
        pledge=OuterRef("pledge"),
        kind=OuterRef("kind"),
        subject=OuterRef("subject"),
        link=OuterRef("link"),
        lead=OuterRef("lead"),
        since=OuterRef("true_at"),
        cleared_at=None,
        withdrawn_at=None,
    )


def _acknowledged() -> QuerySet[Any]:
    return Alert.objects.filter(
        pledge=OuterRef("pledge"),
        kind=OuterRef("kind"),
        subject=OuterRef("subject"),
        link=OuterRef("link"),
        lead=OuterRef("lead"),
        true_at=OuterRef("true_at"),
        acknowledged_at__isnull=False,
    )
