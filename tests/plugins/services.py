"""Starts the broker and the database of a test run, and tells Django's settings of them.

Loaded with -p, since pytest-django reads the settings before any conftest.py: what is started there
is ignored in silence. Also chooses what runs on the second database, and lets nothing be skipped
where CI is set.
"""

import os
import secrets
import shutil
import tempfile
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.plugins import network
from tests.plugins.postgresql import Server
from tracker.config import broker, environment
from tracker.config.processes import Child

# Set by the process that started them, for the test processes that it starts in its turn.
MARK = "PYTEST_SERVICES_IN"
DATABASES = ("sqlite", "postgresql")
PAGES = Path(__file__).parents[1] / "web"
DATABASE_FIXTURES = frozenset(
    {
        *("db", "transactional_db", "django_db_serialized_rollback", "live_server"),
        *("database_urls", "registers", "empty_register"),
    }
)


@dataclass(slots=True)
class Services:
    folder: Path
    broker: Child
    postgresql: Server | None


_running: Services | None = None
_skipped: list[str] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=DATABASES,
        default="sqlite",
        help="sqlite: everything; postgresql: the tests that touch a database",
    )


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, Any, Any]:
    """Runs around pytest-django's own hook, which reads the settings."""
    global _running  # noqa: PLW0603 (one per process; pytest keeps no place for it this early)
    if MARK not in os.environ:
        _running = start(early_config.known_args_namespace.database)
    network.block()
    return (yield)


def start(database: str) -> Services:
    """Start what the run needs, in a private folder with a short path, and set the environment."""
    folder = Path(tempfile.mkdtemp(prefix="trk-"))
    folder.chmod(0o711)  # the database's owner passes through to a folder of its own
    data_dir = broker.private_folder(folder / "data")
    for name in [n for n in os.environ if n in environment.KNOWN or n.startswith("TRACKER_")]:
        del os.environ[name]
    child = Child("broker", broker.command(data_dir))
    child.start()
    server = Server(folder / "pg") if database == "postgresql" else None
    url = f"sqlite:///{data_dir}/main.sqlite3"
    services = Services(folder, child, server)
    if server is not None:
        try:
            server.start()
        except BaseException:
            stop(services)
            raise
        url = server.url()
    os.environ.update(
        {
            MARK: str(folder),
            "TRACKER_MODE": "test",
            "TRACKER_DATA_DIR": str(data_dir),
            "TRACKER_LOG_LEVEL": "warning",
            "DATABASE_URL": url,
            "REDIS_URL": broker.url(data_dir),
            "SECRET_KEY": secrets.token_urlsafe(60),
            "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
            # Playwright's loop runs in the thread of the tests.
            "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
        }
    )
    return services


def stop(services: Services) -> None:
    """Stop what start() started, by process id, and leave nothing behind."""
    if services.postgresql is not None:
        services.postgresql.stop()
    services.broker.end(within=3)
    shutil.rmtree(services.folder, ignore_errors=True)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    global _running  # noqa: PLW0603
    if _running is not None:
        stop(_running)
        os.environ.pop(MARK, None)
        _running = None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What comes out the same on either database is run once; what takes long begins first.

    Of two processes neither is then left with a long file when the other has none.
    """
    items.sort(key=lambda item: not takes_long(item))
    if config.getoption("--database") == "sqlite":
        return
    kept = [item for item in items if differs(item)]
    dropped = [item for item in items if not differs(item)]
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        items[:] = kept


def takes_long(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    marks = {mark.name for mark in item.iter_markers()}
    return bool(marks & {"browser", "processes"} or "registers" in fixtures)


def differs(item: pytest.Item) -> bool:
    """Whether the database could make a difference.

    What a page says does not depend on it, nor how it looks and is reached in the browser:
    tests/contracts asks for every page on both, tests/actions enters everything. Marked ``both``
    are pages that filter, sort and page in queries of their own, and rounds through the browser.
    """
    is_page = item.path.parent == PAGES or item.get_closest_marker("browser")
    if is_page and not item.get_closest_marker("both"):
        return False
    if item.get_closest_marker("once"):
        return False
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(fixtures & DATABASE_FIXTURES or item.get_closest_marker("django_db"))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped and not hasattr(report, "wasxfail"):
        _skipped.append(report.nodeid)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    if report.skipped:
        _skipped.append(report.nodeid)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if _skipped and is_ci() and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _skipped and is_ci():
        terminalreporter.section("skipped, which CI does not allow", sep="=", red=True)
        for nodeid in _skipped:
            terminalreporter.line(nodeid)


def is_ci() -> bool:
    return os.environ.get("CI", "").lower() in {"true", "1"}
