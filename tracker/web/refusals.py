"""Refusals of the domain as pages: what no form caught. Which page it is, is decided here alone.

Strangers and what does not exist get one and the same page; whoever has not signed in is asked to,
before being told that something is not theirs to do.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme

from tracker.domain.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound

PAGES: dict[type[DomainError], int] = {
    NotFound: 404,
    NotAllowed: 403,
    Conflict: 409,
    Invalid: 422,
}


def refusal(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The page for that refusal; a redirect where signing in may be all that is wanting."""
    if isinstance(error, NotAllowed) and not request.user.is_authenticated:
        return to_sign_in(request)
    status = next(status for kind, status in PAGES.items() if isinstance(error, kind))
    # The page says nothing of what is not there: it must not tell a stranger which it was.
    context: dict[str, Any] = {} if status == 404 else {"error": error}
    response = render(request, f"{status}.html", context, status=status)
    add_never_cache_headers(response)
    patch_vary_headers(response, ["Cookie"])
    return response


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """A redirect to where people sign in, and from there back to the page they were on."""
    response = redirect_to_login(_page_of(request), resolve_url(settings.LOGIN_URL))
    add_never_cache_headers(response)
    return response


def _page_of(request: HttpRequest) -> str:
    """The page that was asked for, or the one that sent what was not a page."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    sender = request.headers.get("HX-Current-URL") or request.headers.get("Referer") or ""
    origin = f"{request.scheme}://{request.get_host()}"
    is_ours = url_has_allowed_host_and_scheme(
        sender, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    path = sender.removeprefix(origin)
    return path if is_ours and path.startswith("/") else request.get_full_path()
