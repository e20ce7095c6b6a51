"""Putting a backup into an empty database: the one writer of rows that were written before.

It appends nothing to the ledger and takes neither ``by`` nor ``at``: the entries come with the rows
that they tell of, and both must be afterwards what they were. All of it is one transaction. Must
not live here: what a backup's file looks like (exports).
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.sql import emit_post_migrate_signal
from django.db import DEFAULT_DB_ALIAS, Error, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from tracker.domain.errors import Conflict, Invalid
from tracker.exports.archives import Backup, line
from tracker.exports.manifests import TableFile
from tracker.models import append_only
from tracker.selectors import ledger, tables
from tracker.selectors.tables import Migration, Table

# So many times what a table hands out at once is written at once.
BATCHES = 2


@dataclass(frozen=True, slots=True)
class Restored:
    """`migrated`: the migrations that the backup did not have yet."""

    rows: int
    files: int
    chains: int
    migrated: tuple[Migration, ...]


def restore(*, backup: Backup) -> Restored:
    """The backup's rows and stored files, in today's shape, or nothing at all.

    The database must hold no row of the register; whether it was migrated does not matter. Raises
    Conflict where there is something already, Invalid when the backup cannot be what it says.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    backup.check()
    told = backup.manifest
    before = tables.applied(connection)
    _check_room(backup, connection)
    with (
        _stored_files(backup) as place_files,
        _without_foreign_keys(connection),
        transaction.atomic(durable=True),
    ):
        _check_empty(connection, before)
        if before != told.migrations:
            _drop(connection, before)
            _migrate(connection, tables.latest(told.migrations))
        found = tables.at(told.migrations)
        for table in found.values():
            _load(connection, table, backup)
        _check_references(connection)
        for name, table in found.items():
            _compare(table, told.tables[name])
        migrated = _migrate(connection, None)
        _check_ledger(connection)
        _check_references(connection)
        _number_on(connection, told.tables)
        place_files()
    return Restored(told.rows, len(told.files), len(told.chains), migrated)


# --- what there must be before


def _check_room(backup: Backup, connection: BaseDatabaseWrapper) -> None:
    told = backup.manifest
    needed = sum(file.bytes for file in told.files.values())
    if connection.vendor == "sqlite":
        needed += sum(table.bytes for table in told.tables.values())
    free = shutil.disk_usage(settings.DATA_DIR).free
    if needed > free:
        raise Invalid(
            f"{backup.path} unpacks to {needed >> 20} MB, and {settings.DATA_DIR} has"
            f" {free >> 20} MB free.",
            mend="Make room.",
        )


def _check_empty(connection: BaseDatabaseWrapper, applied: Sequence[Migration]) -> None:
    found = tables.at(applied)
    if connection.vendor == "postgresql" and found:
        names = ", ".join(connection.ops.quote_name(name) for name in found)
        with connection.cursor() as cursor:  # nobody writes meanwhile
            cursor.execute(f"LOCK TABLE {names} IN EXCLUSIVE MODE")
    for name, table in found.items():
        if not table.is_empty(using=connection.alias):
            raise Conflict(
                f"The database {tables.place(connection)} is not empty: {name} has rows.",
                mend="Restore into a new one: name it by DATABASE_URL or TRACKER_DATA_DIR.",
            )


def _drop(connection: BaseDatabaseWrapper, applied: Sequence[Migration]) -> None:
    """Takes the empty tables away: they are of another release than the backup."""
    if not applied:
        return
    cascade = " CASCADE" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for name in tables.names(applied):
            cursor.execute(f"DROP TABLE {connection.ops.quote_name(name)}{cascade}")


@contextmanager
def _without_foreign_keys(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """SQLite checks them at each row, and cannot leave it once a transaction has begun.

    PostgreSQL checks them when it is asked to, or at the end.
    """
    if connection.vendor != "sqlite":
        yield
        return
    connection.disable_constraint_checking()
    try:
        yield
    finally:
        connection.enable_constraint_checking()


# --- tables and rows


def _migrate(
    connection: BaseDatabaseWrapper, targets: list[Migration] | None
) -> tuple[Migration, ...]:
    """Migrates to the targets, or (None) to today, where the triggers are laid as well."""

    def told(event: str, *_: Any) -> None:
        # Each migration finds the references of the one before it checked, as if it had been
        # committed: PostgreSQL alters no table that has checks to come.
        if event == "apply_success":
            connection.check_constraints()

    executor = MigrationExecutor(connection, told)
    leaves = targets if targets is not None else executor.loader.graph.leaf_nodes()
    plan = executor.migration_plan(leaves)
    executor.migrate(leaves, plan)
    if targets is None:
        emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias)
    return tuple((migration.app_label, migration.name) for migration, _ in plan)


