"""What many tests begin with: made through the actions once in a process, then put back as rows.

Must not live here: what is made. Whoever makes it says so in one function.
"""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model

from tests.plugins.emptying import LAID

Answer = TypeVar("Answer")

AT_ONCE = 900  # values of one statement: fewer than any SQLite takes


@dataclass(frozen=True, slots=True)
class Kept:
    """The statements that put the rows back, and what the maker answered."""

    statements: list[tuple[str, list[Any]]]
    answer: Any


# By name and database: numbers that the database gave are free there, and given to nobody else.
_kept: dict[tuple[str, str], Kept] = {}


def begin_with(name: str, make: Callable[[], Answer]) -> Answer:
    """As make() leaves an empty register, and what it answers; where there are rows, make()."""
    if not _is_empty():
        return make()
    key = (name, str(connection.settings_dict["NAME"]))
    if (kept := _kept.get(key)) is not None:
        with transaction.atomic(), connection.cursor() as cursor:
            for statement, values in kept.statements:
                cursor.execute(statement, values)
        again: Answer = deepcopy(kept.answer)
        return again
    answer = make()
    _kept[key] = Kept(_statements(), deepcopy(answer))
    return answer


def once(make: Callable[[], Answer]) -> Callable[[], Answer]:
    """A maker, or a fixture that asks for nothing, under its own name."""

    @wraps(make)
    def begin() -> Answer:
        return begin_with(f"{make.__module__}.{make.__qualname__}", make)

    return begin


def _models() -> list[type[Model]]:
    found = apps.get_models(include_auto_created=True)
    return [m for m in found if m._meta.label_lower not in LAID and m._meta.managed]


def _is_empty() -> bool:
    names = (connection.ops.quote_name(model._meta.db_table) for model in _models())
    any_row = " OR ".join(f"EXISTS (SELECT 1 FROM {name})" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {any_row}")
        found = cursor.fetchone()
    return not found[0]


def _statements() -> list[tuple[str, list[Any]]]:
    """References are checked at the end of a transaction, so the order does not matter."""
    made = []
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for model in _models():
            columns = [str(field.column) for field in model._meta.local_concrete_fields]
            named, table = ", ".join(map(quote, columns)), quote(model._meta.db_table)
            cursor.execute(f"SELECT {named} FROM {table}")
            rows = cursor.fetchall()
            at_once = AT_ONCE // len(columns)
            one = f"({', '.join(['%s'] * len(columns))})"
            for start in range(0, len(rows), at_once):
                some = rows[start : start + at_once]
                insert = f"INSERT INTO {table} ({named}) VALUES {', '.join([one] * len(some))}"
                made.append((insert, [value for row in some for value in row]))
    return made
