"""The core of every write: check, save, derive, enter in the ledger, in one transaction.

``put`` takes the columns that people enter, in the ledger's shape, and makes or amends a row. The
verbs of the nouns (``pledges.register``, ``adoptions.adopt``…) are built on it.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import IntegrityError, models, transaction

from tracker.domain import stated, tags
from tracker.domain.errors import Conflict, Invalid
from tracker.domain.filters import searchable
from tracker.domain.sentences import _
from tracker.models import (
    GLOBAL_CHAINS,
    NOUNS,
    PARTIES,
    Comment,
    Condition,
    Deadline,
    Dependency,
    Dossier,
    Entered,
    Extension,
    Fact,
    Incident,
    Membership,
    Pledge,
    Position,
    Reading,
    Source,
    User,
)
from tracker.models.fields import StatedField
from tracker.selectors import rows
from tracker.selectors.ledger import last_seq

from . import four_eyes, ledger, merge_rules, passages, phases, rules, time_rules
from .columns import clean

State = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Put:
    """What came of it: the row, and whether anything was written."""

    row: Any
    created: bool
    changed: bool


@dataclass(slots=True)
class _Batch:
    """Dossiers whose pledges are derived anew when the outermost batch ends, and by whom."""

    touched: dict[int, tuple[Dossier, set[str]]] = field(default_factory=dict)
    authors: set[int] = field(default_factory=set)


NEW = "new"  # the last part of the addresses under which things are entered
BULK = "bulk"  # of that under which pledges are changed together
_KEY = re.compile(r"[\w.\-]+")
_SLUG = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_open: ContextVar[_Batch | None] = ContextVar("open_batch", default=None)


@contextmanager
def batch(*, at: datetime) -> Iterator[None]:
    """One transaction for several writes; the phases are derived once, at its end."""
    if _open.get() is not None:
        yield
        return
    made = _Batch()
    token = _open.set(made)
    try:
        with transaction.atomic():
            yield
            for dossier, refs in made.touched.values():
                phases.rebuild(dossier=dossier, refs=refs, at=at, authors=made.authors)
    finally:
        _open.reset(token)


class _TakenBackError(Exception):
    """Ends a rehearsal."""


@contextmanager
def rehearsal() -> Iterator[four_eyes.Noted]:
    """What is written within is checked as ever and noted, and then taken back: nothing stays."""
    token = _open.set(_Batch())
    try:
        with suppress(_TakenBackError), transaction.atomic(), four_eyes.noting() as noted:
            yield noted
            raise _TakenBackError
    finally:
        _open.reset(token)


def put(
    noun: str,
    key: str,
    state: Mapping[str, Any],
    *,
    dossier: Dossier | None,
    by: User | None,
    at: datetime,
    action: str = "",
    reason: str = "",
    seen: int | None = None,
) -> Put:
    """Make the row of that key, or amend it; with the same state nothing is written.

    Columns that are left out keep their default or what they were. ``seen`` is the number of the
    row's last ledger entry that its author had read. Raises Invalid with the column that is wrong,
    and Conflict when the row has a later entry than that.
    """
    model = NOUNS[noun]
    unknown = [name for name in state if name not in model.ENTERED and name != model.KEY]
    if unknown:
        raise Invalid(
            _("A {noun} has no “{unknown}”.", noun=noun, unknown=unknown[0]),
            field=unknown[0],
            mend=_("It has: {entered}.", entered=", ".join(model.ENTERED)),
        )
    _check_key(model, key)
    with batch(at=at):
        chain = _chain_of(model, key, dossier)
        ledger.lock(chain)
        row = _find(model, key, dossier)
        if row is not None and seen is not None and last_seq(chain, noun, key) != seen:
            raise Conflict(
                _("This was changed since you read it."),
                mend=_("Look at the new version, then enter your change again."),
            )
        return _write(model, row, key, state, dossier, by, at, action, reason)


def _check_key(model: type[Entered], key: str) -> None:
    """Raises Invalid for what cannot name a row of that noun."""
    if issubclass(model, Membership):
        if not _is_uid(key):
            raise Invalid(
                _("There is no user “{key}”.", key=key), field="user", mend=_("Name an opaque id.")
            )
        return
    column: Any = model._meta.get_field(model.KEY)
    known = _SLUG if isinstance(column, models.SlugField) else _KEY
    if len(key) > column.max_length or not known.fullmatch(key):
        raise Invalid(
            _("“{key}” cannot be a key.", key=key[:80]),
            field=model.KEY,
            mend=_(
                "Use 1 to {most} letters, digits, hyphens and underscores.", most=column.max_length
            )
            if known is _SLUG
            else _(
                "Use 1 to {most} letters, digits, hyphens and underscores, and full stops.",
                most=column.max_length,
            ),
        )
    if key == NEW or (key == BULK and issubclass(model, Pledge)):
        raise Invalid(
            _("“{key}” cannot be a key.", key=key), field=model.KEY, mend=_("Choose another.")
        )
    if model is Dossier and key in GLOBAL_CHAINS:
        raise Invalid(
            _("“{key}” is the name of a chain of the ledger.", key=key),
            field="slug",
            mend=_("Choose another."),
        )


def _chain_of(model: type[Entered], key: str, dossier: Dossier | None) -> str:
    if model is Dossier:
        return key
    return dossier.slug if dossier is not None else PARTIES


def _find(model: type[Entered], key: str, dossier: Dossier | None) -> Any:
    path = rows.key_path(model)
    if issubclass(model, (Pledge, Position)):
        other = Position if issubclass(model, Pledge) else Pledge
        if other._default_manager.filter(ref=key).exists():
            raise _taken(key)
    found: models.QuerySet[Any] = model._default_manager.filter(**{path: key})
    if issubclass(model, (Fact, Membership)):
        found = found.filter(dossier=dossier)
        elsewhere = issubclass(model, (Pledge, Position)) and model._default_manager.filter(
            ref=key
        ).exclude(dossier=dossier)
        if elsewhere:
            raise _taken(key)
    return found.select_for_update().first()


def _taken(ref: str) -> Invalid:
    """References are unique in the whole register. By what or where, this person may not know."""
    return Invalid(_("“{ref}” is taken.", ref=ref), field="ref", mend=_("Choose another."))


def _write(
    model: type[Entered],
    row: Any,
    key: str,
    state: Mapping[str, Any],
    dossier: Dossier | None,
    by: User | None,
    at: datetime,
    action: str,
    reason: str,
) -> Put:
    created = row is None
    before: State = {} if created else rows.state(row)
    if not created:
        _touch(row)  # the pledges that it bears on so far, which it may leave
    if created:
        row = model(recorded_at=at)
        _name(row, key, dossier)
    many: dict[str, list[Any]] = {}
    for name in model.ENTERED:
        if created or name in state:
            given = state[name] if name in state else default(model, name)
            value = clean(model, name, given, dossier)
            if isinstance(model._meta.get_field(name), models.ManyToManyField):
                many[name] = value
            else:
                setattr(row, name, value)
    after = _state(model, row, many, before)
    if not created and all(after[name] == before[name] for name in model.ENTERED):
        return Put(row, created=False, changed=False)
    four_eyes.check(model, dossier, by)
    derive(model, row, after)
    rules.check(model.NOUN, row, after)
    changed = [name for name in model.ENTERED if created or after[name] != before[name]]
    time_rules.check(model.NOUN, row, after, changed=changed, at=at)
    merge_rules.not_about_a_merged_one(row, many.items(), changed)
    if not created:
        row.version += 1
    _save(row, created)
    for name, others in many.items():
        getattr(row, name).set(others)
    passages.write(row, changed=changed)
    entry = ledger.append(
        chain=_chain(row),
        noun=model.NOUN,
        key=key,
        row_id=row.pk,
        state={name: after[name] for name in model.ENTERED},
        action=action or f"{model.NOUN}.{'enter' if created else 'amend'}",
        by=by,
        at=at,
        reason=reason,
    )
    four_eyes.note(row, entry, changed=changed, is_new=created, dossier=dossier)
    _touch(row)
    if isinstance(row, Dossier) and "freshness" in changed and not created:
        phases.mark_of(row, at=at)
    open_batch = _open.get()
    if open_batch is not None and by is not None:
        open_batch.authors.add(by.pk)
    return Put(row, created=created, changed=True)


def remove(row: Membership, *, by: User | None, at: datetime, reason: str) -> None:
    """Delete a row that is no fact; the ledger remembers it. Facts are withdrawn instead."""
    with transaction.atomic():
        key, pk, chain = str(row.user.uid), row.pk, _chain(row)
        row.delete()
        ledger.append(
            chain=chain,
            noun=row.NOUN,
            key=key,
            row_id=pk,
            state=None,
            action="membership.revoke",
            by=by,
            at=at,
            reason=reason,
        )


def _name(row: Any, key: str, dossier: Dossier | None) -> None:
    if isinstance(row, (Fact, Membership)):
        if dossier is None:
            raise Invalid(_("A {noun} belongs to a dossier.", noun=row.NOUN), field="dossier")
        row.dossier = dossier
    if isinstance(row, Membership):
        user = User.objects.filter(uid=key).first()
        if user is None:
            raise Invalid(
                _("There is no user “{key}”.", key=key),
                field="user",
                mend=_("Make the user first."),
            )
        row.user = user
    else:
        setattr(row, row.KEY, key)


def default(model: type[Entered], name: str) -> Any:
    """What a column says of which nothing was entered, in the ledger's shape."""
    column = model._meta.get_field(name)
    if isinstance(column, models.ManyToManyField):
        return []
    assert isinstance(column, models.Field)
    default = column.get_default()
    return str(default) if isinstance(column, models.CharField) and default else default


