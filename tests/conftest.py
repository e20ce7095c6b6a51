"""What every test may ask for. Services are started by tests/plugins/services.py."""

import shutil
from collections.abc import Iterator

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _no_memory_of_other_tests() -> Iterator[None]:
    yield
    cache.clear()


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium; without one the test is skipped, and says what to install."""
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        found = shutil.which(name)
        if found:
            return found
    pytest.skip("no Chromium here: install it to run the browser tests (apt-get install chromium)")
