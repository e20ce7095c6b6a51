"""Databases of a test's own: of the vendor that the run asks for, and of the other one."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.plugins.postgresql import Server

from .registers import Database, Registers, fill, save


@pytest.fixture(scope="session")
def _postgresql(request: pytest.FixtureRequest) -> Iterator[str]:
    """A server's address: the one of the run, or one that is started for these tests."""
    if request.config.getoption("--database") == "postgresql":
        yield os.environ["DATABASE_URL"]
        return
    folder = Path(tempfile.mkdtemp(prefix="trk-pg-"))
    folder.chmod(0o711)
    server = Server(folder / "pg")
    server.start()
    yield server.url()
    server.stop()
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def registers(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[Registers]:
    """Nothing of the tests' own database is touched."""
    folder = Path(tempfile.mkdtemp(prefix="trk-reg-"))
    with django_db_blocker.unblock():
        yield Registers(
            folder,
            str(request.config.getoption("--database")),
            lambda: str(request.getfixturevalue("_postgresql")),
        )
    shutil.rmtree(folder)


@pytest.fixture
def data_dir(tmp_path: Path, settings: Any) -> Path:
    """An empty data folder."""
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    return tmp_path / "data"


@pytest.fixture(scope="module")
def source(registers: Registers) -> Database:
    """A register of today, to be read only."""
    found = registers.migrated()
    with registers.on(found):
        fill()
    return found


@pytest.fixture
def saved(registers: Registers, source: Database, tmp_path: Path) -> Path:
    """A backup of it."""
    path = tmp_path / "saved.zip"
    with registers.on(source):
        save(path)
    return path
