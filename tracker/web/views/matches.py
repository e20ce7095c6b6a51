"""The pledges that incidents of a dossier may bear on: suggested, accepted, dismissed."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from tracker import clock
from tracker.actions import matches as actions
from tracker.domain import access as rules
from tracker.domain.errors import Conflict, DomainError, NotFound
from tracker.models import Dossier, Incident, IncidentImport, Pledge, Proposal
from tracker.selectors import access
from tracker.selectors import matches as selectors
from tracker.selectors.ledger import last_seq_of_each
from tracker.web import proposing, undo
from tracker.web.bulk import seen_of
from tracker.web.choices import of_dossier
from tracker.web.entry import CONFLICT, UNPROCESSABLE
from tracker.web.forms.imports import MatchForm
from tracker.web.matches import cards
from tracker.web.pages import SignedIn, writes

LOOKED_AT = 25  # incidents on a page


@writes
def matches(request: SignedIn, dossier: str) -> HttpResponse:
    """``?import=``, ``?incident=`` and ``?pledge=`` narrow it. The deeds of a POST: ``preview``,
    ``accept``, ``dismiss``, ``back``.
    """
    viewer = access.viewer(request.user)
    one = access.dossier(viewer, dossier)
    rules.check_edit(viewer, access.door(one))
    asked = _asked(request, one)
    deed = request.POST.get("deed", "")
    if not deed:
        return _show(request, one, asked)
    pairs = selectors.pairs(one, _wanted(request))
    if not pairs:
        messages.error(request, gettext("Nothing is chosen. Tick what bears on a pledge, or not."))
        return _show(request, one, asked, status=UNPROCESSABLE)
    if deed == "dismiss":
        number = actions.dismiss(pairs=pairs, by=request.user, at=clock.now())
        messages.success(request, _dismissed(number))
        return HttpResponseRedirect(request.get_full_path())
    if deed == "back":
        actions.bring_back(pairs=pairs)
        return HttpResponseRedirect(request.get_full_path())
    return _accepting(request, one, pairs, deed)


def _asked(request: SignedIn, one: Dossier) -> dict[str, Any]:
    """What the list is narrowed to. Raises NotFound for what there is not in the dossier."""
    found: dict[str, Any] = {}
    if uid := request.GET.get("import", ""):
        rows = IncidentImport.objects.filter(dossier=one, uid=_uuid(uid)).defer("content")
        found["of_import"] = rows.first()
    if key := request.GET.get("incident", ""):
        row = Incident.objects.filter(dossier=one, key=key).first()
        found["key"] = row.key if row is not None else None
    if ref := request.GET.get("pledge", ""):
        found["pledge"] = Pledge.objects.filter(dossier=one, ref=ref, merged_into=None).first()
    if None in found.values():
        raise NotFound("There is no such import, incident or pledge in this dossier.")
    return found


def _uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError as error:
        raise NotFound("There is no such import.") from error


def _wanted(request: SignedIn) -> list[tuple[str, str]]:
    found = []
    for text in dict.fromkeys(request.POST.getlist("pair")):
        key, _blank, ref = text.partition(" ")
        if ref and "\x00" not in text:
            found.append((key, ref))
    return found


def _show(
    request: SignedIn, one: Dossier, asked: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page of incidents, with what is suggested of each."""
    every = selectors.incidents(one, **asked)
    pages: Page[Incident] = Paginator(every, LOOKED_AT).get_page(request.GET.get("page"))
    found = cards(one, list(pages), pledge=asked.get("pledge"))
    context = {
        "page": "matches",
        "dossier": one,
        "asked": asked,
        "pages": pages,
        "open": [card for card in found if not card.is_dismissed],
        "dismissed": [card for card in found if card.is_dismissed],
        "four_eyes": one.four_eyes,
    }
    return render(request, "matches/matches.html", context, status=status)


def _accepting(
    request: SignedIn, one: Dossier, pairs: list[tuple[Incident, Pledge]], deed: str
) -> HttpResponse:
    """What will change, and the form that does it; or doing it."""
    form = MatchForm(request.POST if deed == "accept" else None)
    status = 200
    if form.is_bound and form.is_valid():
        try:
            return _accepted(request, one, pairs, form.cleaned_data["reason"])
        except Conflict as error:
            form.add_refusal(error)
            status = CONFLICT
        except DomainError as error:
            form.add_refusal(error)
    if form.errors and status == 200:
        status = UNPROCESSABLE
    keys = list(dict.fromkeys(row.key for row, _pledge in pairs))
    seqs = last_seq_of_each(one.slug, Incident.NOUN, keys)
    context = {
        "page": "matches",
        "dossier": one,
        "form": form,
        "lines": _lines(pairs),
        "pairs": [f"{row.key} {pledge.ref}" for row, pledge in pairs],
        "seen": " ".join(f"{key}:{seqs[key]}" for key in keys),
        "back": request.get_full_path(),
    }
    return render(request, "matches/match_preview.html", context, status=status)


def _lines(pairs: list[tuple[Incident, Pledge]]) -> list[tuple[Incident, list[str], list[Pledge]]]:
    """Each incident with the pledges that it names now, and those that it will name besides."""
    named = selectors.linked({row.pk: row for row, _pledge in pairs}.values())
    found: dict[str, tuple[Incident, list[str], list[Pledge]]] = {}
    for row, pledge in pairs:
        line = found.setdefault(row.key, (row, named.get(row.key, []), []))
        if pledge.ref not in line[1]:
            line[2].append(pledge)
    return list(found.values())


def _accepted(
    request: SignedIn, one: Dossier, pairs: list[tuple[Incident, Pledge]], reason: str
) -> HttpResponse:
    before = undo.head(one.slug)
    seen = seen_of(request.POST.get("seen", ""))

    def write() -> int:
        return actions.accept(
            dossier=one, pairs=pairs, seen=seen, reason=reason, by=request.user, at=clock.now()
        )

    # Not as typed in a form: opened again, it would be a form for other pairs.
    if one.four_eyes:
        done = proposing.instead(request, write, of_dossier(one), is_typed=False)()
        if isinstance(done, Proposal):
            return proposing.told(request, str(done.uid))
    else:
        done = write()
    said = ngettext(
        "%(n)s incident bears on the chosen pledge from now on.",
        "%(n)s incidents bear on the chosen pledges from now on.",
        done,
    )
    undo.offer(request, said % {"n": done}, chain=one.slug, before=before)
    names = ("import", "incident", "pledge")
    kept = {name: request.GET[name] for name in names if name in request.GET}
    address = reverse("matches", args=(one.slug,))
    return HttpResponseRedirect(f"{address}?{urlencode(kept)}" if kept else address)


def _dismissed(number: int) -> str:
    said = ngettext(
        "%(n)s suggestion is dismissed. It stands below, and can be brought back.",
        "%(n)s suggestions are dismissed. They stand below, and can be brought back.",
        number,
    )
    return said % {"n": number}
