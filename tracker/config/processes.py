"""The processes: their commands, and how one is started, watched and ended. Loads no Django.

compose.yaml and the systemd page use the same commands; a test compares them.
"""

import ctypes
import json
import os
import platform
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from . import environment

COMMANDS: Mapping[str, tuple[str, ...]] = {
    "web": ("gunicorn", "--config", "python:tracker.config.gunicorn", "tracker.config.wsgi"),
    "worker": (
        *("celery", "--quiet", "--app", "tracker.config.celery", "worker"),
        *("--without-gossip", "--without-mingle"),
    ),
    "beat": ("celery", "--quiet", "--app", "tracker.config.celery", "beat", "--pidfile="),
}
IS_LINUX = platform.system() == "Linux"
PR_SET_PDEATHSIG = 1
LONGEST_PAUSE = 30.0
STEADY_AFTER = 60.0


@dataclass(slots=True)
class Child:
    """One process in a session of its own, so that Ctrl-C reaches it through us alone."""

    name: str
    argv: Sequence[str]
    # What its command line contains while it runs: the broker rewrites its own.
    mark: str = ""
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    restart_at: float | None = None
    failures: int = 0

    def __post_init__(self) -> None:
        self.mark = self.mark or " ".join(self.argv[1:])

    def start(self) -> None:
        self.restart_at = None
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            list(self.argv),
            cwd=environment.ROOT,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=tie_to_parent(),  # noqa: PLW1509 (the supervisor has one thread)
        )

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def watch(self) -> str | None:
        """Restart it when its time has come; what to say when it has just ended unasked."""
        now = time.monotonic()
        if self.restart_at is not None:
            if now >= self.restart_at:
                self.start()
            return None
        if self.process is None or self.process.poll() is None:
            return None
        _signal_group(self.process.pid, signal.SIGKILL)  # whatever it left behind
        self.failures = 1 if now - self.started > STEADY_AFTER else self.failures + 1
        pause = min(0.5 * 2 ** (self.failures - 1), LONGEST_PAUSE)
        self.restart_at = now + pause
        return f"{self.name} ended ({_how(self.process.returncode)}): again in {pause:g} s."

    def end(self, *, within: float) -> None:
        """Ask it to stop; after `within` seconds make it, with all that it started."""
        self.restart_at = None
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(within)
        _signal_group(self.process.pid, signal.SIGKILL)
        self.process.wait()


@dataclass(slots=True)
class PidFile:
    """The children of now, written down: a start after a crash ends those that still run."""

    path: Path
    written: list[dict[str, object]] = field(default_factory=list)

    def write(self, children: Sequence[Child]) -> None:
        found: list[dict[str, object]] = [
            {"pid": child.process.pid, "mark": child.mark}
            for child in children
            if child.process is not None
        ]
        if found != self.written:
            environment.write_private(self.path, json.dumps(found))
            self.written = found

    def sweep(self, *, within: float = 5.0) -> None:
        """End what an earlier start left running, told from strangers by its command."""
        try:
            written = json.loads(self.path.read_text())
        except (OSError, ValueError):
            return
        left = [int(row["pid"]) for row in written if row["mark"] in command_of(int(row["pid"]))]
        for pid in left:
            _signal_group(pid, signal.SIGTERM)
        deadline = time.monotonic() + within
        while time.monotonic() < deadline and any(command_of(pid) for pid in left):
            time.sleep(0.05)
        for pid in left:
            _signal_group(pid, signal.SIGKILL)
        self.path.unlink(missing_ok=True)


def python(*argv: str) -> list[str]:
    """A command of this environment, by module: it needs no PATH."""
    return [sys.executable, "-m", *argv]


def command_of(pid: int) -> str:
    """The command line of a running process; blank when there is none."""
    if IS_LINUX:
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
        except (OSError, ValueError):
            return ""
    said = subprocess.run(
        ["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    return said.stdout.strip()


def tie_to_parent() -> Callable[[], None] | None:
    """On Linux, what makes the kernel stop a child whose supervisor was killed."""
    if not IS_LINUX:
        return None
    prctl = ctypes.CDLL(None).prctl
    parent = os.getpid()

    def tie() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return tie


def _signal_group(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):  # gone, or on macOS a zombie's group
        os.killpg(pid, number)


def _how(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
