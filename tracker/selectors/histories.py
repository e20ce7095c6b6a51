"""What people did to a row, or to a pledge and all that belongs to it, latest first."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tracker.models import LedgerEntry, User
from tracker.words import FORMER_MEMBER, LABELS

from . import ledger, proposals
from .facts import State, Tables, earliest_of
from .merges import Deed

OWNED = (
    "account",
    "clock_stop",
    "condition",
    "count",
    "deadline",
    "dependency",
    "extension",
    "move",
    "reading",
    "suspension",
    "verification",
)
THROUGH = ("condition", "deadline", "extension", "reading")
UID_LENGTH = 36


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the ledger: what was entered or amended, by whom, when and why.

    ``by`` is the author's name, ``author`` the opaque id. ``done``: the verb where it says more
    than that, as ``LABELS["done"]`` has words for it; else blank. ``proposal``: the id of the one
    that it was confirmed from, by whom. ``was``, ``state``: the row before (empty: it is new) and
    after; ``people``: the names of those whom these name, by opaque id.
    """

    seq: int
    recorded_at: datetime
    by: str
    author: str
    noun: str
    key: str
    is_new: bool
    columns: tuple[str, ...]
    reason: str
    done: str = ""
    proposal: str = ""
    confirmed_by: str = ""
    was: State = field(default_factory=dict)
    state: State = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some of ``total`` changes, latest first; ``older`` asks for those before them, if any."""

    changes: Sequence[Change]
    older: int | None
    total: int


def stretch(changes: Sequence[Change], *, before: int | None, size: int) -> Stretch:
    """The latest ``size`` of those entered before the ledger's entry ``before``."""
    left = [change for change in changes if before is None or change.seq < before]
    older = left[size - 1].seq if len(left) > size else None
    return Stretch(left[:size], older, len(changes))


def of_pledge(
    *,
    chain: str,
    tables: Tables,
    ref: str,
    at: datetime | None = None,
    known: datetime | None = None,
) -> list[Change]:
    """Three queries. With ``at`` only of facts public by then, with ``known`` of those recorded."""
    return _changes(chain, set(belonging(tables, ref)), at=at, known=known)


def of_rows(
    *, chain: str, wanted: Collection[tuple[str, str]], known: datetime | None = None
) -> list[Change]:
    """Two queries. What was done to rows of a noun and a key each."""
    return _changes(chain, set(wanted), at=None, known=known)


def of_merged(
    *,
    chain: str,
    tables: Tables,
    ref: str,
    deed: Deed,
    at: datetime | None = None,
    known: datetime | None = None,
) -> list[Change]:
    """Of a pledge that was merged: with what hung on it until then, and until the merge."""
    own = set(belonging(tables, ref))
    moved = set(belonging(_before(tables, deed), ref)) - own
    changes = _changes(chain, own | moved, at=at, known=known)
    last = deed.entries[0].seq
    return [one for one in changes if one.seq <= last or (one.noun, one.key) in own]


def _before(tables: Tables, deed: Deed) -> Tables:
    """The tables with what a merge moved where it was."""
    found = {noun: dict(states) for noun, states in tables.items()}
    for entry in deed.entries:
        state = found.get(entry.noun, {}).get(entry.row_key)
        if state is None:
            continue
        if state.get("pledge") == deed.stays and entry.noun != "adoption":
            found[entry.noun][entry.row_key] = {**state, "pledge": deed.goes}
        if deed.stays in (state.get("pledges") or ()):
            found[entry.noun][entry.row_key] = {**state, "pledges": [deed.goes]}
    return found


def of_row(*, chain: str, noun: str, key: str, known: datetime | None = None) -> list[Change]:
    """Three queries. What was done to one row, also to one that ``at`` would not show yet."""
    return _changes(chain, {(noun, key)}, at=None, known=known)


def of_entry(*, chain: str, seq: int) -> Change:
    """What one entry of the ledger did. There must be one of that number."""
    entry = LedgerEntry.objects.get(chain__name=chain, seq=seq)
    changes = of_row(chain=chain, noun=entry.noun, key=entry.row_key)
    return next(change for change in changes if change.seq == seq)


def _changes(
    chain: str, wanted: set[tuple[str, str]], *, at: datetime | None, known: datetime | None
) -> list[Change]:
    entries = LedgerEntry.objects.filter(chain__name=chain, row_key__in={key for _, key in wanted})
    if known is not None:
        entries = entries.filter(recorded_at__lte=known)
    made = [e for e in entries.order_by("seq") if (e.noun, e.row_key) in wanted]
    states = [ledger.lift(e) or {} for e in made]
    names = _names({e.by for e in made} | {str(s["analyst"]) for s in states if s.get("analyst")})
    proposed = proposals.confirmed_by(chain, {e.row_key for e in made}) if made else {}
    before: dict[tuple[str, str], State] = {}
    found = []
    for entry, state in zip(made, states, strict=True):
        row = (entry.noun, entry.row_key)
        was = before.get(row)
        before[row] = state
        if at is not None and (public := earliest_of(state.get("public"))) and public > at:
            continue
        found.append(
            Change(
                seq=entry.seq,
                recorded_at=entry.recorded_at,
                by=names.get(entry.by, entry.by),
                author=entry.by,
                noun=entry.noun,
                key=entry.row_key,
                is_new=was is None,
                columns=tuple(n for n in state if was is not None and state[n] != was.get(n)),
                reason=entry.reason,
                proposal=str(proposed[entry.seq].uid) if entry.seq in proposed else "",
                confirmed_by=str(proposed[entry.seq].decided_by) if entry.seq in proposed else "",
                was=was or {},
                state=state,
                people=names,
                done=verb if (verb := entry.action.rpartition(".")[2]) in LABELS["done"] else "",
            )
        )
    return found[::-1]


def belonging(tables: Tables, ref: str) -> Iterator[tuple[str, str]]:
    """The pledge, the rows about it, and the rows about those, one step on."""
    yield "pledge", ref
    owned: dict[str, set[str]] = {}
    for noun in OWNED:
        owned[noun] = {k for k, s in tables.get(noun, {}).items() if s.get("pledge") == ref}
    for noun in (*OWNED, "adoption"):
        for key, state in tables.get(noun, {}).items():
            if key in owned.get(noun, ()) or any(
                state.get(through) in owned[through] for through in THROUGH
            ):
                yield noun, key
    for key, state in tables.get("incident", {}).items():
        if ref in (state.get("pledges") or ()):
            yield "incident", key


def _names(uids: set[str]) -> dict[str, str]:
    known = [uid for uid in uids if len(uid) == UID_LENGTH]
    rows = User.objects.filter(uid__in=known).values_list("uid", "name", "erased_at")
    return {
        str(uid): str(FORMER_MEMBER) if erased_at else name
        for uid, name, erased_at in rows
        if name or erased_at
    }
