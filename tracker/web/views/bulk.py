"""Changing many pledges together: which, what, what will come of it, and doing it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext

from tracker import clock
from tracker.actions import bulk as actions
from tracker.domain import access as rules
from tracker.domain import tags
from tracker.domain.bulk import MOST
from tracker.domain.errors import DomainError
from tracker.selectors import access
from tracker.selectors import bulk as selectors
from tracker.selectors.bulk import Chosen
from tracker.web import bulk, undo
from tracker.web.entry import CONFLICT, UNPROCESSABLE
from tracker.web.forms.bulk import BulkForm
from tracker.web.pages import SignedIn, writes
from tracker.words import isolated


@writes
def pledge_bulk(request: SignedIn) -> HttpResponse:
    """``pledge``: which; or with ``all`` those that ``shown`` names. A POST with the deed
    ``preview`` shows what will change, with ``apply`` it is done.
    """
    viewer = access.viewer(request.user)
    rules.check_enter_parties(viewer)
    refs = _refs(request)
    deed = request.POST.get("deed", "")
    if not refs or len(refs) > MOST:
        context = {"page": "bulk", "number": len(refs), "most": MOST}
        status = UNPROCESSABLE if refs or request.method == "POST" else 200
        return render(request, "pledges/pledge_bulk.html", context, status=status)
    found = selectors.chosen(request.user, viewer, refs)
    members = selectors.analysts({one.row.dossier_id for one in found})
    form = BulkForm(
        request.POST if deed else None,
        people={uid: name for here in members.values() for uid, name in here.items()},
        there=tags.offered(one.row.tags for one in found).values(),
    )
    overtaken: tuple[str, ...] = ()
    if deed == "apply" and form.is_valid():
        try:
            return _applied(request, form, found)
        except actions.OvertakenError as error:
            overtaken = tuple(error.refs)
            found = selectors.chosen(request.user, viewer, refs)
        except DomainError as error:
            form.add_refusal(error)
    context = {
        "page": "bulk",
        "form": form,
        "chosen": found,
        "left_out": len(refs) - len(found),
        "refs": [one.row.ref for one in found],
        "overtaken": [one.row for one in found if one.row.ref in overtaken],
        "is_overtaken": bool(overtaken),
        "back": _back(found),
    }
    if form.is_bound and form.is_valid():
        names = selectors.names(found, members)
        context["preview"] = bulk.preview(found, form.change, names=names, members=members)
    status = UNPROCESSABLE if form.errors else CONFLICT if overtaken else 200
    return render(request, "pledges/pledge_bulk.html", context, status=status)


def _refs(request: HttpRequest) -> list[str]:
    data: Any = request.POST if request.method == "POST" else request.GET
    asked = data.get("shown", "").split() if data.get("all") else data.getlist("pledge")
    return list(dict.fromkeys(ref for ref in asked if ref))


def _applied(request: SignedIn, form: BulkForm, found: list[Chosen]) -> HttpResponse:
    """Says of each dossier how many were changed, with its undoing, or where it is proposed."""
    before = {slug: undo.head(slug) for slug in {one.row.dossier.slug for one in found}}
    seen = bulk.seen_of(request.POST.get("seen", ""))
    reason = form.cleaned_data["reason"]
    done = bulk.apply(request, form.change, seen, at=clock.now(), reason=reason)
    for one in done:
        slug = one.dossier.slug
        names = {"n": one.number, "dossier": isolated(one.dossier.title)}
        if one.proposal is None:
            said = ngettext(
                "%(n)s pledge of “%(dossier)s” is changed.",
                "%(n)s pledges of “%(dossier)s” are changed.",
                one.number,
            )
            undo.offer(request, said % names, chain=slug, before=before.get(slug, 0))
            continue
        said = ngettext(
            "The change of %(n)s pledge of “%(dossier)s” is proposed.",
            "The change of %(n)s pledges of “%(dossier)s” is proposed.",
            one.number,
        )
        url = reverse("proposal", args=(one.proposal.uid,))
        link = format_html('<a href="{}">{}</a>', url, gettext("The proposal"))
        messages.success(request, format_html("{} {}", said % names, link))
    if not done:
        messages.info(request, gettext("Nothing was to be changed."))
    return HttpResponseRedirect(_back(found))


def _back(found: list[Chosen]) -> str:
    """The dossier that all are of, else the board."""
    slugs = {one.row.dossier.slug for one in found}
    return reverse("dossier", args=tuple(slugs)) if len(slugs) == 1 else reverse("board")
