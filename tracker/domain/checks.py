"""When a pledge is to be checked next: a cadence after what was verified, by the grade's share.

The check that lasts longest decides: a weak finding never makes the next one due earlier than it
would be without it. Must not live here: the curve (freshness.py), a cadence's length (alerts.py).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from . import alerts, findings, freshness, zones
from .facts import PledgeFacts, Verification
from .now import Now
from .readings import Term
from .transitions import BEFORE_ENTRY, CLOSED, Stage

if TYPE_CHECKING:
    from .status import Situation

UNVERIFIED_AFTER = 1.5
ENTRY, STATUS = "entry", "status"


@dataclass(frozen=True, slots=True)
class Anchor:
    """From when a check counts, and for how long. ``key``: of a finding, of a suspension that is
    over, or ENTRY, STATUS. ``share``: of the cadence, in percent.
    """

    at: datetime
    key: str
    covers: timedelta
    share: int = freshness.WHOLE
    finding: Verification | None = None

    @property
    def due(self) -> datetime:
        return after(self.at, self.covers)

    @property
    def unverified(self) -> datetime:
        return after(self.at, self.covers * UNVERIFIED_AFTER)


@dataclass(frozen=True, slots=True)
class Check:
    """``due`` decides when the next check is due, ``unverified`` when it counts as overdue.

    They are one but where a weak finding follows a strong one. ``cadence``: of the pledge now;
    ``is_status``: it has not begun, and only its state is to be looked at.
    """

    cadence: timedelta
    due: Anchor
    unverified: Anchor
    is_status: bool = False


def check(facts: PledgeFacts, found: "Situation", now: Now) -> Check | None:
    """The next check; None where none is to be made: expired, ended, wholly suspended."""
    if found.stage is None or found.stage in CLOSED or found.stage is Stage.EXPIRED:
        return None
    if found.is_suspended:
        return None
    is_status = found.stage in BEFORE_ENTRY
    cadence = alerts.STATUS_CHECK if is_status else cadence_of(facts, found)
    anchors = [_of(one, facts, cadence) for one in findings.counting(facts.verifications, now)]
    if is_status:
        anchors.append(Anchor(facts.public, STATUS, cadence))
    else:
        anchors.append(Anchor(found.entered or facts.public, ENTRY, cadence))
        anchors += [Anchor(at, key, cadence) for at, key in _new_beginnings(facts, now)]
    return Check(
        cadence,
        max(anchors, key=lambda one: (one.due, one.at, one.key)),
        max(anchors, key=lambda one: (one.unverified, one.at, one.key)),
        is_status,
    )


def cadence_of(facts: PledgeFacts, found: "Situation") -> timedelta:
    """How often a pledge in force wants checking: as it says itself, else by its term's length."""
    if facts.cadence is not None:
        return facts.cadence.nominal
    return alerts.cadence(shortest(found.standing, found.adopted))


def shortest(terms: Iterable[Term], adopted: str | None) -> timedelta | None:
    """The nominal length that decides leads and cadence: the adopted term's, else the shortest."""
    named = [t for t in terms if adopted in (None, t.reading.key)]
    return min((t.current.nominal for t in named if t.current.nominal is not None), default=None)


def after(instant: datetime, length: timedelta) -> datetime:
    """So long after an instant, never beyond the calendar."""
    try:
        return min(instant + length, zones.LATEST)
    except OverflowError:
        return zones.LATEST


def _of(finding: Verification, facts: PledgeFacts, cadence: timedelta) -> Anchor:
    share = facts.freshness.share(finding.reliability, finding.credibility)
    covers = freshness.covered(cadence, share)
    return Anchor(finding.period_end, finding.key, covers, share, finding)


def _new_beginnings(facts: PledgeFacts, now: Now) -> Iterator[tuple[datetime, str]]:
    """The count starts anew when a whole suspension has ended."""
    for suspension in now.standing(facts.suspensions):
        if suspension.areas or suspension.end is None:
            continue
        if now.reached(suspension.start) and now.reached(suspension.end):
            yield suspension.end, suspension.key
