"""When the sweep last ran, and whether there is anything for it to do."""

from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from tracker.models import Alert, Phase, StalePledge, SweepRun


class Due(NamedTuple):
    """What is due, by the work that it wants: derive anew, notice, escalate."""

    stale: bool
    phases: bool
    escalations: bool


def last_finished() -> datetime | None:
    """The end of the latest run; None before the first."""
    return SweepRun.objects.order_by("-finished_at").values_list("finished_at", flat=True).first()


def due(*, at: datetime) -> Due:
    """One query of three looks into an index, whatever the register holds."""
    wanted: tuple[QuerySet[StalePledge] | QuerySet[Phase] | QuerySet[Alert], ...] = (
        StalePledge.objects.all(),
        Phase.objects.filter(from_at__lte=at, noticed_at=None),
        escalating(at=at),
    )
    texts: list[str] = []
    params: list[Any] = []
    for one in wanted:
        text, given = one.order_by().values("pk")[:1].query.sql_with_params()
        texts.append(f"EXISTS({text})")
        params += given
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(texts)}", params)
        return Due(*map(bool, cursor.fetchone()))


def escalating(*, at: datetime) -> QuerySet[Alert]:
    """Alerts that nobody acknowledged in time, where a dossier asks for more."""
    return Alert.objects.filter(
        escalates_at__lte=at, escalated_at=None, acknowledged_at=None, dropped_at=None
    )
