"""Secrets of webhooks and what is signed with them, as in the Standard Webhooks specification."""

import hashlib
import hmac
import secrets
from base64 import b64decode, b64encode

PREFIX = "whsec_"
SECRET_BYTES = 32


def new_secret() -> str:
    return PREFIX + b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signature(secret: str, uid: str, stamp: str, body: bytes) -> str:
    """Of id, time and body together, so that none of them can be exchanged."""
    key = b64decode(secret.removeprefix(PREFIX))
    signed = hmac.digest(key, f"{uid}.{stamp}.".encode() + body, hashlib.sha256)
    return f"v1,{b64encode(signed).decode()}"
