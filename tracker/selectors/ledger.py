"""Reading the ledger: what was known at any recorded instant, and the proof.

The hash of an entry covers a canonical text of all its columns and, by ``previous``, every entry
before it. Entries of an older schema are lifted to today's shape when they are read.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models

from tracker.models import (
    DOSSIER_NOUNS,
    FACTS,
    NOUNS,
    PARTIES,
    PARTY_NOUNS,
    PEOPLE,
    Dossier,
    Invitation,
    LedgerChain,
    LedgerEntry,
    Membership,
    Proposal,
    Source,
    User,
)

from . import invitations, people, proposed, rows, source_files
from .rows import State, Tables

SCHEMA = 8
# From this schema on a hash covers the digest of an entry's content, and not the content itself:
# an extract can leave contents out, and the chain is proven all the same.
LINKED = 7
# What each schema added to the state of a noun; entries before it are read as if they said this.
ADDED: Mapping[int, Mapping[str, State]] = {
    2: {"dossier": {"tells_details": False, "escalates_to": None, "escalates_after": ""}},
    3: {"source": {"earlier": None, "file_sha256": "", "file_name": ""}},
    4: {"dossier": {"four_eyes": False}},
    5: {"party": {"merged_into": None}, "pledge": {"merged_into": None}},
    6: {"pledge": {"tags": []}},
    7: {"incident": {"subject": ""}},
    8: {"dossier": {"freshness": None}, "verification": {"proof": ""}},
}
READ_ONLY = ("recorded_at", "version")
# Rows compared at once.
AT_ONCE = 500


def canonical(value: Any) -> str:
    """JSON with sorted keys, no blanks and no escapes: one text per value."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def content(entry: LedgerEntry) -> State:
    """All that an entry says, but for what came before it."""
    found = {name: getattr(entry, name) for name in LedgerEntry.HASHED if name != "previous"}
    found["chain"] = entry.chain_id
    found["recorded_at"] = rows.iso(entry.recorded_at)
    return found


def content_digest(entry: LedgerEntry) -> str:
    """The SHA-256 of the canonical text of what an entry says, in hexadecimal."""
    return hashlib.sha256(canonical(content(entry)).encode()).hexdigest()


def digest(entry: LedgerEntry) -> str:
    """An entry's hash, in hexadecimal: of the one before it and of its own content's digest.

    Of an older schema: the SHA-256 of the canonical text of both.
    """
    if entry.schema < LINKED:
        covered = content(entry) | {"previous": entry.previous}
        return hashlib.sha256(canonical(covered).encode()).hexdigest()
    return linked(entry.previous, content_digest(entry))


def linked(previous: str, content: str) -> str:
    """The hash of an entry: of the one before it, and the digest of its content."""
    return hashlib.sha256(f"{previous} {content}".encode()).hexdigest()


def lift(entry: LedgerEntry) -> State | None:
    """An entry's state in today's shape; None when the row was deleted."""
    if entry.state is None:
        return None
    state: State = json.loads(entry.state)
    for schema, nouns in ADDED.items():
        if entry.schema < schema:
            state = {**nouns.get(entry.noun, {}), **state}
    return state


def tables(chain: str, *, known: datetime | None = None) -> Tables:
    """The rows of a chain as the ledger had them at ``known`` (None: at its head).

    What was proposed is none of them.
    """
    entries = LedgerEntry.objects.filter(chain__name=chain).order_by("seq")
    entries = entries.exclude(noun=Proposal.NOUN)
    if known is not None:
        entries = entries.filter(recorded_at__lte=known)
    nouns = {PARTIES: tuple(PARTY_NOUNS), PEOPLE: ("user",)}.get(chain, tuple(DOSSIER_NOUNS))
    found: Tables = {noun: {} for noun in nouns}
    for entry in entries.iterator():
        held = found.setdefault(entry.noun, {})
        before = held.get(entry.row_key)
        state = lift(entry)
        if state is None:
            held.pop(entry.row_key, None)
            continue
        state["recorded_at"] = before["recorded_at"] if before else rows.iso(entry.recorded_at)
        state["version"] = (before["version"] if before else 0) + 1
        held[entry.row_key] = state
    return found


