"""What the seeds loader asks the register: what it holds of a dossier, and what a file made.

Must not live here: reading files, or writing.
"""

from collections.abc import Collection
from datetime import datetime

from tracker.domain.merging import Merged
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
from .merges import ACTION
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


def merged(slug: str) -> Merged:
    """Which pledges of a dossier turned out to be others."""
    rows = Pledge.objects.filter(dossier__slug=slug, merged_into__isnull=False)
    return Merged(dict(rows.values_list("ref", "merged_into__ref")))


def changed_by_merges(chain: str) -> set[tuple[str, str]]:
    """Noun and key of each row of a chain to which a merge was the last that was done."""
    merges = LedgerEntry.objects.filter(chain__name=chain, action=ACTION)
    keys = set(merges.values_list("row_key", flat=True))
    entries = LedgerEntry.objects.filter(chain__name=chain, row_key__in=keys).order_by("seq")
    last = {(e.noun, e.row_key): e.action for e in entries.only("noun", "row_key", "action")}
    return {row for row, action in last.items() if action == ACTION}


def written(chain: str, *, reason: str) -> set[tuple[str, str]]:
    """Noun and key of each row of a chain that was ever written for that reason."""
    entries = LedgerEntry.objects.filter(chain__name__in=(chain, PARTIES), reason=reason)
    return set(entries.values_list("noun", "row_key").distinct())
