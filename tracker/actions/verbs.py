"""What the verbs of all nouns have in common, on top of ``record.put``.

A reference may be given as its row or its key, a stated time as text or as ``Stated``. Must not
live here: what a single noun means (its own module), or what a row must satisfy (rules.py).
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db import models

from tracker.domain.durations import Duration
from tracker.domain.errors import Conflict, Invalid
from tracker.domain.sentences import _
from tracker.domain.stated import Stated
from tracker.models import GLOBAL_CHAINS, Dossier, Entered, Fact, Party, Pledge, Position, User
from tracker.selectors.keys import prefix_of, reference_of, stem_of
from tracker.selectors.rows import key_path

from . import ledger, record

Row = TypeVar("Row", bound=Entered)
Owned = TypeVar("Owned", bound=Fact)


def key_of(row: models.Model) -> str:
    """The key, reference, slug or opaque id by which the ledger names a row."""
    found: Any = row
    for step in key_path(row.__class__).split("__"):  # a request's user only stands in for the row
        found = getattr(found, step)
    return str(found)


def plain(value: Any) -> Any:
    """A value in the ledger's shape: rows become keys, times and durations text."""
    if isinstance(value, models.Model):
        return key_of(value)
    if isinstance(value, (Stated, Duration)):
        return str(value)
    if isinstance(value, (list, tuple, set, frozenset, models.QuerySet)):
        return [plain(item) for item in value]
    return value


def columns(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: plain(value) for name, value in given.items()}


def new_key(model: type[Fact], dossier: Dossier, owner: models.Model | None = None) -> str:
    """The first free key of a noun beneath its owner: ``REF.move.2``.

    Keys of seed files never have this form, so that loading a file amends nothing that was made so.
    """
    stem = f"{key_of(owner)}.{model.NOUN}." if owner is not None else f"{model.NOUN}."
    rows: Any = model._default_manager  # what is keyed has a key; pledges and positions have none
    taken = set(rows.filter(dossier=dossier, key__startswith=stem).values_list("key", flat=True))
    number = len(taken) + 1
    while f"{stem}{number}" in taken:
        number += 1
    return f"{stem}{number}"


def free_key(model: type[Entered], dossier: Dossier | None, title: str) -> str:
    """A key made from a title, with a number where it is taken; without letters, a numbered one."""
    stem = stem_of(model.NOUN, title)
    path = key_path(model)
    rows: Any = model._default_manager.filter(**{f"{path}__startswith": stem})
    if issubclass(model, Fact):
        rows = rows.filter(dossier=dossier)
    taken = {record.NEW, *GLOBAL_CHAINS, *rows.values_list(path, flat=True)}
    return first_free(stem, taken, join="-")


def free_reference(
    model: type[Pledge] | type[Position], dossier: Dossier, *, what: Any, who: Any
) -> str:
    """A reference where none was typed, as the dossier's others are: ``UA-ENERGY-RU``.

    ``what``: a subject or kind; ``who``: the party, or its slug.
    """
    party = who if isinstance(who, Party) else Party.objects.filter(slug=str(who or "")).first()
    here = [
        ref
        for noun in (Pledge, Position)
        for ref in noun._default_manager.filter(dossier=dossier).values_list("ref", flat=True)
    ]
    prefix = prefix_of(here, dossier.slug)
    stem = reference_of(prefix, str(what or model.NOUN), (party.iso or party.slug) if party else "")
    taken = {record.NEW}
    for noun in (Pledge, Position):  # which share no reference
        held = noun._default_manager.filter(ref__startswith=stem)
        taken |= set(held.values_list("ref", flat=True))
    return first_free(stem, taken, join="-")


def first_free(stem: str, taken: Collection[str], *, join: str) -> str:
    """The stem, or the stem with the first number that is free: ``talks``, ``talks-2``."""
    number, key = 1, stem
    while key in taken:
        number += 1
        key = f"{stem}{join}{number}"
    return key


