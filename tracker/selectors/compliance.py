"""Compliance over time: what was reported, found and counted of a pledge or of a dossier, by day.

Incidents are read as columns, never as rows with their texts; the number of queries does not depend
on how many there are. Must not live here: how days are counted (domain/compliance.py), drawing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from tracker.domain import compliance, findings, status, zones
from tracker.domain.access import Viewer
from tracker.domain.compliance import Day, Happened, Segment, Stretch, Totals
from tracker.domain.errors import Invalid, NotFound
from tracker.domain.facts import PledgeFacts
from tracker.domain.now import Now
from tracker.domain.sentences import _
from tracker.domain.stated import Window
from tracker.models import (
    Account,
    Count,
    Dossier,
    Incident,
    Phase,
    Pledge,
    Source,
    Verification,
)

from . import access, narrow, observations
from .facts import pledge_facts
from .filters import holding
from .listed import of_phases
from .observations import Claimed, Found

UTC_ZONE = "UTC"
LANES = 12  # pledges of a dossier whose terms are drawn
LONGEST = 4000  # days that are shown at once
USUAL = 400  # of a dossier, where nothing else is asked for
MOST_INCIDENTS = 20_000  # that a dossier's page counts at once
MONTH = timedelta(days=32)


@dataclass(frozen=True, slots=True)
class Term:
    """The term of a pledge, in what all its readings hold and what some do."""

    ref: str
    title: str
    stretches: Sequence[Stretch]


@dataclass(frozen=True, slots=True)
class Compliance:
    """What a page of compliance shows. ``parties``: names by slug. ``more``: terms not drawn."""

    at: datetime
    dossier: Dossier
    zone: str
    first: date
    last: date
    days: Sequence[Day]
    terms: Sequence[Term]
    baseline: Stretch | None
    totals: Totals
    number: int
    uncertain: int
    found: Sequence[Found]
    claimed: Sequence[Claimed]
    parties: Mapping[str, str]
    pledge: Pledge | None = None
    more: int = 0

    @property
    def claimants(self) -> list[str]:
        """Those who claim something of these days, by name; who is not named last."""
        named = {slug for day in self.days for slug in day.by_claimant}
        return sorted(named, key=lambda slug: (not slug, self.parties.get(slug, slug), slug))


def of_pledge(*, viewer: Viewer, ref: str, at: datetime) -> Compliance:
    """Raises NotFound for what is not listed at ``at`` or not for the viewer."""
    missing = NotFound(f"There is no pledge “{ref}” at that instant.")
    row = Pledge.objects.select_related("dossier").filter(ref=ref).first()
    if row is None:
        raise missing
    access.dossier(viewer, row.dossier.slug)
    listed = of_phases([row.pk], at=at, viewer=viewer).get(row.pk)
    if listed is None:
        raise missing
    facts = pledge_facts(narrow.of_term(row), ref)
    situation = status.situation(facts, Now(at))
    readings = [
        [(s.start, s.end) for s in term.segments if not (s.end is None and s.missing)]
        for term in situation.standing
    ]
    term = compliance.stretches(_begun(readings), until=max(at, facts.public))
    zone = listed.zone
    baseline = compliance.baseline_of(term, zone=zone, at=at)
    made = _verifications(facts, at)
    incidents = Incident.objects.filter(pledges=row)
    happened, parties = observations.happened(incidents, at=at)
    observed = _observed(
        [
            *observations.published(_sources_of(row, incidents), at),
            *observations.counted(Count.objects.filter(pledge=row), at),
        ],
        made,
    )
    first, last = _range(term, baseline, happened, made, zone=zone, at=at)
    days = compliance.series(
        happened,
        first=first,
        last=last,
        zone=zone,
        at=at,
        term=term,
        baseline=baseline,
        observed=observed,
    )
    return Compliance(
        at=at,
        dossier=row.dossier,
        zone=zone,
        first=first,
        last=last,
        days=days,
        terms=[Term(ref, row.title, term)],
        baseline=baseline,
        totals=compliance.totals(happened, days, zone),
        number=len(happened),
        uncertain=_uncertain(happened, zone),
        found=made,
        claimed=observations.claimed(Count.objects.filter(pledge=row), at, parties),
        parties=parties.names,
        pledge=row,
    )


def of_dossier(
    *,
    viewer: Viewer,
    slug: str,
    at: datetime,
    first: date | None = None,
    last: date | None = None,
) -> Compliance:
    """All of a dossier, between two days. Raises NotFound, and Invalid for a range that cannot be
    shown.
    """
    one = access.dossier(viewer, slug)
    zone = one.zone or UTC_ZONE
    first, last = _asked_range(one, zone, at, first, last)
    begins = zones.first_instant_of(first, zone)
    ends = zones.first_instant_of(last + compliance.ONE_DAY, zone)
    incidents = Incident.objects.filter(
        dossier=one, occurred_instant__gte=begins - MONTH, occurred_instant__lt=ends
    )
    if (number := incidents.count()) > MOST_INCIDENTS:
        raise Invalid(
            _("{number} incidents are too many for one page.", number=number),
            field="from",
            mend=_(
                "Choose fewer days, with {most_incidents} incidents at most.",
                most_incidents=MOST_INCIDENTS,
            ),
        )
    happened, parties = observations.happened(incidents, at=at)
    happened = [one for one in happened if one.window.latest >= begins]
    terms, more = _terms(one, begins, ends, at)
    term = _spanned(terms)
    baseline = compliance.baseline_of(term, zone=zone, at=at)
    rows = Verification.objects.filter(dossier=one, period_start_instant__lt=ends)
    made = [found for found in observations.marks(rows, at) if found.end >= begins]
    published = Source.objects.filter(
        dossier=one, published_instant__gte=begins - MONTH, published_instant__lt=ends
    )
    counted = Count.objects.filter(dossier=one)
    days = compliance.series(
        happened,
        first=first,
        last=last,
        zone=zone,
        at=at,
        term=term,
        baseline=baseline,
        observed=_observed(
            [*observations.published(published, at), *observations.counted(counted, at)], made
        ),
    )
    return Compliance(
        at=at,
        dossier=one,
        zone=zone,
        first=first,
        last=last,
        days=days,
        terms=terms,
        baseline=baseline,
        totals=compliance.totals(happened, days, zone),
        number=len(happened),
        uncertain=_uncertain(happened, zone),
        found=made,
        claimed=observations.claimed(counted, at, parties),
        parties=parties.names,
        more=more,
    )


def _begun(readings: Iterable[Sequence[Segment]]) -> list[Sequence[Segment]]:
    """Readings of which a start is known: of the others nothing can be drawn."""
    return [one for one in readings if any(start is not None for start, _end in one)]


def _verifications(facts: PledgeFacts, at: datetime) -> list[Found]:
    now = Now(at)
    counting = {one.key for one in findings.counting(facts.verifications, now)}
    return [
        Found(
            one.key,
            facts.key,
            one.period_start,
            one.period_end,
            one.finding,
            f"{one.reliability}{one.credibility}",
            one.is_final,
            one.key in counting,
        )
        for one in now.standing(facts.verifications)
    ]


def _sources_of(pledge: Pledge, incidents: "QuerySet[Incident]") -> "QuerySet[Source]":
    """What is cited of the pledge: by its incidents, findings, counts and accounts."""
    of_incidents = Incident.sources.through.objects.filter(incident__in=incidents.values("pk"))
    of_findings = Verification.sources.through.objects.filter(verification__pledge=pledge)
    return Source.objects.filter(
        Q(pk__in=of_incidents.values("source"))
        | Q(pk__in=of_findings.values("source"))
        | Q(pk__in=Count.objects.filter(pledge=pledge).values("source"))
        | Q(pk__in=Account.objects.filter(pledge=pledge).values("source"))
    )


def _observed(told: Iterable[Window], made: Iterable[Found]) -> list[Window]:
    return [*told, *(Window(one.start, one.end) for one in made if one.counts)]


def _uncertain(happened: Iterable[Happened], zone: str) -> int:
    """How many of them may fall on several days."""
    spans = (compliance.days_of(one.window, zone) for one in happened)
    return sum(1 for begins, ends in spans if begins != ends)


def _range(
    term: Sequence[Stretch],
    baseline: Stretch | None,
    happened: Sequence[Happened],
    made: Sequence[Found],
    *,
    zone: str,
    at: datetime,
) -> tuple[date, date]:
    """From the baseline to the end of the term; without a term, what was reported and found."""
    instants = [at] if not term else [term[0].start, term[-1].end - compliance.MOMENT]
    if baseline is not None:
        instants.append(baseline.start)
    if not term:
        instants += [one.window.earliest for one in happened]
        instants += [one.start for one in made]
    first, last = (zones.local(at, zone).date() for at in (min(instants), max(instants)))
    return max(first, last - timedelta(days=LONGEST - 1)), last


def _asked_range(
    one: Dossier, zone: str, at: datetime, first: date | None, last: date | None
) -> tuple[date, date]:
    """What was asked for; else from as long before the first term as the terms last, to their end,
    and no more than is read at once.
    """
    today = zones.local(at, zone).date()
    if first is None or last is None:
        begins, ends = _span(one, zone, at) or (today - timedelta(days=89), today)
        last = last or min(ends, max(today, first or today))
        longest = timedelta(days=USUAL - 1)
        first = first or max(begins - (last - begins), last - longest)
        first = min(first, last)
    if last < first:
        raise Invalid(
            _("{last} lies before {first}.", last=last.isoformat(), first=first.isoformat()),
            field="to",
            mend=_("Swap them."),
        )
    if (last - first).days >= LONGEST:
        raise Invalid(
            _("{number} days are too many for one page.", number=(last - first).days + 1),
            field="to",
            mend=_("Choose {longest} days at most.", longest=LONGEST),
        )
    return first, last


def _span(one: Dossier, zone: str, at: datetime) -> tuple[date, date] | None:
    """The first start and the last end of its pledges, as their phases say. One query."""
    held = Phase.objects.filter(holding(at), pledge__dossier=one, starts_at__isnull=False)
    rows = list(held.exclude(stage="").values_list("starts_at", "ends_at", "latest_end"))
    if not rows:
        return None
    first = min(start for start, *_rest in rows if start is not None)
    last = max(latest or end or at for _start, end, latest in rows)
    return zones.local(first, zone).date(), zones.local(max(first, last), zone).date()


def _terms(one: Dossier, begins: datetime, ends: datetime, at: datetime) -> tuple[list[Term], int]:
    """The terms that reach into these days, the first to begin first; how many more there are."""
    held = Phase.objects.filter(
        holding(at)
        & Q(pledge__dossier=one, starts_at__lt=ends)
        & (Q(ends_at=None) | Q(ends_at__gt=begins))
    ).exclude(stage="")
    rows = held.order_by("starts_at", "pledge").values_list("pledge__ref", "pledge__title", "terms")
    found = []
    for ref, title, terms in rows[:LANES]:
        readings = [_segments(term) for term in terms if term["is_standing"] and term["start"]]
        found.append(Term(ref, title, compliance.stretches(readings, until=max(at, begins))))
    return found, max(held.count() - LANES, 0)


def _segments(term: Mapping[str, Any]) -> list[Segment]:
    """A reading as its phase keeps it: one stretch."""
    start = datetime.fromisoformat(term["start"][0])
    if term["end"] is None:
        return [(start, None)] if term["is_open"] else []
    return [(start, Window(*map(datetime.fromisoformat, term["end"])))]


def _spanned(terms: Sequence[Term]) -> list[Stretch]:
    """What any of several terms holds, as one: in a dossier a day is in a term or in none."""
    readings = [[(s.start, Window(s.end, s.end)) for s in one.stretches] for one in terms]
    merged: list[Stretch] = []
    for stretch in compliance.stretches(_begun(readings), until=zones.LATEST):
        goes_on = bool(merged) and merged[-1].end == stretch.start
        start = merged.pop().start if goes_on else stretch.start
        merged.append(Stretch(start, stretch.end, is_sure=True))
    return merged
