"""The local mailbox: what this instance sent, readable before anybody has signed in.

What a letter's HTML may do is decided here alone; everything else keeps the one strict policy.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ParamSpec, cast

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_safe

from tracker.domain.errors import NotFound
from tracker.mail.mailbox import Mailbox, kept_at
from tracker.mail.opened import Opened, framed, opened
from tracker.web.local import with_mailbox

P = ParamSpec("P")
PER_PAGE = 50
# No script, no form, nothing from elsewhere, no way out but a link that opens a window of its own.
# Whole in itself: what the pages may do besides is no part of it.
LETTER_POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none';"
    " base-uri 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)


@dataclass(frozen=True, slots=True)
class Letter:
    """One message for the templates."""

    id: str
    at: datetime
    said: Opened


def _frames_our_own(view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    return cast("Any", csp_update({"frame-src": [SELF]}))(view)  # type: ignore[no-any-return]


@require_safe
@never_cache
@with_mailbox
def mailbox(request: HttpRequest, box: Mailbox) -> HttpResponse:
    pages = Paginator(box.ids(), PER_PAGE).get_page(request.GET.get("page"))
    found = (_letter(box, name) for name in pages.object_list)
    context = {
        "page": "mailbox",
        "pages": pages,
        "letters": [one for one in found if one is not None],
    }
    return render(request, "mailbox/list.html", context)


@require_safe
@never_cache
@_frames_our_own
@with_mailbox
def mailbox_message(request: HttpRequest, box: Mailbox, name: str) -> HttpResponse:
    letter = _letter_or_404(box, name)
    return render(request, "mailbox/message.html", {"page": "mailbox_message", "letter": letter})


@require_safe
@never_cache
@xframe_options_sameorigin
@with_mailbox
def mailbox_html(request: HttpRequest, box: Mailbox, name: str) -> HttpResponse:
    """The HTML part, for the frame of its page."""
    letter = _letter_or_404(box, name)
    if not letter.said.html:
        raise NotFound("This message has no HTML part.")
    response = HttpResponse(framed(letter.said))
    response.headers["Content-Security-Policy"] = LETTER_POLICY
    # A sandboxed document with a policy for openers is not shown at all where it stands alone.
    response.headers["Cross-Origin-Opener-Policy"] = "unsafe-none"
    return response


@require_safe
@never_cache
@with_mailbox
def mailbox_attachment(request: HttpRequest, box: Mailbox, name: str, number: int) -> HttpResponse:
    """A download, whatever it says that it is."""
    found = next(
        (one for one in _letter_or_404(box, name).said.attachments if one.number == number), None
    )
    if found is None:
        raise NotFound("There is no such attachment.")
    return _file(found.content, "application/octet-stream", found.name, is_download=True)


@require_safe
@never_cache
@with_mailbox
def mailbox_raw(request: HttpRequest, box: Mailbox, name: str) -> HttpResponse:
    """The bytes as they were handed over; shown as text, saved as a mail."""
    try:
        kept = box.get(name)
    except OSError as error:
        raise NotFound("This message cannot be read.") from error
    return _file(kept.content, "text/plain; charset=utf-8", f"{name}.eml", is_download=False)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@with_mailbox
def mailbox_empty(request: HttpRequest, box: Mailbox) -> HttpResponse:
    """POST deletes every message; GET asks."""
    if request.method != "POST":
        context = {"page": "mailbox_empty", "total": len(box.ids())}
        return render(request, "mailbox/empty.html", context)
    number = box.delete_all()
    words = ngettext("One message was deleted.", "%(n)s messages were deleted.", number)
    messages.success(request, words % {"n": number})
    return HttpResponseRedirect(reverse("mailbox"))


def _letter(box: Mailbox, name: str) -> Letter | None:
    """None if it is gone by now; what cannot be read is a damaged letter."""
    try:
        kept = box.get(name)
    except NotFound:
        return None
    except OSError:
        return Letter(name, kept_at(name), Opened())
    return Letter(name, kept.at, opened(kept.content, kept.envelope))


def _letter_or_404(box: Mailbox, name: str) -> Letter:
    found = _letter(box, name)
    if found is None:
        raise NotFound("There is no such message.")
    return found


def _file(content: bytes, kind: str, name: str, *, is_download: bool) -> HttpResponse:
    headers = {"Content-Disposition": content_disposition_header(is_download, name) or ""}
    return HttpResponse(content, content_type=kind, headers=headers)
