"""Owing alerts: who is told of a flag that has become true. Sending them is another's work."""

from collections.abc import Iterable
from datetime import datetime

from tracker.domain.alerts import BACKFILL_AFTER
from tracker.models import Alert, Flag, Pledge

MAIL = "mail"


def owe(*, flags: Iterable[Flag], at: datetime, by_edit: bool) -> int:
    """One alert per flag to the pledge's analyst; how many are new. Nobody is alerted twice.

    After an edit, a flag that had been true for more than 48 h is history that was entered late:
    it is written and alerts nobody. What an outage of ours missed is alerted whatever its age.
    """
    wanted = [f for f in flags if not (by_edit and at - f.since > BACKFILL_AFTER)]
    analysts = dict(
        Pledge.objects.filter(
            pk__in={f.pledge_id for f in wanted}, analyst__is_active=True
        ).values_list("pk", "analyst")
    )
    made = [
        Alert(
            pledge_id=flag.pledge_id,
            recipient_id=analysts[flag.pledge_id],
            channel=MAIL,
            kind=flag.kind,
            subject=flag.subject,
            link=flag.link,
            lead=flag.lead,
            true_at=flag.since,
            owed_at=at,
            due_at=at,
            by_edit=by_edit,
        )
        for flag in wanted
        if flag.pledge_id in analysts
    ]
    Alert.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)
