"""Which pledges incidents may bear on: what is stored, brought to the rules of matching.py.

A constant number of queries for any number of incidents. Nothing here writes.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

from django.db.models import Q, QuerySet

from tracker.domain import stated
from tracker.domain.matching import (
    Alliances,
    Event,
    Match,
    Spell,
    Suspended,
    Undertaking,
    event_window,
    matches,
)
from tracker.domain.spans import Span
from tracker.domain.stated import Window
from tracker.models import (
    CoalitionMember,
    Dossier,
    Incident,
    IncidentImport,
    MatchDismissal,
    Pledge,
    Reading,
    Suspension,
    TermSpan,
)

from . import merges

ROOM = timedelta(days=32)  # a month whose day is not known, and a zone
OF_EVENTS = ("key", "occurred", "occurred_until", "actor__slug", "subject", "place")
OF_SPANS = (
    "pledge__ref",
    "reading",
    "number",
    "starts_at",
    "starts_by",
    "ends_from",
    "ends_at",
    "zone",
    "is_adopted",
    "stands_until",
)


@dataclass(frozen=True, slots=True)
class Suggested:
    """``is_dismissed``: a person said that it does not bear on it."""

    match: Match
    is_dismissed: bool


def incidents(
    dossier: Dossier,
    *,
    of_import: IncidentImport | None = None,
    key: str = "",
    pledge: Pledge | None = None,
) -> "QuerySet[Incident]":
    """The incidents that hold, the latest first; of a pledge those that lie within its terms by
    any reading, or near them.
    """
    found = Incident.objects.filter(dossier=dossier, withdrawn_at="").select_related("actor")
    if of_import is not None:
        found = found.filter(imported__by_import=of_import)
    if key:
        found = found.filter(key=key)
    if pledge is not None:
        found = found.filter(_near(pledge))
    return found.order_by("-occurred_instant", "-pk")


def _near(pledge: Pledge) -> Q:
    """Between the earliest start and the latest end, with room for what is not known to the day."""
    spans = list(TermSpan.objects.filter(pledge=pledge).values_list("starts_at", "ends_at"))
    if not spans:
        return Q(pk__in=())
    begins = min(start for start, _end in spans)
    ends = [end for _start, end in spans if end is not None]
    near = Q(occurred_instant__gte=begins - ROOM) | Q(occurred_until_instant__gte=begins - ROOM)
    if len(ends) == len(spans):
        near &= Q(occurred_instant__lte=max(ends) + ROOM)
    return near


def suggested(
    dossier: Dossier, found: Iterable[Incident], *, pledge: Pledge | None = None
) -> list[Suggested]:
    """Every pledge that these incidents may bear on and do not name yet, incident by incident in
    their order, the likeliest pledge first. Seven queries.
    """
    rows = {row.pk: row for row in found}
    events = {row.key: _event(row) for row in rows.values()}
    if not events:
        return []
    matched = list(matches(events.values(), *_read(dossier, events.values(), pledge)))
    refs = {one.ref for one in matched}
    named, dismissed = _linked(rows, refs), _dismissed(rows, refs)
    order = {key: number for number, key in enumerate(events)}
    left = [one for one in matched if (one.event, one.ref) not in named]
    left.sort(key=lambda one: (order[one.event], -one.strength, one.ref))
    return [Suggested(one, (one.event, one.ref) in dismissed) for one in left]


def _event(row: Incident) -> Event:
    return event(
        row.key,
        row.occurred,
        row.occurred_until,
        row.actor.slug if row.actor is not None else "",
        row.subject,
        row.place,
    )


def event(key: str, occurred: str, until: str, actor: str, subject: str, place: str) -> Event:
    """What of an incident is compared."""
    lies, is_without_zone = _window(occurred, until)
    return Event(
        key=key,
        lies=lies,
        is_lasting=bool(until),
        is_without_zone=is_without_zone,
        actor=actor,
        subject=subject,
        place=place,
    )


@lru_cache(maxsize=4096)
def _window(occurred: str, until: str) -> tuple[Window | None, bool]:
    return event_window(stated.parse(occurred), stated.parse(until) if until else None)


def every(dossier: Dossier, of: "QuerySet[Incident]") -> Iterator[Match]:
    """Every match of many incidents in the order of time, also what is linked or dismissed. Six
    queries.
    """
    events = [
        event(key, occurred, until, actor or "", subject, place)
        for key, occurred, until, actor, subject, place in of.values_list(*OF_EVENTS)
    ]
    yield from matches(events, *_read(dossier, events, None))


def _read(
    dossier: Dossier, events: Collection[Event], pledge: Pledge | None
) -> tuple[list[Undertaking], Alliances]:
    """The pledges that can be meant, with all of their stretches, and who was with whom."""
    alliances = _alliances()
    timed = [one.lies for one in events if one.lies is not None]
    if not timed:
        return [], alliances
    spans = TermSpan.objects.filter(dossier=dossier)
    if pledge is not None:
        spans = spans.filter(pledge=pledge)
    under_way = spans.filter(
        Q(ends_at=None) | Q(ends_at__gt=min(one.earliest for one in timed)),
        starts_at__lte=max(one.latest for one in timed),
    )
    if all(one.actor for one in events):
        under_way = under_way.filter(pledge__pledgor__slug__in=_pledgors(events, alliances))
    if all(one.subject for one in events):
        subjects = {*(one.subject for one in events), "other"}
        if "other" not in {one.subject for one in events}:
            under_way = under_way.filter(pledge__subject__in=subjects)
    rows = (
        Pledge.objects.filter(pk__in=under_way.values("pledge"))
        .order_by("pk")
        .values_list("pk", "ref", "pledgor__slug", "subject", "area")
    )
    own, halted = _spans(under_way, spans), _suspended(under_way)
    return [
        Undertaking(
            ref, pledgor, subject, area, tuple(own.get(ref, ())), tuple(halted.get(ref, ()))
        )
        for _pk, ref, pledgor, subject, area in rows
    ], alliances


def _spans(under_way: "QuerySet[TermSpan]", spans: "QuerySet[TermSpan]") -> dict[str, list[Span]]:
    """All stretches of the pledges of which one is under way: the others say before and after."""
    found: dict[str, list[Span]] = {}
    rows = spans.filter(pledge__in=under_way.values("pledge")).order_by(
        "pledge", "reading", "number"
    )
    for ref, reading, number, at, by, ends_from, ends_at, zone, adopted, until in rows.values_list(
        *OF_SPANS
    ):
        end = Window(ends_from or ends_at, ends_at) if ends_at is not None else None
        found.setdefault(ref, []).append(
            Span(reading, number, Window(at, by), end, zone or None, adopted, until)
        )
    return found


def _suspended(under_way: "QuerySet[TermSpan]") -> dict[str, list[Suspended]]:
    """When and where each of the pledges is suspended. A start of which no instant is known is no
    stretch.
    """
    found: dict[str, list[Suspended]] = {}
    rows = Suspension.objects.filter(pledge__in=under_way.values("pledge"), withdrawn_at="")
    for ref, start, end, areas in rows.order_by("pk").values_list(
        "pledge__ref", "start", "end", "areas"
    ):
        begins = _of(start)
        if begins is not None:
            found.setdefault(ref, []).append(Suspended(begins, _of(end), tuple(areas)))
    return found


def _pledgors(events: Iterable[Event], alliances: Alliances) -> set[str]:
    """Whose pledges these may bear on: the actors, their coalitions, by every name."""
    actors = {alliances.of(one.actor) for one in events}
    roots = actors | {
        alliances.of(spell.coalition)
        for actor in actors
        for spell in alliances.spells.get(actor, ())
    }
    return roots | {slug for slug, root in alliances.same.items() if root in roots}


def _alliances() -> Alliances:
    """Two queries."""
    same = dict(merges.parties().into)
    spells: dict[str, list[Spell]] = {}
    rows = CoalitionMember.objects.order_by("pk").values_list(
        "coalition__slug", "member__slug", "since", "until"
    )
    for coalition, member, since, until in rows:
        spells.setdefault(same.get(member, member), []).append(
            Spell(coalition, _of(since), _of(until))
        )
    return Alliances(same, spells)


def _of(text: str) -> Window | None:
    return stated.window(stated.parse(text), default_zone="UTC") if text else None


def _linked(rows: Collection[int], refs: Collection[str]) -> set[tuple[str, str]]:
    through: Any = Incident.pledges.through
    found = through.objects.filter(incident__in=list(rows), pledge__ref__in=list(refs))
    return set(found.values_list("incident__key", "pledge__ref"))


def _dismissed(rows: Collection[int], refs: Collection[str]) -> set[tuple[str, str]]:
    found = MatchDismissal.objects.filter(incident__in=list(rows), pledge__ref__in=list(refs))
    return set(found.values_list("incident__key", "pledge__ref"))


def said(refs: Iterable[str]) -> tuple[dict[str, Pledge], dict[tuple[str, str], str]]:
    """The pledges by reference, and by reference and reading whose reading it is. Two queries."""
    pledges = {
        row.ref: row for row in Pledge.objects.filter(ref__in=set(refs)).select_related("pledgor")
    }
    readings = Reading.objects.filter(pledge__ref__in=pledges).values_list(
        "pledge__ref", "key", "speaker__name"
    )
    return pledges, {(ref or "", key): name or "" for ref, key, name in readings}


def pairs(dossier: Dossier, wanted: Sequence[tuple[str, str]]) -> list[tuple[Incident, Pledge]]:
    """Incidents and pledges of the dossier by key and reference; what there is not is left out."""
    incidents = {
        row.key: row
        for row in Incident.objects.filter(
            dossier=dossier, key__in={key for key, _ in wanted}, withdrawn_at=""
        )
    }
    pledges = {
        row.ref: row
        for row in Pledge.objects.filter(dossier=dossier, ref__in={ref for _, ref in wanted})
    }
    return [
        (incidents[key], pledges[ref]) for key, ref in wanted if key in incidents and ref in pledges
    ]


def linked(found: Iterable[Incident]) -> dict[str, list[str]]:
    """By incident the references of the pledges that it names. One query."""
    through: Any = Incident.pledges.through
    rows = through.objects.filter(incident__in=[one.pk for one in found])
    named: dict[str, list[str]] = {}
    for key, ref in rows.order_by("pk").values_list("incident__key", "pledge__ref"):
        named.setdefault(key, []).append(ref)
    return named
