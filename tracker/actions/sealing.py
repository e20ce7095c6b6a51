"""Sealing what must be stored and must not be readable in the database: the seeds of second
factors, the secrets of webhooks. The keys are derived from SECRET_KEY, one for each purpose; what
a former key sealed, its fallbacks open.
"""

import base64

import structlog
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import transaction

from tracker.models import Webhook

log = structlog.get_logger("tracker.sealing")

SECOND_FACTORS = b"tracker second factors 1"
WEBHOOKS = b"tracker webhooks 1"
SEALED = ("secret", "seed")


def seal(text: str, *, purpose: bytes = SECOND_FACTORS) -> str:
    return _keys(purpose).encrypt(text.encode()).decode()


def unseal(sealed: str, *, purpose: bytes = SECOND_FACTORS) -> str | None:
    """What was sealed for the same purpose; None when no key opens it, which is logged."""
    try:
        return _keys(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken:
        log.error(
            "a secret cannot be opened: SECRET_KEY_FALLBACKS lacks its key",
            purpose=purpose.decode(),
        )
        return None


@transaction.atomic
def reseal() -> tuple[int, int]:
    """Seals all with today's key: how many were, and how many no key opened. No fact changes."""
    done = lost = 0
    for row in Authenticator.objects.select_for_update().order_by("pk"):
        for name in SEALED:
            if name in row.data:
                text = unseal(row.data[name])
                if text is None:
                    lost += 1
                else:
                    row.data[name] = seal(text)
                    row.save(update_fields=["data"])
                    done += 1
    for hook in Webhook.objects.select_for_update().order_by("pk"):
        secret = unseal(hook.sealed_secret, purpose=WEBHOOKS)
        if secret is None:
            lost += 1
        else:
            hook.sealed_secret = seal(secret, purpose=WEBHOOKS)
            hook.save(update_fields=["sealed_secret"])
            done += 1
    return done, lost


def _keys(purpose: bytes) -> MultiFernet:
    known = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet(Fernet(_derived(key, purpose)) for key in known)


def _derived(key: str, purpose: bytes) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(key.encode())
    return base64.urlsafe_b64encode(derived)
