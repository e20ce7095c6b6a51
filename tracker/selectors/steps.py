"""The steps of a proposal as they would be applied by now: under which keys, on top of what.

Must not live here: writes, words.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

from tracker.domain.proposals import Standing
from tracker.models import (
    FACTS,
    NOUNS,
    Adoption,
    Dossier,
    Fact,
    LedgerEntry,
    Move,
    Proposal,
    ProposedStep,
    Reading,
)
from tracker.models.move import ABOUT as JUDGED
from tracker.models.reading import ABOUT as READ

from . import keys, ledger
from .rows import State, key_path

Row = tuple[str, str]  # noun and key
TITLES = ("title", "name", "description")  # of which keys are made


@dataclass(frozen=True, slots=True)
class Settled:
    """``key`` and ``columns``: with a made key that was taken meanwhile made anew. ``before``: the
    row as its author saw it, ``now``: as it is; empty where there was none. ``seq``: the ledger's
    last entry about what the step rests on.

    ``is_overtaken``: there is a later one than its author saw; ``is_so``: the row says so already.
    """

    step: ProposedStep
    key: str
    columns: State
    before: State
    now: State
    seq: int
    is_overtaken: bool
    is_so: bool

    @property
    def after(self) -> State:
        """The row as it would be."""
        return {**self.now, **self.columns}


def grounds(
    noun: str, key: str, *, is_new: bool, columns: Mapping[str, Any], dossier: Dossier | None
) -> dict[str, list[str]]:
    """The rows that a step is made on top of, by noun: its own; of a decision, what was decided on
    and what was decided of that so far.
    """
    found = {noun: [key]}
    if not is_new or dossier is None:
        return found
    if noun == Move.NOUN:
        about = next((name for name in JUDGED if columns.get(name)), JUDGED[0])
        path = f"{about}__{key_path(FACTS[about])}"
        made = Move.objects.filter(dossier=dossier, **{path: columns[about]})
        return {about: [columns[about]], noun: [key, *made.values_list("key", flat=True)]}
    if noun == Adoption.NOUN:
        reading = Reading.objects.filter(dossier=dossier, key=columns["reading"]).first()
        if reading is not None:
            same = {f"reading__{name}": getattr(reading, name) for name in READ}
            chosen = Adoption.objects.filter(**same).values_list("key", flat=True)
            return {Reading.NOUN: [reading.key], noun: [key, *chosen]}
    return found


def settled(proposal: Proposal) -> list[Settled]:
    """In their order. What one step comes to is what the next is made on top of. Of a proposal that
    is decided, no key is made anew.
    """
    found: list[Settled] = []
    renamed, is_open = _Renamed(proposal), proposal.standing == Standing.OPEN
    steps = list(proposal.steps.order_by("order"))
    lasts = _lasts(steps)
    held = _held(steps, lasts)
    results: dict[Row, State] = {}
    for step in steps:
        row = (step.noun, step.key)
        last = lasts.get((step.chain, *row), 0)
        now = results.get(row, held.get((step.chain, last), {}))
        is_so = bool(now) and all(now.get(n) == v for n, v in step.columns.items())
        columns = renamed.columns(step)
        key = step.key
        if step.is_new and is_open and not is_so:
            key = renamed.key(step, is_taken=bool(now))
            now = now if key == step.key else {}
        seq = _seq(step, key, last, proposal)
        result = {**now, **columns}
        results[(step.noun, key)] = results[row] = result
        found.append(
            Settled(
                step=step,
                key=key,
                columns=columns,
                before=held.get((step.chain, step.seen), {}) if not step.is_new else {},
                now=now,
                seq=seq,
                is_overtaken=not is_so and step.seen is not None and seq != step.seen,
                is_so=is_so,
            )
        )
    return found


def token(found: Iterable[Settled]) -> str:
    """What the register has of all that a proposal rests on: another one once that changes."""
    return ".".join(str(one.seq) for one in found)


def _seq(step: ProposedStep, key: str, last: int, proposal: Proposal) -> int:
    if step.seen is None:
        return 0
    if step.is_new and step.noun in (Move.NOUN, Adoption.NOUN):
        about = grounds(
            step.noun, step.key, is_new=True, columns=step.columns, dossier=proposal.dossier
        )
        return ledger.last_of(step.chain, about)
    return last if key == step.key else 0


def _lasts(steps: Iterable[ProposedStep]) -> dict[tuple[str, str, str], int]:
    """The last entry of each row that the steps name: one query per chain."""
    found: dict[tuple[str, str, str], int] = {}
    for chain in sorted({step.chain for step in steps}):
        named = [step.key for step in steps if step.chain == chain]
        entries = LedgerEntry.objects.filter(chain__name=chain, row_key__in=named).order_by()
        for noun, key, last in entries.values_list("noun", "row_key").annotate(
            last=models.Max("seq")
        ):
            found[chain, noun, key] = last
    return found


def _held(
    steps: Iterable[ProposedStep], lasts: Mapping[tuple[str, str, str], int]
) -> dict[tuple[str, int | None], State]:
    """The states of rows after the entries that were seen, and after their last: one query per
    chain.
    """
    wanted: dict[str, set[int]] = {}
    for step in steps:
        last = lasts.get((step.chain, step.noun, step.key), 0)
        wanted.setdefault(step.chain, set()).update({last, step.seen or 0} - {0})
    return {
        (chain, entry.seq): ledger.lift(entry) or {}
        for chain, numbers in wanted.items()
        if numbers
        for entry in LedgerEntry.objects.filter(chain__name=chain, seq__in=numbers)
    }


class _Renamed:
    """Made keys that are taken by now, and the keys that are made anew instead of them."""

    def __init__(self, proposal: Proposal) -> None:
        self.proposal = proposal
        self.bases: list[tuple[str, str, tuple[str, ...]]] = []
        self.rows: dict[Row, str] = {}

    def key(self, step: ProposedStep, *, is_taken: bool) -> str:
        key = step.key
        for old, new, joins in self.bases:
            rest = key.removeprefix(old)
            if key.startswith(old) and (not rest or rest.startswith(joins)):
                key = new + rest
                break
        else:
            if is_taken:
                key = self._anew(step)
        if key != step.key:
            self.rows[step.noun, step.key] = key
        return key

    def _anew(self, step: ProposedStep) -> str:
        title = next((str(step.columns[n]) for n in TITLES if step.columns.get(n)), "")
        base = keys.base_of(step.noun, step.key, title)
        if base is None:
            return step.key
        model = NOUNS[step.noun]
        path = key_path(model)
        rows: Any = model._default_manager.filter(**{f"{path}__startswith": base.stem})
        if issubclass(model, Fact):
            rows = rows.filter(dossier=self.proposal.dossier)
        taken = {base.plain(str(key)) for key in rows.values_list(path, flat=True)}
        number = 2
        while (new := f"{base.stem}{base.join}{number}") in taken:
            number += 1
        joins = (".", "-") if base.join == "." else (".",)
        self.bases.append((base.name, new, joins))
        return f"{new}{base.rest}"

    def columns(self, step: ProposedStep) -> State:
        """The step's columns with the new key of each row that they name."""
        if not self.rows:
            return dict(step.columns)
        model = NOUNS[step.noun]
        found = {}
        for name, value in step.columns.items():
            other: Any = model._meta.get_field(name).related_model
            noun = getattr(other, "NOUN", "")
            found[name] = (
                [self.rows.get((noun, one), one) for one in value]
                if isinstance(value, list)
                else self.rows.get((noun, value), value)
                if isinstance(value, str)
                else value
            )
        return found
