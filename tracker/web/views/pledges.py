"""A pledge: what was promised by whom to whom, how long still, and who says otherwise."""

from datetime import timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from tracker.domain import access as rules
from tracker.domain.access import Door, Viewer
from tracker.domain.errors import Invalid, NotFound
from tracker.models import User
from tracker.selectors import (
    access,
    comments,
    histories,
    merges,
    proposals,
    register,
    reviews,
    told,
)
from tracker.selectors.doubles import Double, like, promise_of
from tracker.selectors.entries import Entry
from tracker.selectors.listed import of_entry
from tracker.web import partials, particulars
from tracker.web.accounts import fields_of, quotations
from tracker.web.clocks import clock
from tracker.web.moments import Moment
from tracker.web.pages import reads
from tracker.web.readings import chart_of, readings_of
from tracker.web.verifying import verifying

HISTORY_AT_ONCE = 25
OLDER = "older"


@reads(known=True)
def pledge(request: HttpRequest, moment: Moment, ref: str) -> HttpResponse:
    viewer = access.viewer(request.user)
    try:
        entry = register.entry(viewer=viewer, ref=ref, at=moment.at, known=moment.known)
    except NotFound:
        return _unlisted(request, moment, viewer, ref)
    door = Door(slug=entry.dossier, is_public=entry.is_public)
    inspects = rules.inspect(viewer, door)
    readings = readings_of(entry)
    listed = of_entry(entry, viewer)
    before = _before(request)
    context = {
        "page": "pledge",
        "moment": moment,
        "entry": entry,
        "names_people": inspects,
        "may_inspect": inspects,
        "may_edit": rules.edit(viewer, door) and not moment.is_asked,
        "about_pledge": urlencode({"about": f"pledge:{ref}"}),
        "on_pledge": urlencode({"pledge": ref}),
        "to_pledges": urlencode({"pledges": ref}),
        "clock": clock(listed),
        "zone": listed.zone,
        "readings": readings,
        "chart": chart_of(readings, at=moment.at),
        "fields": fields_of(entry),
        "quotations": quotations(entry),
        "verifying": verifying(entry),
        "flags": particulars.notices(entry),
        "links": particulars.links(entry),
        "conditions": particulars.conditions(entry),
        "deadlines": particulars.deadlines(entry),
        "incidents": particulars.incidents(entry),
        "counts": particulars.counts(entry),
        "promised": particulars.promised(entry),
        "related": particulars.related(entry),
        "history": histories.stretch(
            histories.of_pledge(
                chain=entry.dossier,
                tables=entry.tables,
                ref=ref,
                at=moment.at if moment.at_asked else None,
                known=moment.known,
            ),
            before=before,
            size=HISTORY_AT_ONCE,
        ),
        "before": before,
        "comments": _comments(entry, moment) if inspects else [],
        "told": _told(request, moment, ref),
        "waiting": proposals.open_about(entry.dossier, pledge=ref)
        if inspects and not moment.is_asked
        else [],
        "merged": [
            (key, state["title"])
            for key, state in entry.tables["pledge"].items()
            if state.get("merged_into") == ref
        ],
        "doubles": _doubles(viewer, entry) if inspects and not moment.is_asked else [],
        "reviews": reviews.of_pledge(ref) if inspects and not moment.is_asked else [],
    }
    return partials.render(request, "pledges/pledge.html", context, names={OLDER})


def _doubles(viewer: Viewer, entry: Entry) -> list[Double]:
    """The pledges that look like this one, for its dossier's members."""
    return like(
        promise_of(entry), viewer=viewer, here=entry.dossier, at=entry.found.at, but=entry.ref
    )


def _told(request: HttpRequest, moment: Moment, ref: str) -> told.Told | None:
    """Whether whoever has signed in is told of it; asked of now only."""
    if not isinstance(request.user, User) or moment.is_asked:
        return None
    return told.of(request.user, ref, at=moment.at)


def _comments(entry: Entry, moment: Moment) -> list[comments.Said]:
    """What members said of the pledge, of its conditions and of its incidents."""
    about = comments.of_pledge(entry.tables, entry.ref)
    return comments.on(entry.dossier, entry.tables, about, at=moment.at, known=moment.known)


def _unlisted(request: HttpRequest, moment: Moment, viewer: Viewer, ref: str) -> HttpResponse:
    """Why the pledge is not shown at that instant, for who may know. Raises NotFound."""
    found = register.unlisted(viewer=viewer, ref=ref, at=moment.at, known=moment.known)
    if found.merged_into:
        return _merged(request, moment, viewer, found)
    since = found.withdrawn_since
    context = {
        "page": "pledge",
        "moment": moment,
        "pledge": found,
        "before": f"{since - timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}" if since else "",
        "may_inspect": rules.inspect(viewer, access.door(found.dossier)),
    }
    return render(request, "pledges/unlisted.html", context)


def _merged(
    request: HttpRequest, moment: Moment, viewer: Viewer, found: register.Unlisted
) -> HttpResponse:
    """The page of a pledge that turned out to be another one: where it went, and its history."""
    chain, tables = found.dossier.slug, found.tables
    deed = merges.of_pledge(chain, found.ref)
    at = moment.at if moment.at_asked else None
    if deed is None:  # marked as merged by a file, say
        changes = histories.of_pledge(
            chain=chain, tables=tables, ref=found.ref, at=at, known=moment.known
        )
    else:
        changes = histories.of_merged(
            chain=chain, tables=tables, ref=found.ref, deed=deed, at=at, known=moment.known
        )
    marking = next((c for c in changes if deed and c.seq == deed.entries[0].seq), None)
    door = access.door(found.dossier)
    inspects = rules.inspect(viewer, door)
    state = tables["pledge"][found.ref]
    context = {
        "page": "pledge",
        "moment": moment,
        "pledge": found,
        "state": state,
        "pledgor": found.parties.get(state["pledgor"], state["pledgor"]),
        "into": tables["pledge"].get(found.merged_into, {}),
        "marking": marking,
        "changes": changes,
        "names_people": inspects,
        "may_inspect": inspects,
        "may_edit": rules.edit(viewer, door) and not moment.is_asked,
        "comments": comments.on(
            chain,
            tables,
            comments.of_pledge(tables, found.ref),
            at=moment.at,
            known=moment.known,
        )
        if inspects
        else [],
    }
    return render(request, "pledges/merged.html", context)


def _before(request: HttpRequest) -> int | None:
    """The entry of the ledger before which the history is to be shown. Raises Invalid."""
    text = request.GET.get("before", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise Invalid(
            gettext("“before” names no entry of the history."),
            field="before",
            mend=gettext("Open the pledge anew and follow the links under its history."),
        )
    return int(text)
