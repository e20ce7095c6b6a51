"""What did not arrive, for site administrators: messages and suppressed addresses."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext

from tracker import clock
from tracker.actions import alert_settings, outbox, webhooks
from tracker.domain import access as rules
from tracker.domain.errors import Conflict, NotFound
from tracker.models import User
from tracker.selectors import access
from tracker.selectors import undelivered as reading
from tracker.web.pages import SignedIn, writes
from tracker.words import isolated

AT_ONCE = 50


@writes
def undelivered(request: SignedIn) -> HttpResponse:
    """A POST sends those that are ticked again, or all; or tries a suppressed address again."""
    rules.check_run_site(access.viewer(request.user))
    if request.method == "POST":
        if "user" in request.POST:
            _try_again(request)
        else:
            send_again(request)
        return redirect(request.get_full_path())
    pages = Paginator(reading.messages(), AT_ONCE).get_page(request.GET.get("page"))
    context = {
        "page": "people",
        "pages": pages,
        "undelivered": reading.told(pages),
        "suppressed": reading.suppressed(),
    }
    return render(request, "people/undelivered.html", context)


def send_again(request: SignedIn, *, user: User | None = None) -> None:
    """Those that the form ticks, or all of them; ``user``: only such as were for that person."""
    wanted = reading.messages(user=user)
    if "all" not in request.POST:
        given = [pk for pk in request.POST.getlist("message") if pk.isdecimal() and len(pk) < 16]
        wanted = wanted.filter(pk__in=given)
    done = 0
    for message in list(wanted):
        try:
            outbox.send_again(message=message, by=request.user, at=clock.now())
        except Conflict:  # somebody else was quicker
            continue
        done += 1
    said = ngettext("%(n)s message goes again.", "%(n)s messages go again.", done)
    messages.success(request, said % {"n": done})


def _try_again(request: SignedIn) -> None:
    pk = request.POST["user"]
    found = User.objects.filter(pk=pk).first() if pk.isdecimal() and len(pk) < 16 else None
    if found is None:
        raise NotFound(gettext("There is no such person."))
    if request.POST.get("channel") == "webhook":
        webhooks.try_again(user=found)
        said = gettext("What waits goes to the webhook of %s again.") % isolated(found.name)
    else:
        alert_settings.try_address_again(user=found, at=clock.now())
        said = gettext("Mail goes to %s again.") % found.email
    messages.success(request, said)
