"""People as site administrators see them: found, promoted, deactivated, reset, erased.

To everybody else these pages do not exist. Signing in is in sign_ins.py.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tracker import clock
from tracker.actions import departures, sign_ins, users
from tracker.domain import access as rules
from tracker.domain.errors import Conflict, DomainError, NotFound
from tracker.mail import letters, links
from tracker.models import User
from tracker.selectors import access, memberships
from tracker.selectors import people as found
from tracker.web.forms.people import HandoverForm, SearchForm, WhyForm
from tracker.web.pages import SignedIn, site, writes

UNPROCESSABLE = 422
PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Deed:
    """What a site administrator can do to an account: to which, and by which verb."""

    name: str
    label: Any
    lead: Any
    button: Any
    applies: Callable[[User], bool]
    do: Callable[[User, User, datetime, str], object]
    is_grave: bool = False


def _promote(user: User, by: User, at: datetime, reason: str) -> object:
    return users.set_site_admin(user=user, is_site_admin=True, by=by, at=at, reason=reason)


def _demote(user: User, by: User, at: datetime, reason: str) -> object:
    return users.set_site_admin(user=user, is_site_admin=False, by=by, at=at, reason=reason)


def _reset(user: User, by: User, at: datetime, reason: str) -> object:
    return sign_ins.reset(user=user, by=by, at=at, reason=reason)


def _reactivate(user: User, by: User, at: datetime, reason: str) -> object:
    return departures.reactivate(user=user, by=by, at=at, reason=reason)


def _erase(user: User, by: User, at: datetime, reason: str) -> object:
    return departures.erase(user=user, by=by, at=at, reason=reason)


RESET = "reset"
DEEDS = {
    deed.name: deed
    for deed in (
        Deed(
            "promote",
            _("Make a site administrator"),
            _("A site administrator sees and changes every dossier, and these pages."),
            _("Make a site administrator"),
            lambda user: user.is_active and not user.is_site_admin,
            _promote,
        ),
        Deed(
            "demote",
            _("End as site administrator"),
            _("The account stays, with its roles in dossiers."),
            _("End it"),
            lambda user: user.is_site_admin,
            _demote,
            is_grave=True,
        ),
        Deed(
            RESET,
            _("Reset the sign-in"),
            _(
                "For somebody who has lost an authenticator or the password. Both end, with every"
                " session; a letter with a link to set a new password is sent. Make sure by"
                " another way that it is this person who asks."
            ),
            _("Reset the sign-in"),
            lambda user: user.is_active,
            _reset,
            is_grave=True,
        ),
        Deed(
            "reactivate",
            _("Reactivate"),
            _("The person can sign in again, in the same roles. Pledges handed over stay so."),
            _("Reactivate"),
            lambda user: not user.is_active and user.erased_at is None,
            _reactivate,
        ),
        Deed(
            "erase",
            _("Erase personal data"),
            _(
                "Name, e-mail, password, authenticators, sessions and memberships go, and cannot"
                " come back. What the person entered stays, by “a former member”."
            ),
            _("Erase for good"),
            lambda user: not user.is_active and user.erased_at is None,
            _erase,
            is_grave=True,
        ),
    )
}


@writes
def people(request: SignedIn) -> HttpResponse:
    """Everybody with an account, found by name or e-mail."""
    _check(request)
    form = SearchForm(request.GET)
    form.is_valid()
    asked = {name: form.cleaned_data.get(name, "") for name in form.fields}
    page = Paginator(found.listed(**asked), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": "people",
        "form": form,
        "people": page,
        "asked": asked,
        "is_asked": any(asked.values()),
    }
    return render(request, "people/people.html", context)


@writes
def person(request: SignedIn, uid: UUID) -> HttpResponse:
    _check(request)
    return _shown(request, _person(uid))


def _shown(request: HttpRequest, one: User, *, link: str = "") -> HttpResponse:
    context = {
        "page": "person",
        "person": one,
        "duties": memberships.duties(one),
        "deeds": [deed for deed in DEEDS.values() if deed.applies(one)],
        "link": link,
        "days": links.days(),
    }
    return render(request, "people/person.html", context)


@writes
def person_deed(request: SignedIn, uid: UUID, deed: str) -> HttpResponse:
    """Do to an account what DEEDS lists, with a reason."""
    _check(request)
    one = _person(uid)
    done = DEEDS.get(deed)
    if done is None:
        raise NotFound(f"There is no deed “{deed}”.")
    if not done.applies(one):
        raise Conflict(
            gettext("This cannot be done to this account as it is now."),
            mend=gettext("Look at it again."),
        )
    form = WhyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            done.do(one, request.user, clock.now(), form.cleaned_data["reason"])
        except DomainError as error:
            form.add_refusal(error)
        else:
            return _done(request, one, done)
    context = {"page": "person_deed", "person": one, "deed": done, "form": form}
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "people/person_deed.html", context, status=status)


def _done(request: SignedIn, one: User, done: Deed) -> HttpResponse:
    if done.name == RESET:
        link = request.build_absolute_uri(links.new_password(one))
        context = {"link": link, "days": links.days(), "site": site(request)}
        if not letters.send("sign_in_reset", to=one.email, context=context):
            return _shown(request, one, link=link)
        messages.success(request, gettext("The sign-in is reset, and a letter is on its way."))
    else:
        messages.success(request, gettext("Done."))
    # Whoever ended the own office no longer sees these pages.
    is_out = done.name == "demote" and one.pk == request.user.pk
    return HttpResponseRedirect(reverse("board") if is_out else reverse("person", args=(one.uid,)))


@writes
def person_deactivate(request: SignedIn, uid: UUID) -> HttpResponse:
    """First who takes over, then what comes of it, then it is done."""
    _check(request)
    one = _person(uid)
    if not one.is_active:
        raise Conflict(gettext("This account is deactivated already."))
    duties = memberships.duties(one)
    context: dict[str, Any] = {
        "page": "person_deactivate",
        "person": one,
        "last_of": [duty.dossier for duty in duties if duty.is_last_owner],
    }
    form = HandoverForm(request.POST if request.method == "POST" else None, duties=duties)
    if form.is_valid():
        chosen = form.successors()
        left = list(memberships.unassigned(duties, chosen))
        given = [
            (duty.dossier, duty.successors[chosen[duty.dossier.slug]], duty.pledges)
            for duty in form.duties
            if duty.dossier.slug in chosen
        ]
        if "confirm" in request.POST:
            try:
                _deactivate(request, one, chosen, form.cleaned_data["reason"])
            except DomainError as error:
                form.add_refusal(error)
            else:
                messages.success(request, gettext("The account is deactivated."))
                return HttpResponseRedirect(reverse("person", args=(one.uid,)))
        if not form.errors:
            context |= {"is_chosen": True, "given": given, "left": left}
    context["form"] = form
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "people/person_deactivate.html", context, status=status)


def _deactivate(request: SignedIn, one: User, chosen: dict[str, str], reason: str) -> None:
    seen = request.POST.get("unassigned", "")
    by_uid = User.objects.in_bulk(set(chosen.values()), field_name="uid")
    rows = {str(uid): user for uid, user in by_uid.items()}
    departures.deactivate(
        user=one,
        successors={slug: rows[uid] for slug, uid in chosen.items()},
        by=request.user,
        at=clock.now(),
        reason=reason,
        unassigned=int(seen) if re.fullmatch("[0-9]{1,9}", seen) else None,
    )


def _check(request: HttpRequest) -> None:
    rules.check_run_site(access.viewer(request.user))


def _person(uid: UUID) -> User:
    one = found.by_uid(str(uid))
    if one is None:
        raise NotFound("There is no such person.")
    return one
