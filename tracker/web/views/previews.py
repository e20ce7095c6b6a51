"""The term that a reading's form describes, beside the form while one types. Nothing is written."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from tracker import clock
from tracker.domain import access as rules
from tracker.domain.errors import NotFound
from tracker.models import Dossier, Reading
from tracker.selectors import access
from tracker.web import entry, next_steps, partials, previews
from tracker.web.choices import Choices, of_dossier
from tracker.web.entry import Frame
from tracker.web.forms.readings import ReadingForm
from tracker.web.pages import SignedIn, writes
from tracker.web.previews import TermView
from tracker.words import isolated, label

TERM = "term"


@writes
def term_preview(request: SignedIn, dossier: str) -> HttpResponse:
    """The term of the form that was sent; ``?reading=`` names the one that is being amended.

    Without scripts the form comes back as it was, with the term beside it.
    """
    one = _edited(request, dossier)
    choices = of_dossier(one)
    key = request.GET.get("reading", "")
    if key and key not in choices.tables.get("reading", {}):
        raise NotFound(f"There is no reading “{key}” in this dossier.")
    sent: Any = request.POST if request.method == "POST" else request.GET
    initial = ReadingForm.initial_of(choices.tables["reading"][key]) if key else None
    form = ReadingForm(sent, choices=choices, is_new=not key, initial=initial)
    context = {
        "page": "entry",
        "term": _term(form, choices, key),
        "form": entry.as_typed(form, choices=choices, is_new=not key),
        "frame": _frame(one, choices, key),
    }
    return partials.render(request, "entry/form.html", context, names={TERM})


def _term(form: ReadingForm, choices: Choices, key: str) -> TermView:
    """Of a reading of a pledge; what else a reading may be about has no term of its own."""
    reading, unread = previews.columns_so_far(form)
    noun, _colon, ref = str(form.cleaned_data.get("about") or "").partition(":")
    if not noun:
        return TermView([gettext("Of what it is a reading is not chosen yet."), *unread])
    if noun != "pledge":
        said = gettext("The term is shown for the readings of a pledge.")
        return TermView([said, *unread])
    return previews.term(choices, ref=ref, reading=reading, at=clock.now(), key=key, unread=unread)


def _frame(one: Dossier, choices: Choices, key: str) -> Frame:
    noun = Reading.NOUN
    trail = (
        (reverse("dossier", args=(one.slug,)), one.title),
        (reverse("facts_of", args=(one.slug, noun)), label("nouns", noun)),
    )
    if not key:
        return Frame(
            label("enter", noun),
            gettext("Enter it"),
            reverse("facts_of", args=(one.slug, noun)),
            trail,
            lead=next_steps.said_of(noun),
            action=reverse("fact_new", args=(one.slug, noun)),
        )
    return Frame(
        gettext("Edit: %(title)s") % {"title": isolated(choices.title(noun, key))},
        gettext("Save"),
        reverse("fact", args=(one.slug, noun, key)),
        trail,
        key=key,
        action=reverse("fact_edit", args=(one.slug, noun, key)),
    )


def _edited(request: HttpRequest, slug: str) -> Dossier:
    viewer = access.viewer(request.user)
    one = access.dossier(viewer, slug)
    rules.check_edit(viewer, access.door(one))
    return one