class Verbs(Generic[Row]):
    """The verbs of one noun, named in the ledger as ``<plural>.<verb>``."""

    def __init__(self, model: type[Row], plural: str) -> None:
        self.model, self.plural = model, plural

    def enter(
        self,
        verb: str,
        key: str,
        given: Mapping[str, Any],
        *,
        dossier: Dossier | None,
        by: User | None,
        at: datetime,
        reason: str = "",
    ) -> Row:
        """A new row. Raises Conflict when the key is taken, Invalid with the column otherwise."""
        with record.batch(at=at):
            self._refuse_taken(key, dossier)
            made = record.put(
                self.model.NOUN,
                key,
                columns(given),
                dossier=dossier,
                by=by,
                at=at,
                action=f"{self.plural}.{verb}",
                reason=reason,
            )
        row: Row = made.row
        return row

    def change(
        self,
        verb: str,
        row: Row,
        given: Mapping[str, Any],
        *,
        by: User | None,
        at: datetime,
        reason: str = "",
        seen: int | None = None,
    ) -> Row:
        """The row with these columns. Raises Conflict when it has a later entry than ``seen``."""
        changed = record.put(
            self.model.NOUN,
            key_of(row),
            columns(given),
            dossier=getattr(row, "dossier", None),
            by=by,
            at=at,
            action=f"{self.plural}.{verb}",
            reason=reason,
            seen=seen,
        )
        found: Row = changed.row
        return found

    def amend(
        self,
        *,
        row: Row,
        by: User | None,
        at: datetime,
        why: str = "",
        seen: int | None = None,
        **given: Any,
    ) -> Row:
        """Correct what was entered: the columns that are given. ``why`` goes to the ledger."""
        return self.change("amend", row, given, by=by, at=at, reason=why, seen=seen)

    def _refuse_taken(self, key: str, dossier: Dossier | None) -> None:
        if "\x00" in key:  # no database is asked for it; record.put refuses it
            return
        rows = self.model._default_manager.filter(**{key_path(self.model): key})
        if issubclass(self.model, Fact) and self.model.KEY == "key":
            rows = rows.filter(dossier=dossier)
        if rows.exists():
            # Not where: the other one may be in a dossier that is not for this person.
            raise Conflict(
                _("“{key}” is taken.", key=key),
                field=self.model.KEY,
                mend=_("Choose another."),
            )


class FactVerbs(Verbs[Owned]):
    """Besides, facts can be taken back: they are withdrawn, never deleted."""

    def withdraw(
        self,
        *,
        row: Owned,
        when: str | Stated,
        reason: str,
        by: User | None,
        at: datetime,
        seen: int | None = None,
    ) -> Owned:
        """The fact no longer holds from the public time ``when`` on. It stays in the register."""
        if row.withdrawn_at:
            raise Conflict(_("It is withdrawn already."), field="withdrawn_at")
        if not plain(when):
            raise Invalid(
                _("When it was withdrawn is missing."), field="withdrawn_at", mend=_("Say when.")
            )
        if not reason.strip():
            raise Invalid(
                _("Why it is withdrawn is missing."), field="withdrawn_reason", mend=_("Say why.")
            )
        given = {"withdrawn_at": when, "withdrawn_reason": reason}
        return self.change("withdraw", row, given, by=by, at=at, reason=reason, seen=seen)

    def restore(
        self, *, row: Owned, reason: str, by: User | None, at: datetime, seen: int | None = None
    ) -> Owned:
        """The withdrawal was a mistake: the fact holds again, as if it had never been withdrawn."""
        if not row.withdrawn_at:
            raise Conflict(_("It is not withdrawn."), field="withdrawn_at")
        if not reason.strip():
            raise Invalid(_("Why it holds again is missing."), field="reason", mend=_("Say why."))
        given = {"withdrawn_at": "", "withdrawn_reason": ""}
        return self.change("restore", row, given, by=by, at=at, reason=reason, seen=seen)

    def enter_owned(
        self,
        verb: str,
        key: str,
        owner: Fact | None,
        given: Mapping[str, Any],
        *,
        dossier: Dossier,
        by: User | None,
        at: datetime,
        reason: str = "",
    ) -> Owned:
        """A new fact about ``owner``; without a key it gets the next one beneath it."""
        key = key or new_key(self.model, dossier, owner)
        return self.enter(verb, key, given, dossier=dossier, by=by, at=at, reason=reason)


@contextmanager
def decided(
    chain: str, so_far: Callable[[], int], seen: int | None, *, at: datetime
) -> Iterator[None]:
    """A decision on top of those that its author saw; ``seen`` None: of whatever there is.

    Raises Conflict when there is a later one than ``seen``.
    """
    with record.batch(at=at):
        ledger.lock(chain)
        if seen is not None and so_far() != seen:
            raise Conflict(
                _("Somebody decided on this since you read it."),
                mend=_("Look at it as it stands now, then decide again."),
            )
        yield


def about(owner: Fact, allowed: tuple[str, ...]) -> dict[str, str]:
    """The one column that names what a fact is about. Raises Invalid for what cannot be meant."""
    if owner.NOUN not in allowed:
        raise Invalid(
            _("This cannot be about a {noun}.", noun=owner.NOUN),
            mend=_("Name one of: {allowed}.", allowed=", ".join(allowed)),
        )
    return {owner.NOUN: key_of(owner)}
