"""The chain of custody of a source: each thing that was done with it, in the order recorded.

Made of what the ledger holds anyway, and of viewings. Must not live here: the same in a bundle,
where it is proven by the ledger's extract alone (exports/bundle_check.py).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from tracker.models import Dossier, Source, Verification, Viewing

from . import histories, ledger, source_files
from .facts import State, Tables, earliest_of
from .histories import Change
from .source_files import Digests

NONE = Digests()


@dataclass(frozen=True, slots=True)
class Link:
    """One thing that was done. ``what``: as ``LABELS["custody"]`` has words for it; ``state``: the
    row that says so, as it is by now.

    ``digests``: of what was entered, or was there to be seen; ``holds``: whether these are the
    digests from intake, where they were computed anew. ``withdrawn``: since when it no longer
    counts; ``why``: it was, or the source itself.
    """

    what: str
    change: Change
    state: State
    digests: Digests = NONE
    holds: bool | None = None
    withdrawn: datetime | None = None
    why: str = ""

    @property
    def key(self) -> str:
        return self.change.key

    @property
    def noun(self) -> str:
        return self.change.noun


@dataclass(frozen=True, slots=True)
class Recheck:
    """What lies there now, beside what was entered. None: there was never any."""

    text: bool | None
    file: bool | None
    found: Digests

    @property
    def holds(self) -> bool:
        return self.text is not False and self.file is not False


def of_source(
    chain: str, tables: Tables, key: str, *, at: datetime, known: datetime | None = None
) -> list[Link]:
    """All that was recorded by ``known`` and public by ``at``, the oldest first. Three queries."""
    wanted = {(noun, row) for noun, row in _rows(tables, key) if _is_public(tables[noun][row], at)}
    changes = histories.of_rows(chain=chain, wanted=wanted, known=known)[::-1]
    return list(_links(changes, tables, key, at))


def _rows(tables: Tables, key: str) -> Iterator[tuple[str, str]]:
    yield Source.NOUN, key
    for other, state in tables.get(Source.NOUN, {}).items():
        if state.get("earlier") == key:
            yield Source.NOUN, other
    for other, state in tables.get(Viewing.NOUN, {}).items():
        if state["source"] == key:
            yield Viewing.NOUN, other
    for other, state in tables.get(Verification.NOUN, {}).items():
        if key in (state.get("sources") or ()):
            yield Verification.NOUN, other


def _is_public(state: State, at: datetime) -> bool:
    public = earliest_of(state["public"])
    return public is not None and public <= at


def _links(changes: list[Change], tables: Tables, key: str, at: datetime) -> Iterator[Link]:
    entered, told = NONE, set[tuple[str, str]]()
    for change in changes:
        if change.noun == Source.NOUN and change.key == key:
            entered = digests_of(change.state)
            for what in _deeds(change):
                why = str(change.state["withdrawn_reason"])
                why = why if what == "withdrawn" else ""
                yield Link(what, change, change.state, digests=entered, why=why)
            continue
        row = (change.noun, change.key)
        if row in told or not _is_the_one(change, key):
            continue
        told.add(row)
        now = tables[change.noun][change.key]
        withdrawn = earliest_of(now.get("withdrawn_at"))
        fallen: dict[str, Any] = {}
        if withdrawn is not None and withdrawn <= at:
            fallen = {"withdrawn": withdrawn, "why": str(now["withdrawn_reason"])}
        if change.noun == Viewing.NOUN:
            seen = Digests(change.state["text_sha256"], change.state["file_sha256"])
            yield Link("viewed", change, now, seen, holds=seen == entered, **fallen)
        elif change.noun == Verification.NOUN:
            yield Link("cited", change, now, **fallen)
        else:
            yield Link("replaced", change, now, digests=digests_of(change.state), **fallen)


def _deeds(change: Change) -> Iterator[str]:
    """What one change of the source itself comes to; that a title was mended is its history's."""
    was, state = change.was, change.state
    if change.is_new:
        yield "added"
        return
    if state.get("snapshot") and not was.get("snapshot"):
        yield "text"
    if state.get("file_sha256") and not was.get("file_sha256"):
        yield "file"
    if bool(state["withdrawn_at"]) != bool(was.get("withdrawn_at")):
        yield "withdrawn" if state["withdrawn_at"] else "restored"


def _is_the_one(change: Change, key: str) -> bool:
    """Whether it is the change by which a row came to be about the source."""
    if change.noun == Verification.NOUN:
        return key in (change.state.get("sources") or ())
    return change.state.get("source" if change.noun == Viewing.NOUN else "earlier") == key


def digests_of(state: Mapping[str, object]) -> Digests:
    """Of what a source's entry in the ledger holds and names."""
    text = str(state.get("snapshot") or "")
    return Digests(
        text=sha256(text.encode()).hexdigest() if text else "",
        file=str(state.get("file_sha256") or ""),
    )


def rechecked(dossier: Dossier, key: str) -> Recheck:
    """The digests of what lies there now, against those of what the ledger holds. Four queries."""
    seq = ledger.last_seq(dossier.slug, Source.NOUN, key)
    entered = digests_of(ledger.state_at(dossier.slug, Source.NOUN, key, seq))
    found = source_files.computed(Source.objects.get(dossier=dossier, key=key))
    return Recheck(
        text=found.text == entered.text if entered.text or found.text else None,
        file=found.file == entered.file if entered.file or found.file else None,
        found=found,
    )
