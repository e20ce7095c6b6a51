"""What is suggested of a source's text: accepted into a form, or dismissed. It enters nothing."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext

from tracker import clock
from tracker.actions import suggestions as actions
from tracker.domain import access as rules
from tracker.domain.errors import NotFound
from tracker.models import Source
from tracker.selectors import access, register, suggestions
from tracker.web import nouns
from tracker.web.forms.suggestions import DismissForm
from tracker.web.pages import SignedIn, writes
from tracker.web.suggestions import Desk

DIGITS = 9  # of a place in a text: more than any has


@writes
def source_suggestions(request: SignedIn, dossier: str, key: str) -> HttpResponse:
    """Cards to enter from, to dismiss, and to bring back. ``?from=``: the part of a long text that
    begins there, in code points.
    """
    viewer = access.viewer(request.user)
    one = access.dossier(viewer, dossier)
    rules.check_edit(viewer, access.door(one))
    source = nouns.row(one, Source.NOUN, key)
    assert isinstance(source, Source)
    if not source.snapshot:
        raise NotFound(f"The source “{key}” has no text.")
    if request.method == "POST":
        return _judged(request, source)
    start = request.GET.get("from", "")
    begins = int(start) if start.isascii() and start.isdecimal() and len(start) <= DIGITS else 0
    tables = register.tables_of(one, None)
    stretch = suggestions.of_source(source, tables, start=begins)
    desk = Desk(one, source, names=register.party_names(at=clock.now()))
    cards = [desk.card(found, n) for n, found in enumerate(stretch.suggested, 1)]
    context = {
        "page": "suggestions",
        "dossier": one,
        "source": source,
        "stretch": stretch,
        "open": [c for c in cards if c.ways and not c.one.is_dismissed],
        "entered": [c for c in cards if not c.ways and not c.one.is_dismissed],
        "dismissed": [c for c in cards if c.one.is_dismissed],
        "is_foreign": bool(source.language) and not source.language.lower().startswith("en"),
    }
    return render(request, "suggestions/suggestions.html", context)


def _judged(request: SignedIn, source: Source) -> HttpResponse:
    form = DismissForm(request.POST)
    here = request.get_full_path()
    if not form.is_valid():
        messages.error(request, gettext("It was not said which suggestion is meant. Try again."))
        return HttpResponseRedirect(here)
    passage = {name: form.cleaned_data[name] for name in ("start", "end", "kind")}
    if form.cleaned_data["back"]:
        actions.bring_back(source=source, **passage)
        return HttpResponseRedirect(f"{here}#suggestion-{passage['start']}")
    actions.dismiss(source=source, **passage, by=request.user, at=clock.now())
    messages.success(
        request,
        gettext("Dismissed. It stands below, under “Dismissed”, and can be brought back."),
    )
    return HttpResponseRedirect(f"{here}#h-open")
