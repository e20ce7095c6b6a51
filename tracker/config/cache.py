"""The cache: in Redis, and for as long as that does not answer, in the process itself.

What is counted there are attempts to sign in. People can sign in while Redis is away, and each
process still keeps a limit of its own.
"""

import time
from collections.abc import Iterable
from typing import Any

import redis
import structlog
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.retry import Retry

log = structlog.get_logger("tracker.cache")

ANSWERS_WITHIN = 0.5  # seconds
ASKED_AGAIN_AFTER = 5.0


class _Health:
    """Shared by the threads of a process: until when Redis is left alone."""

    away_until = 0.0


class SteadyCache(RedisCache):
    """Django's Redis cache, which never fails: the process's own memory stands in."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = {
            "socket_timeout": ANSWERS_WITHIN,
            "socket_connect_timeout": ANSWERS_WITHIN,
            "retry": Retry(NoBackoff(), 0),
        }
        super().__init__(server, {**params, "OPTIONS": options | params.get("OPTIONS", {})})
        self._own = LocMemCache("while-redis-is-away", {"KEY_PREFIX": params.get("KEY_PREFIX")})

    def add(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        return bool(self._ask("add", key, value, timeout, version))

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._ask("get", key, default, version)

    def set(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        self._ask("set", key, value, timeout, version)

    def delete(self, key: Any, version: int | None = None) -> bool:
        return bool(self._ask("delete", key, version))

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        return int(self._ask("incr", key, delta, version))

    def get_many(self, keys: Iterable[Any], version: int | None = None) -> dict[Any, Any]:
        return dict(self._ask("get_many", list(keys), version))

    def _ask(self, verb: str, *given: Any) -> Any:
        if time.monotonic() >= _Health.away_until:
            try:
                return getattr(RedisCache, verb)(self, *given)
            except (redis.RedisError, OSError) as error:
                _Health.away_until = time.monotonic() + ASKED_AGAIN_AFTER
                log.warning("the cache does not answer", error=type(error).__name__)
        return getattr(self._own, verb)(*given)
