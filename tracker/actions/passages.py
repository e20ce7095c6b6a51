"""What rows are found by: written with each of them, or all of it anew.

Derived, so that nothing here is entered in the ledger.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import QuerySet

from tracker.models import (
    Condition,
    Count,
    Dossier,
    Entered,
    Extension,
    Fact,
    Incident,
    Party,
    Passage,
    Pledge,
)
from tracker.selectors import passages
from tracker.selectors.passages import ENTRY, HANGING

from . import bulk_rows

AT_ONCE = 500  # rows written together, and characters
CHARACTERS = 2_000_000
# What besides its words decides who finds a row, and when.
_DECIDING = {"public", "withdrawn_at", "merged_into", "pledge", "pledges", "extension"}


def write(row: Entered, *, changed: Collection[str]) -> None:
    """The passages of a row that was saved, where what they are made of has changed."""
    found = passages.kinds(row.NOUN)
    made_of = {name for kind in found for name in passages.columns(kind, row.NOUN)}
    if isinstance(row, Pledge):
        made_of |= {"pledgor", "beneficiaries"}
    if not found or not (made_of | _DECIDING).intersection(changed):
        return
    _renew(row)
    if isinstance(row, Extension) and "pledge" in changed:
        for condition in Condition.objects.filter(extension=row).select_related("extension"):
            _renew(condition)


def _renew(row: Entered) -> None:
    """Where the words are the same, their index is left alone."""
    held = list(Passage.objects.filter(noun=row.NOUN, row=row.pk).order_by("pk"))
    made = list(_made(row))
    columns = [field.attname for field in Passage._meta.concrete_fields if not field.primary_key]
    for one in list(made):
        like = next((old for old in held if (old.kind, old.text) == (one.kind, one.text)), None)
        if like is None:
            continue
        held.remove(like)
        made.remove(one)
        changed = [name for name in columns if getattr(one, name) != getattr(like, name)]
        if changed:
            Passage.objects.filter(pk=like.pk).update(**{n: getattr(one, n) for n in changed})
    if held:
        Passage.objects.filter(pk__in=[old.pk for old in held]).delete()
    Passage.objects.bulk_create(made)


def write_new(rows: Iterable[Entered]) -> None:
    """The passages of rows that were just entered and hang on no pledge yet, all together."""
    bulk_rows.insert(Passage, (one for row in rows for one in _made(row, hangs_on=[])))


def end(noun: str, until: Mapping[int, datetime]) -> None:
    """Rows, by id, were withdrawn from an instant on: their passages are found until then."""
    for at, ids in _by_instant(until).items():
        Passage.objects.filter(noun=noun, row__in=ids).update(until_at=at)


def _by_instant(until: Mapping[int, datetime]) -> dict[datetime, list[int]]:
    found: dict[datetime, list[int]] = {}
    for pk, at in until.items():
        found.setdefault(at, []).append(pk)
    return found


def _made(row: Any, hangs_on: list[int | None] | None = None) -> Iterator[Passage]:
    """``hangs_on``: the pledges on whose pages it stands, where that is known; None: looked up."""
    for kind in passages.kinds(row.NOUN):
        text = passages.folded(row, kind)
        if not text:
            continue
        known = _owners(row) if hangs_on is None and kind in HANGING else hangs_on
        owners = known if kind in HANGING else [None]
        # What hangs on no pledge is on no page but that of the entry.
        for pledge in owners or [None]:
            yield Passage(
                kind=kind if owners else ENTRY,
                noun=row.NOUN,
                row=row.pk,
                key=str(getattr(row, row.KEY)),
                dossier_id=row.pk if isinstance(row, Dossier) else getattr(row, "dossier_id", None),
                pledge_id=row.pk if isinstance(row, Pledge) else pledge,
                public_at=row.public_instant if isinstance(row, Fact) else None,
                until_at=row.withdrawn_at_instant if isinstance(row, Fact) else None,
                text=text,
            )


def _owners(row: Any) -> list[int | None]:
    """The pledges on whose pages it stands; None: on a page of its dossier. Empty: on neither."""
    if isinstance(row, Incident):
        return sorted(row.pledges.values_list("pk", flat=True))
    if isinstance(row, Condition) and row.extension is not None:
        return [row.extension.pledge_id]
    return [] if isinstance(row, Count) and row.pledge_id is None else [row.pledge_id]


def rebuild() -> int:
    """Every passage anew, from the rows as they are; how many there are."""
    with transaction.atomic():
        Passage.objects.all().delete()
        number = 0
        for batch in _batches(_all()):
            number += len(Passage.objects.bulk_create(batch))
        return number


def _all() -> Iterator[Passage]:
    for model in passages.searched():
        rows: QuerySet[Any] = model._default_manager.order_by("pk")
        if model is Condition:
            rows = rows.select_related("extension")
        if model is Incident:
            rows = rows.prefetch_related("pledges")
        if model is Pledge:
            rows = rows.select_related("pledgor").prefetch_related("beneficiaries")
        for row in rows.iterator(chunk_size=100):
            yield from _made(row)


def _batches(rows: Iterable[Passage]) -> Iterator[list[Passage]]:
    batch: list[Passage] = []
    held = 0
    for row in rows:
        batch.append(row)
        held += len(row.text)
        if len(batch) == AT_ONCE or held > CHARACTERS:
            yield batch
            batch, held = [], 0
    if batch:
        yield batch


def fill(*, using: str = DEFAULT_DB_ALIAS) -> None:
    """Fills an empty table, once the database has all migrations: after the one that made it, and
    in a register that was restored, since a backup has no passages.
    """
    connection = connections[using]
    with connection.cursor() as cursor:
        if Passage._meta.db_table not in connection.introspection.table_names(cursor):
            return
    if Passage.objects.exists():
        return
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    if Party.objects.exists() or Dossier.objects.exists():
        rebuild()
