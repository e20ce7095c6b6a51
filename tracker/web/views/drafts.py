"""One's drafts: listed, looked at, saved by the form itself, put away and taken back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from tracker import clock
from tracker.actions import drafts as keeping
from tracker.domain.errors import Conflict, DomainError, Invalid, NotFound
from tracker.models import User
from tracker.selectors import drafts as selected
from tracker.selectors.rows import iso
from tracker.web import drafts, refusals, stale_forms, undo
from tracker.web.pages import SignedIn, writes
from tracker.words import refusal


@require_safe
@writes
def drafts_page(request: SignedIn) -> HttpResponse:
    """What one has typed and not sent yet, latest first."""
    rows = [(draft, drafts.link(draft)) for draft in selected.listed(request.user)]
    context = {"page": "drafts", "rows": rows, "kept_days": keeping.KEPT.days}
    return render(request, "drafts/drafts.html", context)


@writes
def draft(request: SignedIn, uid: UUID) -> HttpResponse:
    """One draft as plain text, also where its form cannot be opened any more."""
    if request.method == "POST":
        return _done(request, uid)
    one = selected.of(request.user).filter(uid=uid).first()
    if one is None:
        raise NotFound("There is no such draft.")
    typed = [
        (name.replace("_", " "), "\n".join(values))
        for name, values in selected.typed(one).items()
        if name not in ("seen", "once") and any(value.strip() for value in values)
    ]
    context = {"page": "draft", "draft": one, "form_url": drafts.link(one), "typed": typed}
    return render(request, "drafts/draft.html", context)


def _done(request: SignedIn, uid: UUID) -> HttpResponse:
    """Discarded, or taken back. Neither asks: each undoes the other."""
    if request.POST.get("do") == undo.UNDO:
        row = keeping.take_back(uid=uid, by=request.user)
        if row is None:
            raise NotFound("There is no such draft any more.")
        messages.success(request, gettext("Your draft is back."))
        return HttpResponseRedirect(drafts.link(row))
    one = selected.of(request.user).filter(uid=uid).defer("typed").first()
    if one is None:
        raise NotFound("There is no such draft.")
    keeping.discard(uid=uid, by=request.user, at=clock.now())
    messages.success(
        request,
        gettext("The draft is discarded."),
        extra_tags=undo.marked(reverse("draft", args=(uid,))),
    )
    if request.POST.get("then") == "form":
        return HttpResponseRedirect(drafts.with_draft(one.address, drafts.NONE))
    return redirect("drafts")


@require_POST
def draft_save(request: HttpRequest) -> HttpResponse:
    """What was typed so far, by the script of the form or by its button "Save as draft"."""
    stamp, user = drafts.read(request), request.user
    is_script = drafts.is_script(request)
    if not isinstance(user, User):
        return refusals.to_sign_in(request) if is_script else stale_forms.of_nobody(request)
    try:
        if stamp is None:
            raise Invalid(
                gettext("This form is too old, or none of ours: it was not kept."),
                mend=gettext("Copy what you typed, and open the form anew."),
            )
        if stamp.person != str(user.uid):
            raise Conflict(
                gettext("Somebody else has signed in here since the form was opened."),
                mend=gettext("Sign in again as who opened it."),
            )
        typed = drafts.typed(request)
        kept = keeping.keep(of=stamp.origin, typed=typed, by=user, at=clock.now())
    except DomainError as error:
        if not is_script:
            raise
        return _told({"state": "refused", "said": refusal(error)}, refusals.PAGES[type(error)])
    if is_script:
        return _told(
            {"state": "saved", "at": iso(kept.saved_at), "uid": str(kept.uid)}
            if kept is not None
            else {"state": "sent"}
        )
    if kept is None:
        messages.info(request, gettext("This form was sent before: it is taken already, once."))
        return redirect("drafts")
    messages.success(request, gettext("Your draft is saved. It is under Drafts until you send it."))
    return HttpResponseRedirect(drafts.link(kept))


@require_safe
def draft_state(request: HttpRequest) -> HttpResponse:
    """For the script of a form: who is signed in, and the token that their forms are sent with."""
    if not isinstance(request.user, User):
        return refusals.to_sign_in(request)
    return _told({"person": str(request.user.uid), "token": get_token(request)})


def _told(what: dict[str, Any], status: int = 200) -> JsonResponse:
    response = JsonResponse(what, status=status)
    add_never_cache_headers(response)
    return response
