"""Is it alive, is it ready: two addresses for machines. No page lives here."""

from collections.abc import Callable
from datetime import datetime, timedelta

import redis
from django.conf import settings
from django.core.cache import cache
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tracker.clock import now
from tracker.selectors import sweeps

LIVENESS_PATH = "/healthz"
SWEEP_IS_STALE_AFTER = timedelta(minutes=2)
UNANSWERED_IS_STALE_AFTER = timedelta(minutes=5)
BROKER_SECONDS = 2
LAST_SWEEP, LAST_SWEEP_SECONDS = "last-sweep", 5


class LivenessMiddleware:
    """Answers /healthz before anything can turn it away: a balancer names no host and no TLS."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info == LIVENESS_PATH:
            return healthz(request)
        return self.get_response(request)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while this process answers; asks nothing of the database."""
    return HttpResponse("ok\n", content_type="text/plain")


def watch(request: HttpRequest) -> dict[str, object]:
    """For every template: when the sweep last ran, as of now; and whether it has been silent too
    long, for whoever has signed in and relies on it.

    Asked of the database at most every few seconds, for all that are served.
    """
    user = getattr(request, "user", None)
    at = now()
    last = cache.get_or_set(LAST_SWEEP, _last_sweep, LAST_SWEEP_SECONDS)
    if not last:
        return {}
    (finished,) = last
    is_silent = finished is None or _is_stale(finished, at)
    is_known = user is not None and user.is_authenticated
    return {
        "watch_is_silent": is_silent and is_known,
        "watch_last_ran": finished,
        "watch_asked": at,
    }


def _is_stale(finished: datetime, at: datetime) -> bool:
    """Too long ago; or so far ahead that the clock was set back and nothing has run since."""
    return abs(at - finished) > SWEEP_IS_STALE_AFTER


def _last_sweep() -> list[datetime | None]:
    """Empty where the database does not answer: not every page waits for it to say so."""
    try:
        return [sweeps.last_finished()]
    except DatabaseError:
        return []


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200, or 503 with the parts that are red: database, broker, sweep."""
    parts = {"database": "ok", "broker": _broker(), "sweep": "unknown", "outbox": "unknown"}
    try:
        finished = sweeps.last_finished()
    except DatabaseError as error:
        parts["database"] = f"does not answer ({type(error).__name__})"
    else:
        parts["outbox"] = _outbox()
        if finished is None:
            parts["sweep"] = "has never run"
        elif _is_stale(finished, now()):
            parts["sweep"] = f"last ran at {finished:%Y-%m-%dT%H:%M:%SZ}"
        else:
            parts["sweep"] = "ok"
    red = [name for name, word in parts.items() if word != "ok"]
    return JsonResponse({"ready": not red, "red": red, "parts": parts}, status=503 if red else 200)


def _outbox() -> str:
    """Red when something has been due for minutes and no server has said a word about it."""
    oldest = sweeps.oldest_unanswered(at=now())
    if oldest is not None and now() - oldest > UNANSWERED_IS_STALE_AFTER:
        return f"oldest unsent since {oldest:%Y-%m-%dT%H:%M:%SZ}"
    return "ok"


def _broker() -> str:
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL,
            socket_connect_timeout=BROKER_SECONDS,
            socket_timeout=BROKER_SECONDS,
        ) as client:
            client.ping()
    except (redis.RedisError, OSError) as error:
        return f"does not answer ({type(error).__name__})"
    return "ok"
