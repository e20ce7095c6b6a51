"""What every test may ask for. Services are started by tests/plugins/services.py."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.test import TransactionTestCase

from tests.plugins import emptying, ready


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """The tests' database is there before pytest-django asks for it: a copy of the ready one."""
    creation: Any = connection.creation
    name = creation._get_test_db_name()
    if connection.vendor == "sqlite":
        ready.copy_file(Path(name))
    else:
        ready.copy_database(os.environ["DATABASE_URL"], name)


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """It is taken as it is, and goes when the run's folder or server does."""
    return True


@pytest.fixture(autouse=True)
def _no_memory_of_other_tests() -> Iterator[None]:
    yield
    cache.clear()


@pytest.fixture(scope="session", autouse=True)
def _migrations_are_not_held_up() -> Iterator[None]:
    migrate = MigrationExecutor.migrate

    def quickly(executor: MigrationExecutor, *given: Any, **more: Any) -> Any:
        with ready.uncollected():
            return migrate(executor, *given, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MigrationExecutor, "migrate", quickly)
        yield


@pytest.fixture(scope="session", autouse=True)
def _what_tests_commit_is_taken_away_at_less_expense() -> Iterator[None]:
    case_class: Any = TransactionTestCase

    def take_away(case: Any) -> None:
        for alias in case._databases_names(include_mirrors=False):
            emptying.empty(connections[alias])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(case_class, "_fixture_teardown", take_away)
        yield


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium; without one the test is skipped, and says what to install."""
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        found = shutil.which(name)
        if found:
            return found
    pytest.skip("no Chromium here: install it to run the browser tests (apt-get install chromium)")
