"""Writes to parties and to the membership of coalitions. They belong to no dossier."""

from datetime import datetime
from typing import Any

from tracker.domain.stated import Stated
from tracker.models import CoalitionMember, Party, User

from .verbs import Verbs, first_free, key_of

_parties = Verbs(Party, "parties")
_members = Verbs(CoalitionMember, "coalition_members")
amend = _parties.amend
amend_member = _members.amend


def register(
    *, slug: str, by: User | None, at: datetime, reason: str = "", **columns: Any
) -> Party:
    """A new party: name, kind, iso, aliases, note."""
    return _parties.enter("register", slug, columns, dossier=None, by=by, at=at, reason=reason)


def admit(
    *,
    coalition: Party,
    member: Party,
    since: str | Stated = "",
    until: str | Stated = "",
    key: str = "",
    by: User | None,
    at: datetime,
    reason: str = "",
    note: str = "",
) -> CoalitionMember:
    """A spell of membership of a coalition; without a key it gets the next free one."""
    return _members.enter(
        "admit",
        key or _spell(f"{key_of(coalition)}.{key_of(member)}"),
        {
            "coalition": coalition,
            "member": member,
            "since": since,
            "until": until,
            "note": note,
        },
        dossier=None,
        by=by,
        at=at,
        reason=reason,
    )


def _spell(stem: str) -> str:
    known = CoalitionMember.objects.filter(key__startswith=stem).values_list("key", flat=True)
    return first_free(stem, set(known), join=".")


def part(
    *, row: CoalitionMember, until: str | Stated, by: User | None, at: datetime, reason: str = ""
) -> CoalitionMember:
    """The party left the coalition."""
    return _members.change("part", row, {"until": until}, by=by, at=at, reason=reason)
