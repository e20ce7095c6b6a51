"""When the sweep last ran."""

from datetime import datetime

from tracker.models import SweepRun


def last_finished() -> datetime | None:
    """The end of the latest run; None before the first."""
    return SweepRun.objects.order_by("-finished_at").values_list("finished_at", flat=True).first()
