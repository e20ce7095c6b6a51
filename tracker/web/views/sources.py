"""A source: what it is, what was taken from it, and its text for those who may read it whole."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tracker.domain import access as rules
from tracker.selectors import access, comments, register
from tracker.selectors.entries import FactView
from tracker.web.moments import Moment
from tracker.web.pages import reads

ABOUT = ("pledge", "position", "condition", "extension", "trigger", "deadline")


@dataclass(frozen=True, slots=True)
class Taken:
    """One account with what it speaks of: a noun and the key of its row."""

    account: FactView
    who: str
    noun: str
    about: str


@reads(known=True)
def source(request: HttpRequest, moment: Moment, dossier: str, key: str) -> HttpResponse:
    viewer = access.viewer(request.user)
    found = register.source(
        viewer=viewer,
        dossier=dossier,
        key=key,
        at=moment.at,
        known=moment.known,
    )
    names = register.party_names()
    inspects = rules.inspect(viewer, access.door(found.dossier))
    url = str(found.source.state.get("url") or "")
    context = {
        "page": "source",
        "moment": moment,
        "dossier": found.dossier,
        "source": found.source,
        "link": url if url.startswith(("https://", "http://")) else "",
        "snapshot": found.snapshot,
        "may_inspect": inspects,
        "comments": comments.on(
            dossier, found.tables, {"source": {key}}, at=moment.at, known=moment.known
        )
        if inspects
        else [],
        "about_source": urlencode({"about": f"source:{key}"}),
        "may_edit": rules.edit(viewer, access.door(found.dossier)) and not moment.is_asked,
        "quotations": [_taken(account, names) for account in found.accounts],
    }
    return render(request, "sources/source.html", context)


def _taken(account: FactView, names: dict[str, str]) -> Taken:
    state = account.state
    party = state.get("party") or ""
    noun = next((noun for noun in ABOUT if state.get(noun)), "")
    about = str(state.get(noun) or "")
    return Taken(
        account=account,
        who=str(state.get("speaker") or names.get(party, party)),
        noun=noun,
        about=about,
    )
