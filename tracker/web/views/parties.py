"""A party: what it pledged, and what it was pledged, where the visitor may see it.

Parties belong to no dossier: whoever enters facts in one may enter and amend them.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from tracker import clock
from tracker.actions import parties, verbs
from tracker.domain import access as rules
from tracker.domain.errors import NotFound
from tracker.models import PARTIES, CoalitionMember, Party
from tracker.selectors import access, histories, ledger, register, rows
from tracker.web import entry, looks
from tracker.web.choices import of_parties
from tracker.web.entry import Frame
from tracker.web.forms.parties import MemberForm, PartyForm
from tracker.web.listings import listing
from tracker.web.moments import Moment
from tracker.web.pages import SignedIn, reads, writes
from tracker.words import isolated


@reads()
def party(request: HttpRequest, moment: Moment, slug: str) -> HttpResponse:
    viewer = access.viewer(request.user)
    found = register.party(viewer=viewer, slug=slug, at=moment.at, is_now=not moment.at_asked)
    if found.given is None or found.received is None:
        return redirect(f"{reverse('party', args=(found.into,))}{moment.query}")
    may_enter = rules.enter_parties(viewer)
    slugs = [slug, *(one.slug for one in found.merged)]
    wanted = {(Party.NOUN, one) for one in slugs}
    context = {
        "page": "party",
        "moment": moment,
        "party": found.party,
        "members": found.members,
        "coalitions": found.coalitions,
        "look": looks.of(request),
        "given": listing(found.given, register.pledged_by(slug), moment),
        "received": listing(found.received, register.pledged_to(slug), moment),
        "merged": found.merged,
        "changes": [
            change
            for change in histories.of_rows(chain=PARTIES, wanted=wanted)
            if not moment.is_asked or change.recorded_at <= moment.at
        ],
        "names_people": may_enter,
        "may_edit": may_enter and not moment.is_asked,
    }
    return render(request, "parties/party.html", context)


@writes
def party_new(request: SignedIn) -> HttpResponse:
    rules.check_enter_parties(access.viewer(request.user))
    form = PartyForm(entry.sent(request), choices=of_parties(), is_new=True)
    frame = Frame(gettext("Enter a party"), gettext("Enter it"), reverse("board"))

    def register_it() -> Party:
        columns = form.columns()
        slug = form.cleaned_data["key"] or verbs.free_key(Party, None, columns["name"])
        return parties.register(slug=slug, by=request.user, at=clock.now(), **columns)

    def said(_key: str) -> str:
        name = isolated(form.cleaned_data["name"])
        return gettext("Party “%(title)s” is entered.") % {"title": name}

    key = entry.entered(request, form, register_it, chain="", said=said)
    if key is None:
        return entry.show(request, form, frame)
    return redirect("party", key)


@writes
def party_edit(request: SignedIn, slug: str) -> HttpResponse:
    one = _party(request, slug)
    initial = rows.state(one) | {"seen": ledger.last_seq(PARTIES, Party.NOUN, slug)}
    form = PartyForm(entry.sent(request), choices=of_parties(), is_new=False, initial=initial)
    frame = _frame(one, gettext("Edit the party"))

    def amend() -> Party:
        return parties.amend(row=one, by=request.user, at=clock.now(), **form.changes())

    refused = entry.amended(request, form, frame, amend, chain=PARTIES, noun=Party.NOUN, key=slug)
    return refused or redirect("party", slug)


@writes
def member_new(request: SignedIn, slug: str) -> HttpResponse:
    """A party joined the coalition."""
    one = _party(request, slug)
    form = MemberForm(entry.sent(request), choices=of_parties(), is_new=True)

    def admit() -> CoalitionMember:
        columns = form.columns()
        columns["member"] = Party.objects.get(slug=columns["member"])
        return parties.admit(coalition=one, by=request.user, at=clock.now(), **columns)

    def said(_key: str) -> str:
        joined = Party.objects.get(slug=form.cleaned_data["member"])
        words = gettext("“%(member)s” is entered as a member of “%(coalition)s”.")
        return words % {"member": isolated(joined.name), "coalition": isolated(one.name)}

    if entry.entered(request, form, admit, chain="", said=said) is None:
        return entry.show(request, form, _frame(one, gettext("Enter a member")))
    return redirect("party", slug)


@writes
def member_edit(request: SignedIn, slug: str, key: str) -> HttpResponse:
    """When it joined and left; a party that came back has another spell."""
    one = _party(request, slug)
    row = CoalitionMember.objects.filter(coalition=one, key=key).first()
    if row is None:
        raise NotFound(f"There is no member “{key}” of this coalition.")
    noun = CoalitionMember.NOUN
    initial = rows.state(row) | {"seen": ledger.last_seq(PARTIES, noun, key)}
    form = MemberForm(entry.sent(request), choices=of_parties(), is_new=False, initial=initial)
    frame = _frame(one, gettext("Edit a membership"))

    def amend() -> CoalitionMember:
        return parties.amend_member(row=row, by=request.user, at=clock.now(), **form.changes())

    refused = entry.amended(request, form, frame, amend, chain=PARTIES, noun=noun, key=key)
    return refused or redirect("party", slug)


def _party(request: SignedIn, slug: str) -> Party:
    """Raises NotAllowed for who enters no facts, NotFound where there is none."""
    rules.check_enter_parties(access.viewer(request.user))
    one = Party.objects.filter(slug=slug).first()
    if one is None:
        raise NotFound(f"There is no party “{slug}”.")
    return one


def _frame(one: Party, heading: str) -> Frame:
    back = reverse("party", args=(one.slug,))
    return Frame(heading, gettext("Save"), back, ((back, one.name),))
