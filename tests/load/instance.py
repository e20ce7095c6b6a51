"""A database, a broker and a mail server for one run, and processes that can be killed.

Django is set up once in a process, so one process makes one instance.
"""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode

from tests.ops.start import free_port
from tests.plugins import network
from tests.plugins.postgresql import Server
from tracker.config import broker, environment, processes
from tracker.config.processes import Child

STARTS_WITHIN = 300.0  # seconds; a worker takes two or three where nothing else runs


class Instance:
    """Where the run's processes find each other. Django is set up for it in this process."""

    def __init__(self, folder: Path, database: str, link: Child, server: Server | None) -> None:
        self.folder, self.database, self.link, self.server = folder, database, link, server
        self.workers: list[Child] = []
        self.others: list[Child] = []
        self.log = folder / "processes.log"

    def worker(self, **more: str) -> Child:
        """One more worker with one process of its own."""
        made = self._start("worker", "--concurrency", "1", **more)
        self.workers.append(made)
        return made

    def kill(self, worker: Child) -> None:
        """SIGKILL to the worker and its children: its own session, which nobody else is in."""
        assert worker.process is not None
        os.killpg(worker.process.pid, signal.SIGKILL)
        worker.process.wait()
        self.workers.remove(worker)

    def pool_of(self, worker: Child) -> list[int]:
        """The process that runs the worker's tasks, once it is ready."""
        return children_of(pid_of(worker))

    def kill_pool_of(self, worker: Child) -> bool:
        """SIGKILL to what runs the worker's tasks alone; whether there was one."""
        found = self.pool_of(worker)
        for pid in found:
            os.kill(pid, signal.SIGKILL)
        return bool(found)

    def beat(self, **more: str) -> Child:
        made = self._start("beat", **more)
        self.others.append(made)
        return made

    def web(self, **more: str) -> "Web":
        port = free_port()
        made = self._start("web", PORT=str(port), TRACKER_BIND="127.0.0.1", **more)
        self.others.append(made)
        found = Web(port, made)
        until(lambda: found.get("/healthz")[0] == 200, within=60, why=self.said)
        return found

    def poke(self, *tasks: str) -> None:
        """What beat does, and more often."""
        from tracker.config.celery import app

        for task in tasks or ("sweep.sweep", "delivery.deliver"):
            app.send_task(f"tracker.tasks.{task}", expires=30, retry=False)

    def database_cpu(self) -> float:
        """Seconds of a processor that the database has used, where it has processes of its own."""
        return (
            0.0
            if self.server is None or self.server.process is None
            else cpu_of(self.server.process.pid)
        )

    def end_workers(self) -> None:
        for worker in list(self.workers):
            self.kill(worker)

    def end(self) -> None:
        for child in [*self.workers, *self.others]:
            child.end(within=0)

    def said(self) -> str:
        return self.log.read_text(errors="replace")[-6000:]

    def _start(self, name: str, *options: str, **more: str) -> Child:
        made = Child(name, processes.python(*processes.COMMANDS[name], *options))
        with self.log.open("ab") as log:
            made.process = subprocess.Popen(
                made.argv,
                cwd=environment.ROOT,
                env=os.environ | {"PYTHONUNBUFFERED": "1"} | more,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=processes.tie_to_parent(),  # noqa: PLW1509 (a library call alone)
            )
        return made


class Web:
    """A web process of the run's own."""

    def __init__(self, port: int, child: Child) -> None:
        self.port, self.child = port, child

    def get(self, path: str, *, cookies: str = "", within: float = 60) -> tuple[int, str]:
        """Status and body; status 0 while nothing answers."""
        return self._ask("GET", path, None, cookies, within)

    def post(
        self, path: str, sent: dict[str, str], *, cookies: str, within: float = 60
    ) -> tuple[int, str]:
        return self._ask("POST", path, urlencode(sent), cookies, within)

    def _ask(
        self, verb: str, path: str, body: str | None, cookies: str, within: float
    ) -> tuple[int, str]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=within)
        headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            connection.request(verb, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode(errors="replace")
        except (OSError, HTTPException):
            return 0, ""
        finally:
            connection.close()


def pid_of(child: Child) -> int:
    assert child.process is not None
    return child.process.pid


def children_of(pid: int) -> list[int]:
    """The process ids of a process's own children."""
    said = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    return [int(one) for one, parent in map(str.split, said) if int(parent) == pid]


def cpu_of(pid: int) -> float:
    """Seconds of a processor that a process and its children have used; 0 where nobody says.

    It does not depend on what else the machine does.
    """
    used = 0
    for one in (pid, *children_of(pid)):
        with suppress(OSError):
            said = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            # Of the first also what its children had used that have ended.
            used += sum(map(int, said[11:15] if one == pid else said[11:13]))
    return used / os.sysconf("SC_CLK_TCK")


def until(is_so: Callable[[], object], *, within: float, why: Callable[[], str] = str) -> float:
    """Waits for it; after how many seconds it was so."""
    began = time.monotonic()
    while not is_so():
        if time.monotonic() - began > within:
            raise TimeoutError(f"Not so within {within:g} s. {why()}")
        time.sleep(0.1)
    return time.monotonic() - began


@contextmanager
def instance(
    database: str, mail_port: int, *, mode: str = "local", ready: Path | None = None
) -> Iterator[Instance]:
    """``database``: sqlite or postgresql; ``ready``: what prepare() made. Nothing is left of it."""
    network.block()
    folder = Path(tempfile.mkdtemp(prefix="trk-load-"))
    folder.chmod(0o711)
    data_dir = broker.private_folder(folder / "data")
    for name in [n for n in os.environ if n in environment.KNOWN or n.startswith("TRACKER_")]:
        del os.environ[name]
    link = Child("broker", broker.command(data_dir))
    link.start()
    # As in production: what is committed is on the disk.
    server = Server(folder / "pg", is_durable=True) if database == "postgresql" else None
    made = Instance(folder, database, link, server)
    try:
        if server is not None:
            server.start(copy_of=ready)
        elif ready is not None:
            shutil.copy(ready, data_dir / "main.sqlite3")
        os.environ |= {
            "TRACKER_MODE": mode,
            "TRACKER_DATA_DIR": str(data_dir),
            "TRACKER_LOG_LEVEL": "error",
            "DATABASE_URL": server.url() if server else f"sqlite:///{data_dir}/main.sqlite3",
            "REDIS_URL": broker.url(data_dir),
            "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
            "DJANGO_SETTINGS_MODULE": "tracker.config.settings",
            "SECRET_KEY": "faults-and-load-only-0123456789-abcdefghijklmnopqrstuvwxyz",
        }
        if ready is None:
            _migrate()
        import django

        django.setup()
        yield made
    finally:
        made.end()
        if "django" in sys.modules:
            from django.db import connections

            connections.close_all()
        if server is not None:
            server.stop()
        link.end(within=2)
        shutil.rmtree(folder, ignore_errors=True)


def prepare(database: str, folder: Path) -> Path:
    """An empty register in that folder, which must have a short path, for instances to copy."""
    env = {"TRACKER_DATA_DIR": str(folder), "TRACKER_LOG_LEVEL": "warning"}
    if database == "sqlite":
        path = folder / "ready.sqlite3"
        _migrate(**env, DATABASE_URL=f"sqlite:///{path}")
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return path
    server = Server(folder / "pg")
    server.start()
    try:
        _migrate(**env, DATABASE_URL=server.url())
    finally:
        server.stop()
    return server.data


def _migrate(**more: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=environment.ROOT,
        env=os.environ | more,
        check=True,
    )
