"""The pledges that look like one: asked of the register before another is entered.

A constant number of queries. What the viewer may not see is never hinted at.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from tracker.domain.access import Viewer, edit, inspect
from tracker.domain.doubles import Promise, Span, alike
from tracker.domain.merging import Merged
from tracker.domain.stated import Window
from tracker.models import Phase, Pledge

from . import access, merges
from .entries import Entry

LOOKED_AT = 200  # of one pledgor, act and subject, the latest told
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Double:
    """A pledge like the one that is asked about. ``may_merge``: it lies in a dossier in which the
    viewer enters facts.
    """

    ref: str
    title: str
    dossier: str
    dossier_title: str
    stage: str
    span: Span
    zone: str
    may_merge: bool


def like(
    promise: Promise,
    *,
    viewer: Viewer,
    here: str,
    at: datetime,
    but: str = "",
    merged: Merged | None = None,
) -> list[Double]:
    """Those that may be this very promise, the latest told first. Four queries.

    ``here``: the dossier in which it lies; what is invented for practice is like nothing real.
    ``but``: the reference of the pledge that is asked about, which is no double of itself.
    """
    merged = merges.parties() if merged is None else merged
    same = merged.same(promise.pledgor)
    visible = access.visible(viewer)
    practice = {one.slug for one in visible if one.is_practice}
    doors = {
        one.pk: access.door(one) for one in visible if (one.slug in practice) is (here in practice)
    }
    inside = [pk for pk, door in doors.items() if inspect(viewer, door)]
    rows = (
        Pledge.objects.filter(
            Q(withdrawn_at_instant=None) | Q(withdrawn_at_instant__gt=at),
            Q(public_instant__lte=at) | Q(dossier__in=inside),
            pledgor__slug__in=same,
            act=promise.act,
            subject=promise.subject,
            dossier__in=doors,
            merged_into=None,
        )
        .exclude(ref=but)
        .select_related("dossier")
        .order_by("-public_instant", "ref")[:LOOKED_AT]
    )
    found = {row.pk: row for row in rows}
    wanted = Promise(
        merged.of(promise.pledgor), promise.act, promise.subject, promise.made, promise.span
    )
    phases = _phases(found, at)
    doubles = []
    for pk, row in found.items():
        assert row.public_instant is not None
        phase = phases.get(pk, Phase())
        span = _span(phase.terms)
        other = Promise(wanted.pledgor, row.act, row.subject, row.public_instant, span)
        if alike(wanted, other):
            zones = [term["zone"] for term in phase.terms if term["zone"]]
            doubles.append(
                Double(
                    ref=row.ref,
                    title=row.title,
                    dossier=row.dossier.slug,
                    dossier_title=row.dossier.title,
                    stage=phase.stage,
                    span=span,
                    zone=zones[0] if zones else row.dossier.zone,
                    may_merge=edit(viewer, doors[row.dossier_id]),
                )
            )
    return doubles[:SHOWN]


def promise_of(entry: Entry) -> Promise:
    """What of a pledge, saved or not, is compared."""
    standing = [term for term in entry.terms if term.is_standing]
    return Promise(
        pledgor=str(entry.state.get("pledgor") or ""),
        act=str(entry.state.get("act") or ""),
        subject=str(entry.state.get("subject") or ""),
        made=entry.facts.public,
        span=_over([(term.start, term.end, term.is_open) for term in standing]),
    )


def span_of(pledge: Pledge, *, at: datetime) -> Span:
    """Of a saved pledge. One query."""
    return _span(_phases([pledge.pk], at).get(pledge.pk, Phase()).terms)


def _phases(pledges: Iterable[int], at: datetime) -> dict[int, Phase]:
    """Of each pledge the phase that holds; of one that is not public yet, its first."""
    found: dict[int, Phase] = {}
    rows = Phase.objects.filter(Q(until_at=None) | Q(until_at__gt=at), pledge__in=list(pledges))
    for phase in rows.only("pledge_id", "from_at", "stage", "terms").order_by("-from_at"):
        found[phase.pledge_id] = phase
    return found


def _span(terms: Iterable[Mapping[str, Any]]) -> Span:
    """Over the standing readings that a phase keeps."""
    return _over(
        [
            (_window(term["start"]), _window(term["end"]), bool(term["is_open"]))
            for term in terms
            if term["is_standing"]
        ]
    )


def _over(terms: Iterable[tuple[Window | None, Window | None, bool]]) -> Span:
    starts, ends, is_open = [], [], False
    for start, end, has_no_end in terms:
        starts += [start.earliest] if start is not None else []
        ends += [end.latest] if end is not None else []
        is_open = is_open or has_no_end
    return Span(min(starts, default=None), max(ends, default=None), is_open)


def _window(kept: list[str] | None) -> Window | None:
    return Window(*map(datetime.fromisoformat, kept)) if kept else None
