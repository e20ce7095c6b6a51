"""One's own alerts: the list, and the whole story of each."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from tracker import clock
from tracker.actions import acknowledgements
from tracker.domain.errors import NotFound
from tracker.models import Alert, AlertSettings, Comment
from tracker.selectors import alerts as reading
from tracker.selectors import comments, rows, undelivered
from tracker.web.pages import SignedIn, writes
from tracker.web.places import place_of
from tracker.web.views.undelivered import send_again

AT_ONCE = 50
SHOWN = 10  # of those that did not arrive


@writes
def alerts(request: SignedIn) -> HttpResponse:
    """A POST acknowledges those that are ticked, or all that are open."""
    is_open = request.GET.get("open") == "yes"
    if request.method == "POST" and request.POST.get("deed") == "send-again":
        send_again(request, user=request.user)
        return redirect("alerts")
    if request.method == "POST":
        acknowledge(request, reading.mine(request.user, is_open=True))
        return redirect(request.get_full_path())
    pages = Paginator(reading.mine(request.user, is_open=is_open), AT_ONCE)
    context = {
        "page": "alerts",
        "pages": pages.get_page(request.GET.get("page")),
        "is_open": is_open,
        "open_count": reading.mine(request.user, is_open=True).count(),
        "undelivered": undelivered.told(undelivered.messages(user=request.user)[:SHOWN]),
        "held": AlertSettings.objects.filter(user=request.user).first(),
        "now": clock.now(),
    }
    return render(request, "alerts/alerts.html", context)


def acknowledge(request: SignedIn, wanted: QuerySet[Alert]) -> None:
    """Those of these that the form ticks, or all of them."""
    if "all" not in request.POST:
        given = [pk for pk in request.POST.getlist("alert") if pk.isdecimal() and len(pk) < 16]
        wanted = wanted.filter(pk__in=given)
    done = acknowledgements.acknowledge(alerts=wanted, by=request.user, at=clock.now())
    said = ngettext("%(n)s alert acknowledged.", "%(n)s alerts acknowledged.", done)
    messages.success(request, said % {"n": done})


@writes
def alert(request: SignedIn, pk: int) -> HttpResponse:
    """Why it was due, to whom, and what became of it. A POST acknowledges it."""
    found = reading.story(request.user, pk)
    if found is None:
        raise NotFound(gettext("There is no such alert."))
    if request.method == "POST":
        acknowledgements.acknowledge(alerts=[found.alert], by=request.user, at=clock.now())
        return redirect("alert", pk)
    context = {
        "page": "alert",
        "story": found,
        "alert": found.alert,
        "comment_url": _place(found.alert.comment) if found.alert.comment is not None else "",
    }
    return render(request, "alerts/alert.html", context)


def _place(comment: Comment) -> str:
    tables = {Comment.NOUN: {comment.key: rows.state(comment)}}
    pledge = comments.pledge_of(comment)
    if pledge is not None:
        return f"{reverse('pledge', args=(pledge.ref,))}#comments"
    return place_of(Comment.NOUN, comment.key, tables, comment.dossier.slug).url
