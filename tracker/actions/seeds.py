"""Loading seed files: each in one transaction, through the same writer as every other action.

Lives here: the order of rows, what is amended and what is left alone, refusals told by line.
Must not live here: what a seed file means (seed_form.py) or what a row must satisfy (record.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any

from django.db import transaction

from tracker.domain import stated
from tracker.domain.errors import DomainError
from tracker.domain.transitions import Machine
from tracker.models import Dossier, User
from tracker.selectors import rows as row_states
from tracker.selectors import seeds as held
from tracker.selectors.rows import Tables

from . import record, seed_form, seed_yaml
from .seed_nouns import GLOBAL_NOUNS
from .seed_rows import Row, Seed, State
from .seed_yaml import Mistake, Mistakes

# A file names columns of a reading otherwise than the register does.
_FIELD_OF = {
    "open_end": "open",
    "start_trigger": "start",
    "start_deadline": "start",
    "start_offset": "start",
    "end_trigger": "end",
    "zone_assumed": "zone",
}


class SeedRefusedError(Exception):
    """Nothing of the file was loaded. ``lines`` tell every mistake as FILE:LINE: field: what."""

    def __init__(self, file: str, mistakes: list[Mistake]) -> None:
        super().__init__(f"{file}: {len(mistakes)} mistakes")
        self.lines = [mistake.told(file) for mistake in mistakes]


@dataclass(slots=True)
class Loaded:
    """What loading a file did: rows by noun and key."""

    file: str
    dossier: str
    added: list[tuple[str, str]] = field(default_factory=list)
    amended: list[tuple[str, str]] = field(default_factory=list)
    unchanged: int = 0
    left: list[tuple[str, str]] = field(default_factory=list)


def load(file: str, data: bytes, *, by: User | None, at: datetime) -> Loaded:
    """Loads one file whole. Raises SeedRefusedError with every mistake, and then writes nothing."""
    mistakes = Mistakes()
    top = seed_yaml.read(data, mistakes)
    if top is None:
        raise SeedRefusedError(file, mistakes.sorted())
    tables: Tables = {}

    def known_of(slug: str, refs: Collection[str]) -> seed_form.Known:
        tables.update(held.tables(slug))
        return seed_form.Known(
            tables=tables,
            users=held.uids(),
            refs_elsewhere=held.taken(refs, outside=slug),
            dossier=tables.get("dossier", {}).get(slug),
            laid_at=held.laid_at(slug),
        )

    with transaction.atomic():
        seed = seed_form.rows_of(top, known_of=known_of, now=at, mistakes=mistakes)
        if seed is None:
            raise SeedRefusedError(file, mistakes.sorted())
        writer = _Writer(file, seed, tables, mistakes, by, at)
        try:
            with record.batch(at=at):
                writer.write()
                if mistakes:
                    raise SeedRefusedError(file, mistakes.sorted())
        except DomainError as error:  # what only shows once all rows stand, such as a cycle
            mistakes.add(1, error.field or "", error.message, error.mend)
            raise SeedRefusedError(file, mistakes.sorted()) from error
        return writer.loaded


class _Writer:
    """Writes the rows of one file; a row that is refused is noted, and the rest still tried."""

    def __init__(
        self,
        file: str,
        seed: Seed,
        tables: Tables,
        mistakes: Mistakes,
        by: User | None,
        at: datetime,
    ) -> None:
        self.seed, self.mistakes, self.by, self.at = seed, mistakes, by, at
        self.slug = str((seed.dossier or {}).get("slug") or "")
        self.reason = f"seed file {PurePath(file).name}"
        self.loaded = Loaded(file, self.slug)
        self.tables = tables
        self.refused: set[tuple[str, str]] = set()
        self.dossier: Dossier | None = None
        self.merged = held.merged(self.slug)
        self.by_merge = held.changed_by_merges(self.slug) if self.merged.into else set()

    def write(self) -> None:
        if self.seed.dossier is not None:
            self._dossier(self.seed.dossier)
            if self.dossier is None:
                return
        later: list[tuple[Row, State]] = []
        for row, put_off in in_order(_moves_last(self.seed.rows)):
            state = self._state(row)
            if row.identity in self.by_merge or self._holds(row, state):
                self.loaded.unchanged += 1
                continue
            state = self._of_what_it_is(state)
            first = {c: v for c, v in state.items() if c not in put_off}
            if self._put(row, first) and put_off:
                later.append((row, {c: v for c, v in state.items() if c in put_off}))
        for row, state in later:
            self._put(row, state)
        self._name_left()

    def _dossier(self, state: State) -> None:
        if self.seed.anchor is not None:
            state = {**state, "laid_at": row_states.iso(self.seed.anchor)}
        row = Row(noun="dossier", key=self.slug, local=self.slug, line=1, place="dossier")
        if self._holds(row, state):
            self.loaded.unchanged += 1
        elif not self._put(row, state):
            return
        self.dossier = Dossier.objects.get(slug=self.slug)

    def _state(self, row: Row) -> State:
        """What is to stand; a party keeps what the file leaves out, for other files share it."""
        if row.noun == "party":
            return {c: v for c, v in row.columns.items() if c in row.given}
        return row.columns

    def _of_what_it_is(self, state: State) -> State:
        """The same about the pledges that those of the file were merged into."""

        def meant(value: Any) -> Any:
            if isinstance(value, list):
                return sorted({self.merged.of(one) for one in value})
            return self.merged.of(value) if isinstance(value, str) else value

        named = {name: meant(state[name]) for name in _PLEDGES if name in state}
        return {**state, **named}

    def _holds(self, row: Row, state: State) -> bool:
        now = self.tables.get(row.noun, {}).get(row.key)
        return now is not None and all(now.get(c) == v for c, v in state.items())

    def _put(self, row: Row, state: State) -> bool:
        """Whether the row stands now. A refusal is noted at the field that it names."""
        if any(target in self.refused for targets in row.needs.values() for target in targets):
            self.refused.add(row.identity)  # its mistake is the one already told
            return False
        in_dossier = row.noun not in {*GLOBAL_NOUNS, "dossier"}
        try:
            with transaction.atomic():
                done = record.put(
                    row.noun,
                    row.key,
                    state,
                    dossier=self.dossier if in_dossier else None,
                    by=self.by,
                    at=self.at,
                    reason=self.reason,
                )
        except DomainError as error:
            self.refused.add(row.identity)
            name = _FIELD_OF.get(error.field or "", error.field or "")
            self.mistakes.add(*row.where(name), error.message, error.mend)
            return False
        if done.created:
            self.loaded.added.append(row.identity)
        elif not done.changed:
            self.loaded.unchanged += 1
        elif row.identity not in self.loaded.added:
            self.loaded.amended.append(row.identity)
        return True

    def _name_left(self) -> None:
        wanted = {row.identity for row in self.seed.rows} | {("dossier", self.slug)}
        made = held.written(self.slug, reason=self.reason)
        self.loaded.left = sorted(made - wanted)


def _moves_last(rows: list[Row]) -> list[Row]:
    """A move is judged by what stands when it is made: the earlier first, those of stages last."""
    moves = [row for row in rows if row.noun == "move"]
    moves.sort(key=lambda row: (row.text("machine") == Machine.STAGE, _effective(row)))
    return [row for row in rows if row.noun != "move"] + moves


def _effective(row: Row) -> datetime:
    found = stated.first_instant(stated.parse(row.text("effective") or "unknown"))
    return found or datetime.max.replace(tzinfo=UTC)


def in_order(rows: list[Row]) -> list[tuple[Row, set[str]]]:
    """Rows after what they name; with each the columns put off, because they name a later row.

    Two pledges that reciprocate each other name each other: one of the two is amended at the end.
    """
    by_key = {row.identity: row for row in rows}
    done: dict[tuple[str, str], Row] = {}
    busy: set[tuple[str, str]] = set()
    found: list[tuple[Row, set[str]]] = []

    def visit(row: Row) -> Iterator[Row]:
        """Yields the rows that must come first, then settles the row."""
        busy.add(row.identity)
        put_off: set[str] = set()
        needs = sorted(row.needs.items(), key=lambda need: need[0] in _MAY_WAIT)
        for column, targets in needs:
            for target in targets:
                if target in by_key and target not in done:
                    if target in busy:
                        put_off.add(column)
                    else:
                        yield by_key[target]
        busy.discard(row.identity)
        done[row.identity] = row
        found.append((row, put_off))

    for root in rows:
        stack = [] if root.identity in done else [visit(root)]
        while stack:
            first = next(stack[-1], None)
            if first is None:
                stack.pop()
            elif first.identity not in done:
                stack.append(visit(first))
    return found


_PLEDGES = ("pledge", "pledges", "on_pledge", "depends_on_pledge", "became", "reciprocates")
_MAY_WAIT = frozenset(
    {"reciprocates", "became", "of_condition", "of_deadline", "supersedes", "cites"}
)
