"""What the watch promises while something is killed or gone: small runs of `make faults`."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.load.faults.__main__ import apart, row
from tests.load.instance import prepare
from tests.plugins import ready

pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def empty_register(request: pytest.FixtureRequest) -> Iterator[tuple[str, Path]]:
    """Which database it is of, and what instances are copied from."""
    folder = Path(tempfile.mkdtemp(prefix="trk-ready-"))
    folder.chmod(0o711)
    database = str(request.config.getoption("--database"))
    if database == "sqlite":
        ready.copy_file(folder / "ready.sqlite3")
        yield database, folder / "ready.sqlite3"
    else:
        yield database, prepare(database, folder)
    shutil.rmtree(folder)


@pytest.mark.parametrize("name", ["kills", "broker_gone", "database_gone"])
def test_what_is_promised_is_kept(name: str, empty_register: tuple[str, Path]) -> None:
    database, ready = empty_register
    found = apart(name, database, ready, seed=1, is_small=True)
    assert not found["broken"], row(found)
