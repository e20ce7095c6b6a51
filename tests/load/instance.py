"""A database, a broker and an SMTP sink for one run, and workers that can be killed."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.plugins.postgresql import Server
from tests.plugins.smtp import Sink, serving
from tracker.config import broker, environment, processes
from tracker.config.processes import Child


class Instance:
    """Where the run's processes find each other. Django is set up for it in this process."""

    def __init__(self, folder: Path, database: str, sink: Sink) -> None:
        self.folder, self.database, self.sink = folder, database, sink
        self.workers: list[subprocess.Popen[bytes]] = []
        self.log = (folder / "workers.log").open("ab")

    def worker(self) -> subprocess.Popen[bytes]:
        """One more worker with one process of its own, in a session of its own."""
        argv = processes.python(*processes.COMMANDS["worker"], "--concurrency", "1")
        made = subprocess.Popen(
            argv,
            cwd=environment.ROOT,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )
        self.workers.append(made)
        return made

    def kill(self, worker: subprocess.Popen[bytes]) -> None:
        """SIGKILL to the worker and its children: its own session, which nobody else is in."""
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
        self.workers.remove(worker)

    def poke(self) -> None:
        """What beat does, and more often."""
        from tracker.config.celery import app

        for task in ("sweep.sweep", "delivery.deliver"):
            app.send_task(f"tracker.tasks.{task}", expires=30, retry=False)

    def end(self) -> None:
        for worker in list(self.workers):
            self.kill(worker)
        self.log.close()


@contextmanager
def instance(database: str, sink: Sink) -> Iterator[Instance]:
    """``database``: sqlite or postgresql. Everything is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="trk-load-"))
    folder.chmod(0o711)
    data_dir = broker.private_folder(folder / "data")
    for name in [n for n in os.environ if n in environment.KNOWN or n.startswith("TRACKER_")]:
        del os.environ[name]
    child = Child("broker", broker.command(data_dir))
    child.start()
    server = Server(folder / "pg") if database == "postgresql" else None
    try:
        if server is not None:
            server.start()
        with serving(sink) as (host, port):
            os.environ |= {
                "TRACKER_MODE": "local",
                "TRACKER_DATA_DIR": str(data_dir),
                "TRACKER_LOG_LEVEL": "warning",
                "DATABASE_URL": server.url() if server else f"sqlite:///{data_dir}/main.sqlite3",
                "REDIS_URL": broker.url(data_dir),
                "EMAIL_URL": f"smtp://{host}:{port}",
                "DJANGO_SETTINGS_MODULE": "tracker.config.settings",
            }
            subprocess.run(
                [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
                cwd=environment.ROOT,
                check=True,
            )
            import django

            django.setup()
            made = Instance(folder, database, sink)
            try:
                yield made
            finally:
                made.end()
                from django.db import connections

                connections.close_all()
    finally:
        if server is not None:
            server.stop()
        child.end(within=2)
        time.sleep(0.1)
        shutil.rmtree(folder, ignore_errors=True)
