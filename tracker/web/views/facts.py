"""Single facts as entered: listed, looked at, entered, amended, withdrawn, and judged.

One set of pages for all nouns of a dossier; what differs between them is in nouns.py, deeds.py and
forms/.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext

from tracker import clock
from tracker.actions import verbs
from tracker.domain import access as rules
from tracker.domain.errors import Conflict, DomainError, NotFound
from tracker.domain.now import Now
from tracker.models import FACTS, Dossier
from tracker.selectors import access, histories, ledger, register
from tracker.selectors.entries import FactView, view
from tracker.web import deeds, nouns
from tracker.web.choices import Choices, of_dossier
from tracker.web.deeds import Deed, Subject
from tracker.web.forms.facts import EntryForm, FactForm
from tracker.web.moments import Moment
from tracker.web.pages import SignedIn, reads, writes
from tracker.web.places import place_of
from tracker.web.states import Difference, columns_of, differences
from tracker.words import label

CONFLICT, UNPROCESSABLE = 409, 422


@reads(known=True)
def facts(request: HttpRequest, moment: Moment, dossier: str, noun: str = "") -> HttpResponse:
    """How many rows of each noun there are; with a noun, those rows."""
    one = _inspected(request, dossier)
    choices = _choices_at(one, moment)
    if noun:
        nouns.noun(noun)
    counts = [(name, len(choices.tables.get(name, {}))) for name in nouns.TABLE]
    context = {
        "page": "facts",
        "moment": moment,
        "dossier": one,
        "noun": noun,
        "counts": counts,
        "rows": _listed(noun, choices, moment) if noun else [],
        "may_edit": _may_edit(request, one),
        "may_enter": noun and nouns.TABLE[noun].enter is not None,
    }
    return render(request, "facts/facts.html", context)


@dataclass(frozen=True, slots=True)
class Listed:
    key: str
    words: str
    fact: FactView


def _listed(noun: str, choices: Choices, moment: Moment) -> list[Listed]:
    """The rows of a noun; at an instant that was asked for, those that were public by then."""
    now = Now(moment.at)
    found = [
        Listed(key, choices.title(noun, key), view(choices.tables, now, noun, key, state))
        for key, state in choices.tables.get(noun, {}).items()
    ]
    if moment.at_asked:
        found = [one for one in found if one.fact.public and one.fact.public <= moment.at]
    return sorted(found, key=lambda one: (str(one.fact.public), one.key), reverse=True)


@reads(known=True)
def fact(request: HttpRequest, moment: Moment, dossier: str, noun: str, key: str) -> HttpResponse:
    """One row as entered, with its history and with what can be done to it."""
    one = _inspected(request, dossier)
    kind = nouns.noun(noun)
    choices = _choices_at(one, moment)
    state = choices.tables.get(noun, {}).get(key)
    if state is None:
        raise NotFound(f"There is no {noun} “{key}” in this dossier.")
    shown = view(choices.tables, Now(moment.at), noun, key, state)
    if moment.at_asked and (shown.public is None or shown.public > moment.at):
        raise NotFound(f"The {noun} “{key}” was not public at that instant.")
    may_edit = _may_edit(request, one) and not moment.is_asked
    subject = Subject(noun, nouns.row(one, noun, key), shown, choices) if may_edit else None
    context = {
        "page": "fact",
        "moment": moment,
        "dossier": one,
        "noun": noun,
        "key": key,
        "title": choices.title(noun, key),
        "fact": shown,
        "columns": columns_of(noun, state, kind.form, choices),
        "history": histories.of_row(chain=one.slug, noun=noun, key=key, known=moment.known),
        "labels": kind.form.labels(),
        "place": place_of(noun, key, choices.tables, one.slug),
        "deeds": deeds.of(subject) if subject else [],
        "may_edit": may_edit,
    }
    return render(request, "facts/fact.html", context)


@writes
def fact_new(request: SignedIn, dossier: str, noun: str) -> HttpResponse:
    """Enter a row. ``?about=noun:key`` and other names of fields fill the form in."""
    one = _edited(request, dossier)
    kind = nouns.noun(noun)
    if kind.enter is None:
        raise NotFound(f"A {noun} is not entered by itself.")
    choices = of_dossier(one)
    if request.method != "POST":
        given = {n: v for n, v in request.GET.items() if n in kind.form.base_fields}
        form = kind.form(choices=choices, is_new=True, initial=given)
        return _form(request, form, one, noun)
    form = kind.form(request.POST, choices=choices, is_new=True)
    if not form.is_valid():
        return _form(request, form, one, noun, status=UNPROCESSABLE)
    at = clock.now()
    columns = form.columns()
    key = form.cleaned_data.get("key", "")
    if not key and kind.titled:
        key = verbs.free_key(FACTS[noun], one, columns[kind.titled])
    try:
        row = kind.enter(nouns.Entered(one, key, request.user, at), columns)
    except DomainError as error:
        form.add_refusal(error)
        return _form(request, form, one, noun, status=UNPROCESSABLE)
    messages.success(request, gettext("%(noun)s entered.") % {"noun": label("noun", noun)})
    return _back(one, noun, verbs.key_of(row))


@writes
def fact_edit(request: SignedIn, dossier: str, noun: str, key: str) -> HttpResponse:
    """Amend a row. A change that somebody made meanwhile is shown beside what was typed."""
    one = _edited(request, dossier)
    kind = nouns.noun(noun)
    row = nouns.row(one, noun, key)
    choices = of_dossier(one)
    state = choices.tables[noun][key]
    seq = ledger.last_seq(one.slug, noun, key)
    initial = kind.form.initial_of(state) | {"seen": seq}
    if request.method != "POST":
        form = kind.form(choices=choices, is_new=False, initial=initial)
        return _form(request, form, one, noun, key)
    form = kind.form(request.POST, choices=choices, is_new=False, initial=initial)
    if not form.is_valid():
        return _form(request, form, one, noun, key, status=UNPROCESSABLE)
    seen = form.cleaned_data["seen"]
    given = form.columns()
    try:
        kind.verbs.amend(
            row=row,
            by=request.user,
            at=clock.now(),
            reason=form.cleaned_data["why"],
            seen=seq if seen is None else seen,
            **given,
        )
    except Conflict as error:
        if error.field:
            form.add_refusal(error)
            return _form(request, form, one, noun, key, status=UNPROCESSABLE)
        return _conflict(request, form, one, noun, key, seen=int(seen or 0), given=given)
    except DomainError as error:
        form.add_refusal(error)
        return _form(request, form, one, noun, key, status=UNPROCESSABLE)
    messages.success(request, gettext("Saved."))
    return _back(one, noun, key)


@writes
def fact_deed(request: SignedIn, dossier: str, noun: str, key: str, deed: str) -> HttpResponse:
    """Do to a row what deeds.py lists: withdraw it, adopt it, say what became of it."""
    one = _edited(request, dossier)
    choices = of_dossier(one)
    row = nouns.row(one, noun, key)
    at = clock.now()
    shown = view(choices.tables, Now(at), noun, key, choices.tables[noun][key])
    subject = Subject(noun, row, shown, choices)
    done = deeds.DEEDS.get(deed)
    if done is None:
        raise NotFound(f"There is no deed “{deed}”.")
    seq = ledger.last_seq(one.slug, noun, key)
    if not done.applies(subject):
        raise Conflict(
            gettext("This cannot be done to it any more: it has changed."),
            mend=gettext("Look at it as it stands now."),
        )
    if request.method != "POST":
        given = {n: v for n, v in request.GET.items() if n in done.form.base_fields}
        form = done.form_for(subject, initial=done.initial(at) | given | {"seen": seq})
        return _form(request, form, one, noun, key, deed=done)
    form = done.form_for(subject, request.POST, initial={"seen": seq})
    if not form.is_valid():
        return _form(request, form, one, noun, key, deed=done, status=UNPROCESSABLE)
    try:
        done.do(subject, dict(form.cleaned_data), request.user, at)
    except DomainError as error:
        is_stale = isinstance(error, Conflict) and not error.field
        form.add_refusal(error)
        status = CONFLICT if is_stale else UNPROCESSABLE
        return _form(request, form, one, noun, key, deed=done, status=status)
    messages.success(request, gettext("Recorded."))
    return _back(one, noun, key)


def _inspected(request: HttpRequest, slug: str) -> Dossier:
    viewer = access.viewer(request.user)
    one = access.dossier(viewer, slug)
    rules.check_inspect(viewer, access.door(one))
    return one


def _edited(request: HttpRequest, slug: str) -> Dossier:
    viewer = access.viewer(request.user)
    one = access.dossier(viewer, slug)
    rules.check_edit(viewer, access.door(one))
    return one


def _may_edit(request: HttpRequest, one: Dossier) -> bool:
    return rules.edit(access.viewer(request.user), access.door(one))


def _choices_at(one: Dossier, moment: Moment) -> Choices:
    """What the dossier held when it is looked at."""
    return of_dossier(one, tables=register.tables_of(one, moment.known))


def _back(one: Dossier, noun: str, key: str) -> HttpResponseRedirect:
    """Where what was entered is seen: its pledge's page, or its own."""
    tables = register.tables_of(one, None)
    return HttpResponseRedirect(place_of(noun, key, tables, one.slug).url)


