"""Entering a source: its text pasted, fetched from its address, or read from a file; a picture.

``?earlier=KEY`` makes it a newer version of that source. Each step is a button of one form, so that
none needs a script, and what was typed is there after it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext

from tracker import clock
from tracker.actions import sources, verbs
from tracker.domain import access as rules
from tracker.domain.errors import DomainError, NotFound
from tracker.instants import absolute
from tracker.models import Dossier, Source
from tracker.selectors import access
from tracker.selectors.versions import Versions, versions
from tracker.web import attempts, changes, entry, intake
from tracker.web.choices import Choices, of_dossier
from tracker.web.entry import Frame
from tracker.web.forms.sources import COPIED, SourceForm
from tracker.web.intake import Filled
from tracker.web.pages import SignedIn, writes
from tracker.words import isolated, label

DO = "do"
FETCH, READ, AGAIN, DROP = "fetch", "read", "again", "drop"
TOO_MANY = 429


@dataclass(frozen=True, slots=True)
class _Page:
    """What all steps of a form have in common. ``line``: the versions of what it is newer than."""

    one: Dossier
    choices: Choices
    line: Versions | None
    initial: Mapping[str, Any]

    @property
    def former(self) -> str | None:
        return self.line.newest.text if self.line else None

    def form(self, data: QueryDict | None) -> SourceForm:
        return SourceForm(data, choices=self.choices, is_new=True, initial=dict(self.initial))


@writes
def source_new(request: SignedIn, dossier: str) -> HttpResponse:
    """``?url=`` and other names of fields fill it in; ``?earlier=KEY`` copies from that one."""
    viewer = access.viewer(request.user)
    one = access.dossier(viewer, dossier)
    rules.check_edit(viewer, access.door(one))
    page = _opened(request, one)
    if request.method != "POST":
        return _show(request, page, page.form(None))
    do = request.POST.get(DO, "")
    data = _data(request, page)
    filled: Filled | None = None
    form = page.form(data)
    form.fill_in(data)
    if do == DROP:
        intake.drop_file(data)
        return _show(request, page, form)
    if do in (FETCH, READ, AGAIN) or request.FILES.get("file"):
        seconds = attempts.read_source(request)
        if seconds:
            return _too_many(request, page, form, seconds)
        try:
            filled = _taken_in(request, page, data, do)
        except DomainError as error:
            form.add_refusal(error)
            return _show(request, page, form, filled=None)
        if filled.is_same and do == AGAIN and page.line:
            messages.info(request, _same(filled))
            return _seen(one, page.line.newest.key)
        if do in (FETCH, READ, AGAIN):
            return _show(request, page, form, filled=filled)
    return _enter(request, page, page.form(data), filled)


def _opened(request: SignedIn, one: Dossier) -> _Page:
    choices = of_dossier(one)
    names = SourceForm.base_fields
    given = {name: request.GET[name] for name in names if name in request.GET}
    key = given.get("earlier", "")
    if not key:
        return _Page(one, choices, None, given)
    if key not in choices.tables.get("source", {}):
        raise NotFound(f"There is no source “{key}” in this dossier.")
    line = versions(choices.tables, key, at=clock.now())
    newest = line.newest
    copied = {name: newest.source.state.get(name) for name in COPIED}
    return _Page(one, choices, line, copied | given | {"earlier": newest.key})


def _data(request: SignedIn, page: _Page) -> QueryDict:
    """What was sent, to be filled in; of a source's own button, what its form begins with."""
    data = request.POST.copy()
    if data.get(DO) == AGAIN:
        blank = page.form(None)
        for name in blank.fields:
            data[name] = str(blank[name].value() or "")
    data.pop(DO, None)
    request.POST = data  # type: ignore[assignment]  # so that a draft has it too
    return data


