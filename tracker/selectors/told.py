"""Whether somebody is told of a pledge as things stand, and why: for the pledge's own page."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q

from tracker.domain.filters import matches, parse
from tracker.domain.naming import Names
from tracker.models import Pledge, Snooze, Subscription, User

from . import filters, merges, party_names


@dataclass(frozen=True, slots=True)
class Told:
    """``because``: analyst, pledge, party, dossier, view; none: not told. A mute silences all.

    ``some``: only of some kinds or warnings.
    """

    because: tuple[str, ...]
    is_muted: bool
    is_some: bool
    snoozed_until: datetime | None


def of(user: User, ref: str, *, at: datetime) -> Told:
    """Some seven queries; of a view that the person watches, some more."""
    pledge = Pledge.objects.only("pk", "dossier_id", "pledgor_id", "analyst_id").get(ref=ref)
    merged = merges.into([pledge.pk])
    muted = Subscription.objects.filter(
        user=user, ended_at=None, is_mute=True, pledge__in=merged
    ).values_list("pledge", flat=True)
    own = [pledge, *(row for pk, row in merged.items() if pk not in set(muted))]
    through = Pledge.beneficiaries.through.objects.filter(pledge__in=own)
    parties = {row.pledgor_id for row in own} | set(through.values_list("party", flat=True))
    standing = Subscription.objects.filter(user=user, ended_at=None).filter(
        Q(pledge__in=own)
        | Q(dossier=pledge.dossier_id)
        | Q(party__in={one for same in merges.one_with(parties).values() for one in same})
        | Q(view__isnull=False, view__removed_at=None)
    )
    found = list(standing.annotate(view_filters=F("view__filters")).order_by("pk"))
    views = [one for one in found if one.view_id is not None]
    seen = filters.watched([pledge.pk], at=at).get(pledge.pk) if views else None
    names = party_names.every() if views else Names()
    watching = [
        one
        for one in found
        if one.view_id is None
        or (seen is not None and matches(party_names.widened(parse(one.view_filters), names), seen))
    ]
    wanted = [one for one in watching if not one.is_mute]
    because = ["analyst"] if any(row.analyst_id == user.pk for row in own) else []
    because += [_target(one) for one in wanted]
    snooze = Snooze.objects.filter(user=user, pledge=pledge, until__gt=at).first()
    return Told(
        because=tuple(dict.fromkeys(because)),
        is_muted=any(one.is_mute for one in watching),
        is_some=bool(because)
        and "analyst" not in because
        and all(one.kinds or one.leads for one in wanted),
        snoozed_until=snooze.until if snooze is not None else None,
    )


def _target(one: Subscription) -> str:
    names = ("pledge", "party", "dossier", "view")
    return next(name for name in names if getattr(one, f"{name}_id") is not None)
