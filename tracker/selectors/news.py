"""Whether anything has changed since a page was made: asked often, so no pledge is read."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Max, Q, Sum

from tracker.models import PARTIES, Dossier, LedgerChain, SweepRun


@dataclass(frozen=True, slots=True)
class News:
    """``entries``: how many the ledger holds of what somebody may see; ``run``: the last run of the
    sweep that brought a pledge in line.
    """

    entries: int
    run: int

    @property
    def stamp(self) -> str:
        return f"{self.entries}-{self.run}"

    def since(self, seen: "News") -> int:
        """How much has changed since; of what is no longer seen nothing is counted."""
        moved = SweepRun.objects.filter(pk__gt=seen.run).aggregate(number=Sum("noticed"))
        return max(self.entries - seen.entries, 0) + (moved["number"] or 0)


def of(dossiers: Iterable[Dossier]) -> News:
    """Of these dossiers, with the parties of all. Two queries."""
    names = [PARTIES, *(one.slug for one in dossiers)]
    entries = LedgerChain.objects.filter(name__in=names).aggregate(number=Sum("seq"))
    runs = SweepRun.objects.aggregate(last=Max("pk", filter=Q(noticed__gt=0)))
    return News(entries["number"] or 0, runs["last"] or 0)


def read(stamp: str) -> News | None:
    """A stamp that was given out before; None for any other text."""
    entries, _, run = stamp.partition("-")
    if not (entries.isascii() and run.isascii() and entries.isdigit() and run.isdigit()):
        return None
    if len(stamp) > 40:
        return None
    return News(int(entries), int(run))
