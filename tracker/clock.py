"""The one place that reads the clock. Entry points call it and pass the instant down as `at`."""

import os
from datetime import UTC, datetime, timedelta


def now() -> datetime:
    """This instant, in UTC. In tests TRACKER_TEST_CLOCK shifts it, by seconds."""
    instant = datetime.now(UTC)
    if os.environ.get("TRACKER_MODE") == "test":
        instant += timedelta(seconds=float(os.environ.get("TRACKER_TEST_CLOCK") or 0))
    return instant