def last_seq(chain: str, noun: str, key: str) -> int:
    """The number of the row's last entry, 0 without one: which state of it somebody has read."""
    entries = LedgerEntry.objects.filter(chain__name=chain, noun=noun, row_key=key)
    return entries.order_by("-seq").values_list("seq", flat=True).first() or 0


def last_seq_of_each(chain: str, noun: str, keys: Collection[str]) -> dict[str, int]:
    """The same of several rows of one noun, by key. One query."""
    entries = LedgerEntry.objects.filter(chain__name=chain, noun=noun, row_key__in=keys)
    last = entries.order_by().values_list("row_key").annotate(last=models.Max("seq"))
    return dict.fromkeys(keys, 0) | dict(last)


def last_seq_of(chain: str, noun: str, keys: Iterable[str]) -> int:
    """The number of the last entry of any of these rows, 0 without one."""
    entries = LedgerEntry.objects.filter(chain__name=chain, noun=noun, row_key__in=keys)
    return entries.aggregate(last=models.Max("seq"))["last"] or 0


def last_of(chain: str, rows: Mapping[str, Iterable[str]], *, before: int | None = None) -> int:
    """The number of the last entry of any of these rows, by noun; ``before``: of those earlier."""
    entries = LedgerEntry.objects.filter(chain__name=chain)
    if before is not None:
        entries = entries.filter(seq__lt=before)
    wanted = models.Q(pk__in=[])
    for noun, keys in rows.items():
        wanted |= models.Q(noun=noun, row_key__in=list(keys))
    return entries.filter(wanted).aggregate(last=models.Max("seq"))["last"] or 0


def state_at(chain: str, noun: str, key: str, seq: int) -> State:
    """The row's entered columns after that entry; empty where there was no such row."""
    entry = LedgerEntry.objects.filter(chain__name=chain, noun=noun, row_key=key, seq=seq).first()
    return (lift(entry) or {}) if entry is not None else {}


@dataclass(frozen=True, slots=True)
class Problem:
    """The first thing that is wrong with a chain."""

    chain: str
    seq: int
    what: str

    def __str__(self) -> str:
        return f"{self.chain} #{self.seq}: {self.what}"


def chains() -> list[str]:
    named = set(LedgerChain.objects.values_list("name", flat=True))
    return sorted(named | set(LedgerEntry.objects.values_list("chain__name", flat=True).distinct()))


def heads() -> dict[str, dict[str, Any]]:
    """Each chain's last entry, for safe keeping elsewhere."""
    found = {}
    for chain in chains():
        last = LedgerEntry.objects.filter(chain__name=chain).order_by("-seq").first()
        if last is not None:
            found[chain] = {
                "seq": last.seq,
                "hash": last.hash,
                "recorded_at": rows.iso(last.recorded_at),
            }
    return found


def heads_of(names: Iterable[str]) -> dict[str, LedgerChain]:
    """The heads of these chains as they are now, by name."""
    return {
        one.name: one for one in LedgerChain.objects.filter(name__in=list(names)).order_by("name")
    }


@dataclass(slots=True)
class Walk:
    """A chain's entries, taken one by one from the first; each step says whether it follows.

    ``saved`` is a head that was kept elsewhere: with it a cut tail or a rewritten chain shows.
    """

    chain: str
    saved: Mapping[str, Any] | None = None
    seq: int = 0
    hash: str = ""

    def step(self, entry: LedgerEntry) -> Problem | None:
        previous, self.hash = self.hash, entry.hash
        self.seq += 1
        if entry.seq != self.seq:
            return Problem(self.chain, self.seq, "this entry was removed.")
        if digest(entry) != entry.hash:
            return Problem(
                self.chain, self.seq, "this entry was altered: its hash does not fit its text."
            )
        if entry.previous != previous:
            return Problem(
                self.chain, self.seq, "this entry was moved, or the one before it replaced."
            )
        if self.saved and self.saved["seq"] == self.seq and self.saved["hash"] != entry.hash:
            return Problem(
                self.chain, self.seq, "the chain was rewritten: it differs from the saved head."
            )
        return None

    def end(self, seq: int, head: str) -> Problem | None:
        """After the last entry: whether it is the one that the chain's head names."""
        if (seq, head) != (self.seq, self.hash):
            return Problem(
                self.chain, self.seq + 1, "the chain's head names an entry that was removed."
            )
        if self.saved is not None and self.saved["seq"] > self.seq:
            return Problem(
                self.chain, self.seq + 1, "this entry was removed: the saved head is further on."
            )
        return None


