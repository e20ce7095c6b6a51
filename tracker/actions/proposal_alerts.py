"""Owing alerts of proposed changes: that one waits, and what became of it.

Nobody is told of what they did themselves, nor who has turned this off.
"""

from collections.abc import Iterable
from datetime import datetime

from tracker.domain.access import Role, ranks
from tracker.domain.causes import DECIDED, PROPOSED
from tracker.domain.proposals import Standing
from tracker.models import AlertSettings, Membership, Proposal

from .named_alerts import to_named


def owe_waiting(row: Proposal, *, at: datetime) -> int:
    """To each reviewer and owner of its dossier but its author; how many alerts."""
    reviewers = Membership.objects.filter(
        dossier=row.dossier, role__in=ranks(Role.REVIEWER), user__is_active=True
    ).exclude(user=row.by)
    return _owe(row, PROPOSED, "reviewer", reviewers.values_list("user_id", flat=True), at)


def owe_decided(row: Proposal, *, at: datetime) -> int:
    """To its author, of what somebody else decided; how many alerts."""
    if row.standing == Standing.WITHDRAWN:
        return 0
    return _owe(row, DECIDED, "author", [row.by_id], at)


def _owe(row: Proposal, kind: str, because: str, users: Iterable[int], at: datetime) -> int:
    named = set(users)
    off = AlertSettings.objects.filter(user__in=named, by_proposal=False)
    return to_named(
        named - set(off.values_list("user_id", flat=True)),
        at=at,
        proposal=row,
        kind=kind,
        subject=str(row.uid),
        because=[{"by": because, "of": str(row.pk)}],
    )
