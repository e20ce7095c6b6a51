"""Sealing what must be stored and must not be readable in the database: the seeds of second
factors. The key is derived from SECRET_KEY; what a former key sealed, its fallbacks open.
"""

import base64

import structlog
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import transaction

log = structlog.get_logger("tracker.sealing")

PURPOSE = b"tracker second factors 1"
SEALED = ("secret", "seed")


def seal(text: str) -> str:
    return _keys().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str | None:
    """What was sealed; None when no key opens it, which is logged."""
    try:
        return _keys().decrypt(sealed.encode()).decode()
    except InvalidToken:
        log.error("a second factor cannot be opened: SECRET_KEY_FALLBACKS lacks its key")
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
    return done, lost


def _keys() -> MultiFernet:
    return MultiFernet(
        Fernet(_derived(key)) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    )


def _derived(key: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(key.encode())
    return base64.urlsafe_b64encode(derived)
