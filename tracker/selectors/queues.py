"""The queues of pledges that want a finding, for who may record one: how many, and a page of them.

Read from the lines of the board by an index of each queue's own. A line that the sweep has yet to
bring in line is not believed: what it stands for is read from its phases, and comes first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet

from tracker.domain.access import Viewer, edit
from tracker.domain.filters import Filter
from tracker.domain.queues import Queue, is_waiting
from tracker.models import BoardLine, Dossier

from . import access, filters
from .boards import MOST_LATE
from .listed import Listed, of_phases


@dataclass(frozen=True, slots=True)
class Waiting:
    """A pledge in a queue. ``since``: None where the sweep has yet to notice."""

    listed: Listed
    since: datetime | None


@dataclass(frozen=True)
class Waits:
    """Who waits in a queue, for one viewer. ``late``: those whose lines are not believed."""

    queue: Queue
    viewer: Viewer
    at: datetime
    rows: QuerySet[BoardLine]
    late: Sequence[Listed]

    def count(self) -> int:
        return self.rows.count() + len(self.late)

    def page(self, start: int, number: int) -> list[Waiting]:
        """A stretch of them, those first whom the sweep has yet to notice, then who waits longest.
        Three queries.
        """
        first = [Waiting(one, None) for one in self.late[start : start + number]]
        begins = max(start - len(self.late), 0)
        column = f"{self.queue}_since"
        ordered = self.rows.order_by(column, "pledge").values_list("pledge", column)
        held = dict(ordered[begins : begins + number - len(first)])
        listed = of_phases(list(held), at=self.at, viewer=self.viewer)
        return first + [Waiting(listed[pk], at) for pk, at in held.items() if pk in listed]


def judged_by(viewer: Viewer, visible: Sequence[Dossier]) -> list[Dossier]:
    """The dossiers in which the viewer may record a finding."""
    return [one for one in visible if edit(viewer, access.door(one))]


def waits(
    queue: Queue,
    *,
    viewer: Viewer,
    wanted: Filter,
    at: datetime,
    dossiers: Sequence[Dossier],
    late: "Late",
) -> Waits:
    """Those of a queue that a filter lists, in ``dossiers``. No query yet but for the late ones."""
    rows = _of(queue, dossiers)
    if not wanted.is_empty:
        asked = filters.lines(wanted, viewer=viewer, at=at, visible=dossiers)
        rows = asked.filter(**{f"{queue}_since__isnull": False})
    if not late.pledges:
        return Waits(queue, viewer, at, rows, [])
    still = filters.matching(wanted, viewer=viewer, at=at).filter(
        pledge__in=late.pledges, pledge__dossier__in=[one.pk for one in dossiers]
    )
    ids = set(still.values_list("pledge", flat=True))
    listed = [one for pk, one in late.listed.items() if pk in ids and _waits(queue, one)]
    rows = rows.exclude(pledge__in=late.pledges)
    return Waits(queue, viewer, at, rows, sorted(listed, key=lambda one: one.ref))


@dataclass(frozen=True, slots=True)
class Late:
    """Pledges whose lines do not hold any more, and how they stand."""

    pledges: frozenset[int]
    listed: Mapping[int, Listed]


def late(*, viewer: Viewer, at: datetime, dossiers: Sequence[Dossier]) -> Late:
    """Those in ``dossiers``, up to a number beyond which lines are believed all the same: the watch
    stands still then, and the page says so. One query, and two more where there are any.
    """
    stale = BoardLine.objects.filter(filters.stale(at)).alias(within=F("dossier") + 0)
    found = stale.filter(within__in=[one.pk for one in dossiers]).values_list("pk", flat=True)
    pledges = frozenset(found[:MOST_LATE])
    listed = of_phases(pledges, at=at, viewer=viewer) if 0 < len(pledges) < MOST_LATE else {}
    return Late(pledges if listed or len(pledges) < MOST_LATE else frozenset(), listed)


def numbers(*, viewer: Viewer, at: datetime, dossiers: Sequence[Dossier]) -> dict[Queue, int]:
    """How many wait in each queue in all, as the lines say. One query for each."""
    return {queue: _of(queue, dossiers).count() if dossiers else 0 for queue in Queue}


def _of(queue: Queue, dossiers: Sequence[Dossier]) -> QuerySet[BoardLine]:
    """All that wait, which the queue's own index answers alone. What is not listed waits nowhere.

    The sum keeps the database from looking up all lines of the dossiers instead.
    """
    waiting = BoardLine.objects.filter(**{f"{queue}_since__isnull": False})
    inside = [one.pk for one in dossiers]
    return waiting.alias(within=F("dossier") + 0).filter(within__in=inside)


def _waits(queue: Queue, one: Listed) -> bool:
    return is_waiting(queue, stage=one.stage, kinds=one.kinds, compliance=one.compliance)
