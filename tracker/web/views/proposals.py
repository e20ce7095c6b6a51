"""Proposed changes: the queue of them, and the page of each, where it is decided."""

import json
import secrets
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from tracker import clock
from tracker.actions import drafts as keeping
from tracker.actions import proposals as deciding
from tracker.actions.drafts import Origin
from tracker.domain import access as rules
from tracker.domain.access import Role, Viewer
from tracker.domain.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from tracker.domain.proposals import Standing
from tracker.models import Proposal
from tracker.selectors import access, memberships, proposals, steps
from tracker.web import drafts
from tracker.web.choices import of_dossier
from tracker.web.forms.proposals import DeclineForm
from tracker.web.pages import SignedIn, writes
from tracker.web.proposals import effects_of, steps_of
from tracker.web.queues import ways
from tracker.web.refusals import PAGES

AT_ONCE = 25


@require_safe
@writes
def proposal_queue(request: SignedIn) -> HttpResponse:
    """What waits for somebody to confirm it, and what became of the rest; ``?dossier=`` narrows it
    to one dossier, ``?mine=yes`` to one's own.
    """
    viewer = access.viewer(request.user)
    known = proposals.dossiers(viewer)
    dossier = request.GET.get("dossier", "")
    asked = dossier if dossier in dict(known) else ""
    mine = "mine" in request.GET
    narrowed = {"dossier": asked, "by": str(request.user.uid) if mine else ""}
    waiting = Paginator(proposals.listed(viewer, is_open=True, **narrowed), AT_ONCE)
    done = Paginator(proposals.listed(viewer, is_open=False, **narrowed), AT_ONCE)
    context = {
        "page": "reviews",
        "pages": waiting.get_page(request.GET.get("page")),
        "done_pages": done.get_page(request.GET.get("done")),
        "dossiers": known,
        "asked": asked,
        "mine": mine,
        "own": str(request.user.uid),
        "ways": ways(viewer, at=clock.now(), here="proposal_queue"),
        "may_decide": {slug for slug, _ in known if _reviews(viewer, slug)},
    }
    return render(request, "proposals/proposal_queue.html", context)


def _reviews(viewer: Viewer, slug: str) -> bool:
    return viewer.is_site_admin or viewer.roles.get(slug) in rules.ranks(Role.REVIEWER)


@writes
def proposal(request: SignedIn, uid: UUID) -> HttpResponse:
    """What would change, and the ways to decide. A POST confirms, declines, withdraws, or takes up
    again.
    """
    viewer, row = access.viewer(request.user), proposals.found(str(uid))
    if row is None:
        raise NotFound("There is no such proposal.")
    rules.check_inspect(viewer, access.door(row.dossier))
    if request.method != "POST":
        return _page(request, viewer, row)
    deed = request.POST.get("do", "")
    if deed in ("confirm", "decline"):
        rules.check_confirm(viewer, access.door(row.dossier), author=str(row.by.uid))
    elif row.by != request.user:
        raise NotAllowed(gettext("This is for who proposed it."))
    match deed:
        case "confirm":
            return _confirm(request, viewer, row)
        case "decline":
            return _decline(request, viewer, row)
        case "withdraw":
            deciding.withdraw(row=row, by=request.user, at=clock.now())
            messages.success(request, gettext("The proposal is withdrawn."))
            return redirect("proposal", uid)
        case "again":
            return _again(request, row)
    raise Invalid(gettext("This form says not what is to be done."))


def _confirm(request: SignedIn, viewer: Viewer, row: Proposal) -> HttpResponse:
    try:
        seen = request.POST.get("seen", "")
        deciding.confirm(row=row, seen=seen, by=request.user, at=clock.now())
    except DomainError as error:
        # As it stands by now: another one may have decided, or changed what it rests on.
        found = proposals.found(str(row.uid)) or row
        status = next(status for kind, status in PAGES.items() if isinstance(error, kind))
        return _page(request, viewer, found, refused=error, status=status)
    messages.success(request, gettext("Confirmed: it counts from now on."))
    return redirect("proposal", row.uid)


def _decline(request: SignedIn, viewer: Viewer, row: Proposal) -> HttpResponse:
    form = DeclineForm(request.POST)
    if form.is_valid():
        try:
            why = form.cleaned_data["why"]
            deciding.decline(row=row, why=why, by=request.user, at=clock.now())
        except Conflict as error:
            found = proposals.found(str(row.uid)) or row
            return _page(request, viewer, found, refused=error, form=form, status=409)
        except DomainError as error:
            form.add_refusal(error)
        else:
            messages.success(request, gettext("Declined. Its author sees why."))
            return redirect("proposal", row.uid)
    return _page(request, viewer, row, form=form, status=422)


def _again(request: SignedIn, row: Proposal) -> HttpResponse:
    """Its form once more, filled in as it was sent; an open one is withdrawn for that."""
    if not row.typed:
        raise Conflict(gettext("What was typed for it is not kept any more."))
    address = _address(request, row)
    said = gettext("What you typed stands below; send it anew.")
    if row.standing == Standing.OPEN:
        deciding.withdraw(row=row, by=request.user, at=clock.now())
        said = gettext("The proposal is withdrawn. What you typed stands below; send it anew.")
    messages.success(request, said)
    return HttpResponseRedirect(address)


def _address(request: SignedIn, row: Proposal) -> str:
    """Of the form, with a draft of what was typed."""
    origin = Origin(uuid4(), row.address, row.title, secrets.token_urlsafe(12), 0)
    typed = json.loads(row.typed)
    kept = keeping.keep(of=origin, typed=typed, by=request.user, at=clock.now())
    return row.address if kept is None else drafts.link(kept)


def _page(
    request: SignedIn,
    viewer: Viewer,
    row: Proposal,
    *,
    refused: DomainError | None = None,
    form: DeclineForm | None = None,
    status: int = 200,
) -> HttpResponse:
    at = clock.now()
    choices, found = of_dossier(row.dossier), steps.settled(row)
    is_open, is_own = row.standing == Standing.OPEN, row.by == request.user
    door, author = access.door(row.dossier), str(row.by.uid)
    reviewers = memberships.names(row.dossier, least=Role.REVIEWER) if is_open else {}
    context: dict[str, Any] = {
        "page": "proposal",
        "proposal": row,
        "dossier": row.dossier,
        "steps": steps_of(row, found, choices),
        "effects": effects_of(found, choices, at=at) if is_open else [],
        "seen": steps.token(found),
        "is_open": is_open,
        "is_own": is_own,
        "may_decide": is_open and rules.confirm(viewer, door, author=author),
        "may_take_up": is_own and bool(row.typed),
        "others": sorted(name for uid, name in reviewers.items() if uid != author),
        "refused": refused,
        "form": form or DeclineForm(),
        "now": at,
    }
    return render(request, "proposals/proposal.html", context, status=status)
