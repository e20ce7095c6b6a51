"""How lists look in this browser: chosen once, for all of them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from tracker.web import looks


@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Kept, and back to the list. ``shown``: the columns that are wanted."""
    to = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(to, allowed_hosts=None):
        to = "/"
    response = redirect(to)
    chosen = looks.chosen(request.POST.getlist("shown"), is_dense="dense" in request.POST)
    looks.keep(response, chosen, is_secure=request.is_secure())
    return response
