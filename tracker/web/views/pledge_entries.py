"""Entering a pledge with its first account and its first reading, in one page and transaction."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext

from tracker import clock
from tracker.actions import pledge_entries, record, sent_forms
from tracker.domain import access as rules
from tracker.domain.doubles import Span
from tracker.models import Dossier, Pledge, Source
from tracker.selectors import access, register
from tracker.selectors.doubles import promise_of
from tracker.selectors.facts import Tables
from tracker.web import (
    doubles,
    drafts,
    entry,
    new_instruments,
    next_steps,
    partials,
    passages,
    previews,
)
from tracker.web.choices import of_dossier
from tracker.web.entry import Frame
from tracker.web.forms.party_fields import NAME, named_in
from tracker.web.forms.pledge_entries import PARTS, PledgeEntry
from tracker.web.new_parties import NewParties
from tracker.web.pages import SignedIn, writes
from tracker.web.passages import Passage
from tracker.web.previews import TermView
from tracker.web.proposing import Proposed
from tracker.words import isolated

TERM = "term"
UNTITLED = "new"  # stands for the reference while none is typed: no pledge can have it
FROM_ADDRESS = {
    "source": ("account", "source"),
    "quotation": ("account", "quotation"),
    "speaker": ("account", "speaker"),
    "party": ("account", "party"),
    "said": ("account", "said"),
    "title": ("pledge", "title"),
    "pledgor": ("pledge", "pledgor"),
    "act": ("pledge", "act"),
    "subject": ("pledge", "subject"),
    "instrument": ("pledge", "instrument"),
    "public": ("pledge", "public"),
    "duration": ("reading", "duration"),
}
LISTS = ("beneficiaries", "reciprocates", "from_account")


@writes
def pledge_new(request: SignedIn) -> HttpResponse:
    """``?dossier=`` says where; without it one is chosen first. What FROM_ADDRESS lists fills the
    form in, and any field that is named with its part: ``pledge-scope``. With
    ``?source=&start=&end=`` it stands beside that passage, which is quoted.
    """
    viewer = access.viewer(request.user)
    rules.check_enter_parties(viewer)
    one = _dossier(request)
    if one is None:
        own = [d for d in access.visible(viewer) if rules.edit(viewer, access.door(d))]
        return render(request, "pledges/pledge_where.html", {"page": "entry", "dossiers": own})
    choices = of_dossier(one)
    passage = passages.asked(request, one, Pledge.NOUN, choices.tables)
    initial = _given(request, passage, choices.tables)
    initial["pledge"].setdefault("analyst", str(request.user.uid))  # where that is a member
    form = PledgeEntry(entry.sent(request), choices=choices, initial=initial)
    if request.method != "POST":
        return _page(request, one, form, passage)
    if partials.asked(request, {TERM}) or "show" in request.POST:
        term = _term(form)
        columns, _unread = previews.columns_so_far(form.pledge)
        alike = doubles.asked(
            request, columns, here=one.slug, at=clock.now(), span=_span(form, term)
        )
        return _page(request, one, _as_typed(form), passage, replace(term, asked=alike))
    alike = _known_already(request, one, form)
    if alike is not None:
        return _page(request, one, form, passage, status=entry.UNPROCESSABLE, alike=alike)
    try:
        ref = _entered(request, one, form, passage)
    except Proposed:
        if passage is None:
            raise
        return HttpResponseRedirect(passage.next)
    if ref is None:
        return _page(request, one, form, passage, status=entry.UNPROCESSABLE)
    tables = register.tables_of(one, None) if passage else {}
    at_mark = passage and passage.back(Pledge.NOUN, ref, tables, clock.now())
    return at_mark or HttpResponseRedirect(reverse("pledge", args=(ref,)))


def _dossier(request: HttpRequest) -> Dossier | None:
    """The one that is named, or the only one of this person's with that source."""
    viewer = access.viewer(request.user)
    slug, source = request.GET.get("dossier", ""), request.GET.get("source", "")
    if not slug and source and "\x00" not in source:
        holding = Source.objects.filter(key=source).values_list("dossier__slug", flat=True)
        own = [
            d
            for d in access.visible(viewer)
            if rules.edit(viewer, access.door(d)) and d.slug in set(holding)
        ]
        return own[0] if len(own) == 1 else None
    if not slug:
        return None
    one = access.dossier(viewer, slug)
    rules.check_edit(viewer, access.door(one))
    return one


def _given(
    request: HttpRequest, passage: Passage | None, tables: Tables
) -> dict[str, dict[str, Any]]:
    """What the address fills in, by part. Who comes from a source enters its account too."""
    found: dict[str, dict[str, Any]] = {part: {} for part in PARTS}
    for name, (part, field) in FROM_ADDRESS.items():
        if request.GET.get(name):
            found[part][field] = request.GET[name]
    for name in request.GET:
        part, _dash, field = name.partition("-")
        if part in PARTS and field.endswith(NAME):
            found[part][field.removesuffix(NAME)] = named_in(request.GET, name.removesuffix(NAME))
        elif part in PARTS and field:
            found[part][field] = _value(request.GET, name, field)
    if passage:
        found["account"] |= passage.initial("account")
        found["pledge"].setdefault("public", found["account"].pop("public"))
        found["pledge"].setdefault("instrument", passage.instrument(tables))
    if found["account"]:
        found["account"]["existence"] = "asserts"
    return found


