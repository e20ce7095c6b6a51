"""A register with today's tables and no row, migrated once in a test run, and copies of it.

Each test process works on a copy, and so does each test that wants a register of its own. Whoever
needs it first makes it: a run of tests that need none migrates nothing.
"""

import fcntl
import gc
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from tests.plugins import services
from tracker.config import environment

NAME = "ready"
# manage.py, and what it leaves behind for the collector goes with the process.
MANAGE = "import gc; gc.disable(); from manage import main; main()"


def copy_file(to: Path) -> None:
    folder = Path(os.environ[services.MARK])
    path = folder / f"{NAME}.sqlite3"
    with _one_at_a_time(folder) as was_made:
        if not was_made:
            _migrate(f"sqlite:///{path}")
            connection = sqlite3.connect(path)
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.close()
    shutil.copyfile(path, to)


def copy_database(server: str, to: str) -> None:
    """On the server of that address, where it is made too."""
    new, ready = sql.Identifier(to), sql.Identifier(NAME)
    with (
        psycopg.connect(server, autocommit=True) as session,
        _one_at_a_time(Path(str(conninfo_to_dict(server)["host"]))) as was_made,
    ):
        if not was_made:
            session.execute(sql.SQL("CREATE DATABASE {}").format(ready))
            _migrate(server.replace("/tracker?", f"/{NAME}?"))
        session.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(new, ready))


def _migrate(url: str) -> None:
    """In a process of its own, which has that database and no other."""
    subprocess.run(
        [sys.executable, "-c", MANAGE, "migrate", "--verbosity", "0"],
        cwd=environment.ROOT,
        env=os.environ | {"DATABASE_URL": url},
        check=True,
    )


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the garbage collector, for migrations: the classes that they make by the thousand
    keep it busy for a quarter of their time.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[bool]:
    """Whether it was made before. The other processes of the run wait meanwhile."""
    done = folder / f"{NAME}.done"
    with (folder / f"{NAME}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield done.exists()
        done.touch()
