"""What only whoever sits at this machine may see: the local mailbox. Who that is, is decided here.

Letters that let people in are read before anybody has signed in, so the mailbox asks for no
sign-in. It asks that the request come from this very machine and by no proxy: behind one, everybody
seems to sit here.
"""

import ipaddress
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from tracker.domain.errors import NotFound
from tracker.mail import mailbox
from tracker.mail.mailbox import Mailbox

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Mailbox, P], HttpResponse]
Page = Callable[Concatenate[HttpRequest, P], HttpResponse]
PROXIES_SAY = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")


def is_at_this_machine(request: HttpRequest) -> bool:
    """Whether the request was made here, by all that can be known of it."""
    if settings.IS_BEHIND_PROXY or any(name in request.headers for name in PROXIES_SAY):
        return False
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR", "").partition("%")[0])
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


def with_mailbox(view: View[P]) -> Page[P]:
    """A page of the mailbox: handed it, or not there at all."""

    @wraps(view)
    def page(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        found = mailbox.here()
        if found is None or not is_at_this_machine(request):
            raise NotFound("There is no mailbox here.")
        return view(request, found, *args, **kwargs)

    return cast("Page[P]", page)


def has_mailbox(request: HttpRequest) -> dict[str, bool]:
    """For every template: whether to show the way to the mailbox. Asks no database and no disk."""
    return {"has_mailbox": settings.MAILBOX_DIR is not None and is_at_this_machine(request)}
