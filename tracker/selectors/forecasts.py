"""What alerts will come, if nothing is entered meanwhile: read from the phases to come."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from tracker.domain.causes import FAILED, Cause, review_of
from tracker.models import Phase, Pledge, User

from .audience import Audience, Told, audience


@dataclass(frozen=True, slots=True)
class Forecast:
    """One alert to come: of which cause, to whom, and when it leaves."""

    ref: str
    kind: str
    subject: str
    link: str
    lead: str
    true_at: datetime
    user: int
    name: str
    channel: str
    due_at: datetime
    because: tuple[dict[str, str], ...]


def forecast(
    *,
    at: datetime,
    until: datetime,
    pledges: Collection[int] | None = None,
    users: Collection[int] | None = None,
) -> list[Forecast]:
    """The alerts that become due after ``at`` and by ``until``, in their order.

    ``pledges`` and ``users`` keep to those. A constant number of queries.
    """
    rows = Pledge.objects.all() if pledges is None else Pledge.objects.filter(pk__in=pledges)
    refs = dict(rows.values_list("pk", "ref"))
    told = audience(set(refs), at=at, until=until)
    return _forecasts(told, refs, _causes(set(refs), at, until), users=users)


def forecast_of(told: Audience, pledge: Pledge, causes: Collection[Cause]) -> list[Forecast]:
    """The alerts that these causes of one pledge will be. One query."""
    return _forecasts(told, {pledge.pk or 0: pledge.ref}, causes)


def _forecasts(
    told: Audience,
    refs: Mapping[int, str],
    causes: Collection[Cause],
    *,
    users: Collection[int] | None = None,
) -> list[Forecast]:
    names = {
        user.pk: str(user)
        for user in User.objects.filter(pk__in=told.readers)
        if users is None or user.pk in users
    }
    found = [
        Forecast(
            refs[cause.pledge],
            cause.kind,
            cause.subject,
            cause.link,
            cause.lead,
            cause.true_at,
            one.user,
            names[one.user],
            one.channel,
            one.due_at,
            one.because,
        )
        for cause in causes
        for one in _told(told, cause)
        if one.user in names
    ]
    return sorted(found, key=lambda f: (f.due_at, f.true_at, f.ref, f.kind, f.user, f.channel))


def _told(told: Audience, cause: Cause) -> list[Told]:
    if cause.kind == review_of(cause).kind:
        people = told.asked_to_review(cause.pledge)
        return list(told.of(cause, only=people, at=cause.true_at))
    return list(told.of(cause, at=cause.true_at))


def _causes(pledges: set[int], at: datetime, until: datetime) -> set[Cause]:
    """Every flag that becomes true in that time, and the review that a failed one asks for."""
    coming = Phase.objects.filter(pledge__in=pledges, from_at__gt=at, from_at__lte=until)
    found = set()
    for pledge, flags in coming.values_list("pledge_id", "flags"):
        for kind, subject, link, lead, since in flags:
            true_at = datetime.fromisoformat(since)
            if at < true_at <= until:
                found |= with_review(Cause(pledge, kind, true_at, subject, link, lead))
    return found


def with_review(cause: Cause) -> set[Cause]:
    """A cause, and the review that a failed dependency asks for."""
    return {cause, review_of(cause)} if cause.kind == FAILED else {cause}
