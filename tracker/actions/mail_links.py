"""What the links in a message do: stop what sent it, and acknowledge its alerts.

Whoever has the link may use it, as its reader: it was sent to nobody else.
"""

from datetime import datetime

from django.db import transaction

from tracker.models import Alert, Message, Subscription


@transaction.atomic
def leave(*, message: Message, at: datetime) -> int:
    """End the subscriptions that sent this message, how many; its reader's own pledges are muted.

    Done twice it changes nothing more.
    """
    alerts = Alert.objects.filter(message=message)
    reasons = [(a.pledge_id, why) for a in alerts for why in a.because]
    named = {why["subscription"] for _, why in reasons if "subscription" in why}
    ended = Subscription.objects.filter(
        pk__in=named, user=message.recipient_id, ended_at=None, is_mute=False
    ).update(ended_at=at)
    for pledge in {pledge for pledge, why in reasons if "subscription" not in why}:
        ended += _mute(message.recipient_id, pledge, at)
    return ended


def _mute(user: int, pledge: int, at: datetime) -> bool:
    """Nothing more of this pledge, though the person is its analyst or the one to be told."""
    made, is_new = Subscription.objects.get_or_create(
        user_id=user, pledge_id=pledge, ended_at=None, defaults={"is_mute": True, "made_at": at}
    )
    if not is_new and not made.is_mute:
        made.ended_at = at
        made.save(update_fields=["ended_at"])
        Subscription.objects.create(user_id=user, pledge_id=pledge, is_mute=True, made_at=at)
        return True
    return is_new


@transaction.atomic
def acknowledge(*, message: Message, at: datetime) -> int:
    """The reader has seen the alerts of this message; how many were not acknowledged before.

    The same cause on another channel is acknowledged with it.
    """
    seen = 0
    for alert in Alert.objects.filter(message=message):
        seen += Alert.objects.filter(
            recipient=message.recipient_id,
            pledge=alert.pledge_id,
            kind=alert.kind,
            subject=alert.subject,
            link=alert.link,
            lead=alert.lead,
            true_at=alert.true_at,
            acknowledged_at=None,
        ).update(acknowledged_at=at, acknowledged_by=message.recipient_id)
    return seen
