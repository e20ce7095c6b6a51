"""The queues of pledges that want a finding, and since when each pledge waits in one.

Must not live here: how they are read (selectors/queues.py).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum

from .transitions import CLOSED, Compliance, Stage


class Queue(StrEnum):
    """To be checked, or not checked for too long; expired without a verdict; contested."""

    UNCHECKED = "unchecked"
    UNASSESSED = "unassessed"
    CONTESTED = "contested"


UNASSESSED = "expired_unassessed"
# The flags that put a pledge there. A finding that it is contested does so as well.
RAISED_BY = {
    Queue.UNCHECKED: ("verification_due", "unverified"),
    Queue.UNASSESSED: (UNASSESSED,),
    Queue.CONTESTED: ("accounts_differ",),
}
Stretch = tuple[datetime, str, str]  # from when, stage, compliance


def since(
    queue: Queue, flags: Iterable[Sequence[str]], stretches: Sequence[Stretch]
) -> datetime | None:
    """Since when it waits there; None: it does not. ``flags``: kind first, since when last.

    ``stretches``: the phases up to the one that holds, which is the last.
    """
    since_when: dict[str, datetime] = {}
    for flag in flags:
        at = datetime.fromisoformat(flag[-1])
        since_when[flag[0]] = min(at, since_when.get(flag[0], at))
    if not stretches or is_settled(stretches[-1][1], since_when):
        return None
    raised = [since_when[kind] for kind in RAISED_BY[queue] if kind in since_when]
    if queue is Queue.CONTESTED:
        raised += _contested(stretches)
    return min(raised, default=None)


def is_settled(stage: str, kinds: Iterable[str]) -> bool:
    """Whether nothing is left to find: a person ended it, or it expired with a final verdict."""
    return stage in CLOSED or (stage == Stage.EXPIRED and UNASSESSED not in kinds)


def _contested(stretches: Sequence[Stretch]) -> list[datetime]:
    """From when on the finding has been without a break that it is contested."""
    found: list[datetime] = []
    for start, stage, compliance in reversed(stretches):
        if not stage or compliance != Compliance.CONTESTED:
            break
        found = [start]
    return found


def is_waiting(queue: Queue, *, stage: str, kinds: Iterable[str], compliance: str) -> bool:
    """Whether it waits there, of what is listed."""
    if is_settled(stage, kinds):
        return False
    is_contested = queue is Queue.CONTESTED and compliance == Compliance.CONTESTED
    return is_contested or not set(RAISED_BY[queue]).isdisjoint(kinds)