def _state(model: type[Entered], row: Any, many: dict[str, list[Any]], before: State) -> State:
    """The row's entered columns as the ledger will hold them, before it is saved."""
    after: State = {}
    for name in model.ENTERED:
        column = model._meta.get_field(name)
        if isinstance(column, models.ManyToManyField):
            path = rows.key_path(column.related_model)
            after[name] = (
                sorted(str(getattr(r, path)) for r in many[name]) if name in many else before[name]
            )
        elif isinstance(column, models.ForeignKey):
            other = getattr(row, name)
            path = rows.key_path(type(other)) if other is not None else ""
            after[name] = str(getattr(other, path)) if other is not None else None
        else:
            after[name] = rows.plain(getattr(row, name))
    return after


@cache
def stated_columns(model: type[Entered]) -> tuple[str, ...]:
    """The columns of a noun that hold stated times."""
    return tuple(f.name for f in model._meta.concrete_fields if isinstance(f, StatedField))


def derive(model: type[Entered], row: Any, state: State) -> None:
    """Set derived columns: the instant of each stated time, a snapshot's hash, what is searched.

    ``state``: what the ledger will hold.
    """
    for name in stated_columns(model):
        text = getattr(row, name)
        found = stated.first_instant(stated.parse(text)) if text else None
        setattr(row, f"{name}_instant", found)
    if isinstance(row, Fact) and row.public_instant is None:
        raise Invalid(
            _("When this became public must be a time with a zone."),
            field="public",
            mend=_("Add the zone; mark one that was not stated as assumed: ?Europe/Kyiv."),
        )
    if isinstance(row, Pledge):
        row.search = searchable(
            title=row.title,
            scope=row.scope,
            area=row.area,
            ref=row.ref,
            parties=(state["pledgor"], *state["beneficiaries"]),
        )
        row.tag_search = tags.stored(row.tags)
    if isinstance(row, Source):
        row.sha256 = sha256(row.snapshot.encode()).hexdigest() if row.snapshot else ""


