"""A pledge as lists show it at one instant: from its phases, or from an evaluation.

What both make is the same, and a test proves it; the phases answer for thousands at once.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from tracker.domain.access import Door, Viewer, see_members
from tracker.domain.bands import Band, band_of, shelf_of, sorts_at
from tracker.domain.facts import Act
from tracker.domain.merging import NOTHING, Merged
from tracker.models import Party, Phase, Pledge, User

from . import merges
from .entries import Entry, Named
from .filters import holding

UTC_ZONE = "UTC"
DIFFER = "accounts_differ"


@dataclass(frozen=True, slots=True)
class Listed:
    """``kinds``: of the flags that stand; ``differ``: the fields of which accounts tell differently
    or deny what another asserts. ``earliest_end`` to ``latest_end``: the envelope, whose
    latest is None where a standing reading has no end. ``zone``: in which its instants are shown.
    ``ended``: the stated time from which a person's move holds that ended it. ``analyst``: blank
    for who may not see the dossier's members. ``since``: since when it stands so, if phases told.
    """

    at: datetime
    ref: str
    title: str
    act: str
    tags: tuple[str, ...]
    dossier: str
    dossier_title: str
    is_practice: bool
    is_public: bool
    pledgor: Named
    beneficiaries: tuple[Named, ...]
    analyst: str
    stage: str
    compliance: str
    overlays: tuple[str, ...]
    kinds: tuple[str, ...]
    differ: tuple[str, ...]
    starts_at: datetime | None
    ends_at: datetime | None
    warns_at: datetime | None
    earliest_end: datetime | None
    latest_end: datetime | None
    adopted: str
    zone: str
    ended: str
    open_conditions: int
    verified_until: datetime | None
    since: datetime | None = None

    @property
    def band(self) -> Band:
        return band_of(self.stage, ends_at=self.ends_at, warns_at=self.warns_at, at=self.at)

    @property
    def sorts_at(self) -> datetime:
        """See ``bands.sorts_at``."""
        ends = {"ends_at": self.ends_at, "warns_at": self.warns_at}
        shelf = shelf_of(self.stage, **ends, at=self.at)
        return sorts_at(shelf, **ends, since=self.since or self.at)

    @property
    def expires(self) -> bool:
        return Act(self.act).expires

    @property
    def is_contested(self) -> bool:
        """Whether the standing readings do not end together."""
        return self.earliest_end is not None and self.latest_end != self.earliest_end


@dataclass(frozen=True, slots=True)
class Called:
    """Which parties are one, and what some are called, by slug."""

    merged: Merged
    names: Mapping[str, str]


def of_phases(
    pledges: Collection[int] | QuerySet[Any],
    *,
    at: datetime,
    viewer: Viewer,
    order: Sequence[Any] = (),
    called: Called | None = None,
) -> dict[int, Listed]:
    """What is listed of these pledges at an instant, by their ids, or a query of these. Two
    queries, and more where one of their parties was merged. ``order``: of their phases.
    ``called``: what parties are called, where that is known already.
    """
    phases = Phase.objects.filter(holding(at), pledge__in=pledges).exclude(stage="")
    held = list(phases.order_by(*order).values_list(*_READ, named=True))
    if not held:
        return {}
    names = _Names(held, at, called)
    return {phase.pledge_id: _of_phase(phase, names, at, viewer) for phase in held}


# A list is read in one go: rows of all these tables would each be made an object of first.
_OF_PHASE = (
    *("pledge_id", "from_at", "stage", "compliance", "overlays", "flags", "terms", "adopted"),
    *("starts_at", "ends_at", "warns_at", "earliest_end", "latest_end", "ended"),
    *("open_conditions", "verified_until"),
)
_OF_PLEDGE = ("ref", "title", "act", "tags")
_OF_DOSSIER = ("slug", "title", "zone", "is_practice", "is_public")
_OF_PLEDGOR = ("slug", "name", "merged_into")
_OF_ANALYST = ("name", "email", "erased_at")
_READ = (
    *_OF_PHASE,
    *(f"pledge__{name}" for name in _OF_PLEDGE),
    *(f"pledge__dossier__{name}" for name in _OF_DOSSIER),
    *(f"pledge__pledgor__{name}" for name in _OF_PLEDGOR),
    *(f"pledge__analyst__{name}" for name in _OF_ANALYST),
)


class _Names:
    """The parties of some pledges, each called what it is called now."""

    def __init__(self, held: Sequence[Any], at: datetime, known: Called | None) -> None:
        called = {p.pledge__pledgor__slug: p.pledge__pledgor__name for p in held}
        self.to: dict[int, list[str]] = {}
        through = Pledge.beneficiaries.through.objects.filter(
            pledge__in=[phase.pledge_id for phase in held]
        )
        its = ("slug", "name", "merged_into")
        rows = through.order_by("party__slug").values_list(
            "pledge_id", *(f"party__{name}" for name in its)
        )
        is_one_merged = any(p.pledge__pledgor__merged_into for p in held)
        for pledge, slug, name, into in rows:
            self.to.setdefault(pledge, []).append(slug)
            called[slug] = name
            is_one_merged = is_one_merged or into is not None
        merged = NOTHING
        if is_one_merged:
            merged = merges.parties(at=at) if known is None else known.merged
            called |= {} if known is None else known.names
        roots = {merged.of(slug) for slug in called} - set(called)
        if roots:
            called |= dict(Party.objects.filter(slug__in=roots).values_list("slug", "name"))
        self.called = {slug: called[merged.of(slug)] for slug in called}

    def of(self, slug: str) -> Named:
        return Named(self.called[slug], slug)


def _of_phase(phase: Any, names: _Names, at: datetime, viewer: Viewer) -> Listed:
    door = Door(slug=phase.pledge__dossier__slug, is_public=phase.pledge__dossier__is_public)
    analyst = ""
    if phase.pledge__analyst__email is not None and see_members(viewer, door):
        its = {name: getattr(phase, f"pledge__analyst__{name}") for name in _OF_ANALYST}
        analyst = str(User(**its))
    return Listed(
        at=at,
        ref=phase.pledge__ref,
        title=phase.pledge__title,
        act=phase.pledge__act,
        tags=tuple(phase.pledge__tags),
        dossier=phase.pledge__dossier__slug,
        dossier_title=phase.pledge__dossier__title,
        is_practice=phase.pledge__dossier__is_practice,
        is_public=phase.pledge__dossier__is_public,
        pledgor=names.of(phase.pledge__pledgor__slug),
        beneficiaries=tuple(names.of(slug) for slug in names.to.get(phase.pledge_id, ())),
        analyst=analyst,
        stage=phase.stage,
        compliance=phase.compliance,
        overlays=tuple(phase.overlays),
        kinds=tuple(dict.fromkeys(flag[0] for flag in phase.flags)),
        differ=tuple(flag[1] for flag in phase.flags if flag[0] == DIFFER),
        starts_at=phase.starts_at,
        ends_at=phase.ends_at,
        warns_at=phase.warns_at,
        earliest_end=phase.earliest_end,
        latest_end=phase.latest_end,
        adopted=phase.adopted,
        zone=_zone(_standing(phase.terms), phase.adopted)
        or phase.pledge__dossier__zone
        or UTC_ZONE,
        ended=phase.ended,
        open_conditions=phase.open_conditions,
        verified_until=phase.verified_until,
        since=phase.from_at,
    )


def of_entry(entry: Entry, viewer: Viewer) -> Listed:
    """The same of a pledge that was evaluated, as for what was known at some time."""
    sees_members = see_members(viewer, entry.door)
    return Listed(
        at=entry.found.at,
        ref=entry.ref,
        title=entry.title,
        act=str(entry.facts.act),
        tags=tuple(entry.state.get("tags") or ()),
        dossier=entry.dossier,
        dossier_title=entry.dossier_title,
        is_practice=entry.is_practice,
        is_public=entry.is_public,
        pledgor=entry.pledgor,
        beneficiaries=tuple(entry.beneficiaries),
        analyst=entry.analyst if sees_members else "",
        stage=entry.stage,
        compliance=entry.compliance,
        overlays=entry.overlays,
        kinds=tuple(dict.fromkeys(flag.kind for flag in entry.flags)),
        differ=tuple(flag.subject for flag in entry.flags if flag.kind == DIFFER),
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
        warns_at=entry.warns_at,
        earliest_end=entry.earliest_end,
        latest_end=entry.latest_end,
        adopted=entry.adopted or "",
        zone=zone_of(entry),
        ended=entry.found.ended,
        open_conditions=entry.found.open_conditions,
        verified_until=entry.found.verified_until,
    )


def zone_of(entry: Entry) -> str:
    """The zone in which a pledge's instants are shown: the driving reading's, else the dossier's.

    Where several standing readings drive, the first of them by key that has one stands for all.
    """
    standing = [(t.reading.key, t.zone) for t in entry.terms if t.is_standing]
    dossier = entry.tables.get("dossier", {}).get(entry.dossier, {})
    return _zone(standing, entry.adopted or "") or str(dossier.get("zone") or UTC_ZONE)


def _standing(terms: Iterable[Mapping[str, Any]]) -> list[tuple[str, str | None]]:
    return [(term["reading"], term["zone"]) for term in terms if term["is_standing"]]


def _zone(standing: Collection[tuple[str, str | None]], adopted: str) -> str:
    driving = [zone for reading, zone in standing if reading == adopted]
    return next(filter(None, driving or [zone for _, zone in standing]), "")
