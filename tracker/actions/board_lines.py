"""Keeping each pledge's line of the board as its phases are.

Derived, as phases are: called where these are written or noticed, in the same transaction.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from tracker.domain import queues
from tracker.domain.bands import shelf_of, sorts_at
from tracker.domain.transitions import Compliance
from tracker.models import BoardLine, Phase, Pledge

COLUMNS = tuple(field.attname for field in BoardLine._meta.concrete_fields if not field.primary_key)
# In the order of Standing.
PHASE_COLUMNS = (
    "from_at",
    "until_at",
    "stage",
    "flags",
    "ends_at",
    "warns_at",
    "verified_until",
    "compliance",
)


class Standing(NamedTuple):
    """Of a phase, what a line keeps. ``flags``: as the phase keeps them, each after its kind."""

    start: datetime
    until: datetime | None
    stage: str
    flags: Sequence[Sequence[str]]
    ends_at: datetime | None
    warns_at: datetime | None
    verified_until: datetime | None
    compliance: str = Compliance.NOT_ASSESSED


def standing(phase: Phase) -> Standing:
    return Standing(*(getattr(phase, name) for name in PHASE_COLUMNS))


def write(lines: Iterable[BoardLine]) -> None:
    """New ones, and those that stand already, in one statement."""
    BoardLine.objects.bulk_create(
        lines, update_conflicts=True, unique_fields=["pledge"], update_fields=COLUMNS
    )


def line(pledge: Pledge, phases: Sequence[Standing], at: datetime) -> BoardLine:
    """The line of a pledge by the phase that holds at ``at``; before the first it is not listed."""
    begun = [one for one in phases if one.start <= at]
    now = begun[-1] if begun else Standing(at, phases[0].start, "", (), None, None, None)
    shelf, sorted_at = _shelved(now, at)
    return BoardLine(
        pledge_id=pledge.pk,
        dossier_id=pledge.dossier_id,
        pledgor_id=pledge.pledgor_id,
        analyst_id=pledge.analyst_id,
        act=pledge.act,
        subject=pledge.subject,
        from_at=now.start,
        until_at=now.until,
        stage=now.stage,
        shelf=shelf,
        sorts_at=sorted_at,
        verified_until=now.verified_until,
        kinds=_kinds(now),
        **_waiting(now, begun),
    )


def _waiting(now: Standing, begun: Sequence[Standing]) -> dict[str, datetime | None]:
    """Since when it waits in each queue."""
    so_far = [(one.start, one.stage, one.compliance) for one in begun]
    return {f"{queue}_since": queues.since(queue, now.flags, so_far) for queue in queues.Queue}


def _kinds(now: Standing) -> str:
    found = dict.fromkeys(flag[0] for flag in now.flags)
    return f" {' '.join(found)} " if found else ""


def _shelved(now: Standing, at: datetime) -> tuple[str, datetime]:
    """Nothing that a shelf goes by changes within a phase, whenever it is asked."""
    if not now.stage:
        return "", now.start
    ends = {"ends_at": now.ends_at, "warns_at": now.warns_at}
    shelf = shelf_of(now.stage, **ends, at=at)
    return shelf, sorts_at(shelf, **ends, since=now.start)
