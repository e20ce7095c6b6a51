"""Takes every row away again after tests that commit, from the tables that have any.

Django's own flush empties all of them, on PostgreSQL with new files for each table and index, and
then lays content types and permissions anew: these stay, since nobody changes them.
"""

from typing import Any

from django.apps import apps
from django.db import transaction

from tracker.models import LedgerEntry, append_only

# Laid by migrate.
LAID = frozenset({"contenttypes.contenttype", "auth.permission"})


def empty(connection: Any) -> None:
    """The ledger's triggers stand aside for just that. Waits for whoever still writes."""
    quote, ledger = connection.ops.quote_name, LedgerEntry._meta.db_table
    found = apps.get_models(include_auto_created=True)
    tables = [m._meta.db_table for m in found if m._meta.label_lower not in LAID]
    is_postgresql = connection.vendor == "postgresql"
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        if is_postgresql:
            named = ", ".join(map(quote, tables))
            cursor.execute(f"LOCK TABLE {named} IN SHARE ROW EXCLUSIVE MODE")
            cursor.execute("SET LOCAL session_replication_role = replica")  # no trigger, no check
        any_row = [f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {quote(name)})" for name in tables]
        cursor.execute(" UNION ALL ".join(any_row))
        filled = [name for (name,) in cursor.fetchall()]
        has_triggers = ledger in filled and not is_postgresql
        if has_triggers:
            append_only.lift(connection)
        for name in filled:
            cursor.execute(f"DELETE FROM {quote(name)}")
        if has_triggers:
            append_only.lay(connection)
