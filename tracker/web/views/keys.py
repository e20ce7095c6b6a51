"""The sheet of keyboard shortcuts: a page, and the part of it that a script shows above another."""

from django.http import HttpRequest, HttpResponse

from tracker.web import partials
from tracker.web.keys import groups
from tracker.web.moments import Moment
from tracker.web.pages import reads

SHEET = "keys-sheet"


@reads()
def keys(request: HttpRequest, moment: Moment) -> HttpResponse:
    """The same for everybody; whether they are on is this browser's own."""
    context = {"page": "keys", "groups": groups(is_known=request.user.is_authenticated)}
    return partials.render(request, "keys/keys.html", context, names={SHEET})
