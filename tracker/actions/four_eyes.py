"""Four eyes: in a dossier that asks for them, a fact that a person changes has to be confirmed.

``record`` asks here before it writes a row, and tells what it writes. Must not live here: proposals
as rows (proposals.py), who may confirm (domain/access.py).
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from tracker.domain.errors import Unconfirmed
from tracker.domain.sentences import _
from tracker.models import (
    Comment,
    Dossier,
    Entered,
    Fact,
    Incident,
    LedgerEntry,
    Pledge,
    User,
    Viewing,
)
from tracker.selectors import ledger, steps

Columns = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One row as it would be written: see ``ProposedStep``. ``state``: the whole row after it."""

    chain: str
    noun: str
    key: str
    is_new: bool
    action: str
    reason: str
    columns: Columns
    state: Columns
    seen: int | None
    pledges: tuple[str, ...]
    is_bound: bool  # whether it is one that has to be confirmed


@dataclass(slots=True)
class Noted:
    """What was written within a rehearsal. ``heads``: where each chain stood before it."""

    steps: list[Step] = field(default_factory=list)
    heads: dict[str, int] = field(default_factory=dict)


_noted: ContextVar[Noted | None] = ContextVar("noted", default=None)
_is_direct: ContextVar[bool] = ContextVar("is_direct", default=False)


@contextmanager
def noting() -> Iterator[Noted]:
    """Within, nothing is refused for want of a second person, and each write is noted."""
    made = Noted()
    token = _noted.set(made)
    try:
        yield made
    finally:
        _noted.reset(token)


@contextmanager
def direct() -> Iterator[None]:
    """Within, what is written counts at once: it is confirmed, or follows from a decision about
    people.
    """
    token = _is_direct.set(True)
    try:
        yield
    finally:
        _is_direct.reset(token)


def is_bound(model: type[Entered], dossier: Dossier | None) -> bool:
    """Whether a person's change of such a row has to be confirmed. Comments are nobody's facts,
    and what somebody opened and checked nobody else can confirm.
    """
    is_fact = issubclass(model, Fact) and not issubclass(model, (Comment, Viewing))
    return is_fact and dossier is not None and dossier.four_eyes


def check(model: type[Entered], dossier: Dossier | None, by: User | None) -> None:
    """Raises Unconfirmed for what a person writes past a second one. The system is no person."""
    if by is None or _is_direct.get() or _noted.get() is not None:
        return
    if is_bound(model, dossier):
        raise Unconfirmed(
            _("In this dossier a change counts once somebody else has confirmed it."),
            mend=_("Propose it in the form of the fact itself; a reviewer then confirms it."),
        )


def note(
    row: Entered,
    entry: LedgerEntry,
    *,
    changed: Collection[str],
    is_new: bool,
    dossier: Dossier | None,
) -> None:
    """Keeps, in a rehearsal, what was just written of a row."""
    made = _noted.get()
    if made is None:
        return
    chain = entry.chain_id
    state = ledger.lift(entry) or {}
    head = made.heads.setdefault(chain, entry.seq - 1)
    grounds = steps.grounds(row.NOUN, entry.row_key, is_new=is_new, columns=state, dossier=dossier)
    seen = ledger.last_of(chain, grounds, before=entry.seq)
    made.steps.append(
        Step(
            chain=chain,
            noun=row.NOUN,
            key=entry.row_key,
            is_new=is_new,
            action=entry.action,
            reason=entry.reason,
            columns={name: state[name] for name in changed},
            state=state,
            seen=seen if seen <= head else None,
            pledges=tuple(sorted(set(_pledges(row)))),
            is_bound=is_bound(type(row), dossier),
        )
    )


def _pledges(row: Any) -> Iterator[str]:
    """The references of the pledges that a row is about; of a trigger none: it is for all."""
    if isinstance(row, Pledge):
        yield row.ref
        return
    if isinstance(row, Incident):
        yield from row.pledges.values_list("ref", flat=True)
        return
    for name in ("pledge", "condition", "extension", "deadline", "incident", "reading"):
        owner = getattr(row, name, None)
        if isinstance(owner, Fact):
            yield from _pledges(owner)
            return