def _conflict(
    request: HttpRequest,
    form: FactForm,
    one: Dossier,
    noun: str,
    key: str,
    *,
    seen: int,
    given: Mapping[str, Any],
) -> HttpResponse:
    """Both versions, field by field. Saving once more then is on top of the newer one."""
    last = histories.of_row(chain=one.slug, noun=noun, key=key)[0]
    compared = differences(
        noun,
        before=ledger.state_at(one.slug, noun, key, seen),
        now=ledger.state_at(one.slug, noun, key, last.seq),
        typed=given,
        form=type(form),
        choices=form.offered,
    )
    form.see(last.seq)
    return _form(request, form, one, noun, key, status=CONFLICT, compared=compared, changed_by=last)


def _form(
    request: HttpRequest,
    form: EntryForm,
    one: Dossier,
    noun: str,
    key: str = "",
    *,
    status: int = 200,
    deed: Deed | None = None,
    compared: list[Difference] | None = None,
    changed_by: histories.Change | None = None,
) -> HttpResponse:
    place = place_of(noun, key, form.offered.tables, one.slug) if key else None
    context = {
        "page": "entry",
        "form": form,
        "dossier": one,
        "noun": noun,
        "key": key,
        "title": form.offered.title(noun, key) if key else "",
        "deed": deed,
        "place": place,
        "compared": compared,
        "changed_by": changed_by,
    }
    return render(request, "facts/form.html", context, status=status)
