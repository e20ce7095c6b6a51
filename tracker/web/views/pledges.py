"""A pledge: what was promised by whom to whom, how long still, and who says otherwise."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tracker.domain import access as rules
from tracker.domain.access import Door
from tracker.selectors import access, histories, register
from tracker.web import particulars
from tracker.web.accounts import fields_of, quotations
from tracker.web.clocks import clock, zone_of
from tracker.web.moments import Moment
from tracker.web.pages import reads
from tracker.web.readings import chart_of, readings_of


@reads(known=True)
def pledge(request: HttpRequest, moment: Moment, ref: str) -> HttpResponse:
    viewer = access.viewer(request.user)
    entry = register.entry(viewer=viewer, ref=ref, at=moment.at, known=moment.known)
    door = Door(slug=entry.dossier, is_public=entry.is_public)
    inspects = rules.inspect(viewer, door)
    readings = readings_of(entry)
    context = {
        "page": "pledge",
        "moment": moment,
        "entry": entry,
        "names_people": inspects,
        "may_inspect": inspects,
        "may_edit": rules.edit(viewer, door) and not moment.is_asked,
        "about_pledge": urlencode({"about": f"pledge:{ref}"}),
        "on_pledge": urlencode({"pledge": ref}),
        "to_pledges": urlencode({"pledges": ref}),
        "clock": clock(entry),
        "zone": zone_of(entry),
        "readings": readings,
        "chart": chart_of(readings, at=moment.at),
        "fields": fields_of(entry),
        "quotations": quotations(entry),
        "flags": particulars.notices(entry),
        "links": particulars.links(entry),
        "conditions": particulars.conditions(entry),
        "deadlines": particulars.deadlines(entry),
        "incidents": particulars.incidents(entry),
        "counts": particulars.counts(entry),
        "promised": particulars.promised(entry),
        "related": particulars.related(entry),
        "history": histories.of_pledge(
            chain=entry.dossier,
            tables=entry.tables,
            ref=ref,
            at=moment.at if moment.at_asked else None,
            known=moment.known,
        ),
    }
    return render(request, "pledges/pledge.html", context)
