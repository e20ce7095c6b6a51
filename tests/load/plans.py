"""Which tables a database reads whole to answer queries that were asked: its own plans, read."""

import re
from collections.abc import Collection, Iterable, Mapping

from django.db import connection

_NAMED = re.compile(r'"(tracker_\w+)"(?: (?:AS )?"?(U\d+|T\d+|V\d+|W\d+)"?)?')


def scans(asked: Iterable[Mapping[str, str]], *, of: Collection[str]) -> list[str]:
    """The steps that read one of these tables from end to end. ``asked``: captured queries.

    SQLite names a table by its alias, so that the query's own text says which it is.
    """
    found: list[str] = []
    for one in asked:
        sql = one["sql"]
        if not sql.lstrip("(").startswith("SELECT"):
            continue
        called = {alias or table: table for table, alias in _NAMED.findall(sql)}
        is_postgresql = connection.vendor == "postgresql"
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {'' if is_postgresql else 'QUERY PLAN '}{sql}")
            steps = [str(row[-1]) for row in cursor.fetchall()]
        for step in steps:
            told = re.search(r"Seq Scan on (\w+)" if is_postgresql else r"^SCAN (\w+)", step)
            if told and called.get(told[1], told[1]) in of:
                found.append(f"{step.strip()}: {sql}")
    return found
