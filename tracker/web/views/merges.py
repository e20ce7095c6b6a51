"""Merging two parties, or two pledges of a dossier, that turned out to be one; taking it back."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from tracker import clock
from tracker.actions import merges
from tracker.domain import access as rules
from tracker.domain.errors import Conflict, DomainError, Invalid, NotFound
from tracker.models import PARTIES, Party, Pledge
from tracker.selectors import access, ledger
from tracker.selectors import merges as reading
from tracker.selectors.merges import How
from tracker.web import entry
from tracker.web.choices import Choices, of_dossier, of_parties
from tracker.web.entry import Frame
from tracker.web.forms.facts import WhyForm
from tracker.web.forms.merges import OTHER, THIS, MergePartiesForm, MergePledgesForm
from tracker.web.forms.pledges import PledgeForm
from tracker.web.pages import SignedIn, writes
from tracker.web.states import Difference, differences
from tracker.words import isolated, refusal

SHOW = "show"  # the button that shows what would move, and merges nothing


@writes
def party_merge(request: SignedIn, slug: str) -> HttpResponse:
    """This party is another one: that one stays."""
    one = _party(request, slug)
    if one.merged_into is not None:
        return redirect("party", one.merged_into.slug)
    seq = ledger.last_seq(PARTIES, Party.NOUN, slug)
    initial = {"seen": seq, "merged_into": request.GET.get("into", "")}
    form = MergePartiesForm(entry.sent(request), choices=of_parties(), initial=initial)
    frame = _frame(
        one,
        gettext("Merge the party: %(title)s"),
        gettext("Merge them"),
        gettext(
            "Both histories are kept, and rows go on naming the party that they name; everywhere"
            " the other one is shown. It can be taken back."
        ),
    )

    def merge() -> Party:
        into = Party.objects.get(slug=form.cleaned_data["merged_into"])
        return merges.merge_parties(
            row=one,
            into=into,
            reason=form.cleaned_data["reason"],
            seen=form.cleaned_data["seen"] or 0,
            by=request.user,
            at=clock.now(),
        )

    def said(_key: str) -> str:
        into = form.offered.party_name(form.cleaned_data["merged_into"])
        words = gettext("“%(title)s” is taken for “%(other)s” from now on.")
        return words % {"title": isolated(one.name), "other": isolated(into)}

    try:
        if entry.entered(request, form, merge, chain=PARTIES, said=said) is None:
            return entry.show(request, form, frame)
    except Conflict:
        seq = ledger.last_seq(PARTIES, Party.NOUN, slug)
        return entry.decided_meanwhile(request, form, frame, chain=PARTIES, seq=seq)
    return redirect("party", form.cleaned_data["merged_into"])


@writes
def party_part(request: SignedIn, slug: str) -> HttpResponse:
    """Take the merge of a party back."""
    one = _party(request, slug)
    if one.merged_into is None:
        return redirect("party", slug)
    seq = ledger.last_seq(PARTIES, Party.NOUN, slug)
    form = WhyForm(entry.sent(request), choices=of_parties(), initial={"seen": seq})
    frame = _frame(
        one,
        gettext("Take the merge back: %(title)s"),
        gettext("Take it back"),
        gettext("It is a party of its own again, with all that names it."),
    )

    def part() -> Party:
        return merges.part_parties(
            row=one,
            reason=form.cleaned_data["reason"],
            seen=form.cleaned_data["seen"] or 0,
            by=request.user,
            at=clock.now(),
        )

    def said(_key: str) -> str:
        return gettext("“%(title)s” is a party of its own again.") % {"title": isolated(one.name)}

    try:
        if entry.entered(request, form, part, chain=PARTIES, said=said) is None:
            return entry.show(request, form, frame)
    except Conflict:
        seq = ledger.last_seq(PARTIES, Party.NOUN, slug)
        return entry.decided_meanwhile(request, form, frame, chain=PARTIES, seq=seq)
    return redirect("party", slug)


def _party(request: SignedIn, slug: str) -> Party:
    """Raises NotAllowed for who enters no facts, NotFound where there is none."""
    rules.check_enter_parties(access.viewer(request.user))
    one = Party.objects.filter(slug=slug).select_related("merged_into").first()
    if one is None:
        raise NotFound(f"There is no party “{slug}”.")
    return one


def _frame(one: Party, heading: str, button: str, lead: str) -> Frame:
    back = reverse("party", args=(one.slug,))
    heading = heading % {"title": isolated(one.name)}
    return Frame(heading, button, back, ((back, one.name),), lead=lead, is_grave=True)


@dataclass(frozen=True, slots=True)
class Moved:
    """A row that a merge touches: its noun and what it is called; the row that says the same."""

    noun: str
    words: str
    like: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """Both pledges beside each other where they differ, and what becomes of what hangs on them."""

    goes: str
    goes_title: str
    stays: str
    stays_title: str
    differing: list[Difference]
    moves: list[Moved]
    names: list[Moved]
    ends: list[Moved]
    left: list[Moved]

    @property
    def pair(self) -> str:
        return f"{self.goes} {self.stays}"


@writes
def pledge_merge(request: SignedIn, ref: str) -> HttpResponse:
    """Two pledges of a dossier are one. ``?with=`` names the other one. First it is shown what
    would move; only what was shown is merged.
    """
    one = _pledge(request, ref)
    if one.merged_into is not None:
        return redirect("pledge", ref)
    choices = of_dossier(one.dossier)
    initial = {"other": request.GET.get("with", "")}
    form = MergePledgesForm(entry.sent(request), choices=choices, initial=initial, ref=ref)
    if entry.was_sent(request, form):
        return redirect("pledge", ref)
    if not form.is_bound and initial["other"]:
        form = _proposed(form, one, initial["other"])
    preview = _looked_at(form, one)
    means_it = (
        request.method == "POST"
        and preview is not None
        and form.data.get("previewed") == preview.pair
        and SHOW not in request.POST
    )
    if means_it and preview is not None:
        done = _merged(request, form, one, preview)
        if done is not None:
            return done
    elif form.is_bound and form.is_chosen:
        form.errors.pop("reason", None)  # of what is only shown none is asked
    status = entry.UNPROCESSABLE if request.method == "POST" and form.errors else 200
    context = {
        "page": "entry",
        "pledge": one,
        "form": form,
        "preview": preview,
        "seen": _seen(one, preview),
    }
    return render(request, "pledges/merge.html", context, status=status)


def _proposed(form: MergePledgesForm, one: Pledge, other: str) -> MergePledgesForm:
    """The form with that other pledge chosen; the one stays that can, else it says why neither."""
    given = {"other": other, "once": form["once"].value()}
    tried = [
        MergePledgesForm(given | {"stays": stays}, choices=form.offered, ref=one.ref)
        for stays in (OTHER, THIS)
    ]
    return next((found for found in tried if _looked_at(found, one) is not None), tried[0])


def _looked_at(form: MergePledgesForm, one: Pledge) -> Preview | None:
    """What would move; None where that is not said yet, or cannot be, which the form then says."""
    if not form.is_chosen:
        return None
    goes, stays = form.pair
    try:
        merges.check_pledges(_of(one, goes), _of(one, stays))
    except DomainError as error:
        form.errors.pop("reason", None)
        form.add_refusal(Invalid(error.message, field="into", mend=error.mend))
        return None
    return _preview(form.offered, goes, stays)


def _merged(
    request: SignedIn, form: MergePledgesForm, one: Pledge, preview: Preview
) -> HttpResponseRedirect | None:
    goes, stays = _of(one, preview.goes), _of(one, preview.stays)

    def merge() -> Pledge:
        return merges.merge_pledges(
            goes=goes,
            stays=stays,
            reason=form.cleaned_data["reason"],
            seen=form.cleaned_data["seen"] or 0,
            by=request.user,
            at=clock.now(),
        )

    def said(_key: str) -> str:
        words = gettext("“%(goes)s” is merged into “%(stays)s”.")
        names = {"goes": preview.goes_title, "stays": preview.stays_title}
        return words % {name: isolated(title) for name, title in names.items()}

    try:
        if entry.entered(request, form, merge, chain=one.dossier.slug, said=said) is None:
            return None
    except Conflict as error:
        form.add_error(None, refusal(error))
        return None
    return HttpResponseRedirect(reverse("pledge", args=(stays.ref,)))


def _seen(one: Pledge, preview: Preview | None) -> int:
    if preview is None:
        return 0
    return merges.seen_of(_of(one, preview.goes), _of(one, preview.stays))


def _of(one: Pledge, ref: str) -> Pledge:
    found = Pledge.objects.filter(dossier=one.dossier, ref=ref).select_related("merged_into")
    row = found.first()
    if row is None:
        raise NotFound(f"There is no pledge “{ref}” in this dossier.")
    return row


def _preview(choices: Choices, goes: str, stays: str) -> Preview:
    states = choices.tables["pledge"]
    planned = reading.plan(choices.tables, goes=goes, stays=stays)

    def told(how: How) -> list[Moved]:
        return [
            Moved(one.noun, choices.title(one.noun, one.key), one.like) for one in planned.of(how)
        ]

    return Preview(
        goes=goes,
        goes_title=str(states[goes]["title"]),
        stays=stays,
        stays_title=str(states[stays]["title"]),
        differing=differences(
            "pledge",
            before=states[goes],
            now=states[stays],
            typed=states[goes],
            form=PledgeForm,
            choices=choices,
        ),
        moves=told(How.MOVES),
        names=told(How.NAMES),
        ends=told(How.ENDS),
        left=[one for one in told(How.LEFT) if one.like],
    )


def _pledge(request: HttpRequest, ref: str) -> Pledge:
    """Raises NotFound for strangers, NotAllowed for who enters no facts there."""
    found = Pledge.objects.filter(ref=ref).select_related("dossier", "merged_into").first()
    viewer = access.viewer(request.user)
    if found is None:
        raise NotFound(f"There is no pledge “{ref}”.")
    rules.check_edit(viewer, access.door(found.dossier))
    return found