def _value(query: QueryDict, name: str, field: str) -> Any:
    """One field of a part as the address gives it: ``?pledge-act=halt``."""
    if field in LISTS:
        return query.getlist(name)
    return query[name]


def _as_typed(form: PledgeEntry) -> PledgeEntry:
    """A form that shows what was typed and finds nothing wrong with it yet."""
    typed = {part: entry.typed_in(getattr(form, part)) for part in PARTS}
    shown = PledgeEntry(choices=form.offered, initial=typed)
    for part in PARTS:
        entry.keep_answers(getattr(form, part), getattr(shown, part))
    return shown


def _page(
    request: HttpRequest,
    one: Dossier,
    form: PledgeEntry,
    passage: Passage | None,
    term: TermView | None = None,
    *,
    status: int = 200,
    alike: doubles.Asked | None = None,
) -> HttpResponse:
    home = reverse("dossier", args=(one.slug,))
    frame = Frame(
        gettext("Enter a pledge"),
        gettext("Enter it"),
        passage.url if passage else home,
        ((home, one.title),),
        lead=gettext(
            "What was promised; and, if you like, who says so and how long it runs."
            " All of it is entered together, or nothing."
        ),
        beside=passage,
        proposes=one.four_eyes,
    )
    context: dict[str, Any] = {
        "page": "entry",
        "form": form,
        "frame": frame,
        "term": term,
        "alike": alike,
        "is_refused": status >= entry.UNREADY,
        "url": request.get_full_path(),
        "wanting": next_steps.said_of(Pledge.NOUN),
    }
    if not partials.asked(request, {TERM}):
        context["opened"] = drafts.opened(request, str(frame.heading))
        if context["opened"].shown is not None:
            form.fill_in(drafts.data_of(context["opened"].shown))
    return partials.render(request, "pledges/pledge_new.html", context, names={TERM}, status=status)


def _known_already(request: SignedIn, one: Dossier, form: PledgeEntry) -> doubles.Asked | None:
    """What is asked of a pledge that looks like one that there is, before it is entered."""
    if not form.is_valid():
        return None
    if sent_forms.sent_key(token=str(form.pledge.cleaned_data["once"]), by=request.user):
        return None  # what is like it is what it entered
    return doubles.to_be_answered(
        request,
        form.pledge,
        form.pledge.columns(),
        here=one.slug,
        at=clock.now(),
        span=_span(form, _term(form)),
    )


def _span(form: PledgeEntry, term: TermView) -> Span:
    """What the reading typed so far comes to; without one nothing is known."""
    if term.entry is None or not form.reading.is_filled:
        return Span()
    return promise_of(term.entry).span


def _entered(
    request: SignedIn, one: Dossier, form: PledgeEntry, passage: Passage | None
) -> str | None:
    """The pledge's reference; None when a part or a rule refuses, which the form then says."""
    at = clock.now()

    def write() -> Pledge:
        with record.batch(at=at):
            return steps()

    def steps() -> Pledge:
        new = NewParties(by=request.user, at=at)
        step = pledge_entries.Step(dossier=one, by=request.user, at=at)
        form.writing = form.pledge
        columns = new_instruments.settled(
            new.settled(form.pledge.columns()), dossier=one, by=request.user, at=at
        )
        pledge = step.pledge(ref=form.pledge.cleaned_data["key"], columns=columns)
        if form.account.is_filled:
            form.writing = form.account
            step.account(new.settled(form.account.columns()))
        if form.reading.is_filled:
            form.writing = form.reading
            columns = new.settled(form.reading.columns())
            step.readings(columns, stated=form.reading.stated_by_account)
        if form.adopt.is_filled:
            form.writing = form.adopt
            step.adoption({n: form.adopt.cleaned_data[n] for n in step.ADOPTION})
        return pledge

    def said(ref: str) -> Any:
        title = isolated(form.pledge.cleaned_data["title"])
        words: Any = gettext("The pledge “%(title)s” is entered.") % {"title": title}
        wanting = "" if form.reading.is_filled else next_steps.said_of(Pledge.NOUN)
        if wanting:
            step = next_steps.with_link(one.slug, Pledge.NOUN, ref, wanting)
            words = format_html("{} {}", words, step)
        return passage.said(words) if passage else words

    return entry.entered(request, form, write, chain=one.slug, said=said)


def _term(form: PledgeEntry) -> TermView:
    """What the parts come to so far. What is not typed yet of the pledge has a stand-in."""
    at = clock.now()
    pledge, unread = previews.columns_so_far(form.pledge)
    state = _pledge_state(form, pledge, at)
    ref = str(form.pledge.cleaned_data.get("key") or UNTITLED)
    if ref in form.offered.tables.get("pledge", {}):
        ref = UNTITLED
    reading, more = previews.columns_so_far(form.reading)
    adopts = None
    if form.adopt.is_filled:
        form.adopt.is_valid()
        adopts = str(form.adopt.cleaned_data.get("rule") or "")
    return previews.term(
        form.offered,
        ref=ref,
        reading=reading,
        at=at,
        unsaved={"pledge": {ref: state}},
        adopts=adopts,
        unread=[*unread, *more],
    )


def _pledge_state(form: PledgeEntry, typed: Mapping[str, Any], at: Any) -> dict[str, Any]:
    stand_in = {"title": gettext("This pledge"), "act": "halt", "pledgor": ""}
    found = {**stand_in, **{name: value for name, value in typed.items() if value}}
    found.setdefault("public", entry.this_minute(at))
    return found
