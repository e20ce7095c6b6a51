"""The versions of one source: those before it, and those that were entered as newer ones.

Made from tables that were read once; nothing here queries.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from tracker.domain.now import Now

from .entries import FactView, view
from .facts import State, Tables, earliest_of


@dataclass(frozen=True, slots=True)
class Version:
    """``number``: from 1, as they follow each other; ``taken``: its accounts, counted."""

    source: FactView
    number: int
    taken: int

    @property
    def key(self) -> str:
        return self.source.key

    @property
    def text(self) -> str:
        return str(self.source.state.get("snapshot") or "")


@dataclass(frozen=True, slots=True)
class Versions:
    """All of them, the earliest first; ``own`` is the one that was asked for."""

    every: list[Version]
    own: Version

    @property
    def newest(self) -> Version:
        """The last one that was not withdrawn; where all were, the last."""
        standing = [one for one in self.every if one.source.withdrawn is None]
        return (standing or self.every)[-1]

    @property
    def newer(self) -> Version | None:
        """The newest, where that is another one."""
        is_newer = self.newest.number > self.own.number
        return self.newest if is_newer else None

    @property
    def earlier(self) -> Version | None:
        """The one that the asked one is newer than."""
        before = self.own.source.state.get("earlier")
        return next((one for one in self.every if one.key == before), None)


def versions(tables: Tables, key: str, *, at: datetime) -> Versions:
    """Those that were public at ``at``; the asked one is among them. Raises KeyError without it."""
    sources = tables.get("source", {})
    now = Now(at)
    taken: dict[str, int] = {}
    for account in tables.get("account", {}).values():
        since = earliest_of(account["public"])
        if since and now.reached(since) and not account.get("withdrawn_at"):
            taken[account["source"]] = taken.get(account["source"], 0) + 1
    shown = [view(tables, now, "source", one, sources[one]) for one in _line(sources, key)]
    public = [one for one in shown if one.key == key or (one.public and now.reached(one.public))]
    every = [Version(one, number, taken.get(one.key, 0)) for number, one in enumerate(public, 1)]
    return Versions(every, next(one for one in every if one.key == key))


def _line(sources: Mapping[str, State], key: str) -> list[str]:
    """The keys of all versions. Two that follow one (the first was withdrawn) stand as recorded."""
    newer: dict[str, list[str]] = {}
    for one, state in sources.items():
        if state.get("earlier"):
            newer.setdefault(state["earlier"], []).append(one)
    first, seen = key, {key}
    while (before := str(sources[first].get("earlier") or "")) in sources and before not in seen:
        seen.add(before)
        first = before
    found, todo = [], [first]
    while todo:
        one = todo.pop(0)
        if one in found:
            continue
        found.append(one)
        todo += sorted(newer.get(one, ()), key=lambda k: str(sources[k].get("recorded_at")))
    return found


def superseded(sources: Iterable[FactView]) -> set[str]:
    """The keys of those that have a newer version among them which was not withdrawn."""
    found = (str(one.state.get("earlier") or "") for one in sources if one.withdrawn is None)
    return {key for key in found if key}
