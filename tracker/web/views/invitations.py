"""Accepting an invitation by its link. Looking at the page never accepts: scanners of mail look.

Also setting a password by a link, for an account that has lost its own or never had one.
"""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tracker import clock
from tracker.actions import invitations as inviting
from tracker.domain.errors import Conflict
from tracker.domain.members import stands
from tracker.models import Invitation
from tracker.selectors import invitations
from tracker.web.forms.people import JoinForm

UNPROCESSABLE, MISSING, GONE = 422, 404, 410


@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What can be done depends on who looks: accept, join, sign in first, or sign out first."""
    row = invitations.by_token(token)
    if row is None:
        return _gone(request, "invitation_gone", MISSING)
    if row.accepted_by_id is not None and row.accepted_by_id == request.user.pk:
        return _to_dossier(row)
    at = clock.now()
    if not stands(row.outcome, expires_at=row.expires_at, at=at):
        return _gone(request, "invitation_gone", GONE, row)
    who = _who(request, row)
    if request.method == "POST":
        if who == "other" and request.POST.get("deed") == "sign_out":
            logout(request)
            return HttpResponseRedirect(request.path)
        if who == "invited":
            user: Any = request.user
            inviting.accept(row=row, user=user, at=at)
            messages.success(request, gettext("You are a member now."))
            return _to_dossier(row)
        if who == "new":
            return _join(request, row)
    form = JoinForm(email=row.email) if who == "new" else None
    return _page(request, row, who, form)


def _who(request: HttpRequest, row: Invitation) -> str:
    user: Any = request.user
    if user.is_authenticated:
        return "invited" if user.email == row.email else "other"
    account = invitations.account_of(row)
    if account is None:
        return "new"
    return "known" if account.is_active else "deactivated"


def _join(request: HttpRequest, row: Invitation) -> HttpResponse:
    form = JoinForm(request.POST, email=row.email)
    if not form.is_valid():
        return _page(request, row, "new", form, UNPROCESSABLE)
    given = form.cleaned_data
    try:
        user = inviting.join(
            row=row, name=given["name"], password=given["password"], at=clock.now()
        )
    except Conflict:  # somebody was quicker: the page says what is to be done now
        return HttpResponseRedirect(request.path)
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    messages.success(request, gettext("Your account is made, and you are a member now."))
    return _to_dossier(row)


def _to_dossier(row: Invitation) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("dossier", args=(row.dossier.slug,)))


def _page(
    request: HttpRequest, row: Invitation, who: str, form: JoinForm | None, status: int = 200
) -> HttpResponse:
    context = {
        "page": "invitation",
        "invitation": row,
        "who": who,
        "form": form,
        "sign_in": resolve_url(settings.LOGIN_URL),
    }
    return render(request, "people/invitation.html", context, status=status)


def _gone(
    request: HttpRequest, page: str, status: int, row: Invitation | None = None
) -> HttpResponse:
    """A link that does nothing any more: why, and what to do."""
    context = {"page": "gone", "invitation": row, "sign_in": resolve_url(settings.LOGIN_URL)}
    return render(request, f"people/{page}.html", context, status=status)
