"""Refusals as pages: what no form caught. Which page it is, and its words, are decided here alone.

Strangers and what does not exist get one and the same page; whoever has not signed in is asked to,
before being told that something is not theirs to do. A refusal that a script asked for is a
fragment, and goes to the message area of the page that is open.
"""

import logging
import sys
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from tracker.domain.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from tracker.words import said

from . import partials

TEMPLATE = "errors/refusal.html"
CSRF = "csrf"

PAGES: dict[type[DomainError], int] = {
    NotFound: 404,
    NotAllowed: 403,
    Conflict: 409,
    Invalid: 422,
}


@dataclass(frozen=True, slots=True)
class Words:
    """What a refusal says: in a line, what happened, and what can be done."""

    title: Promise
    what: Promise
    mend: Promise | str


WORDS: dict[int | str, Words] = {
    400: Words(
        _("The request could not be understood"),
        _("Something in the address or in what was sent is not as it should be."),
        _("Go back, load the page again and try once more."),
    ),
    403: Words(
        _("This is not for you to do"),
        _("You may see this, but your role does not allow it."),
        _("Ask an owner of the dossier for the role that it takes."),
    ),
    CSRF: Words(
        _("The form has expired"),
        _(
            "For your safety a form is accepted only from a page that was loaded here, with cookies"
            " allowed, and not too long ago."
        ),
        _("Go back, load the page again, and send the form once more."),
    ),
    404: Words(
        _("There is no such page"),
        _(
            "Either the address is wrong, or what it names was not yet public at the instant that"
            " was asked for, or it is not for you to see."
        ),
        _("Check the address. A private dossier is shown to its members alone, once signed in."),
    ),
    405: Words(
        _("This cannot be done at this address"),
        _("The address is right, but it does not take what was sent to it."),
        _("Open the page anew and use the links and forms that it shows."),
    ),
    409: Words(
        _("It was changed meanwhile"),
        _(
            "Somebody else changed this since you read it, or you did in another window. Nothing"
            " of what you sent was saved."
        ),
        _("Load the page again, look at what was changed, and send yours once more."),
    ),
    413: Words(
        _("That is too much at once"),
        _("What was sent is longer than the register takes. Nothing was saved."),
        _("Go back and send less: a shorter text, or the part of it that matters."),
    ),
    422: Words(
        _("This cannot be done as it stands"),
        _("Something that was sent breaks a rule. Nothing was saved."),
        _("Go back, correct it, and send it once more."),
    ),
    429: Words(
        _("Too many attempts"),
        _("This was tried too often in a short time, from here or for the same person."),
        _("Wait a quarter of an hour and try once more. Nothing is locked for good."),
    ),
    500: Words(
        _("Something went wrong on our side"),
        _("The fault has been written to the log. Nothing that was entered before is lost."),
        _(
            "Try again in a moment. If it happens again, tell whoever runs this register when it"
            " happened."
        ),
    ),
    503: Words(
        _("The register cannot be reached just now"),
        _(
            "Its database does not answer, or is busy for too long. Nothing that was entered before"
            " is lost; what you have just sent was most likely not saved."
        ),
        _("Wait a moment, go back, look whether it is there, and if not send it once more."),
    ),
}
RETRY_AFTER = 15  # seconds
# For when the templates themselves are what is broken.
LAST_RESORT = (
    "<!DOCTYPE html><html lang=en><meta charset=utf-8><title>{title}</title>"
    "<h1>{title}</h1><p>{what}</p><p>{mend}</p>"
)


def refusal(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The page for that refusal; a redirect where signing in may be all that is wanting."""
    if isinstance(error, NotAllowed) and not request.user.is_authenticated:
        return to_sign_in(request)
    status = next(status for kind, status in PAGES.items() if isinstance(error, kind))
    # The page says nothing of what is not there: it must not tell a stranger which it was.
    return page(request, status) if status == 404 else page(request, status, error=error)


def page(
    request: HttpRequest,
    status: int,
    *,
    error: DomainError | None = None,
    words: Words | None = None,
) -> HttpResponse:
    """The refusal as a page, or as a fragment for the message area of the page that asked."""
    template = f"{TEMPLATE}#refusal" if partials.is_wanted(request) else TEMPLATE
    context = _context(status, words or WORDS[status], error)
    return _sealed(request, render(request, template, context, status=status))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What Django finds suspicious. It has one class for what is too big, and no status of it."""
    return page(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return page(request, 403, words=WORDS[CSRF])


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Made without the request: who is asking would be read from a database that may be gone."""
    template = f"{TEMPLATE}#refusal" if partials.is_wanted(request) else TEMPLATE
    status = 503 if isinstance(sys.exc_info()[1], OperationalError) else 500
    context = _context(status, WORDS[status], None)
    try:
        shown: str = render_to_string(template, context)
    except Exception:
        logging.getLogger(__name__).exception("the page for errors could not be made")
        shown = LAST_RESORT.format(**context)
    response = HttpResponse(shown, status=status)
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_AFTER)
    return _sealed(request, response)


def to_sign_in(request: HttpRequest, *, then: str = "") -> HttpResponse:
    """A redirect to where people sign in, and from there back to the page they were on."""
    response = redirect_to_login(then or _page_of(request), resolve_url(settings.LOGIN_URL))
    add_never_cache_headers(response)
    return response


def _context(status: int, words: Words, error: DomainError | None) -> dict[str, Any]:
    return {
        "status": status,
        "title": words.title,
        "what": (error and said(error.message)) or words.what,
        "mend": (error and said(error.mend)) or words.mend,
    }


def _sealed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if partials.is_wanted(request):
        partials.redirect_into(response, partials.MESSAGES)
    add_never_cache_headers(response)
    patch_vary_headers(response, ["Cookie", *partials.VARY])
    return response


def _page_of(request: HttpRequest) -> str:
    """The page that was asked for, or the one that sent what was not a page."""
    if request.method in ("GET", "HEAD") and not partials.is_wanted(request):
        return request.get_full_path()
    sender = request.headers.get("HX-Current-URL") or request.headers.get("Referer") or ""
    origin = f"{request.scheme}://{request.get_host()}"
    is_ours = url_has_allowed_host_and_scheme(
        sender, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    path = sender.removeprefix(origin)
    return path if is_ours and path.startswith("/") else request.get_full_path()
