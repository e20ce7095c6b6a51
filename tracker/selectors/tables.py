"""Every table of the database, row by row, as it stands at any set of migrations.

For what moves whole registers (exports/backups.py, actions/restores.py): nothing here knows a noun,
and tables are read through the models as they were at those migrations, so that a table of a later
release, or of an earlier one, is read like any other. Must not live here: files; writes.
"""

import base64
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.exceptions import NodeNotFoundError
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils.duration import duration_iso_string

from tracker.domain.errors import Invalid
from tracker.models import LedgerChain

from .rows import iso

# Not part of the register, by table, and why. docs/backup.md has the same list; a test compares.
LEFT_OUT: Mapping[str, str] = {
    "auth_group": "Django's own; the tracker does not use it",
    "auth_group_permissions": "Django's own; the tracker does not use it",
    "auth_permission": "Django's own list, made anew by migrate; the tracker does not use it",
    "django_content_type": "a list of the tables, made anew by migrate",
    "django_migrations": "which migrations there were is in the manifest",
    "django_session": "who is signed in just now: people sign in again",
    "tracker_draft": "what people were typing: personal, and forgotten within a month",
    "tracker_passage": "what is searched: derived, and made anew by migrate where there is none",
    "tracker_sweeprun": "when this machine last swept: the next sweep is half a minute away",
}
# Rows fetched at once: few enough that a hundred long snapshots fit into memory. Files are longer.
CHUNK = 100
CHUNK_OF_FILES = 2

Migration = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """One table, its model and its columns as they are at some set of migrations."""

    name: str
    model: type[models.Model]
    fields: tuple["models.Field[Any, Any]", ...]

    @property
    def columns(self) -> list[str]:
        return [str(field.column) for field in self.fields]

    @property
    def serial(self) -> str | None:
        """The column that the database numbers by itself."""
        field = self.model._meta.auto_field
        return None if field is None else field.column

    @property
    def at_once(self) -> int:
        """How many of its rows are held in memory."""
        has_files = any(isinstance(field, models.BinaryField) for field in self.fields)
        return CHUNK_OF_FILES if has_files else CHUNK

    def rows(self, *, using: str) -> Iterator[list[Any]]:
        """Rows as plain values in the order of the columns, by the order of their keys."""
        found = self.model._base_manager.using(using).order_by("pk")
        values = found.values_list(*(field.attname for field in self.fields))
        for row in values.iterator(chunk_size=self.at_once):
            yield [plain(value) for value in row]

    def is_empty(self, *, using: str) -> bool:
        return not self.model._base_manager.using(using).exists()


def plain(value: Any) -> Any:
    """A column's value as JSON knows it; the field's ``to_python`` reads it back."""
    if value is None or isinstance(value, (bool, int, float, str, list, dict)):
        return value
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return duration_iso_string(value)
    if isinstance(value, (UUID, Decimal)):
        return str(value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return base64.b64encode(bytes(value)).decode()
    raise TypeError(f"A backup knows no {type(value).__name__}.")


@contextmanager
def consistent_view(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Reads within see the database as it is at this instant, and keep no writer waiting."""
    wrapper: Any = connection
    connection.ensure_connection()
    mode = getattr(wrapper, "transaction_mode", None)
    if connection.vendor == "sqlite":
        # The settings' own mode takes the one lock that writers need.
        wrapper.transaction_mode = "DEFERRED"
    try:
        with transaction.atomic(using=connection.alias, durable=True):
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            connection.introspection.table_names()  # the view is of the first read's instant
            yield
    finally:
        if connection.vendor == "sqlite":
            wrapper.transaction_mode = mode


def place(connection: BaseDatabaseWrapper) -> str:
    """Where the database is, with nothing secret in it."""
    told = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{told['NAME']}"
    return f"postgresql://{told['HOST'] or 'localhost'}/{told['NAME']}"


def applied(connection: BaseDatabaseWrapper) -> tuple[Migration, ...]:
    """The migrations that the database has had; none where nothing was ever migrated.

    Raises Invalid where this release lacks one of them.
    """
    found = tuple(sorted(MigrationRecorder(connection).applied_migrations()))
    newer = unknown(found)
    if newer:
        raise Invalid(
            f"The database was migrated by a newer release: {dotted(newer[0])} is unknown here.",
            mend="Use the release that runs on it.",
        )
    return found


def dotted(migration: Migration) -> str:
    return ".".join(migration)


def unknown(migrations: Iterable[Migration]) -> list[Migration]:
    """Those of the migrations that this release does not have."""
    return sorted(set(migrations) - set(MigrationLoader(None).disk_migrations))


def latest(migrations: Collection[Migration]) -> list[Migration]:
    """The migrations of each app that no other one of the app follows: where to migrate to."""
    nodes = MigrationLoader(None).graph.node_map
    return [
        key
        for key in sorted(migrations)
        if not any(
            child.key[0] == key[0] and child.key in migrations for child in nodes[key].children
        )
    ]


def at(migrations: Collection[Migration]) -> dict[str, Table]:
    """The tables that a register has at these migrations, by name, but for those left out.

    Raises Invalid when the migrations do not stand on their own.
    """
    return {name: table for name, table in _all(migrations).items() if name not in LEFT_OUT}


def names(migrations: Collection[Migration]) -> list[str]:
    """Every table that there is at these migrations, those left out among them."""
    return [*_all(migrations), MigrationRecorder.Migration._meta.db_table]


def _all(migrations: Collection[Migration]) -> dict[str, Table]:
    loader = MigrationLoader(None)
    try:
        nodes = {ancestor for key in migrations for ancestor in loader.graph.forwards_plan(key)}
    except NodeNotFoundError as error:
        raise Invalid(f"There is no migration {dotted(error.node)}.") from error
    if nodes != set(migrations):
        lacking = min(nodes - set(migrations))
        raise Invalid(f"The migration {dotted(lacking)} is missing before those that follow it.")
    state = loader.project_state(sorted(nodes))
    found = {
        model._meta.db_table: Table(
            name=model._meta.db_table,
            model=model,
            fields=tuple(
                field
                for field in model._meta.local_concrete_fields
                if not isinstance(field, models.GeneratedField)
            ),
        )
        for model in state.apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }
    return {name: found[name] for name in sorted(found)}


def last_number(connection: BaseDatabaseWrapper, table: Table) -> int | None:
    """The last number that the database gave to a row of the table, which may be gone again."""
    if table.serial is None:
        return None
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            name = connection.ops.quote_name(table.name)
            cursor.execute(
                "SELECT pg_sequence_last_value(pg_get_serial_sequence(%s, %s)::regclass)",
                [name, table.serial],
            )
        else:
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table.name])
        found = cursor.fetchone()
    return None if found is None or found[0] is None else int(found[0])


def heads(tables: Mapping[str, Table], *, using: str) -> dict[str, dict[str, Any]]:
    """Each chain's head, as the chains' own table has it; chains without an entry have none."""
    table = tables.get(LedgerChain._meta.db_table)
    if table is None:
        return {}
    found = (dict(zip(table.columns, row, strict=True)) for row in table.rows(using=using))
    return {
        row["name"]: {"seq": row["seq"], "hash": row["hash"]}
        for row in sorted(found, key=lambda row: str(row["name"]))
        if row["seq"]
    }
