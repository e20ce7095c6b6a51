"""A party: what it pledged, and what it was pledged, where the visitor may see it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tracker.selectors import access, register
from tracker.web.clocks import line
from tracker.web.moments import Moment
from tracker.web.pages import reads


@reads()
def party(request: HttpRequest, moment: Moment, slug: str) -> HttpResponse:
    found = register.party(viewer=access.viewer(request.user), slug=slug, at=moment.at)
    context = {
        "page": "party",
        "moment": moment,
        "party": found.party,
        "given": [line(entry) for entry in found.given],
        "received": [line(entry) for entry in found.received],
    }
    return render(request, "parties/party.html", context)
