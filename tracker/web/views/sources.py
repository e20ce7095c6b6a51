"""A source: what it is, what was taken from it, and its text for those who may read it whole."""

from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from tracker import clock
from tracker.domain import access as rules
from tracker.domain.errors import NotFound
from tracker.domain.quotations import Place
from tracker.models import Source
from tracker.selectors import access, comments, custody, register, source_files
from tracker.selectors.register import SourcePage
from tracker.selectors.versions import versions
from tracker.web import entry, marks, nouns, passages
from tracker.web.forms.quotations import MARKED_AS, QuoteForm
from tracker.web.marks import Taken
from tracker.web.moments import Moment
from tracker.web.pages import SignedIn, reads, writes

LONGEST_NUMBER = 10  # digits of a place in a text


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
    names = register.party_names(at=moment.at, known=moment.known)
    inspects = rules.inspect(viewer, access.door(found.dossier))
    url = str(found.source.state.get("url") or "")
    taken = [marks.taken(account, names) for account in found.accounts]
    if found.snapshot:
        taken = marks.placed(found.snapshot, taken)
    place, asked = _sought(request, found.snapshot or "")
    may_edit = rules.edit(viewer, access.door(found.dossier)) and not moment.is_asked
    context = {
        "page": "source",
        "moment": moment,
        "dossier": found.dossier,
        "source": found.source,
        "link": url if url.startswith(("https://", "http://")) else "",
        "snapshot": found.snapshot,
        "stretches": marks.stretches(found.snapshot, taken, place) if found.snapshot else [],
        "kept": asked,
        "kept_query": f"?{urlencode(asked)}" if asked else "",
        "may_inspect": inspects,
        "comments": comments.on(
            dossier, found.tables, {"source": {key}}, at=moment.at, known=moment.known
        )
        if inspects
        else [],
        "about_source": urlencode({"about": f"source:{key}"}),
        "may_edit": may_edit,
        "may_mark": may_edit and bool(found.snapshot) and found.source.withdrawn is None,
        "quotations": taken,
        "form": QuoteForm(text=""),
        "entered_as": [(noun, passages.entered_at(dossier, noun)) for noun in MARKED_AS],
        "names_people": inspects,
        **_kept(found, taken, moment),
        **_custody(request, found, moment),
    }
    return render(request, "sources/source.html", context)


def _custody(request: HttpRequest, found: SourcePage, moment: Moment) -> dict[str, Any]:
    """What was done with it; with ``?digests=now``, whether what lies there is what was entered."""
    key, one = found.source.key, found.dossier
    links = custody.of_source(one.slug, found.tables, key, at=moment.at, known=moment.known)
    recheck = None
    if found.snapshot is not None and request.GET.get("digests") == "now":
        recheck = custody.rechecked(one, key)
    asked = {name: request.GET[name] for name in ("at", "known") if request.GET.get(name)}
    return {
        "custody": links,
        "recheck": recheck,
        "recheck_at": clock.now() if recheck is not None else None,
        "recheck_query": urlencode({**asked, "digests": "now"}),
    }


def _sought(request: HttpRequest, text: str) -> tuple[Place | None, list[tuple[str, str]]]:
    """The passage that a link names (``?start=10&end=42``, in code points), and how it names it.

    None where the text has none there: it may have been corrected since.
    """
    asked = [(name, request.GET[name]) for name in ("start", "end") if name in request.GET]
    bounds = [text for _, text in asked if text.isdecimal() and len(text) < LONGEST_NUMBER]
    if len(bounds) < len(("start", "end")):
        return None, []
    start, end = map(int, bounds)
    return (Place(start, end), asked) if 0 <= start < end <= len(text) else (None, [])


def _kept(found: SourcePage, taken: list[Taken], moment: Moment) -> dict[str, Any]:
    """Its versions, and for who may read it whole the digests of its text and of its file."""
    slug, state, text = found.dossier.slug, found.source.state, found.snapshot
    line = versions(found.tables, found.source.key, at=moment.at)
    newest = urlencode({"earlier": line.newest.key})
    digest = str(state.get("file_sha256") or "") if text is not None else ""
    return {
        "line": line,
        "sought": [one for one in taken if one.is_sought and one.account.withdrawn is None],
        "lost": marks.lost(line.newer.text, taken) if line.newer else [],
        "newer_url": f"{reverse('source_new', args=(slug,))}?{newest}",
        "may_read": text is not None,
        "sha256": sha256(text.encode()).hexdigest() if text else "",
        "file": source_files.told(found.dossier, digest),
    }


@writes
def source_quote(request: SignedIn, dossier: str, key: str) -> HttpResponse:
    """A passage that was pasted or typed is found in the text, and entered beside it."""
    viewer = access.viewer(request.user)
    one = access.dossier(viewer, dossier)
    rules.check_edit(viewer, access.door(one))
    found = nouns.row(one, "source", key)
    assert isinstance(found, Source)
    if not found.snapshot:
        raise NotFound(f"The source “{key}” has no text.")
    form = QuoteForm(entry.sent(request), text=found.snapshot)
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        return HttpResponseRedirect(passages.address(one.slug, typed["noun"], key, typed["place"]))
    context = {"page": "source_quote", "dossier": one, "source": found, "form": form}
    status = entry.UNPROCESSABLE if form.errors else 200
    return render(request, "sources/quote.html", context, status=status)
