"""The triggers by which both databases refuse to alter or delete a ledger entry.

SQLite drops a table's triggers when it rebuilds the table, so they are laid again after every
migrate, and looked for at start. Must not live here: anything that writes entries.
"""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from .ledger import LedgerEntry

_PREFIX = "ledger_entry_refuses_"
_WORDS = "A ledger entry is never altered or deleted."
_DEEDS = {"postgresql": ("update", "delete", "truncate"), "sqlite": ("update", "delete")}


def _table() -> str:
    return LedgerEntry._meta.db_table


def lay(connection: BaseDatabaseWrapper) -> None:
    """Lays every trigger, whether or not it was there."""
    lift(connection)
    table = _table()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {_PREFIX}change() RETURNS trigger LANGUAGE plpgsql AS"
                f" $$ BEGIN RAISE EXCEPTION '{_WORDS}'"
                " USING ERRCODE = 'restrict_violation'; END $$"
            )
        for deed in _DEEDS[connection.vendor]:
            if connection.vendor == "postgresql":
                each = "STATEMENT" if deed == "truncate" else "ROW"
                cursor.execute(
                    f'CREATE TRIGGER {_PREFIX}{deed} BEFORE {deed.upper()} ON "{table}"'
                    f" FOR EACH {each} EXECUTE FUNCTION {_PREFIX}change()"
                )
            else:
                cursor.execute(
                    f'CREATE TRIGGER {_PREFIX}{deed} BEFORE {deed.upper()} ON "{table}"'
                    f" BEGIN SELECT RAISE(ABORT, '{_WORDS}'); END"
                )


def lift(connection: BaseDatabaseWrapper) -> None:
    """Takes the triggers away. Only for tests, which must empty their tables, and for ``lay``."""
    on_table = f' ON "{_table()}"' if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for deed in _DEEDS[connection.vendor]:
            cursor.execute(f"DROP TRIGGER IF EXISTS {_PREFIX}{deed}{on_table}")


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The deeds that nothing refuses; of a table that is not there yet, none."""
    with connection.cursor() as cursor:
        if _table() not in connection.introspection.table_names(cursor):
            return []
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled <> 'D'",
                [_table()],
            )
        else:
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s",
                [_table()],
            )
        found = {name for (name,) in cursor.fetchall()}
    return [deed for deed in _DEEDS[connection.vendor] if f"{_PREFIX}{deed}" not in found]


@receiver(post_migrate)
def lay_after_migrate(*, app_config: AppConfig, using: str = DEFAULT_DB_ALIAS, **_: Any) -> None:
    """Once after every migrate, whatever was migrated."""
    if app_config.label != LedgerEntry._meta.app_label:
        return
    connection = connections[using]
    with connection.cursor() as cursor:
        there = _table() in connection.introspection.table_names(cursor)
    if there:
        lay(connection)


@register(Tags.database)
def check_append_only(
    *,
    app_configs: Sequence[AppConfig] | None,
    databases: Sequence[str] | None,
    **_: Any,
) -> list[CheckMessage]:
    """Says which triggers are missing."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        gone = missing(connections[alias])
        if gone:
            found.append(
                Error(
                    f"Nothing in the database “{alias}” refuses to {' or '.join(gone)} ledger"
                    " entries.",
                    hint="Run manage.py migrate, which lays the triggers again.",
                    id="tracker.E001",
                )
            )
    return found
