"""`make run`: everything under one roof, for local use. Loads no Django, so that it starts at once.

Checks what could be wrong and says it in one line; prepares the database; starts broker, web,
worker and beat; starts again what ends; stops all of them within ten seconds. Not for production,
where each process is a service of its own (docs/production.md).
"""

import fcntl
import http.client
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from . import broker, environment, preparation, processes
from .environment import Environment
from .processes import Child, PidFile

TICK = 0.05
BROKER_SECONDS = 10.0
# In the order of stopping: nothing new is asked for, then nothing new is taken.
STOP_WITHIN = {"preparation": 1.0, "beat": 1.5, "web": 2.5, "worker": 3.0, "broker": 1.5}
TRIES_BEFORE_FIRST_ANSWER = 3


class StartError(Exception):
    """Why it cannot run, in one line."""


class Stopped(Exception):
    """Somebody asked it to stop."""


class Supervisor:
    def __init__(self, env: Environment) -> None:
        self.env = env
        self.children: dict[str, Child] = {}
        self.run_dir = broker.private_folder(env.data_dir / "run")
        self.pids = PidFile(self.run_dir / "pids.json")
        self.is_stopping = False

    def run(self) -> None:
        """Start, watch, and stop when asked. Raises StartError."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        check_ports(self.env)
        with lock(self.run_dir / "lock"):
            self.pids.sweep()
            try:
                self._start_broker()
                self._prepare()
                self._serve()
            except Stopped:
                say("Stopping.")
            finally:
                self._end_all()

    def _start_broker(self) -> None:
        address = self.env.redis_url
        if address:
            broker.check(address)
            return
        address = broker.url(self.env.data_dir)
        child = self._start(
            "broker",
            broker.command(self.env.data_dir),
            mark=str(broker.socket_path(self.env.data_dir)),
        )
        deadline = time.monotonic() + BROKER_SECONDS
        while True:
            self._pause()
            try:
                broker.check(address, seconds=1)
            except broker.BrokerError:
                if not child.is_running or time.monotonic() > deadline:
                    log = self.env.data_dir / "broker" / broker.LOG_NAME
                    raise StartError(f"The embedded broker does not start: see {log}.") from None
            else:
                return

    def _prepare(self) -> None:
        found = preparation.state(self.env)
        if found.is_current:
            return
        say("Preparing the database.")
        preparation.begin(self.env, found)
        argv = [sys.executable, str(environment.ROOT / "manage.py"), "prepare"]
        child = self._start("preparation", [*argv, "--fresh"] if found.is_fresh else argv)
        while child.is_running:
            self._pause()
        del self.children["preparation"]
        if child.process is None or child.process.returncode != 0:
            raise StartError("The database could not be prepared: see above.")
        preparation.finish(self.env)

    def _serve(self) -> None:
        # The web alone at first: the others would slow its start down, and nobody waits for them.
        self._start("web", processes.python(*processes.COMMANDS["web"]))
        is_ready = False
        while True:
            self._pause()
            for child in self.children.values():
                said = child.watch()
                if said:
                    say(said)
            self.pids.write(list(self.children.values()))
            if not is_ready:
                is_ready = self._answers()
                if is_ready:
                    self._welcome()
                    for name in ("worker", "beat"):
                        self._start(name, processes.python(*processes.COMMANDS[name]))
                elif self.children["web"].failures >= TRIES_BEFORE_FIRST_ANSWER:
                    raise StartError("The web does not start: see above.")

    def _answers(self) -> bool:
        if not self.children["web"].is_running:
            return False
        host = self.env.bind[0].strip("[]")
        connection = http.client.HTTPConnection(
            "127.0.0.1" if host in {"0.0.0.0", "::"} else host,  # noqa: S104
            self.env.port,
            timeout=2,
        )
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _welcome(self) -> None:
        say(f"Ready at http://localhost:{self.env.port}")
        if self.env.email.mailbox and not self.env.behind_proxy:
            say(f"Mail that it sends: http://localhost:{self.env.port}/mailbox/")
        for name, words in (("demo-login", "Demo login"), ("admin-login", "Site administrator")):
            login = self.env.data_dir / name
            if login.exists():
                say(f"{words}: {' / '.join(login.read_text().split())}")
        say(f"Data in {self.env.data_dir}. Stop with Ctrl-C.")

    def _start(self, name: str, argv: list[str], *, mark: str = "") -> Child:
        child = self.children[name] = Child(name, argv, mark)
        child.start()
        self.pids.write(list(self.children.values()))
        return child

    def _pause(self) -> None:
        time.sleep(TICK)
        if self.is_stopping:
            raise Stopped

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.is_stopping = True

    def _end_all(self) -> None:
        for name, within in STOP_WITHIN.items():
            if name in self.children:
                self.children.pop(name).end(within=within)
        self.pids.path.unlink(missing_ok=True)


def check_ports(env: Environment) -> None:
    """Refuse to start where another program answers already. Raises StartError."""
    for address in env.bind:
        host = address.strip("[]")
        if address.startswith("unix:"):
            continue
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family) as listener, socket.socket(family) as caller:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            caller.settimeout(1)
            try:
                # Some systems let a narrow address be taken beside a wide one that listens.
                if caller.connect_ex((host, env.port)) == 0:
                    raise StartError(_taken(address, env.port))
                listener.bind((host, env.port))
            except OSError as error:
                if isinstance(error, PermissionError):
                    raise StartError(
                        f"Port {env.port} may not be used by this user: choose one with PORT=8000."
                    ) from error
                raise StartError(_taken(address, env.port)) from error


def _taken(address: str, port: int) -> str:
    return (
        f"Port {port} is taken ({address}:{port}): stop what uses it, or choose another,"
        f" as in PORT={port + 1 if port < 65535 else 8000} make run."
    )


@contextmanager
def lock(path: Path) -> Iterator[None]:
    """Hold the data folder: two beats on one schedule would do everything twice."""
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            raise StartError(
                f"Already running with this data folder (process {file.read().strip()}):"
                " stop that one, or set TRACKER_DATA_DIR to another."
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def say(line: str) -> None:
    print(line, flush=True)


def main() -> int:
    """Run until stopped. The exit code is 0 after a stop that was asked for, else 2."""
    try:
        env = environment.read()
        if env.is_production:
            raise StartError(
                "TRACKER_MODE=production has no supervisor: start web, worker and beat as"
                " services of their own (docs/production.md)."
            )
        Supervisor(env).run()
    except (
        environment.SettingsError,
        broker.BrokerError,
        preparation.DatabaseProblem,
        StartError,
    ) as error:
        print(f"Cannot start. {error}", file=sys.stderr, flush=True)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
