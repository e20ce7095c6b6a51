"""What the seeds loader asks the register: what it holds of a dossier, and what a file made.

Must not live here: reading files, or writing.
"""

from collections.abc import Collection
from datetime import datetime

from tracker.models import (
    PARTIES,
    CoalitionMember,
    Dossier,
    LedgerEntry,
    Party,
    Pledge,
    Position,
    User,
)

from . import rows
from .rows import Tables


def tables(slug: str) -> Tables:
    """The states of a dossier's facts and of all parties, by noun and key."""
    dossier = Dossier.objects.filter(slug=slug).first()
    found = rows.tables(dossier) if dossier is not None else {}
    found["party"] = rows.states(Party, Party.objects.all())
    found["coalition_member"] = rows.states(CoalitionMember, CoalitionMember.objects.all())
    return found


def laid_at(slug: str) -> datetime | None:
    """The instant around which a practice dossier's dates were laid; None before its loading."""
    return Dossier.objects.filter(slug=slug).values_list("laid_at", flat=True).first()


def uids() -> dict[str, str]:
    """Users' opaque ids by e-mail address."""
    return {email.lower(): str(uid) for email, uid in User.objects.values_list("email", "uid")}


def taken(refs: Collection[str], *, outside: str) -> dict[str, str]:
    """Of these references, those that another dossier holds, with its slug."""
    found: dict[str, str] = {}
    for model in (Pledge, Position):
        held = model._default_manager.filter(ref__in=refs).exclude(dossier__slug=outside)
        found.update(held.values_list("ref", "dossier__slug"))
    return found


def written(chain: str, *, reason: str) -> set[tuple[str, str]]:
    """Noun and key of each row of a chain that was ever written for that reason."""
    entries = LedgerEntry.objects.filter(chain__name__in=(chain, PARTIES), reason=reason)
    return set(entries.values_list("noun", "row_key").distinct())
