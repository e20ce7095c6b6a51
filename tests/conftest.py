"""What every test may ask for. Services are started by tests/plugins/services.py."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, connections
from django.test import TransactionTestCase

from tests.plugins import ready
from tracker.models import append_only


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
def _the_ledger_may_be_emptied_between_tests() -> Iterator[None]:
    """Transactional tests empty every table; the ledger's triggers stand aside for just that."""
    case_class: Any = TransactionTestCase
    flush = case_class._fixture_teardown

    def flush_without_triggers(case: Any) -> None:
        used = [connections[alias] for alias in case._databases_names(include_mirrors=False)]
        for one in used:
            append_only.lift(one)
        flush(case)
        for one in used:
            append_only.lay(one)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", flush_without_triggers)
        yield


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium; without one the test is skipped, and says what to install."""
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        found = shutil.which(name)
        if found:
            return found
    pytest.skip("no Chromium here: install it to run the browser tests (apt-get install chromium)")
