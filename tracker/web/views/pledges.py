"""A pledge: what was promised by whom to whom, how long still, and who says otherwise."""

from datetime import timedelta
from typing import Any
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
    alerts,
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
from tracker.web import accounts, answers, partials, particulars, readings, terms, ties
from tracker.web import histories as telling
from tracker.web.clocks import clock
from tracker.web.moments import Moment
from tracker.web.pages import reads
from tracker.web.verifying import verifying

HISTORY_AT_ONCE = 25
ALERTS_AT_ONCE = 25
OLDER, OLDER_ALERTS = "older", "older-alerts"


@reads(known=True)
def pledge(request: HttpRequest, moment: Moment, ref: str) -> HttpResponse:
    viewer = access.viewer(request.user)
    try:
        entry = register.entry(viewer=viewer, ref=ref, at=moment.at, known=moment.known)
    except NotFound:
        return _unlisted(request, moment, viewer, ref)
    door = Door(slug=entry.dossier, is_public=entry.is_public)
    inspects = rules.inspect(viewer, door)
    looks_behind = inspects and not moment.is_asked
    listed = of_entry(entry, viewer)
    before = _before(request, "before")
    history = _history(entry, moment, before, inspects=inspects)
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
        "verifying": verifying(entry),
        "flags": particulars.notices(entry),
        "promised": particulars.promised(entry),
        **_term(entry),
        **_hanging(entry, moment),
        **_events(entry),
        "otherwise": answers.otherwise(entry),
        "accounts": accounts.comparison(entry),
        "quotations": accounts.quotations(entry),
        "history": history,
        "told_history": telling.told(history.changes, entry, names_people=inspects),
        "before": before,
        "alerts": _alerts(request, ref) if looks_behind else None,
        "comments": _comments(entry, moment) if inspects else [],
        "told": _told(request, moment, ref),
        "waiting": proposals.open_about(entry.dossier, pledge=ref) if looks_behind else [],
        "merged": [
            (key, state["title"])
            for key, state in entry.tables["pledge"].items()
            if state.get("merged_into") == ref
        ],
        "doubles": _doubles(viewer, entry) if looks_behind else [],
        "reviews": reviews.of_pledge(ref) if looks_behind else [],
    }
    return partials.render(request, "pledges/pledge.html", context, names={OLDER, OLDER_ALERTS})


def _term(entry: Entry) -> dict[str, Any]:
    """How the term is read, and what changed it."""
    views = readings.readings_of(entry)
    steps = particulars.deadlines(entry)
    return {
        "promise": answers.promise(entry),
        "force": answers.force(entry.stage),
        "readings": views,
        "compared": readings.comparison(views),
        "term": terms.picture(entry, steps),
        "links": particulars.links(entry),
        "deadlines": steps,
    }


def _hanging(entry: Entry, moment: Moment) -> dict[str, Any]:
    """What it hangs on, and what hangs on it."""
    conditions = particulars.conditions(entry)
    hangs = answers.hangs(entry, conditions)
    tied = ties.ties(entry)
    query = moment.query_within
    return {
        "conditions": conditions,
        "hangs": hangs,
        "ties": tied,
        "tie_picture": ties.picture(entry, conditions, hangs.awaits, tied, query=query),
    }


def _events(entry: Entry) -> dict[str, Any]:
    """What is said to have happened, and what was counted."""
    incidents = particulars.incidents(entry)
    counts = particulars.counts(entry)
    return {
        "incidents": incidents,
        "findings": particulars.findings(incidents),
        "counts": counts,
        "claims": particulars.claims(counts),
    }


def _history(
    entry: Entry, moment: Moment, before: int | None, *, inspects: bool
) -> histories.Stretch:
    """Visitors are told of what is public alone."""
    changes = histories.of_pledge(
        chain=entry.dossier,
        tables=entry.tables,
        ref=entry.ref,
        at=moment.at if moment.at_asked or not inspects else None,
        known=moment.known,
    )
    return histories.stretch(changes, before=before, size=HISTORY_AT_ONCE)


def _alerts(request: HttpRequest, ref: str) -> alerts.Stretch:
    """What was sent about it, to whomever, for members."""
    before = _before(request, "alerts_before")
    return alerts.of_pledge(ref, before=before, size=ALERTS_AT_ONCE)


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


def _before(request: HttpRequest, name: str) -> int | None:
    """The number before which a list is to be shown. Raises Invalid."""
    text = request.GET.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise Invalid(
            gettext("“%(name)s” names no entry of the list.") % {"name": name},
            field=name,
            mend=gettext("Open the pledge anew and follow the links under its lists."),
        )
    return int(text)
