"""Undoing one's last change, from beside the words that it was made."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from tracker import clock
from tracker.actions import undoing
from tracker.domain import access as rules
from tracker.domain.errors import NotFound
from tracker.models import (
    FACTS,
    PARTIES,
    CoalitionMember,
    Dossier,
    LedgerEntry,
    Party,
    Proposal,
)
from tracker.selectors import access, last_changes
from tracker.web import proposing
from tracker.web import undo as offered
from tracker.web.choices import Choices, of_dossier, of_parties
from tracker.web.pages import SignedIn, writes
from tracker.words import label


@writes
def undo(request: SignedIn, chain: str, first: int, last: int) -> HttpResponse:
    """A POST undoes the deed that the ledger has from ``first`` to ``last``; a GET asks."""
    _check(request, chain, {step.entry.noun for step in last_changes.steps(chain, first, last)})
    if request.method != "POST":
        return _asked(request, chain, first, last)
    before = offered.head(chain)

    def do() -> list[LedgerEntry]:
        return undoing.undo(chain=chain, first=first, last=last, by=request.user, at=clock.now())

    done = proposing.instead(request, do, _choices(chain), is_typed=False)()
    if isinstance(done, Proposal):
        return proposing.told(request, str(done.uid))
    one = done[-1]
    was_new = not _had_before(one)
    said = (
        gettext("%(noun)s “%(key)s” is taken back: it was entered by mistake.")
        if was_new
        else gettext("The last change of “%(key)s” is undone.")
    )
    rows = len({(each.noun, each.row_key) for each in done})
    if rows > 1 and not was_new:
        said = gettext("The last change of %(number)s entries is undone.")
    names = {"noun": label("noun", one.noun), "key": one.row_key, "number": rows}
    offered.offer(request, said % names, chain=chain, before=before)
    return HttpResponseRedirect(_page_of(one))


def _asked(request: SignedIn, chain: str, first: int, last: int) -> HttpResponse:
    """Somebody came by the address alone, after signing in anew, say."""
    steps = last_changes.steps(chain, first, last)
    if not steps or {step.entry.by for step in steps} != {str(request.user.uid)}:
        raise NotFound("There is no such change of yours.")
    context = {"page": "undo", "steps": steps, "back": _page_of(steps[-1].entry)}
    return render(request, "undo/undo.html", context)


def _check(request: SignedIn, chain: str, nouns: set[str]) -> None:
    """Whoever may change what the chain holds may undo their own changes of it."""
    viewer = access.viewer(request.user)
    if chain == PARTIES:
        rules.check_enter_parties(viewer)
        return
    door = access.door(access.dossier(viewer, chain))
    (rules.check_own if Dossier.NOUN in nouns else rules.check_edit)(viewer, door)


def _choices(chain: str) -> Choices:
    """What the undone row may be called by."""
    one = Dossier.objects.filter(slug=chain).first()
    return of_dossier(one) if one is not None and one.four_eyes else of_parties()


def _had_before(entry: LedgerEntry) -> bool:
    return any(
        step.before is not None for step in last_changes.steps(entry.chain_id, entry.seq, entry.seq)
    )


def _page_of(entry: LedgerEntry) -> str:
    """Where the row is looked at."""
    if entry.noun in FACTS:
        return reverse("fact", args=(entry.chain_id, entry.noun, entry.row_key))
    if entry.noun == Party.NOUN:
        return reverse("party", args=(entry.row_key,))
    if entry.noun == CoalitionMember.NOUN:
        member = CoalitionMember.objects.filter(key=entry.row_key).select_related("coalition")
        return reverse("party", args=(member.get().coalition.slug,))
    if entry.noun == Dossier.NOUN:
        return reverse("dossier", args=(entry.row_key,))
    raise NotFound("This is no change of a row.")
