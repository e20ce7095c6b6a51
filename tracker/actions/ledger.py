"""Appending to the ledger: the one place that writes entries."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tracker.models import PEOPLE, LedgerChain, LedgerEntry, User
from tracker.selectors import people
from tracker.selectors.ledger import SCHEMA, canonical, digest

from . import bulk_rows

SYSTEM = "system"


def lock(chain: str) -> LedgerChain:
    """The head of the chain, held until the transaction ends.

    Taken before a change is checked: what two writers of one chain would each find allowed (the two
    halves of a cycle, say) is not allowed to both. Writers of other chains go on.
    """
    LedgerChain.objects.get_or_create(name=chain)
    return LedgerChain.objects.select_for_update().get(name=chain)


def append(
    *,
    chain: str,
    noun: str,
    key: str,
    row_id: int,
    state: Mapping[str, Any] | None,
    action: str,
    by: User | None,
    at: datetime,
    reason: str = "",
) -> LedgerEntry:
    """One entry after the chain's last. Must run in the transaction of the change itself.

    Writers of one chain wait for each other on its head; those of other chains do not.
    """
    head = lock(chain)
    entry = LedgerEntry(
        chain=head,
        seq=head.seq + 1,
        recorded_at=at,
        by=str(by.uid) if by is not None else SYSTEM,
        action=action,
        noun=noun,
        row_key=key,
        row_id=row_id,
        reason=reason,
        schema=SCHEMA,
        state=None if state is None else canonical(state),
        previous=head.hash,
    )
    entry.hash = digest(entry)
    entry.save(force_insert=True)
    head.seq, head.hash, head.recorded_at = entry.seq, entry.hash, at
    head.save(update_fields=["seq", "hash", "recorded_at"])
    return entry


@dataclass(frozen=True, slots=True)
class Change:
    """What an entry says of one row of several that are changed together."""

    noun: str
    key: str
    row_id: int
    state: Mapping[str, Any]
    reason: str


def append_many(
    changes: Iterable[Change], *, chain: str, action: str, by: User | None, at: datetime
) -> None:
    """An entry for each change, in their order, as ``append`` would make them one by one."""
    head = lock(chain)
    who = str(by.uid) if by is not None else SYSTEM
    bulk_rows.insert(LedgerEntry, _following(head, changes, action, who, at))
    head.save(update_fields=["seq", "hash", "recorded_at"])


def _following(
    head: LedgerChain, changes: Iterable[Change], action: str, who: str, at: datetime
) -> Iterator[LedgerEntry]:
    """The entries after the head, each with the hash of the one before it; the head goes along."""
    for one in changes:
        entry = LedgerEntry(
            chain=head,
            seq=head.seq + 1,
            recorded_at=at,
            by=who,
            action=action,
            noun=one.noun,
            row_key=one.key,
            row_id=one.row_id,
            reason=one.reason,
            schema=SCHEMA,
            state=canonical(one.state),
            previous=head.hash,
        )
        entry.hash = digest(entry)
        head.seq, head.hash, head.recorded_at = entry.seq, entry.hash, at
        yield entry


def enter_user(user: User, action: str, by: User | None, at: datetime, reason: str = "") -> None:
    """One entry about a user, with nothing personal, in the transaction of the change."""
    append(
        chain=PEOPLE,
        noun="user",
        key=str(user.uid),
        row_id=user.pk,
        state=people.state(user),
        action=action,
        by=by,
        at=at,
        reason=reason,
    )
