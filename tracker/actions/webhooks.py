"""Writes to webhooks: where somebody's own program is told, and the secret that signs it.

A secret is given back once, when it is made; then it is kept sealed.
"""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from tracker.domain import addresses
from tracker.domain.errors import NotFound
from tracker.models import User, Webhook
from tracker.outside.signing import new_secret

from . import sealing


@transaction.atomic
def point(*, user: User, address: str, at: datetime) -> str:
    """Tell somebody's program at this address from now on. Its secret, where there was none before.

    Raises Invalid on ``address`` for one that is never called. Where its name leads is checked each
    time that something is sent there.
    """
    read = addresses.parse(address)
    addresses.check(read, settings.OUTBOUND_NETWORKS)
    held = Webhook.objects.select_for_update().filter(user=user).first()
    if held is not None:
        held.address, held.refused_at, held.refused_detail = str(read), None, ""
        held.save(update_fields=["address", "refused_at", "refused_detail"])
        return ""
    secret = new_secret()
    Webhook.objects.create(user=user, address=str(read), sealed_secret=_sealed(secret), made_at=at)
    return secret


@transaction.atomic
def renew_secret(*, user: User) -> str:
    """A new secret, with which everything is signed from now on."""
    held = _held(user)
    secret = new_secret()
    held.sealed_secret = _sealed(secret)
    held.save(update_fields=["sealed_secret"])
    return secret


@transaction.atomic
def try_again(*, user: User) -> None:
    """The person says that the address takes what is sent there."""
    held = _held(user)
    held.refused_at, held.refused_detail = None, ""
    held.save(update_fields=["refused_at", "refused_detail"])


@transaction.atomic
def remove(*, user: User) -> None:
    """Nothing more is sent there; what waits for it is dropped when its turn comes."""
    _held(user).delete()


def _held(user: User) -> Webhook:
    held = Webhook.objects.select_for_update().filter(user=user).first()
    if held is None:
        raise NotFound("There is no webhook.")
    return held


def _sealed(secret: str) -> str:
    return sealing.seal(secret, purpose=sealing.WEBHOOKS)
