"""Boards: how many pledges are in each band, and the first of each, or one page of a list.

What holds now is read from the lines of the board, which hold each pledge's present phase; another
instant from the phases themselves. A line that the sweep has yet to bring in line is not believed:
what it stands for is read from its phases.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import (
    Case,
    Count,
    DateTimeField,
    ExpressionWrapper,
    F,
    IntegerField,
    Q,
    QuerySet,
    Value,
    When,
    Window,
)
from django.db.models.functions import Coalesce, RowNumber

from tracker.domain.access import Viewer
from tracker.domain.bands import Band, Shelf, band_of
from tracker.domain.filters import Filter
from tracker.domain.merging import Merged
from tracker.domain.transitions import CLOSED, Stage
from tracker.models import BoardLine, Dossier, Pledge

from . import filters
from .listed import Called, Listed, of_phases

MOST_LATE = 500  # with more, lines are left alone
MANY = 5_000  # lines that hold a word
RUNNING = filters.RUNNING
# What can be checked: it runs, or has no end.
OPEN = (*RUNNING, Band.NONE)
# How a whole list is sorted; by default it stands by its bands.
SORTS: Mapping[str, tuple[Any, ...]] = {
    "changed": ("-from_at", "pledge"),
    "unchecked": (F("verified_until").asc(nulls_first=True), "pledge"),
    "ref": ("pledge__ref",),
}


@dataclass(frozen=True)
class Board:
    """What a filter lists for a viewer at an instant. ``rows``: lines or phases, named alike.

    ``is_indexed``: each band is found by an index; else all are counted in one pass. ``called``:
    what parties are called, where that is known. ``common``: the same rows as they are read in
    order when most are listed, since an index of words would first name them all.
    """

    viewer: Viewer
    at: datetime
    rows: QuerySet[Any]
    late: "Late"
    is_indexed: bool = False
    called: Called | None = None
    common: QuerySet[Any] | None = None

    def counts(self) -> dict[Band, int]:
        """How many there are in each band; every band is there. One query."""
        return self.counts_and()[0]

    def counts_and(self, *beside: QuerySet[Any]) -> tuple[dict[Band, int], list[int]]:
        """The same, and of each of some other queries how many rows it has. One query."""
        rows = self.rows.exclude(pledge__in=self.late.pledges)
        asked = [_number(one, Value(n)) for n, one in enumerate(beside, len(BANDS))]
        if self.is_indexed:
            bands = {n: filters.of_band(band, self.at) for n, band in BANDS}
            asked += [_number(rows.filter(which), Value(n)) for n, which in bands.items()]
        else:
            asked.append(_number(rows, self._band_number()))
        found = Counter(dict(asked[0].union(*asked[1:], all=True)))
        late = Counter(self.late.listed.values())
        counts = {band: found[n] + late[band] for n, band in BANDS}
        return counts, [found[n] for n in range(len(BANDS), len(BANDS) + len(beside))]

    def _read(self, of: int) -> QuerySet[Any]:
        """The rows as their first few are found soonest, where there are so many of them."""
        return self.rows if self.common is None or of < MANY else self.common

    def first(self, counts: Mapping[Band, int], number: int) -> dict[Band, list[Listed]]:
        """The first of each band, the most pressing first; of what is over the latest."""
        if not any(counts.values()):
            return {}
        wanted = self._first(counts, number)
        heads = [BoardLine.objects.filter(pk__in=one).values("pk") for one in wanted]
        if self.late.listed:
            heads.append(BoardLine.objects.filter(pk__in=self.late.listed).values("pk"))
        ids = heads[0].union(*heads[1:], all=True) if len(heads) > 1 else heads[0]
        listed = of_phases(ids, at=self.at, viewer=self.viewer, called=self.called)
        found: dict[Band, list[Listed]] = {}
        for one in listed.values():
            found.setdefault(one.band, []).append(one)
        return {band: in_order(band, here)[:number] for band, here in found.items()}

    def _first(self, counts: Mapping[Band, int], number: int) -> list[QuerySet[Any]]:
        """Their pledges: of all at once or band by band, whichever way finds them sooner."""
        total = sum(counts.values())
        if total <= number:
            return [self.rows.exclude(pledge__in=self.late.pledges).values("pledge")]
        if not self.is_indexed and (self.common is None or total < MANY):
            return [self._heads(number)]
        rows = self._read(total)
        return [self._in(rows, band).values("pledge")[:number] for band in Band if counts.get(band)]

    def _heads(self, number: int) -> QuerySet[Any]:
        """The first of each band, where few rows are listed: each is looked at, and but once."""
        is_running = Q(shelf=Shelf.RUNS)
        rank = Window(
            RowNumber(),
            partition_by=self._band_number(),
            order_by=(
                Case(When(is_running, then="sorts_at")).asc(),
                Case(When(~is_running, then="sorts_at")).desc(),
                F("pledge").asc(),
            ),
        )
        rows = self.rows.exclude(pledge__in=self.late.pledges).annotate(rank=rank)
        found: QuerySet[Any] = rows.filter(rank__lte=number).values("pledge")
        return found

    def _band_number(self) -> Case:
        whens = [When(filters.of_band(band, self.at), then=Value(n)) for n, band in BANDS]
        return Case(*whens, default=Value(-1))

    def page(
        self, *, sort: str, band: Band | None, start: int, number: int, of: int = 0
    ) -> list[Listed]:
        """A stretch of the whole list, by one of SORTS, or within one band in its own order.
        ``of``: how long the list is, where that is known.
        """
        rows = self._read(of)
        if band is not None and not sort:
            rows = self._in(rows, band)
        else:
            if sort == "unchecked":
                rows = rows.filter(shelf__in=(Shelf.RUNS, Shelf.NONE))
            rows = rows.order_by(*SORTS[sort])
        ids = rows.values("pledge")[start : start + number]
        order = SORTS.get(sort, ())
        listed = of_phases(ids, at=self.at, viewer=self.viewer, order=order, called=self.called)
        gone = self.late.pledges - set(self.late.listed)
        found = [one for pk, one in listed.items() if pk not in gone]
        return found if band is None or sort else in_order(band, found)

    def refs(self, dossiers: Collection[str]) -> list[str]:
        """Of the whole list those in these dossiers, by slug."""
        rows = self.rows.filter(pledge__dossier__slug__in=dossiers).order_by("pledge")
        return list(rows.values_list("pledge__ref", flat=True))

    def parties(self) -> set[str]:
        """Who pledges there, and who is pledged to, by slug. Two queries."""
        pledges = self.rows.values("pledge")
        pledgors = Pledge.objects.filter(pk__in=pledges).values_list("pledgor__slug", flat=True)
        through = Pledge.beneficiaries.through.objects.filter(pledge__in=pledges)
        return {*pledgors.distinct(), *through.values_list("party__slug", flat=True).distinct()}

    def _in(self, rows: QuerySet[Any], band: Band) -> QuerySet[Any]:
        order = "sorts_at" if band in RUNNING else "-sorts_at"
        rows = rows.exclude(pledge__in=self.late.pledges)
        return rows.filter(filters.of_band(band, self.at)).order_by(order, "pledge")


@dataclass(frozen=True, slots=True)
class Late:
    """Pledges whose lines do not hold any more, and the bands of those that are listed still."""

    pledges: frozenset[int] = frozenset()
    listed: Mapping[int, Band] = field(default_factory=dict)


class Asked(NamedTuple):
    """For whom and when it is listed, and what is known of that already."""

    viewer: Viewer
    at: datetime
    visible: Sequence[Dossier]
    merged: Merged | None


BANDS = tuple(enumerate(Band))


def _number(rows: QuerySet[Any], of: Case | Value) -> QuerySet[Any]:
    """How many rows there are, under a number that says of what."""
    shown = rows.order_by().annotate(of=ExpressionWrapper(of, IntegerField()))
    counted = shown.values("of").annotate(number=Count("*"))
    found: QuerySet[Any] = counted.values_list("of", "number")
    return found


def board(
    *,
    viewer: Viewer,
    wanted: Filter,
    at: datetime,
    is_now: bool,
    visible: Sequence[Dossier],
    called: Called | None = None,
) -> Board:
    """What a filter lists at an instant. ``visible``: the dossiers that the viewer may see.
    ``called``: what parties are called, where that is known already.
    """
    asked = Asked(viewer, at, visible, called.merged if called else None)
    if is_now:
        rows = filters.lines(wanted, **asked._asdict())
        late = frozenset(
            BoardLine.objects.filter(filters.stale(at)).values_list("pk", flat=True)[:MOST_LATE]
        )
        if len(late) < MOST_LATE:
            # Else what an index of another table finds would be looked for once for each band.
            is_indexed = not (wanted.words or wanted.tag)
            common = None
            if wanted.words:
                common = filters.lines(wanted, **asked._asdict(), by_index=False)
            return Board(viewer, at, rows, _late(late, wanted, asked), is_indexed, called, common)
    return Board(viewer, at, _phases(wanted, asked), Late(), called=called)


def _late(pledges: frozenset[int], wanted: Filter, asked: Asked) -> Late:
    """No query where there are none, else one."""
    if not pledges:
        return Late()
    still = filters.matching(wanted, **asked._asdict()).filter(pledge__in=pledges)
    return Late(
        pledges,
        {
            pk: band_of(stage, ends_at=ends_at, warns_at=warns_at, at=asked.at)
            for pk, stage, ends_at, warns_at in still.values_list(
                "pledge", "stage", "ends_at", "warns_at"
            )
        },
    )


def _phases(wanted: Filter, asked: Asked) -> QuerySet[Any]:
    """The phases that hold then, with what lines have: see ``domain/bands.py``."""
    over = Q(stage=Stage.EXPIRED) | Q(ends_at__isnull=False, ends_at__lte=asked.at)
    shelf = Case(
        When(stage__in=CLOSED, then=Value(str(Shelf.ENDED))),
        When(over, then=Value(str(Shelf.EXPIRED))),
        When(warns_at=None, then=Value(str(Shelf.NONE))),
        default=Value(str(Shelf.RUNS)),
    )
    sorts_at = Case(
        When(shelf=Shelf.RUNS, then=F("warns_at")),
        When(shelf=Shelf.EXPIRED, then=Coalesce("ends_at", "from_at")),
        default=F("from_at"),
        output_field=DateTimeField(),
    )
    rows = filters.matching(wanted, **asked._asdict())
    return rows.annotate(shelf=shelf).annotate(sorts_at=sorts_at)


def in_order(band: Band, listed: Iterable[Listed]) -> list[Listed]:
    """Those of one band as it lists them: by the end that comes first, what is over latest first.

    Of what has no end, and of what a person ended, the latest change stands first.
    """
    by_ref = sorted(listed, key=lambda one: one.ref)
    return sorted(by_ref, key=lambda one: one.sorts_at, reverse=band not in RUNNING)
