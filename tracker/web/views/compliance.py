"""Compliance over time, of a pledge and of a dossier: a picture, its table, and its file."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header

from tracker.domain.errors import Invalid
from tracker.exports.compliance import as_file
from tracker.selectors import access
from tracker.selectors import compliance as reading
from tracker.selectors.compliance import Compliance
from tracker.web import compliance
from tracker.web.entry import UNPROCESSABLE
from tracker.web.forms.compliance import RangeForm
from tracker.web.moments import Moment
from tracker.web.pages import reads

TEMPLATE = "compliance/compliance.html"


@reads()
def pledge_compliance(request: HttpRequest, moment: Moment, ref: str) -> HttpResponse:
    found = reading.of_pledge(viewer=access.viewer(request.user), ref=ref, at=moment.at)
    address = reverse("pledge_numbers", args=(ref,)) + moment.query
    return render(request, TEMPLATE, _shown(found, moment, address))


@reads()
def pledge_numbers(request: HttpRequest, moment: Moment, ref: str) -> HttpResponse:
    found = reading.of_pledge(viewer=access.viewer(request.user), ref=ref, at=moment.at)
    return _file(found, ref)


@reads()
def dossier_compliance(request: HttpRequest, moment: Moment, slug: str) -> HttpResponse:
    """Between the days that are asked for; what cannot be shown is sent back with why."""
    viewer = access.viewer(request.user)
    one = access.dossier(viewer, slug)
    form = RangeForm(request.GET if _asks(request) else None)
    context: dict[str, Any] = {"page": "compliance", "moment": moment, "dossier": one, "form": form}
    if form.is_bound and not form.is_valid():
        return render(request, TEMPLATE, context, status=UNPROCESSABLE)
    first, last = form.range
    try:
        found = reading.of_dossier(viewer=viewer, slug=slug, at=moment.at, first=first, last=last)
    except Invalid as error:
        if not form.is_bound:
            form = context["form"] = RangeForm({"from": "", "to": ""})
        form.refuse(error)
        return render(request, TEMPLATE, context, status=UNPROCESSABLE)
    if not form.is_bound:
        form.initial = {"from": found.first.isoformat(), "to": found.last.isoformat()}
    query = f"?from={found.first.isoformat()}&to={found.last.isoformat()}"
    query += f"&at={moment.at_text}" if moment.at_asked else ""
    address = reverse("dossier_numbers", args=(slug,)) + query
    return render(request, TEMPLATE, context | _shown(found, moment, address))


@reads()
def dossier_numbers(request: HttpRequest, moment: Moment, slug: str) -> HttpResponse:
    first, last = _days(request)
    viewer = access.viewer(request.user)
    found = reading.of_dossier(viewer=viewer, slug=slug, at=moment.at, first=first, last=last)
    return _file(found, slug)


def _asks(request: HttpRequest) -> bool:
    return "from" in request.GET or "to" in request.GET


def _days(request: HttpRequest) -> tuple[date | None, date | None]:
    """The days that an address asks for. Raises Invalid with which of them is none."""
    form = RangeForm(request.GET)
    if not form.is_valid():
        name = next(iter(form.errors))
        raise Invalid(str(form.errors[name][0]), field=name)
    return form.range


def _shown(found: Compliance, moment: Moment, address: str) -> dict[str, Any]:
    return {
        "page": "compliance",
        "moment": moment,
        "found": found,
        "dossier": found.dossier,
        "picture": compliance.picture(found),
        "table": compliance.table(found),
        "rates": compliance.rates(found),
        "gaps": compliance.gaps(found),
        "address": address,
    }


def _file(found: Compliance, name: str) -> HttpResponse:
    made = as_file(found, name)
    answer = HttpResponse(made, content_type="text/csv; charset=utf-8")
    called = content_disposition_header(True, f"compliance-{name}.csv")
    answer["Content-Disposition"] = called or "attachment"
    return answer
