"""Owing alerts to people whom their cause names, by the way that each chose, whatever they watch.

Must not live here: whom a cause names (mentions.py, proposal_alerts.py), flags (alerts.py).
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from tracker.domain.timing import leaves_at
from tracker.models import Alert
from tracker.selectors.audience import readers_of, timing_on


def to_named(
    users: Collection[int],
    *,
    at: datetime,
    snoozes: Mapping[int, datetime] | None = None,
    **columns: Any,
) -> int:
    """An alert to each of them that is active, on each of their channels; how many.

    ``snoozes``: until when nothing of its pledge leaves to somebody. ``columns``: those of the
    alert that are the same for all. What is owed already is left as it is.
    """
    ways, _admins = readers_of(set(users))
    held = snoozes or {}
    made = [
        Alert(
            recipient_id=user,
            channel=channel,
            true_at=at,
            owed_at=at,
            due_at=leaves_at(timing_on(channel, way.timing), at, snoozed_until=held.get(user)),
            by_edit=True,
            **columns,
        )
        for user, way in sorted(ways.items())
        for channel in way.channels
    ]
    Alert.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)
