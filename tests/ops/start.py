"""Starts the real supervisor for a test, in a data folder and on a port of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tracker.config import environment, processes

READY_SECONDS = 90.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def outside(data_dir: Path, **more: str) -> dict[str, str]:
    """The environment of somebody who has set nothing but `more`."""
    ours = {*environment.KNOWN, "DJANGO_SETTINGS_MODULE"}
    kept = {k: v for k, v in os.environ.items() if k not in ours}
    return kept | {"TRACKER_DATA_DIR": str(data_dir)} | more


def run(data_dir: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """A start that is expected to fail at once."""
    return subprocess.run(
        [sys.executable, "-m", "tracker.config.supervisor"],
        cwd=environment.ROOT,
        env=outside(data_dir, **more),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


class Running:
    """A supervisor that runs."""

    def __init__(self, data_dir: Path, port: int, log: Path, **more: str) -> None:
        self.data_dir, self.port, self.log = data_dir, port, log
        self.began = time.monotonic()
        with log.open("ab") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tracker.config.supervisor"],
                cwd=environment.ROOT,
                env=outside(data_dir, PORT=str(port), **more),
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def get(self, path: str) -> tuple[int, str]:
        """Status and body; status 0 while nothing answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def said(self) -> str:
        return self.log.read_text()

    def pids(self) -> list[int]:
        """The process ids of its children, in the order of their start."""
        rows: list[dict[str, Any]] = json.loads((self.data_dir / "run" / "pids.json").read_text())
        return [int(row["pid"]) for row in rows]

    def family(self) -> dict[int, str]:
        """Every running process in the children's groups, with its command."""
        groups = set(self.pids())
        rows = subprocess.run(
            ["ps", "-A", "-o", "pid=,pgid="], capture_output=True, text=True, check=True
        ).stdout.splitlines()
        found = [int(pid) for pid, group in map(str.split, rows) if int(group) in groups]
        return {pid: processes.command_of(pid) for pid in found}

    def stop(self, number: signal.Signals = signal.SIGTERM) -> float:
        """Seconds until the supervisor was gone."""
        began = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(20)
        return time.monotonic() - began


def until(found: Callable[[], object], *, within: float, why: Callable[[], str]) -> None:
    deadline = time.monotonic() + within
    while not found():
        assert time.monotonic() < deadline, why()
        time.sleep(0.1)


@contextmanager
def running(data_dir: Path, **more: str) -> Iterator[Running]:
    """A supervisor that has said that it is ready."""
    found = Running(data_dir, free_port(), data_dir.with_suffix(".log"), **more)
    already = found.said().count("Ready at")
    try:
        until(
            lambda: found.said().count("Ready at") > already or found.process.poll() is not None,
            within=READY_SECONDS,
            why=found.said,
        )
        assert found.process.poll() is None, found.said()
        yield found
    finally:
        if found.process.poll() is None:
            found.stop()


def alive(pids: Mapping[int, str]) -> dict[int, str]:
    """Those of the processes that still run, each told by its command from a later namesake."""
    now = {pid: processes.command_of(pid) for pid in pids}
    return {pid: command for pid, command in now.items() if command and command == pids[pid]}
