"""Inserting many new rows of one table at once, by the quickest way that each database has.

Every column is prepared by its field, and the database's constraints and triggers see each row, as
they do when it is saved alone. The rows are not told the numbers that they get: ``bulk_create`` is
for those whose numbers are needed. Must not live here: what a row means.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import connection, models

AT_ONCE = 2_000  # rows held in memory as values


def insert(model: type[models.Model], rows: Iterable[models.Model]) -> None:
    """In their order. Must run in a transaction of the caller's."""
    fields = [one for one in model._meta.concrete_fields if one is not model._meta.auto_field]
    quoted = connection.ops.quote_name
    table = quoted(model._meta.db_table)
    columns = ", ".join(quoted(str(one.column)) for one in fields)
    values = _values(fields, rows)
    if connection.vendor == "postgresql":
        _copy(f"COPY {table} ({columns}) FROM STDIN", values)
        return
    marks = ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        while some := list(islice(values, AT_ONCE)):
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", some)  # noqa: S608 - names of columns alone


def _values(fields: Sequence[Any], rows: Iterable[models.Model]) -> Iterator[list[Any]]:
    for row in rows:
        yield [
            one.get_db_prep_save(one.pre_save(row, add=True), connection=connection)
            for one in fields
        ]


def _copy(statement: str, values: Iterable[Sequence[Any]]) -> None:
    """One statement for all rows. The driver's own errors become Django's, as everywhere."""
    copying: Any = connection
    with (
        connection.cursor() as cursor,
        copying.wrap_database_errors,
        cursor.copy(statement) as copy,
    ):
        for row in values:
            copy.write_row(row)
