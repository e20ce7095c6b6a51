"""How often a password may be tried, or a text fetched, and what is said when that was too often.

An attempt is counted for who and where it comes from together, for the place, and for whom it is
meant; the last by the minute only, so that nobody locks another out for long. A browser that has
signed in before has a count of its own: an attack from elsewhere does not reach it.
"""

import math
import secrets
import time
from dataclasses import replace

from allauth.core.internal import ratelimit
from allauth.core.internal.ratelimit import RateLimitUsage
from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext, ngettext

from tracker.web import refusals

APP = "allauth.account"
CODE = "too_many"
READING = "read_source"
KNOWN = "__Host-known" if settings.IS_PRODUCTION else "known"
KNOWN_SECONDS = 180 * 24 * 3600
# The pages whose limits allauth keeps: their address's name, and the limit's.
LIMITS = {
    "account_reset_password": "reset_password",
    "account_reset_password_from_key": "reset_password_from_key",
    "account_change_password": "change_password",
    "account_set_password": "change_password",
    "account_reauthenticate": "reauthenticate",
    "mfa_reauthenticate": "reauthenticate",
    "mfa_reauthenticate_webauthn": "reauthenticate",
    "account_email": "manage_email",
    "mfa_login_webauthn": "webauthn_login",
}


def take(request: HttpRequest, email: str) -> list[RateLimitUsage]:
    """Takes one attempt, to be given back if it succeeds. Raises ValidationError when none is left.

    The narrow count comes first: who has used it up does not use up the wide ones.
    """
    taken = []
    for action, key in _counts(request, email.strip().lower()):
        usage = ratelimit.consume(request, app=APP, action=action, key=key)
        if usage is None:
            seconds = _wait(request, APP, action, key)
            raise ValidationError(
                gettext("Too many attempts have failed. %(when)s"),
                code=CODE,
                params={"when": again(seconds), "seconds": seconds},
            )
        taken.append(usage)
    return taken


def read_source(request: HttpRequest) -> int:
    """Takes one of a person's readings of pages and files; the seconds to wait if none is left.

    Each makes this server call another one, or work for seconds.
    """
    key = str(getattr(request.user, "uid", ""))
    if ratelimit.consume(request, app=APP, action=READING, key=key) is not None:
        return 0
    return _wait(request, APP, READING, key)


def forget(request: HttpRequest, email: str) -> None:
    """After a new password was set by mail, nobody has failed at it."""
    for action, key in _counts(request, email.strip().lower()):
        ratelimit.clear(request, app=APP, action=action, key=key)


def remember(response: HttpResponse, email: str) -> None:
    """From now on this browser is known to have signed in as that person."""
    response.set_cookie(
        KNOWN,
        signing.dumps([_digest(email), secrets.token_hex(8)], salt=KNOWN),
        max_age=KNOWN_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def too_many(request: HttpRequest) -> HttpResponse:
    """The page that says when to try again: 429."""
    name = request.resolver_match.url_name if request.resolver_match else ""
    action = LIMITS.get(name or "", "")
    app = "allauth.mfa" if action == "webauthn_login" else APP
    seconds = _wait(request, app, action, request.POST.get("email", "").lower()) if action else 60
    words = replace(refusals.WORDS[429], mend=again(seconds))
    response = refusals.page(request, 429, words=words)
    response.headers["Retry-After"] = str(seconds)
    return response


def again(seconds: int) -> str:
    minutes = max(1, math.ceil(seconds / 60))
    return ngettext("Try again in a minute.", "Try again in %(n)s minutes.", minutes) % {
        "n": minutes
    }


def _counts(request: HttpRequest, email: str) -> list[tuple[str, str]]:
    browser = _known_browser(request, email)
    if browser:
        return [("password_known", f"{email} {browser}")]
    place = ratelimit.get_ip(request)
    return [("password_from", f"{email} {place}"), ("password", email)]


def _known_browser(request: HttpRequest, email: str) -> str:
    """A browser's mark, where it is known for that person; else blank."""
    try:
        digest, mark = signing.loads(
            request.COOKIES.get(KNOWN, ""), salt=KNOWN, max_age=KNOWN_SECONDS
        )
    except (signing.BadSignature, ValueError):
        return ""
    return str(mark) if constant_time_compare(digest, _digest(email)) else ""


def _digest(email: str) -> str:
    return salted_hmac(KNOWN, email.strip().lower(), algorithm="sha256").hexdigest()


def _wait(request: HttpRequest, app: str, action: str, key: str) -> int:
    """Seconds until the fullest of an action's counts has room."""
    waits = [1.0]
    for rate in ratelimit.get_rates(app=app, action=action):
        if rate.per == "user" and not request.user.is_authenticated:
            continue
        name = ratelimit.get_cache_key(request, app=app, action=action, rate=rate, key=key)
        tries: list[float] = cache.get(name, [])
        if len(tries) >= rate.amount:
            waits.append(tries[-1] + rate.duration - time.time())
    return math.ceil(max(waits))
