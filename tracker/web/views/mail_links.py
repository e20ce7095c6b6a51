"""The links in a message: stop these messages, and acknowledge its alerts. No sign-in is needed.

A GET only asks, since scanners of mail look at links; a POST acts.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from tracker import clock
from tracker.actions import acknowledgements, subscriptions
from tracker.domain.causes import MENTIONED, OF_PROPOSALS
from tracker.domain.errors import NotFound
from tracker.mail import links
from tracker.models import Message

TAKES = ["GET", "HEAD", "POST"]


# RFC 8058: the reader's mail program posts by itself, from nowhere and with nothing else.
@csrf_exempt
@require_http_methods(TAKES)
def mail_leave(request: HttpRequest, token: str) -> HttpResponse:
    return _page(request, token, links.LEAVE, "leave", subscriptions.leave)


@require_http_methods(TAKES)
def mail_acknowledge(request: HttpRequest, token: str) -> HttpResponse:
    return _page(
        request, token, links.ACKNOWLEDGE, "acknowledge", acknowledgements.acknowledge_message
    )


def _page(
    request: HttpRequest, token: str, purpose: str, deed: str, act: Callable[..., int]
) -> HttpResponse:
    uid = links.message_of(token, purpose)
    message = Message.objects.filter(uid=uid).first() if uid else None
    if message is None:
        raise NotFound("There is no such message.", mend="Use the link in the message as it is.")
    is_done = request.method == "POST"
    done = act(message=message, at=clock.now()) if is_done else 0
    told = message.alerts.values_list("pledge__ref", "kind")
    pledges = sorted({ref for ref, _ in told if ref})
    context = {
        "page": "mail_link",
        "deed": deed,
        "is_done": is_done,
        "done": done,
        "pledges": pledges,
        "mentions": any(kind == MENTIONED for _, kind in told),
        "proposals": any(kind in OF_PROPOSALS for _, kind in told),
    }
    response = render(request, "mail_links/mail_link.html", context)
    add_never_cache_headers(response)
    return response
