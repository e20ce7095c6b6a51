"""What a bundle of evidence holds of a pledge: its rows, what they rest on, and the ledger's proof.

Must not live here: the archive (exports/bundles.py).
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tracker.models import PARTIES, LedgerEntry, SourceFile

from . import ledger
from .facts import Tables
from .histories import belonging
from .rows import State

Wanted = frozenset[tuple[str, str]]
# The columns by which a row leads to others that a reader needs in order to understand it.
LEADS_TO: Mapping[str, str] = {
    "source": "source",
    "sources": "source",
    "earlier": "source",
    "instrument": "instrument",
    "trigger": "trigger",
    "incidents": "incident",
    "cites": "verification",
    "supersedes": "count",
}
NAMES_PARTIES = ("pledgor", "beneficiaries", "party", "speaker", "actor", "claimants", "claimant")


@dataclass(frozen=True, slots=True)
class Rows:
    """Which rows of a dossier a bundle holds, and which parties they name."""

    chain: str
    own: Wanted
    parties: Wanted

    def of(self, noun: str) -> list[str]:
        return sorted(key for other, key in self.own if other == noun)


def rows_of(chain: str, tables: Tables, ref: str) -> Rows:
    """The pledge, all that hangs on it, what these rest on, and the judgements of its incidents; of
    its sources the newer versions too, and who checked them.
    """
    found: set[tuple[str, str]] = set()
    new = set(belonging(tables, ref))
    while new:
        found |= new
        new = {row for noun, key in new for row in _led_to(tables, noun, key)}
        new |= set(_about_sources(tables, found))
        new -= found
    incidents = {key for noun, key in found if noun == "incident"}
    for key, state in tables.get("move", {}).items():
        if state.get("incident") in incidents:
            found.add(("move", key))
    named = {slug for noun, key in found for slug in _parties(tables.get(noun, {}).get(key, {}))}
    return Rows(chain, frozenset(found), frozenset(("party", slug) for slug in named))


def _led_to(tables: Tables, noun: str, key: str) -> Iterator[tuple[str, str]]:
    state = tables.get(noun, {}).get(key, {})
    for column, other in LEADS_TO.items():
        for named in _listed(state.get(column)):
            if named in tables.get(other, {}):
                yield other, named


def _about_sources(tables: Tables, found: Collection[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """What replaced a source, and who opened and checked it."""
    for noun, column in (("source", "earlier"), ("viewing", "source")):
        for key, state in tables.get(noun, {}).items():
            if ("source", state.get(column)) in found:
                yield noun, key


def _parties(state: Mapping[str, Any]) -> Iterator[str]:
    for column in NAMES_PARTIES:
        yield from _listed(state.get(column))


def _listed(value: Any) -> list[str]:
    if not value:
        return []
    return [str(one) for one in value] if isinstance(value, (list, tuple)) else [str(value)]


def extract(chain: str, wanted: Collection[tuple[str, str]]) -> Iterator[State]:
    """A line for each entry of a chain, in their order: whole, or the digest of its content.

    Of an entry before schema 7 that is left out only its hash can be told.
    """
    entries = LedgerEntry.objects.filter(chain__name=chain).order_by("seq")
    for entry in entries.iterator():
        if (entry.noun, entry.row_key) in wanted:
            yield ledger.content(entry) | {"previous": entry.previous, "hash": entry.hash}
        elif entry.schema < ledger.LINKED:
            yield {"seq": entry.seq, "hash": entry.hash}
        else:
            yield {"seq": entry.seq, "content": ledger.content_digest(entry)}


def chains_of(rows: Rows) -> dict[str, Wanted]:
    return {rows.chain: rows.own, PARTIES: rows.parties}


def files_of(slug: str, digests: Collection[str]) -> Iterator[tuple[str, bytes]]:
    """The files that sources were read from, one at a time, by their hash."""
    kept = SourceFile.objects.filter(dossier__slug=slug, sha256__in=set(digests))
    for digest, content in kept.order_by("sha256").values_list("sha256", "content").iterator():
        yield digest, bytes(content)
