"""A dossier: its pledges, what was said but not promised, and what both rest on."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from tracker import clock
from tracker.actions import dossiers, verbs
from tracker.domain import access as rules
from tracker.domain.access import Viewer
from tracker.domain.filters import Filter
from tracker.models import Dossier
from tracker.selectors import access, ledger, proposals, register, rows
from tracker.selectors.entries import FactView
from tracker.selectors.listed import of_entry
from tracker.selectors.versions import superseded
from tracker.web import entry, looks
from tracker.web.choices import of_dossier, of_parties
from tracker.web.clocks import line
from tracker.web.entry import Frame
from tracker.web.forms.dossiers import DossierForm
from tracker.web.listings import Listing, listing
from tracker.web.moments import Moment
from tracker.web.pages import SignedIn, reads, writes
from tracker.web.positions import position


@dataclass(frozen=True, slots=True)
class Instrument:
    """What pledges were made in, with who had which part in it."""

    key: str
    fact: FactView
    roles: list[tuple[str, str]]


@reads(known=True)
def dossier(request: HttpRequest, moment: Moment, slug: str) -> HttpResponse:
    viewer = access.viewer(request.user)
    found = register.dossier(
        viewer=viewer, slug=slug, at=moment.at, known=moment.known, is_now=not moment.at_asked
    )
    door = access.door(found.dossier)
    names = register.party_names(at=moment.at, known=moment.known)
    pledges = _pledges(found, viewer, moment)
    may_edit = rules.edit(viewer, door) and not moment.is_asked
    context = {
        "page": "dossier",
        "moment": moment,
        "found": found,
        "dossier": found.dossier,
        "look": looks.of(request),
        "listing": pledges,
        "lines": pledges.lines,
        "positions": [
            position(fact, tables=found.tables, names=names, at=moment.at)
            for fact in found.positions
        ],
        "instruments": [_instrument(fact, names) for fact in found.instruments],
        "superseded": superseded(found.sources),
        "may_inspect": rules.inspect(viewer, door),
        "may_edit": may_edit,
        "may_choose": {slug} if may_edit else (),
        "choosable": pledges.refs if may_edit else [],
        "may_own": rules.own(viewer, door) and not moment.is_asked,
        "proposed": proposals.number_open(slug)
        if rules.edit(viewer, door) and not moment.is_asked
        else 0,
        "sees_members": rules.see_members(viewer, door),
    }
    return render(request, "dossiers/dossier.html", context)


def _pledges(found: register.DossierPage, viewer: Viewer, moment: Moment) -> Listing:
    """What is listed now or then is read from the board; what was known then is evaluated."""
    if found.board is not None:
        return listing(found.board, Filter(dossier=(found.dossier.slug,)), moment)
    lines = [line(of_entry(entry, viewer)) for entry in found.entries]
    return Listing(lines, len(lines))


@writes
def dossier_new(request: SignedIn) -> HttpResponse:
    """Open a dossier; whoever does becomes its owner."""
    rules.check_open_dossiers(access.viewer(request.user))
    form = DossierForm(entry.sent(request), choices=of_parties(), is_new=True)
    frame = Frame(gettext("Open a dossier"), gettext("Open it"), reverse("board"))

    def open_it() -> Dossier:
        columns = form.columns()
        slug = form.cleaned_data["key"] or verbs.free_key(Dossier, None, columns["title"])
        return dossiers.open(slug=slug, by=request.user, at=clock.now(), **columns)

    def said(_key: str) -> str:
        return gettext("The dossier is open. You are its owner.")

    key = entry.entered(request, form, open_it, chain="", said=said)
    if key is None:
        return entry.show(request, form, frame)
    return redirect("dossier", key)


@writes
def dossier_edit(request: SignedIn, slug: str) -> HttpResponse:
    """Change what a dossier is called, and who may see it."""
    viewer = access.viewer(request.user)
    one = access.dossier(viewer, slug)
    rules.check_own(viewer, access.door(one))
    initial = rows.state(one) | {"seen": ledger.last_seq(slug, Dossier.NOUN, slug)}
    form = DossierForm(
        entry.sent(request), choices=of_dossier(one, tables={}), is_new=False, initial=initial
    )
    back = reverse("dossier", args=(slug,))
    frame = Frame(gettext("Edit the dossier"), gettext("Save"), back, ((back, one.title),))

    def amend() -> Dossier:
        return dossiers.amend(row=one, by=request.user, at=clock.now(), **form.changes())

    refused = entry.amended(request, form, frame, amend, chain=slug, noun=Dossier.NOUN, key=slug)
    return refused or redirect(back)


def _instrument(fact: FactView, names: Mapping[str, str]) -> Instrument:
    roles = (
        (gettext("Parties"), "parties"),
        (gettext("Mediators"), "mediators"),
        (gettext("Guarantors"), "guarantors"),
        (gettext("Monitors"), "monitors"),
    )
    return Instrument(
        fact.key,
        fact,
        [
            (label, ", ".join(names.get(slug, slug) for slug in slugs))
            for label, role in roles
            if (slugs := fact.state.get(role) or ())
        ],
    )
