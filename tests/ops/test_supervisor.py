"""`make run`: real processes, started, killed and stopped. On PostgreSQL with both URLs given."""

import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.plugins import ready
from tracker.config import processes
from tracker.config.processes import PidFile

from .start import Running, alive, free_port, run, running, until

pytestmark = pytest.mark.processes


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A folder with a short name, so that the broker's socket lies in it."""
    folder = Path(tempfile.mkdtemp(prefix="trk-up-"))
    yield folder / "data"
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def used() -> Iterator[Path]:
    """A data folder that has been started in before, for the tests that need no first start."""
    folder = Path(tempfile.mkdtemp(prefix="trk-up-"))
    (folder / "data").mkdir(mode=0o700)
    ready.copy_file(folder / "data" / "tracker.sqlite3")
    with running(folder / "data"):
        pass
    yield folder / "data"
    shutil.rmtree(folder)


@pytest.fixture
def database_urls(request: pytest.FixtureRequest) -> dict[str, str]:
    """Nothing, or the two URLs: of an empty database, and of the broker of the tests."""
    if request.config.getoption("--database") == "sqlite":
        return {}
    url = os.environ["DATABASE_URL"]
    name = f"up_{os.getpid()}_{free_port()}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    return {
        "DATABASE_URL": url.replace("/tracker?", f"/{name}?"),
        "REDIS_URL": os.environ["REDIS_URL"].replace("db=0", "db=7"),
    }


def test_starts_serves_sweeps_and_stops(data_dir: Path, database_urls: dict[str, str]) -> None:
    with running(data_dir, **database_urls) as up:
        assert up.get("/healthz") == (200, "ok\n")
        until(lambda: up.get("/readyz")[0] == 200, within=30, why=lambda: up.get("/readyz")[1])
        login = (data_dir / "demo-login").read_text().split()
        assert f"Ready at http://localhost:{up.port}" in up.said()
        assert f"http://localhost:{up.port}/mailbox/" in up.said()
        assert "No mail yet" in up.get("/mailbox/")[1]
        assert f"Demo login: {login[0]} / {login[1]}" in up.said()
        admin = (data_dir / "admin-login").read_text().split()
        assert f"Site administrator: {admin[0]} / {admin[1]}" in up.said()
        for name in ("demo-login", "admin-login", "secret-key"):
            assert stat.S_IMODE((data_dir / name).stat().st_mode) == 0o600
        family = up.family()
        assert len(family) >= (4 if database_urls else 5)
        assert up.stop() < 10
    assert up.process.returncode == 0
    assert alive(family) == {}

    # Again: nothing is prepared anew, nothing is lost, and Ctrl-C ends it as well.
    with running(data_dir, **database_urls) as up:
        assert up.said().count("Preparing the database.") == 1
        assert up.said().count(" / ".join(login)) == 2
        assert up.stop(signal.SIGINT) < 10
    assert up.process.returncode == 0


def test_what_is_killed_comes_back_and_nothing_outlives_the_supervisor(used: Path) -> None:
    with running(used) as up:
        until(lambda: up.get("/readyz")[0] == 200, within=30, why=up.said)
        before = up.pids()
        assert len(before) == 4
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        until(lambda: not set(before) & set(up.pids()), within=10, why=up.said)
        until(lambda: up.get("/readyz")[0] == 200, within=30, why=up.said)
        for name in ("broker", "web", "worker", "beat"):
            assert f"{name} ended (signal SIGKILL)" in up.said()
        family = up.family()
        up.process.kill()
        up.process.wait()
        until(lambda: not alive(family), within=10, why=lambda: str(alive(family)))


def test_one_start_at_a_time_holds_a_data_folder(used: Path) -> None:
    with running(used) as up:
        second = run(used, PORT=str(free_port()))
        assert second.returncode == 2
        assert f"Already running with this data folder (process {up.process.pid})" in second.stderr
        taken = run(used, PORT=str(up.port))
        assert taken.returncode == 2
        assert taken.stderr.startswith(f"Cannot start. Port {up.port} is taken")
        assert up.get("/healthz")[0] == 200


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0"])  # noqa: S104
def test_a_taken_port_is_said_in_one_line(data_dir: Path, address: str) -> None:
    with socket.socket() as other:
        other.bind((address, 0))
        other.listen()
        port = other.getsockname()[1]
        check_refusal(data_dir, f"Port {port} is taken", PORT=str(port))


@pytest.mark.parametrize(
    ("said", "settings"),
    [
        (
            "postgresql://127.0.0.1:1/gone is out of reach",
            {"DATABASE_URL": "postgresql://me:hush@127.0.0.1:1/gone"},
        ),
        ("/nowhere/x.sqlite3 is out of reach", {"DATABASE_URL": "sqlite:////nowhere/x.sqlite3"}),
        ("must begin with sqlite:/// or postgresql://", {"DATABASE_URL": "mysql://hush@h/n"}),
        ("The broker does not answer", {"REDIS_URL": "redis://:hush@127.0.0.1:1/0"}),
        ("TRACKER_MOD is not a setting. Did you mean TRACKER_MODE?", {"TRACKER_MOD": "local"}),
        ("PORT is 'eighty'", {"PORT": "eighty"}),
        ("needs SECRET_KEY, ALLOWED_HOSTS, DATABASE_URL", {"TRACKER_MODE": "production"}),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    data_dir: Path, said: str, settings: dict[str, str]
) -> None:
    check_refusal(data_dir, said, **{"PORT": str(free_port())} | settings)


def check_refusal(data_dir: Path, said: str, **settings: str) -> None:
    found = run(data_dir, **settings)
    assert found.returncode == 2
    assert said in found.stderr
    assert len(found.stderr.splitlines()) == 1
    assert "hush" not in found.stderr
    assert found.stdout == ""
    assert not (data_dir / "run" / "pids.json").exists()


def test_a_preparation_cut_short_is_done_again(data_dir: Path) -> None:
    found = Running(data_dir, free_port(), data_dir.with_suffix(".log"))
    stamp = data_dir / "prepared.json"
    until(stamp.exists, within=30, why=found.said)
    family = found.family()
    assert found.stop() < 10
    assert alive(family) == {}
    assert json.loads(stamp.read_text())["is_pending"] is True
    with running(data_dir) as up:
        assert "Demo login: " in up.said()
    assert json.loads(stamp.read_text())["is_pending"] is False


def test_leftovers_are_ended_by_the_next_start(used: Path) -> None:
    """What the kernel does on Linux when a supervisor is killed; elsewhere the next start."""
    with running(used) as up:
        until(lambda: up.get("/readyz")[0] == 200, within=30, why=up.said)
        rows = json.loads((used / "run" / "pids.json").read_text())
        commands = [processes.command_of(int(row["pid"])) for row in rows]
        assert [row["mark"] in command for row, command in zip(rows, commands, strict=True)] == [
            True
        ] * 4
    left = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(60)", "left over"], start_new_session=True
    )
    until(lambda: "left over" in processes.command_of(left.pid), within=5, why=lambda: "no command")
    path = used / "left.json"
    path.write_text(json.dumps([{"pid": left.pid, "mark": "left over"}]))
    PidFile(path).sweep(within=0.5)
    assert left.wait(5) == -signal.SIGTERM


def test_leftovers_are_told_from_strangers_by_their_command(tmp_path: Path) -> None:
    """A process id may have been given to somebody else since it was written down."""
    path = tmp_path / "pids.json"
    path.write_text(json.dumps([{"pid": os.getpid(), "mark": "no command has this"}]))
    PidFile(path).sweep()
    assert not path.exists()
