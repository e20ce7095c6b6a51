"""Entering many new facts of one noun together, and withdrawing them, as ``record.put`` would each.

The same columns are cleaned, the same rules asked, the same entries made, with a number of queries
that grows by the batch only. What is entered so hangs on no pledge yet, so that no phase changes.
Must not live here: what a row means.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from django.db import models

from tracker.domain import stated
from tracker.domain.errors import Conflict, Invalid
from tracker.domain.sentences import _
from tracker.models import Dossier, Fact, KeyedFact, User
from tracker.selectors import rows
from tracker.selectors.rows import State, key_path

from . import bulk_rows, four_eyes, ledger, passages, record, rules, time_rules
from .columns import clean

AT_ONCE = 500
SHORT = 100  # characters of a value that may come again
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class New:
    """A row to be entered, with the reason that its entry gives."""

    key: str
    state: Mapping[str, Any]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A row that was checked and is not saved: with what it names many of, and its whole state."""

    row: Any
    many: Mapping[str, list[models.Model]]
    state: State
    reason: str


class Desk:
    """Checks new rows of one noun. What they may name is read once, for all of them."""

    def __init__(
        self, model: type[KeyedFact], dossier: Dossier, *, at: datetime, states: Iterable[State]
    ) -> None:
        self.model, self.dossier, self.at = model, dossier, at
        self._named: dict[tuple[type[models.Model], str], models.Model] = {}
        wanted: dict[type[models.Model], set[str]] = {}
        for state in states:
            for name, other in self._references():
                value = state.get(name) or []
                keys = value if isinstance(value, list) else [value]
                wanted.setdefault(other, set()).update(keys)
        self._columns = [(name, model._meta.get_field(name)) for name in model.ENTERED]
        self._cleaned: dict[tuple[str, str], tuple[Any, Any]] = {}
        for other, named in wanted.items():
            self._load(other, named)

    def _references(self) -> Iterator[tuple[str, type[models.Model]]]:
        for name in self.model.ENTERED:
            column: Any = self.model._meta.get_field(name)
            if column.related_model is not None:
                yield name, column.related_model

    def _load(self, other: type[models.Model], keys: Iterable[str]) -> None:
        path = key_path(other)
        here = {"dossier": self.dossier} if issubclass(other, Fact) else {}
        for some in batches(sorted(keys)):
            for found in other._default_manager.filter(**{f"{path}__in": some}, **here):
                self._named[other, str(getattr(found, path))] = found

    def prepared(self, new: New) -> Prepared:
        """Raises Invalid with the column, as ``record.put`` does."""
        row = self.model(recorded_at=self.at, dossier=self.dossier, key=new.key)
        many: dict[str, list[models.Model]] = {}
        after: State = {}
        for name, column in self._columns:
            given = new.state[name] if name in new.state else record.default(self.model, name)
            if isinstance(column, models.ManyToManyField):
                named = sorted(set(given))
                many[name] = [self._one(name, column.related_model, key) for key in named]
                after[name] = named
            elif isinstance(column, models.ForeignKey):
                one = self._one(name, column.related_model, given) if given else None
                setattr(row, name, one)
                after[name] = given or None
            else:
                value, after[name] = self._value(name, given)
                setattr(row, name, value)
        record.derive(self.model, row, after)
        rules.check(self.model.NOUN, row, after)
        time_rules.check(self.model.NOUN, row, after, changed=self.model.ENTERED, at=self.at)
        return Prepared(row, many, after, new.reason)

    def _value(self, name: str, given: Any) -> tuple[Any, Any]:
        """What a column holds and what its state says; tables say the same again and again."""
        found = self._cleaned.get((name, given)) if isinstance(given, str) else None
        if found is None:
            value = clean(self.model, name, given, self.dossier)
            found = value, rows.plain(value)
            if isinstance(given, str) and len(given) < SHORT:
                self._cleaned[name, given] = found
        return found

    def _one(self, name: str, other: Any, key: str) -> models.Model:
        found = self._named.get((other, key))
        if found is None:
            noun = other._meta.verbose_name
            raise Invalid(
                _("There is no {noun} “{key}”.", noun=noun, key=key),
                field=name,
                mend=_("Enter it first."),
            )
        return found


def enter(
    model: type[KeyedFact],
    news: Sequence[New],
    *,
    dossier: Dossier,
    by: User | None,
    at: datetime,
    action: str,
) -> list[Any]:
    """The rows, in the order in which they were given. Must run in a transaction of the caller's.

    Raises Conflict when a key is taken, and what ``Desk.prepared`` raises; then nothing is to stay.
    """
    ledger.lock(dossier.slug)
    four_eyes.check(model, dossier, by)
    for some in batches([new.key for new in news]):
        taken = model._default_manager.filter(dossier=dossier, key__in=some).first()
        if taken is not None:
            raise Conflict(
                _("“{taken}” is taken.", taken=taken), field="key", mend=_("Choose another.")
            )
    desk = Desk(model, dossier, at=at, states=[dict(new.state) for new in news])
    made = [desk.prepared(new) for new in news]
    model._default_manager.bulk_create([one.row for one in made], batch_size=AT_ONCE)
    _link(model, made)
    passages.write_new(one.row for one in made)
    ledger.append_many(
        (ledger.Change(model.NOUN, one.row.key, one.row.pk, one.state, one.reason) for one in made),
        chain=dossier.slug,
        action=action,
        by=by,
        at=at,
    )
    return [one.row for one in made]


def _link(model: type[KeyedFact], made: Sequence[Prepared]) -> None:
    """The join rows of what the rows name many of."""
    for name in model.ENTERED:
        column: Any = model._meta.get_field(name)
        if not isinstance(column, models.ManyToManyField):
            continue
        through: Any = column.remote_field.through
        own, other = (
            f"{column.m2m_field_name()}_id",
            f"{column.m2m_reverse_field_name()}_id",
        )
        bulk_rows.insert(
            through,
            (
                through(**{own: one.row.pk, other: named.pk})
                for one in made
                for named in one.many[name]
            ),
        )


def withdraw_as_never_held(
    found: Sequence[Any],
    *,
    dossier: Dossier,
    reason: str,
    by: User | None,
    at: datetime,
    action: str,
) -> None:
    """Withdraw rows of one noun, each from when it was public. Of rows that hang on no pledge.

    Must run in a transaction of the caller's.
    """
    if not found:
        return
    model = type(found[0])
    ledger.lock(dossier.slug)
    four_eyes.check(model, dossier, by)
    until: dict[int, datetime] = {}
    for row in found:
        row.withdrawn_at, row.withdrawn_reason = row.public, reason
        first = stated.first_instant(stated.parse(row.public))
        assert first is not None
        row.withdrawn_at_instant = until[row.pk] = first
        row.version += 1
    model._default_manager.bulk_update(
        found,
        ["withdrawn_at", "withdrawn_reason", "withdrawn_at_instant", "version"],
        batch_size=AT_ONCE,
    )
    passages.end(model.NOUN, until)
    states: dict[str, State] = {}
    for some in batches([row.pk for row in found]):
        states |= rows.states(model, model._default_manager.filter(pk__in=some))
    ledger.append_many(
        (
            ledger.Change(
                model.NOUN,
                row.key,
                row.pk,
                {name: states[row.key][name] for name in model.ENTERED},
                reason,
            )
            for row in found
        ),
        chain=dossier.slug,
        action=action,
        by=by,
        at=at,
    )


def batches(items: Sequence[Item]) -> Iterator[list[Item]]:
    """So many at once as one query takes."""
    left = iter(items)
    while some := list(islice(left, AT_ONCE)):
        yield some
