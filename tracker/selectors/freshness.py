"""What another curve would change in a dossier: which checks fall due earlier or later.

Must not live here: the curve itself (domain/freshness.py), words.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from tracker.domain import checks, status
from tracker.domain.checks import Check
from tracker.domain.facts import PledgeFacts
from tracker.domain.freshness import Curve
from tracker.domain.now import Now
from tracker.models import BoardLine, Dossier

from . import narrow
from .facts import all_pledge_facts

MOST = 500  # pledges that are looked at
FRESH, DUE, UNVERIFIED = "fresh", "due", "unverified"


@dataclass(frozen=True, slots=True)
class Changed:
    """A pledge whose next check moves. ``before``, ``after``: FRESH, DUE or UNVERIFIED."""

    ref: str
    title: str
    grade: str
    due_before: datetime
    due_after: datetime
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Preview:
    """``looked_at`` of ``there``: those verified last, where there are too many for a page."""

    changed: list[Changed]
    looked_at: int
    there: int

    @property
    def restated(self) -> int:
        """How many are due, or overdue, that were not, or the other way round."""
        return sum(1 for one in self.changed if one.before != one.after)


def preview(dossier: Dossier, curve: Curve, *, at: datetime) -> Preview:
    """The pledges of the dossier on which somebody made a finding, under the other curve."""
    held = BoardLine.objects.filter(dossier=dossier, verified_until__isnull=False).exclude(stage="")
    there = held.count()
    columns = ("pledge", "pledge__ref", "pledge__title")
    last = list(held.order_by("-verified_until", "pk").values_list(*columns)[:MOST])
    facts = all_pledge_facts(narrow.of_pledges(dossier, [pk for pk, _, _ in last])) if last else {}
    found = []
    for _, ref, title in last:
        before = check_of(facts[ref], at=at)
        after = check_of(replace(facts[ref], freshness=curve), at=at)
        if before is None or after is None or before.due.due == after.due.due:
            continue
        finding = after.due.finding or before.due.finding
        found.append(
            Changed(
                ref=ref,
                title=title,
                grade=f"{finding.reliability}{finding.credibility}" if finding else "",
                due_before=before.due.due,
                due_after=after.due.due,
                before=_state(before, at),
                after=_state(after, at),
            )
        )
    return Preview(sorted(found, key=lambda one: (one.due_after, one.ref)), len(last), there)


def check_of(facts: PledgeFacts, *, at: datetime) -> Check | None:
    """The next check of a pledge under the facts public by then."""
    now = Now(at)
    return checks.check(facts, status.situation(facts, now), now)


def _state(check: Check, at: datetime) -> str:
    if at >= check.unverified.unverified:
        return UNVERIFIED
    return DUE if at >= check.due.due else FRESH
