"""Somebody's webhook, and what came of the latest attempts to reach it."""

from tracker.models import Delivery, User, Webhook

from .audience import WEBHOOK

SHOWN = 5


def of(user: User) -> Webhook | None:
    return Webhook.objects.filter(user=user).first()


def attempts(user: User) -> list[Delivery]:
    """The latest first, tests among them."""
    found = Delivery.objects.filter(message__recipient=user, message__channel=WEBHOOK)
    return list(found.select_related("message").order_by("-at", "-pk")[:SHOWN])
