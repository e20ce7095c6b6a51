"""Single facts as entered: listed, looked at, entered, amended, withdrawn, and judged.

One set of pages for all nouns of a dossier; what differs between them is in nouns.py, deeds.py and
forms/.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext

from tracker import clock
from tracker.actions import accounts, four_eyes, sent_forms, verbs
from tracker.actions import comments as commenting
from tracker.domain import access as rules
from tracker.domain import status
from tracker.domain.errors import Conflict, NotFound
from tracker.domain.now import Now
from tracker.models import FACTS, Comment, Dossier, Fact, Incident, Pledge, User
from tracker.models.comment import ABOUT
from tracker.selectors import access, comments, histories, ledger, proposals, register, rows
from tracker.selectors.doubles import span_of
from tracker.selectors.entries import FactView, view
from tracker.selectors.facts import pledge_facts
from tracker.web import (
    deeds,
    doubles,
    entry,
    finding_forms,
    matches,
    next_steps,
    nouns,
    passages,
    undo,
)
from tracker.web.choices import Choices, group_of, of_dossier
from tracker.web.deeds import Subject
from tracker.web.entry import Frame
from tracker.web.forms.facts import EntryForm, FactForm
from tracker.web.forms.fields import References
from tracker.web.forms.party_fields import PARTY_FIELDS, named_in
from tracker.web.forms.quotations import QuotedForm
from tracker.web.matches import Card
from tracker.web.moments import Moment
from tracker.web.nouns import Enter, Entered
from tracker.web.pages import SignedIn, reads, writes
from tracker.web.places import place_of
from tracker.web.proposing import Proposed
from tracker.web.states import columns_of, label_of
from tracker.words import LABELS, isolated, label

SHOWN = 100  # rows on a page of a list


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
        "rows": Paginator(_listed(noun, choices, moment), SHOWN).get_page(request.GET.get("page")),
        "may_edit": _may_edit(request, one) and not moment.is_asked,
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
        "judged": [
            (LABELS["machine"][machine], label(group_of(machine), state))
            for machine, state in shown.judged.items()
        ],
        "columns": columns_of(noun, state, kind.form, choices),
        "history": [
            (change, [label_of(name, kind.form) for name in change.columns])
            for change in histories.of_row(chain=one.slug, noun=noun, key=key, known=moment.known)
        ],
        "place": place_of(noun, key, choices.tables, one.slug),
        "is_commented": noun in ABOUT,
        "comments": comments.on(
            one.slug, choices.tables, {noun: {key}}, at=moment.at, known=moment.known
        )
        if noun in ABOUT
        else [],
        "about_this": urlencode({"about": f"{noun}:{key}"}),
        "deeds": deeds.of(subject) if subject else [],
        "entered_on": [one for one in nouns.entered_on(noun, key) if one[0] != Comment.NOUN]
        if subject and not subject.is_merged
        else [],
        "may_edit": may_edit,
        "may_amend": may_edit and _may_amend(request, subject),
        "waiting": [] if moment.is_asked else proposals.open_about(one.slug, row=(noun, key)),
        "undo_url": undo.of_row(request, one.slug, noun, key) if may_edit else "",
        "matched": _matched(one, subject),
    }
    return render(request, "facts/fact.html", context)


def _matched(one: Dossier, subject: Subject | None) -> list[Card] | None:
    """What pledges an incident may bear on, for whoever may say so; None: nobody is asked."""
    if subject is None or not isinstance(subject.row, Incident) or subject.is_withdrawn:
        return None
    return [card for card in matches.cards(one, [subject.row]) if not card.is_dismissed]


def _may_amend(request: HttpRequest, subject: Subject | None) -> bool:
    """A comment's words are its author's; all else is for whoever enters facts. What turned out to
    be another is amended there.
    """
    if subject is not None and (subject.is_merged or nouns.noun(subject.noun).is_fixed):
        return False
    if subject is None or not isinstance(subject.row, Comment):
        return True
    return isinstance(request.user, User) and commenting.is_by(subject.row, request.user)


@writes
def fact_new(request: SignedIn, dossier: str, noun: str) -> HttpResponse:
    """Enter a row. ``?about=noun:key`` and other names of fields fill the form in.

    With ``?source=&start=&end=`` the form stands beside that passage, which is quoted.
    """
    one = _edited(request, dossier)
    kind = nouns.noun(noun)
    if kind.enter is None:
        raise NotFound(f"A {noun} is not entered by itself.")
    choices = of_dossier(one)
    passage = passages.asked(request, one, noun, choices.tables)
    asks = passage.form(noun, kind.form) if passage else kind.form
    now = dict.fromkeys(asks.dated, entry.this_minute(clock.now()))
    implied = finding_forms.filled(request, noun, choices.tables, clock.now())
    initial = now | (passage.initial(noun) if passage else {}) | implied | _given(request, asks)
    carried = doubles.carried(request, noun)
    sent = entry.sent(request) if carried is None else None
    form = asks(sent, choices=choices, is_new=True, initial=initial | dict(carried or {}))
    back = passage.url if passage else reverse("facts_of", args=(one.slug, noun))
    frame = Frame(
        label("enter", noun),
        gettext("Enter it"),
        back,
        _trail(one, noun),
        lead=next_steps.said_of(noun),
        beside=passage,
        proposes=_proposes(one, noun),
    )
    if passage:
        passage.tell(form)

    def enter(made: Enter = kind.enter) -> Fact:
        columns = form.columns()
        key = form.cleaned_data.get("key", "")
        if not key and kind.titled:
            key = verbs.free_key(FACTS[noun], one, columns[kind.titled])
        into = Entered(one, key, request.user, clock.now())
        if isinstance(form, QuotedForm):
            account = form.account_columns()
            return accounts.quoted(enter=lambda: made(into, columns), **into.who, **account)
        return made(into, columns)

    def said(key: str) -> str:
        state = form.columns()
        words = gettext("%(noun)s “%(title)s” is entered.") % {
            "noun": label("noun", noun),
            "title": isolated(choices.titled(noun, state) or key),
        }
        wanting = next_steps.wanting(noun, key, state, {})
        if wanting:
            step = next_steps.with_link(one.slug, noun, key, wanting)
            words = format_html("{} {}", words, step)
        return passage.said(words) if passage else words

    alike = _known_already(request, form, noun, one)
    if alike is not None:
        return entry.show(request, form, frame, alike=alike)
    try:
        key = entry.entered(request, form, enter, chain=one.slug, said=said)
    except Proposed:
        if passage is None:
            raise
        return HttpResponseRedirect(passage.next)
    if key is None:
        return entry.show(request, form, frame)
    at_mark = passage and passage.back(noun, key, register.tables_of(one, None), clock.now())
    return at_mark or _seen(one, noun, key)


def _known_already(
    request: SignedIn, form: FactForm, noun: str, one: Dossier, row: Fact | None = None
) -> doubles.Asked | None:
    """What is asked of a pledge that looks like another, before it is entered or amended."""
    if noun != Pledge.NOUN or not form.is_bound or not form.is_valid():
        return None
    columns, at = form.columns(), clock.now()
    if row is None:
        if sent_forms.sent_key(token=str(form.cleaned_data["once"]), by=request.user):
            return None  # what is like it is what it entered
        return doubles.to_be_answered(request, form, columns, here=one.slug, at=at)
    assert isinstance(row, Pledge)
    if not doubles.is_changed(columns, rows.state(row)):
        return None
    span = span_of(row, at=at)
    return doubles.to_be_answered(
        request, form, columns, here=one.slug, at=at, span=span, but=row.ref
    )


@writes
def fact_edit(request: SignedIn, dossier: str, noun: str, key: str) -> HttpResponse:
    """Amend a row. A change that somebody made meanwhile is shown beside what was typed."""
    one = _edited(request, dossier)
    kind = nouns.noun(noun)
    row = nouns.row(one, noun, key)
    if kind.is_fixed:
        raise NotFound(f"A {noun} is not amended: it is withdrawn, and another one entered.")
    choices = of_dossier(one)
    seq = ledger.last_seq(one.slug, noun, key)
    initial = kind.form.initial_of(choices.tables[noun][key]) | {"seen": seq}
    form = kind.form(entry.sent(request), choices=choices, is_new=False, initial=initial)
    frame = Frame(
        gettext("Edit: %(title)s") % {"title": isolated(choices.title(noun, key))},
        gettext("Save"),
        _page(one, noun, key),
        _trail(one, noun),
        lead=next_steps.wanting(noun, key, choices.tables[noun][key], choices.tables),
        key=key,
        proposes=_proposes(one, noun),
    )

    alike = _known_already(request, form, noun, one, row)
    if alike is not None:
        return entry.show(request, form, frame, alike=alike)

    def amend() -> Fact:
        done: Fact = kind.verbs.amend(row=row, by=request.user, at=clock.now(), **form.changes())
        return done

    refused = entry.amended(request, form, frame, amend, chain=one.slug, noun=noun, key=key)
    return refused or _seen(one, noun, key)


@writes
def fact_deed(request: SignedIn, dossier: str, noun: str, key: str, deed: str) -> HttpResponse:
    """Do to a row what deeds.py lists: withdraw it, adopt it, say what became of it."""
    one = _edited(request, dossier)
    choices = of_dossier(one)
    row = nouns.row(one, noun, key)
    at = clock.now()
    subject = Subject(
        noun, row, view(choices.tables, Now(at), noun, key, choices.tables[noun][key]), choices
    )
    done = deeds.DEEDS.get(deed)
    if done is None:
        raise NotFound(f"There is no deed “{deed}”.")
    now = dict.fromkeys(done.dated, entry.this_minute(at))
    last = done.seen(subject)
    initial = now | _given(request, done.form) | {"seen": last}
    form = done.form_for(subject, entry.sent(request), initial=initial)
    frame = Frame(
        f"{done.label}: {choices.title(noun, key)}",
        done.button,
        _page(one, noun, key),
        _trail(one, noun),
        lead=done.lead,
        key=key,
        is_grave=done.is_grave,
        proposes=_proposes(one, noun),
    )
    if entry.was_sent(request, form):
        return _seen(one, noun, key)
    if not done.applies(subject):
        error = Conflict(
            gettext("This cannot be done to it any more: it has changed."),
            mend=gettext("Look at it as it stands now."),
        )
        return entry.too_late(request, form, frame, error, chain=one.slug, seq=last)
    if form.is_bound and not form.saw(last):
        return entry.decided_meanwhile(request, form, frame, chain=one.slug, seq=last)

    def do() -> Fact:
        seen = form.cleaned_data["seen"] or 0  # who does not say what they saw saw nothing
        given = {n: v for n, v in form.cleaned_data.items() if n != "once"} | {"seen": seen}
        done.do(subject, given, request.user, at)
        return row

    def said(_key: str) -> str:
        return str(done.said) % {"title": isolated(choices.title(noun, key))}

    def since(form: EntryForm) -> dict[str, Any]:
        return {} if form.saw(last) else entry.decided(request, form, chain=one.slug, seq=last)

    try:
        if entry.entered(request, form, do, chain=one.slug, said=said) is None:
            return entry.show(request, form, frame, since=since)
    except Conflict:
        seq = done.seen(subject)
        return entry.decided_meanwhile(request, form, frame, chain=one.slug, seq=seq)
    return _seen(one, noun, key)


def _given(request: HttpRequest, form: type[EntryForm]) -> dict[str, Any]:
    """What the address fills in: ``?pledge=UA-ENERGY-RU``, ``?party_new_name=The Council``."""
    found: dict[str, Any] = {}
    for name, field in form.base_fields.items():
        several = isinstance(field, References)
        new = named_in(request.GET, name) if isinstance(field, PARTY_FIELDS) else None
        if name in request.GET or new:
            chosen = request.GET.getlist(name)
            found[name] = [*chosen, *filter(None, [new])] if several else new or chosen[-1]
    return found


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


def _proposes(one: Dossier, noun: str) -> bool:
    return four_eyes.is_bound(FACTS[noun], one)


def _may_edit(request: HttpRequest, one: Dossier) -> bool:
    return rules.edit(access.viewer(request.user), access.door(one))


def _choices_at(one: Dossier, moment: Moment) -> Choices:
    """What the dossier held when it is looked at."""
    return of_dossier(one, tables=register.tables_of(one, moment.known))


def _page(one: Dossier, noun: str, key: str) -> str:
    return reverse("fact", args=(one.slug, noun, key))


def _trail(one: Dossier, noun: str) -> tuple[tuple[str, str], ...]:
    return (
        (reverse("dossier", args=(one.slug,)), one.title),
        (reverse("facts_of", args=(one.slug, noun)), label("nouns", noun)),
    )


def _seen(one: Dossier, noun: str, key: str) -> HttpResponseRedirect:
    """To where the row is seen: on its pledge's page once that is public, else on its own."""
    tables = register.tables_of(one, None)
    place = place_of(noun, key, tables, one.slug)
    if place.pledge:
        found = status.evaluate(pledge_facts(tables, place.pledge), at=clock.now())
        if not found.is_listed:
            return HttpResponseRedirect(_page(one, noun, key))
    return HttpResponseRedirect(place.url)
