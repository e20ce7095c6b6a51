"""How long findings last in a dossier: the curve, what another one would change, and saving it."""

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext

from tracker import clock
from tracker.actions import dossiers
from tracker.domain import access as rules
from tracker.domain import freshness
from tracker.models import Dossier
from tracker.selectors import access, ledger, rows
from tracker.selectors.freshness import preview
from tracker.web import entry
from tracker.web.choices import of_dossier
from tracker.web.entry import Frame
from tracker.web.forms.freshness import FreshnessForm
from tracker.web.pages import SignedIn, writes

PREVIEW, DEFAULT = "preview", "default"


@writes
def dossier_freshness(request: SignedIn, slug: str) -> HttpResponse:
    """A POST that does ``preview`` shows what would change, one that does ``default`` fills in the
    register's own curve and shows the same; else the curve is saved.
    """
    one = access.dossier(access.viewer(request.user), slug)
    rules.check_own(access.viewer(request.user), access.door(one))
    deed = request.POST.get("do", "")
    seq = ledger.last_seq(slug, Dossier.NOUN, slug)
    initial = rows.state(one) | {"seen": seq}
    form = FreshnessForm(
        _sent(request, deed), choices=of_dossier(one, tables={}), is_new=False, initial=initial
    )
    back = reverse("dossier", args=(slug,))
    frame = Frame(
        gettext("How long findings last"),
        gettext("Save the curve"),
        back,
        ((back, one.title),),
        lead=gettext(
            "The next check of a pledge is due a cadence after the end of the verified period, or "
            "a share of it where the evidence is weaker. Saving marks the pledges of this dossier; "
            "the watch derives their flags anew within minutes."
        ),
    )
    if deed in (PREVIEW, DEFAULT):
        if form.is_valid():
            curve = freshness.curve(form.cleaned_data["freshness"])
            form.preview = preview(one, curve, at=clock.now())
        return entry.show(request, form, frame, is_answer=True)

    def amend() -> Dossier:
        return dossiers.amend(row=one, by=request.user, at=clock.now(), **form.changes())

    refused = entry.amended(request, form, frame, amend, chain=slug, noun=Dossier.NOUN, key=slug)
    return refused or redirect("dossier_freshness", slug)


def _sent(request: SignedIn, deed: str) -> QueryDict | None:
    """What was sent; with the register's own curve in it where that is asked for."""
    data = entry.sent(request)
    if data is None or deed != DEFAULT:
        return data
    filled = data.copy()
    for letter, row in freshness.DEFAULT.rows:
        for number, share in row:
            filled[f"freshness_{letter}{number}"] = str(share)
    return filled