def _load(connection: BaseDatabaseWrapper, table: Table, backup: Backup) -> None:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(column) for column in table.columns)
    marks = ", ".join(["%s"] * len(table.columns))
    insert = f"INSERT INTO {quote(table.name)} ({columns}) VALUES ({marks})"  # noqa: S608
    batch: list[list[Any]] = []
    with connection.cursor() as cursor:

        def write() -> None:
            try:
                cursor.executemany(insert, batch)
            except (Error, ValueError) as error:
                reason = str(error).strip().splitlines()[0]
                raise Invalid(
                    f"Rows {batch[0][0]} to {batch[-1][0]} of {table.name} cannot be written:"
                    f" {reason}"
                ) from error
            batch.clear()

        for row in backup.rows(table.name):
            batch.append(_values(connection, table, row))
            if len(batch) == BATCHES * table.at_once:
                write()
        if batch:
            write()


def _values(connection: BaseDatabaseWrapper, table: Table, row: Sequence[Any]) -> list[Any]:
    """The row as the database's driver takes it."""
    found = []
    for column, value in zip(table.fields, row, strict=True):
        try:
            found.append(column.get_db_prep_save(column.to_python(value), connection))
        except (ValidationError, ValueError, TypeError) as error:
            raise Invalid(
                f"Row {row[0]} of {table.name}: its {column.column} cannot be read."
            ) from error
    return found


def _compare(table: Table, told: TableFile) -> None:
    """The rows as the database gives them back are those of the backup, to the letter."""
    digest, count = hashlib.sha256(), 0
    for row in table.rows(using=DEFAULT_DB_ALIAS):
        digest.update(line(row))
        count += 1
    if count != told.rows:
        raise Invalid(f"{table.name} has {count} rows, and the backup {told.rows}.")
    if digest.hexdigest() != told.sha256:
        raise Invalid(f"The rows of {table.name} came out otherwise than they are in the backup.")


def _check_references(connection: BaseDatabaseWrapper) -> None:
    try:
        connection.check_constraints()
    except Error as error:
        raise Invalid(f"A row names another that is not there: {str(error).splitlines()[0]}") from (
            error
        )


def _check_ledger(connection: BaseDatabaseWrapper) -> None:
    for chain in ledger.chains():
        problem = ledger.problem(chain)
        if problem is not None:
            raise Invalid(f"The ledger does not hold: {problem}")
        for difference in ledger.differences(chain):
            raise Invalid(f"The ledger does not hold: {difference}")
    for deed in append_only.missing(connection):
        raise Invalid(f"Nothing refuses to {deed} an entry of the ledger.")


def _number_on(connection: BaseDatabaseWrapper, told: Mapping[str, TableFile]) -> None:
    """No number is given twice, also none of a row that was gone when the backup was made.

    Last of all, since PostgreSQL does not take a sequence's step back.
    """
    for name, table in tables.at(tables.applied(connection)).items():
        if table.serial is None:
            continue
        highest = table.model._base_manager.using(connection.alias).order_by("-pk").first()
        last = max(
            (told[name].last_number or 0) if name in told else 0, highest.pk if highest else 0
        )
        if last:
            _set_last_number(connection, table, last)


def _set_last_number(connection: BaseDatabaseWrapper, table: Table, last: int) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, %s)::regclass, %s)",
                [connection.ops.quote_name(table.name), table.serial, last],
            )
            return
        cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table.name])
        cursor.execute(
            "INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table.name, last]
        )


# --- stored files


@contextmanager
def _stored_files(backup: Backup) -> Iterator[Callable[[], None]]:
    """The files lie ready in a folder beside their places; the function given puts them there.

    When the rest fails they are taken away again.
    """
    data_dir: Path = settings.DATA_DIR
    names = list(backup.manifest.files)
    for name in names:
        if os.path.lexists(data_dir / name):
            raise Conflict(
                f"{data_dir / name} is there already.", mend="Restore into an empty data folder."
            )
    if not names:
        yield lambda: None
        return
    ready = Path(tempfile.mkdtemp(prefix=".restore-", dir=data_dir))
    placed: list[Path] = []

    def place() -> None:
        for number, name in enumerate(names):
            path = data_dir / name
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            (ready / str(number)).rename(path)
            placed.append(path)

    try:
        for number, name in enumerate(names):
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
            with os.fdopen(os.open(ready / str(number), flags, 0o600), "wb") as file:
                for piece in backup.pieces(name):
                    file.write(piece)
        yield place
    except BaseException:
        for path in placed:
            path.unlink(missing_ok=True)
        raise
    finally:
        shutil.rmtree(ready, ignore_errors=True)
