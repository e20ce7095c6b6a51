"""What a pledge's page says of its findings: each with what corrects it, and when the next is due.

Must not live here: the rules (domain/checks.py, domain/findings.py).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tracker.domain.checks import ENTRY, STATUS, Anchor
from tracker.domain.freshness import CREDIBILITY, DEFAULT, Curve
from tracker.selectors.entries import Entry, FactView
from tracker.selectors.freshness import check_of
from tracker.words import LABELS


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding as entered. ``corrected_by``, ``corrects``: keys of other findings."""

    fact: FactView
    corrected_by: str
    corrects: str

    @property
    def key(self) -> str:
        return self.fact.key

    @property
    def state(self) -> Any:
        return self.fact.state

    @property
    def withdrawn(self) -> datetime | None:
        return self.fact.withdrawn

    @property
    def counts(self) -> bool:
        return not (self.corrected_by or self.withdrawn)


@dataclass(frozen=True, slots=True)
class Next:
    """The next check. ``since``: finding, entry, status, or pause for a suspension that is over.

    ``grade``, ``share`` and ``up_to`` are of the finding that decides. ``weaker``: a finding over a
    later period that covers less, so that it does not decide.
    """

    since: str
    at: datetime
    grade: str
    share: int
    cadence: timedelta
    due: datetime
    unverified: datetime
    is_due: bool
    is_unverified: bool
    weaker: Finding | None


@dataclass(frozen=True, slots=True)
class Verifying:
    findings: list[Finding]
    next: Next | None
    curve: Curve
    is_own_curve: bool

    @property
    def credibilities(self) -> list[tuple[int, Any]]:
        return [(number, LABELS["credibility"][str(number)]) for number in CREDIBILITY]

    @property
    def reliabilities(self) -> list[tuple[str, Any, list[tuple[str, int]]]]:
        return [
            (letter, LABELS["reliability"][letter], [(f"{letter}{n}", share) for n, share in row])
            for letter, row in self.curve.rows
        ]


def verifying(entry: Entry) -> Verifying:
    """All findings that were public by then, the latest first; and the next check."""
    standing = [one for one in entry.verifications if not one.withdrawn]
    corrected = {one.state["cites"]: one.key for one in standing if one.state.get("cites")}
    found = [
        Finding(one, corrected.get(one.key, ""), one.state.get("cites") or "")
        for one in reversed(entry.verifications)
    ]
    curve = entry.facts.freshness
    return Verifying(found, _next(entry, found), curve, curve != DEFAULT)


def _next(entry: Entry, found: list[Finding]) -> Next | None:
    check = check_of(entry.facts, at=entry.found.at)
    if check is None:
        return None
    anchor, at = check.due, entry.found.at
    return Next(
        since=_since(anchor),
        at=anchor.at,
        grade=_grade(anchor),
        share=anchor.share,
        cadence=check.cadence,
        due=anchor.due,
        unverified=check.unverified.unverified,
        is_due=at >= anchor.due,
        is_unverified=at >= check.unverified.unverified,
        weaker=_weaker(entry, anchor, found),
    )


def _since(anchor: Anchor) -> str:
    if anchor.finding is not None:
        return "finding"
    return anchor.key if anchor.key in (ENTRY, STATUS) else "pause"


def _grade(anchor: Anchor) -> str:
    finding = anchor.finding
    return f"{finding.reliability}{finding.credibility}" if finding is not None else ""


def _weaker(entry: Entry, anchor: Anchor, found: list[Finding]) -> Finding | None:
    """A finding that counts, over a period that ends later than the one that decides."""
    ends = {one.key: one.period_end for one in entry.facts.verifications}
    later = [one for one in found if one.counts and ends.get(one.key, anchor.at) > anchor.at]
    return max(later, key=lambda one: (ends[one.key], one.key), default=None)
