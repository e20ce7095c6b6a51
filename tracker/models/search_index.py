"""The index by which both databases find a word within a passage: trigrams, in any script.

PostgreSQL has it where the database's owner may have the trusted extension pg_trgm, SQLite where it
was built with FTS5; without it the same is found more slowly. SQLite's is a table beside the
passages, which triggers keep in step: it loses them when the table is rebuilt, so that all is laid
again after every migrate. Must not live here: what is looked for, and by whom.
"""

from typing import Any

from django.apps import AppConfig
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Q
from django.db.models.expressions import RawSQL

from tracker.domain.searching import SHORT

from .passage import Passage

WORDS = "tracker_passage_words"  # SQLite's
TRIGRAMS = "passage_trigrams"  # PostgreSQL's
_TABLE = Passage._meta.db_table
_GONE = f"INSERT INTO {WORDS}({WORDS}, rowid, text) VALUES('delete', old.id, old.text);"
_NEW = f"INSERT INTO {WORDS}(rowid, text) VALUES(new.id, new.text);"
_DEEDS = {
    "insert": ("AFTER INSERT", _NEW),
    "delete": ("AFTER DELETE", _GONE),
    "update": ("AFTER UPDATE OF text", f"{_GONE} {_NEW}"),
}


def lay(connection: BaseDatabaseWrapper) -> None:
    """Lays what is missing of it; what was found missing is filled from the passages."""
    with connection.cursor() as cursor:
        is_there = _TABLE in connection.introspection.table_names(cursor)
    if connection.vendor == "sqlite":
        _lay_words(connection, is_there=is_there)
    elif is_there:
        _lay_trigrams(connection)


def _lay_words(connection: BaseDatabaseWrapper, *, is_there: bool) -> None:
    with connection.cursor() as cursor:
        if not is_there:
            cursor.execute(f"DROP TABLE IF EXISTS {WORDS}")
            return
        cursor.execute("SELECT sqlite_compileoption_used('ENABLE_FTS5')")
        if not cursor.fetchone()[0] or is_whole(connection):
            return
        cursor.execute(f"DROP TABLE IF EXISTS {WORDS}")
        cursor.execute(
            f"CREATE VIRTUAL TABLE {WORDS} USING fts5(text, content='{_TABLE}', content_rowid='id',"
            " tokenize='trigram case_sensitive 1')"
        )
        for deed, (when, what) in _DEEDS.items():
            cursor.execute(f"DROP TRIGGER IF EXISTS {WORDS}_{deed}")
            cursor.execute(
                f"CREATE TRIGGER {WORDS}_{deed} {when} ON {_TABLE} FOR EACH ROW BEGIN {what} END"
            )
        cursor.execute(f"INSERT INTO {WORDS}({WORDS}) VALUES('rebuild')")


def _lay_trigrams(connection: BaseDatabaseWrapper) -> None:
    if is_whole(connection):
        return
    try:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            cursor.execute(f"CREATE INDEX {TRIGRAMS} ON {_TABLE} USING gin (text gin_trgm_ops)")
    except DatabaseError:
        return


def is_whole(connection: BaseDatabaseWrapper) -> bool:
    """Whether the index is there, and kept in step."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT 1 FROM pg_indexes WHERE indexname = %s", [TRIGRAMS])
            return cursor.fetchone() is not None
        cursor.execute(
            "SELECT COUNT(*) FROM sqlite_master WHERE name = %s OR (type = 'trigger'"
            " AND tbl_name = %s AND name IN (%s, %s, %s))",
            [WORDS, _TABLE, *(f"{WORDS}_{deed}" for deed in _DEEDS)],
        )
        return bool(cursor.fetchone()[0] == 1 + len(_DEEDS))


def holding(words: tuple[str, ...], *, using: str = DEFAULT_DB_ALIAS) -> Q:
    """Of passages: those whose text holds each of these, which are folded. May ask one query."""
    connection = connections[using]
    long = [word for word in words if len(word) >= SHORT]
    if connection.vendor != "sqlite" or not long or not is_whole(connection):
        return Q(*(Q(text__contains=word) for word in words))
    said = " AND ".join('"' + word.replace('"', '""') + '"' for word in long)
    found = RawSQL(  # noqa: S611 (the name is ours; what is looked for is a parameter)
        f"SELECT rowid FROM {WORDS} WHERE {WORDS} MATCH %s",  # noqa: S608
        [said],
    )
    return Q(Q(pk__in=found), *(Q(text__contains=one) for one in words if len(one) < SHORT))


def lay_after_migrate(*, app_config: AppConfig, using: str = DEFAULT_DB_ALIAS, **_: Any) -> None:
    """Once after every migrate, whatever was migrated."""
    if app_config.label == Passage._meta.app_label:
        lay(connections[using])
