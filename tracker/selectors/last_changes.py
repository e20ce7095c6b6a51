"""The latest deeds of the ledger as one can go back on them: which entries, and what was before."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import OuterRef, Subquery

from tracker.models import LedgerChain, LedgerEntry, User

from . import ledger
from .rows import State

MOST = 500  # entries: more is not a deed of one form, nor of a change of many pledges
WITHIN = timedelta(hours=1)  # so long one's last change can be undone


@dataclass(frozen=True, slots=True)
class Step:
    """One entry, and the row's entered columns before it; None: there was no such row."""

    entry: LedgerEntry
    before: State | None

    @property
    def after(self) -> State:
        return ledger.lift(self.entry) or {}


def head(chain: str) -> int:
    """The number of the chain's last entry."""
    found = LedgerChain.objects.filter(name=chain).values_list("seq", flat=True).first()
    return found or 0


def deed(chain: str, by: User, *, after: int) -> tuple[int, int] | None:
    """The first and the last entry of what somebody did last; None: nothing since ``after``.

    One deed has one author and one instant, and holds the chain until it is written.
    """
    mine = LedgerEntry.objects.filter(chain__name=chain, by=str(by.uid), seq__gt=after)
    numbers = list(mine.order_by("-seq").values_list("seq", "recorded_at"))
    if not numbers:
        return None
    last, at = numbers[0]
    first = last
    for seq, recorded_at in numbers[1:]:
        if recorded_at != at or seq != first - 1:
            break
        first = seq
    return first, last


def steps(chain: str, first: int, last: int) -> list[Step]:
    """The entries from ``first`` to ``last``, latest first; none where they are too many.

    Two queries.
    """
    if not first <= last < first + MOST:
        return []
    entries = LedgerEntry.objects.filter(chain__name=chain, seq__range=(first, last))
    earlier = LedgerEntry.objects.filter(
        chain=OuterRef("chain"),
        noun=OuterRef("noun"),
        row_key=OuterRef("row_key"),
        seq__lt=OuterRef("seq"),
    )
    previous = earlier.order_by("-seq").values("pk")[:1]
    found = list(entries.annotate(previous_pk=Subquery(previous)).order_by("-seq"))
    before = LedgerEntry.objects.in_bulk([one.previous_pk for one in found if one.previous_pk])
    return [
        Step(one, ledger.lift(before[one.previous_pk]) if one.previous_pk else None)
        for one in found
    ]


def later(entry: LedgerEntry) -> LedgerEntry | None:
    """The latest entry about the same row after this one."""
    of_row: Any = LedgerEntry.objects.filter(
        chain__name=entry.chain_id, noun=entry.noun, row_key=entry.row_key, seq__gt=entry.seq
    )
    found: LedgerEntry | None = of_row.order_by("-seq").first()
    return found
