"""How often somebody may try to sign in: failures counted in the cache for a quarter of an hour.

A brake, not a lock: the count is forgotten with the cache. Nothing is stored of who tried but a
digest.
"""

from hashlib import sha256

from django.core.cache import cache

WINDOW_SECONDS = 15 * 60
PER_PERSON = 10
PER_ADDRESS = 100


def too_many(*, email: str, address: str) -> bool:
    """Whether this e-mail or this network address has failed too often of late."""
    person, place = _keys(email, address)
    failed = cache.get_many([person, place])
    return bool(failed.get(person, 0) >= PER_PERSON or failed.get(place, 0) >= PER_ADDRESS)


def failed(*, email: str, address: str) -> None:
    for key in _keys(email, address):
        if not cache.add(key, 1, WINDOW_SECONDS):
            try:
                cache.incr(key)
            except ValueError:  # it ran out between the two calls
                cache.set(key, 1, WINDOW_SECONDS)


def forget(*, email: str, address: str) -> None:
    """After a success only the person's count ends: the address may be trying others."""
    cache.delete(_keys(email, address)[0])


def _keys(email: str, address: str) -> tuple[str, str]:
    return _key("person", email.strip().lower()), _key("address", address)


def _key(kind: str, text: str) -> str:
    return f"sign-in:{kind}:{sha256(text.encode()).hexdigest()[:32]}"
