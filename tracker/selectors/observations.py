"""What was reported, found and counted, read as columns: no rows with texts, no snapshots.

Must not live here: which pledge or dossier it is of, and over which days (compliance.py).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db.models import Exists, OuterRef, Q, QuerySet

from tracker.domain import stated
from tracker.domain.compliance import Happened
from tracker.domain.merging import Merged
from tracker.domain.stated import Window
from tracker.domain.transitions import INITIAL, Machine
from tracker.models import Count, Incident, Move, Source, Verification

from . import merges, register
from .facts import window_of


@dataclass(frozen=True, slots=True)
class Found:
    """A finding as a mark. ``end``: of the verified period. ``counts``: nothing corrects it."""

    key: str
    pledge: str
    start: datetime
    end: datetime
    finding: str
    grade: str
    is_final: bool
    counts: bool


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claimant's total over a period, as stated. It is set beside the incidents, never added."""

    key: str
    claimant: str
    of: str
    number: int
    qualifier: str
    start: str
    end: str
    is_superseded: bool


@dataclass(frozen=True, slots=True)
class Parties:
    names: Mapping[str, str]
    merged: Merged

    def of(self, slug: str) -> str:
        return self.merged.of(slug)


def standing(at: datetime) -> Q:
    """Facts that are public by then and not withdrawn."""
    gone = Q(withdrawn_at_instant__isnull=False, withdrawn_at_instant__lte=at)
    return Q(public_instant__lte=at) & ~gone


def happened(incidents: "QuerySet[Incident]", *, at: datetime) -> tuple[list[Happened], Parties]:
    """Each incident with what was found of it by then. Five queries, and one for merged parties."""
    parties = Parties(register.party_names(at=at), merges.parties(at=at))
    rows = list(
        incidents.filter(standing(at)).values_list("pk", "occurred", "occurred_until").distinct()
    )
    inside = incidents.values("pk")
    claims = Incident.claimants.through.objects.filter(incident__in=inside)
    claimants: dict[int, dict[str, None]] = {}
    for pk, slug in claims.order_by("party__slug").values_list("incident_id", "party__slug"):
        claimants.setdefault(pk, {})[parties.of(slug)] = None
    moves = Move.objects.filter(
        standing(at), incident__in=inside, machine=Machine.INCIDENT, effective_instant__lte=at
    ).order_by("effective_instant", "public_instant", "key")
    judged = dict(moves.values_list("incident_id", "to"))
    initial = INITIAL[Machine.INCIDENT]
    found = [
        Happened(window, judged.get(pk, initial), tuple(claimants.get(pk, ())))
        for pk, occurred, until in rows
        if (window := lies(occurred, until)) is not None
    ]
    return found, parties


@lru_cache(maxsize=20_000)
def lies(start: str, end: str) -> Window | None:
    """Between which instants something stated lies: many rows say the same."""
    begins = window_of(start)
    ends = window_of(end) if end else None
    if begins is None:
        return None
    latest = ends.latest if ends is not None else begins.latest
    return Window(begins.earliest, max(latest, begins.latest))


def marks(rows: "QuerySet[Verification]", at: datetime) -> list[Found]:
    """The findings that stand, as marks. One query."""
    shown = rows.filter(standing(at))
    corrected = Exists(Verification.objects.filter(standing(at), cites=OuterRef("pk")))
    columns = ("key", "pledge__ref", "period_start", "period_end", "finding", "reliability")
    found = []
    for *values, credibility, is_final, is_corrected in (
        shown.annotate(is_corrected=corrected)
        .order_by("public_instant", "key")
        .values_list(*columns, "credibility", "is_final", "is_corrected")
    ):
        key, ref, start, end, finding, reliability = values
        window = lies(start, end)
        if window is not None:
            grade = f"{reliability}{credibility}"
            found.append(
                Found(
                    key,
                    ref,
                    window.earliest,
                    window.latest,
                    finding,
                    grade,
                    is_final,
                    not is_corrected,
                )
            )
    return found


def published(sources: "QuerySet[Source]", at: datetime) -> Iterable[Window]:
    """The days on which they were published, where a day is known."""
    for text in sources.filter(standing(at)).values_list("published", flat=True):
        if text and stated.parse(text).precision is not stated.Precision.MONTH:
            window = lies(text, "")
            if window is not None:
                yield window


def counted(counts: "QuerySet[Count]", at: datetime) -> Iterable[Window]:
    """The periods that somebody counted over; one without a beginning covers its last day alone."""
    for start, end in counts.filter(standing(at)).values_list("period_start", "period_end"):
        window = lies(start or end, end) if end else None
        if window is not None:
            yield window


def claimed(counts: "QuerySet[Count]", at: datetime, parties: Parties) -> list[Claimed]:
    """In the order in which they were made public. One query."""
    shown = counts.filter(standing(at))
    replaced = Exists(Count.objects.filter(standing(at), supersedes=OuterRef("pk")))
    columns = ("key", "claimant__slug", "of", "number", "qualifier", "period_start", "period_end")
    rows = shown.annotate(is_superseded=replaced).order_by("public_instant", "key")
    found = []
    for key, slug, *rest in rows.values_list(*columns, "is_superseded"):
        name = parties.names.get(parties.of(slug), slug)
        found.append(Claimed(key, name, *rest))
    return found
