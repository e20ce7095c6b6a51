"""A dossier: its pledges, what was said but not promised, and what both rest on."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from tracker.domain import access as rules
from tracker.selectors import access, register
from tracker.selectors.entries import FactView
from tracker.web.clocks import line
from tracker.web.moments import Moment
from tracker.web.pages import reads
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
    found = register.dossier(viewer=viewer, slug=slug, at=moment.at, known=moment.known)
    names = register.party_names()
    tables = (
        found.entries[0].tables
        if found.entries
        else register.tables_of(found.dossier, moment.known)
    )
    context = {
        "page": "dossier",
        "moment": moment,
        "found": found,
        "dossier": found.dossier,
        "lines": [line(entry) for entry in found.entries],
        "positions": [
            position(fact, tables=tables, names=names, at=moment.at) for fact in found.positions
        ],
        "instruments": [_instrument(fact, names) for fact in found.instruments],
        "sees_members": rules.see_members(viewer, access.door(found.dossier)),
    }
    return render(request, "dossiers/dossier.html", context)


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
