"""Forms that come too late: nobody is signed in any more, or somebody signed in since.

Nothing of them is entered. What was typed becomes a draft of the person for whom the form was made,
which its stamp proves; nobody else ever gets to see it, whoever signs in next. What only asks for a
part of the page while somebody types sends nothing: keeping that is the form's own script's part.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tracker import clock
from tracker.actions import drafts as keeping
from tracker.domain.errors import DomainError
from tracker.models import Draft, User
from tracker.web import drafts, partials, refusals
from tracker.web.refusals import Words

ANOTHER = Words(
    _("Somebody else has signed in here"),
    _(
        "This form was opened by somebody else, before the person who is signed in now. Nothing of"
        " it was entered. What was typed is kept as a draft of whoever opened it, and of nobody"
        " else."
    ),
    _("Whoever typed it signs in, and finds it among their drafts."),
)


def of_nobody(request: HttpRequest) -> HttpResponse:
    """To where people sign in; from there back to the form, with what was typed as a draft."""
    stamp = drafts.read(request) if request.method == "POST" else None
    if stamp is None or partials.is_wanted(request):
        return refusals.to_sign_in(request)
    draft = _keep(request, stamp)
    if draft is None:
        messages.warning(
            request,
            gettext("You are not signed in any more, and what you typed could not be kept."),
        )
        return refusals.to_sign_in(request, then=stamp.origin.address)
    messages.warning(
        request,
        gettext(
            "You were not signed in any more, so nothing was entered. What you typed is kept:"
            " sign in, and the form shows it again."
        ),
    )
    return refusals.to_sign_in(request, then=drafts.link(draft))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form of a page that was loaded before the last sign-in, or without cookies."""
    stamp = drafts.read(request)
    unsent = drafts.is_script(request) or partials.is_wanted(request)
    if stamp is None or unsent:  # the form's script asks for a new token, and tries again
        return refusals.csrf_failure(request, reason)
    if not isinstance(request.user, User):
        return of_nobody(request)
    draft = _keep(request, stamp)
    if stamp.person != str(request.user.uid):
        return refusals.page(request, 403, words=ANOTHER)
    if draft is None:
        return refusals.csrf_failure(request, reason)
    messages.warning(
        request,
        gettext(
            "Nothing was entered: you signed in anew since the form was opened. What you typed is"
            " in it. Look it over and send it once more."
        ),
    )
    response = HttpResponseRedirect(drafts.link(draft))
    add_never_cache_headers(response)
    return response


def _keep(request: HttpRequest, stamp: drafts.Stamp) -> Draft | None:
    """None when there is nobody to keep it for, or it was sent before, or it is too much."""
    owner = User.objects.filter(uid=stamp.person, is_active=True).first()
    if owner is None:
        return None
    try:
        return keeping.keep(of=stamp.origin, typed=drafts.typed(request), by=owner, at=clock.now())
    except DomainError:
        return None
