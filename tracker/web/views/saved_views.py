"""Saved views: one's own, the board that each is, and saving, changing and removing them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from tracker import clock
from tracker.actions import saved_views as actions
from tracker.domain.errors import DomainError, NotFound
from tracker.domain.filters import NAMES, stored
from tracker.models import SavedView, Subscription
from tracker.selectors import access, saved_views
from tracker.selectors.filters import Nameable, nameable
from tracker.web import filters
from tracker.web.entry import UNPROCESSABLE
from tracker.web.filters import Told
from tracker.web.forms.filters import ViewForm
from tracker.web.moments import Moment
from tracker.web.pages import SignedIn, reads, site, writes
from tracker.words import isolated

from .boards import listed


@dataclass(frozen=True, slots=True)
class Row:
    """A view in a list."""

    view: SavedView
    told: list[Told]
    is_watched: bool


@writes
def views(request: SignedIn) -> HttpResponse:
    """One's own and those of others that one watches; a POST removes one, or takes that back."""
    if request.method == "POST":
        _do(request)
        return redirect("views")
    mine = list(saved_views.mine(request.user))
    others = list(saved_views.of_others(request.user))
    wanted = {view.pk: stored(view.filters) for view in (*mine, *others)}
    viewer = access.viewer(request.user)
    names = nameable(
        viewer=viewer,
        at=clock.now(),
        parties={slug for one in wanted.values() for slug in one.party},
        visible=access.visible(viewer),
    )
    watched = set(
        Subscription.objects.filter(user=request.user, ended_at=None, view__in=wanted).values_list(
            "view", flat=True
        )
    )

    def rows(found: list[SavedView]) -> list[Row]:
        return [
            Row(view, filters.told(wanted[view.pk], names), view.pk in watched) for view in found
        ]

    context = {
        "page": "views",
        "mine": rows(mine),
        "others": rows(others),
        "removed": saved_views.removed(request.user),
    }
    return render(request, "views/views.html", context)


def _do(request: SignedIn) -> None:
    deed = request.POST.get("deed")
    if deed not in ("remove", "bring-back"):
        return
    row = saved_views.own(request.user, _uid(request.POST.get("view", "")))
    said = {"name": isolated(row.name)}
    if deed == "remove":
        actions.remove(row=row, at=clock.now())
        told = gettext("“%(name)s” is removed: nobody watches it. That can be taken back below.")
    else:
        actions.bring_back(row=row, at=clock.now())
        told = gettext("“%(name)s” is back: whoever watched it watches it again.")
    messages.success(request, told % said)


def _uid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("There is no such view.") from None


@reads()
def view(request: HttpRequest, moment: Moment, uid: UUID) -> HttpResponse:
    """The board as a view lists it: of whoever opens it only what that person may see."""
    found = saved_views.shown(request.user, uid)
    wanted = stored(found.filters)
    viewer = access.viewer(request.user)
    dossiers = access.visible(viewer)
    names = nameable(
        viewer=viewer,
        at=moment.at,
        parties=wanted.party,
        visible=dossiers,
        is_now=not moment.at_asked,
    )
    told = filters.told(wanted, names)
    shown = [one for one in told if one.words]
    visible = filters.visible(wanted, names)
    context = {
        **listed(request, viewer, wanted, moment, dossiers, names),
        "drafts": 0,  # those are told on the board alone
        "proposals": 0,
        "page": "view",
        "moment": moment,
        "view": found,
        "told": shown,
        "is_partly_hidden": wanted.is_void or len(shown) < len(told),
        "is_mine": found.owner_id == request.user.pk,
        "link": f"{site(request)}{reverse('view', args=(found.uid,))}",
        "board_query": filters.query(visible, moment) if visible else "",
    }
    return render(request, "views/view.html", context)


@writes
def view_new(request: SignedIn) -> HttpResponse:
    """What the board's address asks for, under a name."""
    asked = {name: values for name, values in filters.given(request.GET).items() if name in NAMES}
    names = _names(request, asked)
    form = ViewForm(names, _sent(request), initial=asked)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.save(owner=request.user, at=clock.now(), **form.columns())
        except DomainError as error:
            form.add_refusal(error)
        else:
            messages.success(request, gettext("“%s” is saved.") % isolated(made.name))
            return redirect("view", made.uid)
    return _form(request, form)


@writes
def view_edit(request: SignedIn, uid: UUID) -> HttpResponse:
    """Its name, what it lists, and whether its link is for others."""
    row = saved_views.own(request.user, uid)
    if row.removed_at is not None:
        raise NotFound("There is no such view.")
    kept = stored(row.filters).given
    form = ViewForm(
        _names(request, kept),
        _sent(request),
        initial={**kept, "name": row.name, "is_shared": row.is_shared},
        keep=kept,
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.change(row=row, at=clock.now(), **form.columns())
        except DomainError as error:
            form.add_refusal(error)
        else:
            messages.success(request, gettext("Saved. Who watches it is told by it from now on."))
            return redirect("view", uid)
    return _form(request, form, view=row)


def _names(request: SignedIn, asked: filters.Given) -> Nameable:
    viewer = access.viewer(request.user)
    parties = {*asked.get("party", ()), *request.POST.getlist("party")}
    return nameable(viewer=viewer, at=clock.now(), parties=parties, visible=access.visible(viewer))


def _sent(request: SignedIn) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _form(request: SignedIn, form: ViewForm, **more: Any) -> HttpResponse:
    context = {"page": "view_form", "form": form, **more}
    return render(
        request, "views/view_form.html", context, status=UNPROCESSABLE if form.errors else 200
    )
