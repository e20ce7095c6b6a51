"""Writes to how somebody is told. What waits already is timed anew by the new choice."""

from datetime import datetime, time

from django.db import transaction

from tracker.domain import zones
from tracker.domain.errors import Invalid
from tracker.domain.sentences import _
from tracker.domain.timing import Rhythm, leaves_at
from tracker.models import Alert, AlertSettings, Pledge, Snooze, User
from tracker.selectors.audience import timing_of, timing_on


@transaction.atomic
def choose(
    *,
    user: User,
    zone: str,
    by_mail: bool,
    by_mention: bool = True,
    by_proposal: bool = True,
    rhythm: Rhythm | str,
    hour: int,
    weekday: int,
    quiet_from: time | None,
    quiet_until: time | None,
    at: datetime,
) -> AlertSettings:
    """Raises Invalid with the field: a zone that is none, quiet hours with one end."""
    if zone:
        zones.zone(zone)
    if (quiet_from is None) is not (quiet_until is None):
        raise Invalid(
            _("Quiet hours have a beginning and an end."),
            field="quiet_until" if quiet_until is None else "quiet_from",
            mend=_("Give both, or neither."),
        )
    row = _row(user)
    row.zone, row.by_mail, row.rhythm = zone, by_mail, Rhythm(rhythm)
    row.by_mention, row.by_proposal = by_mention, by_proposal
    row.hour, row.weekday = hour, weekday
    row.quiet_from, row.quiet_until = quiet_from, quiet_until
    row.save()
    _time_anew(user, row, at)
    return row


@transaction.atomic
def snooze(*, user: User, until: datetime | None, at: datetime) -> AlertSettings:
    """Nothing leaves to this person before ``until``; None: at once again."""
    row = _row(user)
    row.snoozed_until = until
    row.save(update_fields=["snoozed_until"])
    _time_anew(user, row, at)
    return row


@transaction.atomic
def snooze_pledge(*, user: User, pledge: Pledge, until: datetime | None, at: datetime) -> None:
    """Nothing of this pledge leaves to this person before ``until``; None: at once again."""
    Snooze.objects.filter(user=user, pledge=pledge).delete()
    if until is not None:
        Snooze.objects.create(user=user, pledge=pledge, until=until)
    _time_anew(user, _row(user), at)


@transaction.atomic
def try_address_again(*, user: User, at: datetime) -> None:
    """The person says that mail reaches the address now."""
    AlertSettings.objects.filter(user=user).update(refused_at=None, refused_detail="")


def _row(user: User) -> AlertSettings:
    return AlertSettings.objects.select_for_update().get_or_create(user=user)[0]


def _time_anew(user: User, row: AlertSettings, at: datetime) -> None:
    """What has not left yet leaves as the person wants it now; never before it was owed."""
    chosen = timing_of(row)
    snoozes = dict(Snooze.objects.filter(user=user).values_list("pledge_id", "until"))
    waiting = list(Alert.objects.filter(recipient=user, message=None, dropped_at=None))
    for alert in waiting:
        timing, snoozed = timing_on(alert.channel, chosen), snoozes.get(alert.pledge_id or 0)
        alert.due_at = leaves_at(timing, max(at, alert.owed_at), snoozed_until=snoozed)
    Alert.objects.bulk_update(waiting, ["due_at"], batch_size=500)