def _save(row: Any, created: bool) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=created)
    except IntegrityError as error:
        raise Invalid(
            _(
                "The register refuses this {noun}: {row}.",
                noun=row.NOUN,
                row=_broken(row, str(error)),
            ),
            mend=_("Check that its columns fit together, and that its key is not taken."),
        ) from error


def _broken(row: Any, told: str) -> str:
    """What the constraint that a database names demands, in its own words."""
    for constraint in row._meta.constraints:
        if constraint.name in told:
            return str(constraint.name).replace("_", " ")
    return "something that must be unique stands there already"


def _is_uid(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


def _chain(row: Any) -> str:
    if isinstance(row, Dossier):
        return str(row.slug)
    if isinstance(row, (Fact, Membership)):
        return str(row.dossier.slug)
    return PARTIES


def _touch(row: Any) -> None:
    """Mark the pledges whose evaluation reads this row: their version rises, phases are derived."""
    made = _open.get()
    if made is None or not isinstance(row, Fact) or isinstance(row, Comment):
        return
    pledges = _concerned(row)
    if not pledges:
        return
    _dossier, refs = made.touched.setdefault(row.dossier_id, (row.dossier, set()))
    refs |= {p.ref for p in pledges}
    others = [p.pk for p in pledges if p.pk != row.pk or not isinstance(row, Pledge)]
    Pledge.objects.filter(pk__in=others).update(version=models.F("version") + 1)


def _concerned(row: Fact) -> list[Pledge]:
    """The pledges that a fact bears on: its own, those that rest on it, or all that may."""
    found: dict[int, Pledge] = {}
    for pledge in _owners(row):
        found[pledge.pk] = pledge
    resting = Pledge.objects.filter(
        models.Q(reciprocates__in=found)
        | models.Q(pk__in=Condition.objects.filter(depends_on_pledge__in=found).values("pledge"))
        | models.Q(pk__in=Dependency.objects.filter(on_pledge__in=found).values("pledge"))
    )
    for pledge in resting.distinct():
        found[pledge.pk] = pledge
    return list(found.values())


def _owners(row: Any) -> list[Pledge]:
    if isinstance(row, Pledge):
        return [row]
    if isinstance(row, Incident):
        return list(row.pledges.all())
    pledge = getattr(row, "pledge", None)
    if isinstance(pledge, Pledge):
        return [pledge]
    for name in ("condition", "extension", "deadline", "incident", "reading", "trigger"):
        owner = getattr(row, name, None)
        if isinstance(owner, (Condition, Extension, Deadline, Incident, Reading)):
            return _owners(owner)
        if owner is not None:
            return list(Pledge.objects.filter(dossier=row.dossier))
    if row.NOUN == "trigger":
        return list(Pledge.objects.filter(dossier=row.dossier))
    return []
