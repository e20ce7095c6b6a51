"""The index by which both databases find a word within a passage: trigrams, in any script.

Short words stand beneath each text, between separators (``domain/searching.py``): with these they
have three characters or more as well.

PostgreSQL has it where the database's owner may have the trusted extension pg_trgm, SQLite where it
was built with FTS5; without it the same is found more slowly. SQLite's is a table beside the
passages, and one beside the pledges for what boards are filtered by, which triggers keep in step:
it loses them when the table is rebuilt, so that all is laid again after every migrate. PostgreSQL's
of the pledges is a migration's. Must not live here: what is looked for, and by whom.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import AppConfig
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Q, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from .passage import Passage
from .pledge import Pledge

# Of each word what a text holds one of that has it.
Ways = Sequence[Sequence[str]]
TRIGRAMS = "passage_trigrams"  # PostgreSQL's
_TABLE = Passage._meta.db_table


@dataclass(frozen=True, slots=True)
class Words:
    """SQLite's index of one column of a table, by the table's own row numbers."""

    name: str
    table: str
    column: str

    @property
    def deeds(self) -> dict[str, tuple[str, str]]:
        """The triggers that keep it in step: when each does what."""
        its = f"{self.name}(rowid, {self.column})"
        gone = f"INSERT INTO {self.name}({self.name}, rowid, {self.column})"
        gone += f" VALUES('delete', old.id, old.{self.column});"
        new = f"INSERT INTO {its} VALUES(new.id, new.{self.column});"
        return {
            "insert": ("AFTER INSERT", new),
            "delete": ("AFTER DELETE", gone),
            "update": (f"AFTER UPDATE OF {self.column}", f"{gone} {new}"),
        }


PASSAGES = Words("tracker_passage_words", _TABLE, "text")
PLEDGES = Words("tracker_pledge_words", Pledge._meta.db_table, "search")
# Which there are, by the database's alias and the name, until all is laid again.
_found: dict[tuple[str, str], bool] = {}


def lay(connection: BaseDatabaseWrapper) -> None:
    """Lays what is missing of it; what was found missing is filled from the rows."""
    _found.clear()
    with connection.cursor() as cursor:
        there = connection.introspection.table_names(cursor)
    if connection.vendor == "sqlite":
        for words in (PASSAGES, PLEDGES):
            _lay_words(connection, words, is_there=words.table in there)
    elif _TABLE in there:
        _lay_trigrams(connection)


def _lay_words(connection: BaseDatabaseWrapper, words: Words, *, is_there: bool) -> None:
    name, table, column = words.name, words.table, words.column
    with connection.cursor() as cursor:
        if is_there:
            columns = connection.introspection.get_table_description(cursor, table)
            is_there = column in {one.name for one in columns}
        if not is_there:
            cursor.execute(f"DROP TABLE IF EXISTS {name}")
            return
        cursor.execute("SELECT sqlite_compileoption_used('ENABLE_FTS5')")
        if not cursor.fetchone()[0] or _is_whole_words(connection, words):
            return
        cursor.execute(f"DROP TABLE IF EXISTS {name}")
        cursor.execute(
            f"CREATE VIRTUAL TABLE {name} USING fts5({column}, content='{table}',"
            " content_rowid='id', tokenize='trigram case_sensitive 1')"
        )
        for deed, (when, what) in words.deeds.items():
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}_{deed}")
            cursor.execute(
                f"CREATE TRIGGER {name}_{deed} {when} ON {table} FOR EACH ROW BEGIN {what} END"
            )
        cursor.execute(f"INSERT INTO {name}({name}) VALUES('rebuild')")


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
    return _is_whole_words(connection, PASSAGES)


def _is_whole_words(connection: BaseDatabaseWrapper, words: Words) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*) FROM sqlite_master WHERE name = %s OR (type = 'trigger'"
            " AND tbl_name = %s AND name IN (%s, %s, %s))",
            [words.name, words.table, *(f"{words.name}_{deed}" for deed in words.deeds)],
        )
        return bool(cursor.fetchone()[0] == 1 + len(words.deeds))


def holding(ways: Ways, *, by_index: bool = True, using: str = DEFAULT_DB_ALIAS) -> Q:
    """Of passages: those whose text holds one of each of these (``searching.ways``). ``by_index``:
    where there is one; else by reading them in the order of the query. Asks at most once whether
    the index is there.
    """
    connection = connections[using]
    if by_index and ways and _has(connection, PASSAGES):
        return Q(pk__in=_matching(PASSAGES, ways))
    return _reading("text", ways, connection, keyed=Q(kind=Pledge.NOUN))


def number(ways: Ways, most: int, *, using: str = DEFAULT_DB_ALIAS) -> int | None:
    """How many passages hold it, counted no further than that, as the index has it by itself. None:
    there is none that can be asked so.
    """
    connection = connections[using]
    if not ways or not _has(connection, PASSAGES):
        return None
    rows = _matching(PASSAGES, ways)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM ({rows.sql} LIMIT {most:d})", rows.params)  # noqa: S608
        return int(cursor.fetchone()[0])


def of_pledges(ways: Ways, *, by_index: bool = True, using: str = DEFAULT_DB_ALIAS) -> Q:
    """The same of rows that have a pledge: by what that is found by."""
    connection = connections[using]
    if by_index and ways and _has(connection, PLEDGES):
        return Q(pledge__in=_matching(PLEDGES, ways))
    return _reading("pledge__search", ways, connection)


def _has(connection: BaseDatabaseWrapper, words: Words) -> bool:
    """Whether it has this index of SQLite's. One query, once."""
    if connection.vendor != "sqlite":
        return False
    key = (connection.alias, words.name)
    if key not in _found:
        _found[key] = _is_whole_words(connection, words)
    return _found[key]


def _reading(
    path: str, ways: Ways, connection: BaseDatabaseWrapper, *, keyed: Q | None = None
) -> Q:
    """PostgreSQL finds out by itself whether its index is the quicker way. ``keyed``: what alone is
    found by keys, which come behind each word, so that nothing else is read for them.
    """

    def has(way: str) -> Q:
        if connection.vendor == "sqlite":  # there by far quicker than LIKE
            return Q(GreaterThan(StrIndex(F(path), Value(way)), 0))
        return Q(**{f"{path}__contains": way})

    found = Q()
    for word, *keys in ways:
        by_key = Q()
        for key in keys:
            by_key |= has(key)
        found &= has(word) | ((keyed or Q()) & by_key) if keys else has(word)
    return found


def _matching(index: Words, ways: Ways) -> RawSQL:
    each = (" OR ".join('"' + way.replace('"', '""') + '"' for way in one) for one in ways)
    said = " AND ".join(f"({one})" for one in each)
    return RawSQL(  # noqa: S611 (the name is ours; what is looked for is a parameter)
        f"SELECT rowid FROM {index.name} WHERE {index.name} MATCH %s",  # noqa: S608
        [said],
    )


def lay_after_migrate(*, app_config: AppConfig, using: str = DEFAULT_DB_ALIAS, **_: Any) -> None:
    """Once after every migrate, whatever was migrated."""
    if app_config.label == Passage._meta.app_label:
        lay(connections[using])
