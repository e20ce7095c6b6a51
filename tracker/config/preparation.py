"""Is the database there, and as this code wants it? Asked without loading Django.

Loading it only to learn that nothing is to be migrated would cost each start two seconds. What was
last prepared is written down in the data folder, with the migrations that the database then had:
a database that was dropped, restored or migrated elsewhere is prepared again.
"""

import hashlib
import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import psycopg

from .environment import ROOT, Database, Environment, write_private

STAMP_NAME = "prepared.json"
CONNECT_SECONDS = 5
APPLIED = "SELECT app, name FROM django_migrations ORDER BY app, name"


class DatabaseProblem(Exception):
    """Why the database cannot be used, in one line with no password in it."""


@dataclass(frozen=True, slots=True)
class State:
    """`is_current`: nothing to do. `is_fresh`: the examples and the demo login are wanted."""

    is_current: bool
    is_fresh: bool


def state(env: Environment) -> State:
    """What has to be done to the database before the start. Raises DatabaseProblem."""
    applied = migrations_of(env.database)
    stamp = _read(env)
    is_same = stamp.get("database") == str(env.database)
    is_pending = is_same and bool(stamp.get("is_pending"))
    is_current = (
        is_same
        and not is_pending
        and applied is not None
        and stamp.get("code") == code_digest()
        and stamp.get("applied") == _digest(applied)
    )
    return State(is_current=is_current, is_fresh=applied is None or is_pending)


def begin(env: Environment, found: State) -> None:
    """Write down that a preparation is under way: one that is cut short is done again."""
    _write(env, {"database": str(env.database), "is_pending": found.is_fresh})


def finish(env: Environment) -> None:
    """Write down what the database now is."""
    _write(
        env,
        {
            "database": str(env.database),
            "is_pending": False,
            "code": code_digest(),
            "applied": _digest(migrations_of(env.database) or []),
        },
    )


def migrations_of(database: Database) -> list[tuple[str, str]] | None:
    """The migrations that the database has had; None when it has no tables of ours yet."""
    return _sqlite(database) if database.vendor == "sqlite" else _postgresql(database)


def code_digest() -> str:
    """Changes when a migration of ours or a locked package does."""
    found = hashlib.sha256((ROOT / "uv.lock").read_bytes())
    for path in sorted((ROOT / "tracker" / "migrations").glob("*.py")):
        found.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()


def _sqlite(database: Database) -> list[tuple[str, str]] | None:
    folder = Path(database.name).parent
    if not folder.is_dir():
        raise DatabaseProblem(f"The database {database} is out of reach: no folder {folder}.")
    try:
        with sqlite3.connect(database.name, timeout=CONNECT_SECONDS) as connection:
            rows = _rows(connection.execute(APPLIED).fetchall())
        connection.close()
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            return None
        raise DatabaseProblem(f"The database {database} is out of reach: {error}.") from error
    except sqlite3.DatabaseError as error:
        raise DatabaseProblem(f"The database {database} cannot be read: {error}.") from error
    return rows


def _postgresql(database: Database) -> list[tuple[str, str]] | None:
    # Left out, not blank: then libpq's own defaults and PG* variables hold, as with Django.
    given = {
        "host": database.host,
        "port": database.port,
        "user": database.user,
        "password": database.password,
    }
    options = {"connect_timeout": str(CONNECT_SECONDS), **dict(database.options)}
    said = {name: value for name, value in given.items() if value} | options
    try:
        with psycopg.connect(psycopg.conninfo.make_conninfo("", dbname=database.name, **said)) as c:
            return _rows(c.execute(APPLIED).fetchall())
    except psycopg.errors.UndefinedTable:
        return None
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[0].rstrip(".")
        raise DatabaseProblem(f"The database {database} is out of reach: {reason}.") from error


def _rows(found: list[tuple[object, ...]]) -> list[tuple[str, str]]:
    return [(str(app), str(name)) for app, name in found]


def _digest(applied: list[tuple[str, str]]) -> str:
    return hashlib.sha256(json.dumps(applied).encode()).hexdigest()


def _read(env: Environment) -> dict[str, object]:
    try:
        found = json.loads((env.data_dir / STAMP_NAME).read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _write(env: Environment, stamp: dict[str, object]) -> None:
    write_private(env.data_dir / STAMP_NAME, json.dumps(stamp))
