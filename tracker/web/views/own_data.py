"""What is held about the person who is signed in: taken along, and asked to be erased."""

import json

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from tracker import clock
from tracker.actions import departures
from tracker.selectors import own_data
from tracker.web.pages import SignedIn, writes


@require_safe
@writes
def account_data(request: SignedIn) -> HttpResponse:
    """A file to keep."""
    held = own_data.held(request.user, at=clock.now())
    response = HttpResponse(
        json.dumps(held, indent=2, ensure_ascii=False) + "\n", content_type="application/json"
    )
    response.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


@writes
def account_erasure(request: SignedIn) -> HttpResponse:
    """Ask for erasure, or take that back. A site administrator erases."""
    if request.method == "POST":
        is_asked = request.POST.get("deed") != "keep"
        departures.ask_erasure(
            user=request.user, is_asked=is_asked, by=request.user, at=clock.now()
        )
        messages.success(
            request,
            gettext("A site administrator will erase your data.")
            if is_asked
            else gettext("Your data stay."),
        )
        return HttpResponseRedirect(request.path)
    return render(request, "people/erasure.html", {"page": "account_erasure"})