def _taken_in(request: SignedIn, page: _Page, data: QueryDict, do: str) -> Filled:
    at = clock.now()
    if do in (FETCH, AGAIN):
        read = intake.fetched(data.get("url", ""), at=at)
    else:
        read = intake.uploaded(request.FILES.get("file"))
    kept = str(page.line.newest.source.state.get("file_sha256") or "") if page.line else ""
    if do == AGAIN and (intake.is_kept(read, kept) or (page.former and read.text == page.former)):
        is_picture = read.document.kind.is_picture
        return Filled(read.place, (), (), len(read.text), is_same=True, is_picture=is_picture)
    return intake.fill(data, read, one=page.one, by=request.user, at=at, former=page.former)


def _enter(request: SignedIn, page: _Page, form: SourceForm, filled: Filled | None) -> HttpResponse:
    one = page.one

    def write() -> Source:
        columns = form.columns()
        key = form.cleaned_data["key"] or verbs.free_key(Source, one, columns["title"])
        return sources.add(dossier=one, key=key, by=request.user, at=clock.now(), **columns)

    def said(key: str) -> str:
        return gettext("%(noun)s “%(title)s” is entered.") % {
            "noun": label("noun", "source"),
            "title": isolated(form.cleaned_data["title"]),
        }

    key = entry.entered(request, form, write, chain=one.slug, said=said)
    return _show(request, page, form, filled=filled) if key is None else _seen(one, key)


def _show(
    request: SignedIn,
    page: _Page,
    form: SourceForm,
    *,
    filled: Filled | None = None,
    status: int = 200,
) -> HttpResponse:
    one, line = page.one, page.line
    trail = [
        (reverse("dossier", args=(one.slug,)), one.title),
        (reverse("facts_of", args=(one.slug, "source")), label("nouns", "source")),
    ]
    heading, back = label("enter", "source"), trail[-1][0]
    beside = None
    if line is not None:
        title = isolated(str(line.newest.source.state["title"]))
        heading = gettext("A newer version of “%(title)s”") % {"title": title}
        back = reverse("source", args=(one.slug, line.newest.key))
        trail[-1] = (back, str(line.newest.source.state["title"]))
        if filled and not (filled.is_same or filled.is_picture) and line.newest.text:
            text = str(form["snapshot"].value() or "").replace("\r\n", "\n")
            beside = changes.Beside(changes.between(line.newest.text, text))
    frame = Frame(
        heading,
        gettext("Enter it"),
        back,
        tuple(trail),
        beside=beside,
        proposes=one.four_eyes,
    )
    return entry.show(
        request,
        form,
        frame,
        status=status,
        filled=filled,
        known=_known(page, form) if filled is not None else [],
        is_answer=form.is_bound,
    )


def _known(page: _Page, form: SourceForm) -> list[tuple[str, str]]:
    """Sources that have that address already, by title, with the form of a newer version."""
    url = str(form["url"].value() or "")
    sources = page.choices.tables.get("source", {}) if url and page.line is None else {}
    address = reverse("source_new", args=(page.one.slug,))
    older = {state.get("earlier") for state in sources.values() if not state.get("withdrawn_at")}
    return [
        (str(state["title"]), f"{address}?{urlencode({'earlier': key})}")
        for key, state in sources.items()
        if state.get("url") == url and key not in older and not state.get("withdrawn_at")
    ]


def _too_many(request: SignedIn, page: _Page, form: SourceForm, seconds: int) -> HttpResponse:
    words = gettext("Too many texts were fetched or read in a short time. %(when)s")
    form.add_error(None, words % {"when": attempts.again(seconds)})
    response = _show(request, page, form, status=TOO_MANY)
    response.headers["Retry-After"] = str(seconds)
    return response


def _same(filled: Filled) -> str:
    if filled.is_picture:
        said = gettext(
            "Checked %(when)s: the picture at %(place)s is the one that is kept, byte by byte."
            " Nothing was entered."
        )
    else:
        said = gettext(
            "Checked %(when)s: the text at %(place)s is the one that is kept. Nothing was entered."
        )
    return said % {"when": absolute(clock.now()), "place": filled.place}


def _seen(one: Dossier, key: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("source", args=(one.slug, key)))
