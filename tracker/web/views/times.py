"""How a typed time is read: a page to try it on, and the line below every field for a time."""

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from tracker.web import partials
from tracker.web.forms.fields import TIME_WAYS
from tracker.web.moments import Moment
from tracker.web.pages import reads

_LINE = re.compile(r"[\w-]{1,100}_read")


@reads()
def time(request: HttpRequest, moment: Moment) -> HttpResponse:
    """``?text=`` is read; or, for the line below a field, what ``?field=`` names.

    A line's id begins with its field's, so that there is no fixed set of targets: whatever ends as
    such a line does is one.
    """
    name = request.GET.get("field", "")
    text = request.GET.get(name or "text", "")[:200]
    is_line = partials.is_wanted(request) and bool(
        _LINE.fullmatch(request.headers.get("HX-Target", ""))
    )
    template = "times/read.html" if is_line else "times/time.html"
    context = {"page": "time", "text": text, "ways": TIME_WAYS}
    response = render(request, template, context)
    patch_vary_headers(response, partials.VARY)
    return response