def problem(chain: str, *, saved: Mapping[str, Any] | None = None) -> Problem | None:
    """The first entry of a chain that was altered, removed or moved; None when it is whole."""
    walk = Walk(chain, saved)
    for entry in LedgerEntry.objects.filter(chain__name=chain).order_by("seq").iterator():
        found = walk.step(entry)
        if found is not None:
            return found
    head = LedgerChain.objects.filter(name=chain).first()
    return walk.end(head.seq, head.hash) if head is not None else walk.end(-1, "")


def differences(chain: str) -> Iterator[str]:
    """Where rows are not what the ledger says: somebody wrote behind its back.

    A noun's rows are compared some hundreds at a time: no dossier must fit into memory.
    """
    entries = LedgerEntry.objects.filter(chain__name=chain)
    told = set(entries.order_by().values_list("noun", flat=True).distinct())
    queries = _queries(chain)
    for noun in sorted({*told, *queries}):
        living = _living(entries.filter(noun=noun))
        for held in _held(noun, queries.get(noun)):
            was = _last_states(entries.filter(noun=noun, row_key__in=list(held)))
            for key in sorted(held):
                if key not in living:
                    yield f"{chain}: {noun} {key} has a row and no ledger entry."
                    continue
                for column in sorted({*was[key], *held[key]} - set(READ_ONLY)):
                    if was[key].get(column) != held[key].get(column):
                        yield f"{chain}: {noun} {key}: {column} differs from the ledger."
            living -= held.keys()
        for key in sorted(living):
            yield f"{chain}: {noun} {key} is in the ledger and has no row."
    dossier = Dossier.objects.filter(slug=chain).first() if Source.NOUN in told else None
    if dossier is not None:
        yield from source_files.differences(dossier)


def _living(entries: "models.QuerySet[LedgerEntry]") -> set[str]:
    """The keys whose last entry did not delete their row."""
    found: set[str] = set()
    is_gone = models.Case(models.When(state__isnull=True, then=True), default=False)
    for key, gone in entries.order_by("seq").values_list("row_key", is_gone).iterator():
        (found.discard if gone else found.add)(key)
    return found


def _last_states(entries: "models.QuerySet[LedgerEntry]") -> dict[str, State]:
    # Sorted here: asked for an order, SQLite walks the whole chain instead of the rows' index.
    ordered = sorted(entries.order_by(), key=lambda entry: entry.seq)
    last = {entry.row_key: entry for entry in ordered}
    return {key: lift(entry) or {} for key, entry in last.items()}


def _queries(chain: str) -> dict[str, "models.QuerySet[Any]"]:
    """The rows that belong to a chain, by noun."""
    if chain == PARTIES:
        return {noun: model._default_manager.all() for noun, model in PARTY_NOUNS.items()}
    if chain == PEOPLE:
        return {"user": User.objects.all()}
    dossier = Dossier.objects.filter(slug=chain).first()
    if dossier is None:
        return {}
    return {
        Dossier.NOUN: Dossier.objects.filter(pk=dossier.pk),
        Membership.NOUN: Membership.objects.filter(dossier=dossier),
        Invitation.NOUN: Invitation.objects.filter(dossier=dossier),
        Proposal.NOUN: Proposal.objects.filter(dossier=dossier),
        **{noun: model._default_manager.filter(dossier=dossier) for noun, model in FACTS.items()},
    }


def _held(noun: str, query: "models.QuerySet[Any] | None") -> Iterator[dict[str, State]]:
    """The states of rows by key, some hundreds at a time."""
    if query is None:
        return
    last = 0
    while numbers := list(
        query.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]
    ):
        last = numbers[-1]
        some = query.filter(pk__in=numbers)
        match noun:
            case "user":
                yield people.states(some)
            case "invitation":
                yield invitations.states(some)
            case "proposal":
                yield proposed.states(some)
            case _:
                yield rows.states(NOUNS[noun], some)
