"""Why somebody was, or was not, alerted of what a pledge raised: read from what was kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tracker.domain.causes import Cause
from tracker.models import Alert, AlertSettings, Flag, Pledge, Subscription, User, Webhook

from . import merges
from .audience import WITH_LEADS, audience, wants_lead
from .past_views import Past, past

BACK = timedelta(days=90)


class Why(StrEnum):
    """What became of a flag for one person; the first that holds."""

    ALERTED = "alerted"
    HISTORY = "history"
    NO_ACCESS = "no_access"
    MUTED = "muted"
    NOT_WATCHED = "not_watched"
    NOT_LISTED = "not_listed"
    VIEW_CHANGED = "view_changed"
    OTHER_KINDS = "other_kinds"
    OTHER_LEADS = "other_leads"
    NO_CHANNEL = "no_channel"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Explained:
    """One flag, and why the person was told of it or not. ``alerts``: those that were owed."""

    flag: Flag
    why: Why
    alerts: tuple[Alert, ...] = ()


def explain(user: User, pledge: Pledge, *, at: datetime) -> list[Explained]:
    """What the pledge raised in the last 90 days, newest first. A constant number of queries."""
    flags = Flag.objects.filter(pledge=pledge, noticed_at__gt=at - BACK).order_by("-since", "-pk")
    owed: dict[Cause, list[Alert]] = {}
    for alert in Alert.objects.filter(pledge=pledge, recipient=user).select_related("message"):
        cause = Cause(pledge.pk, alert.kind, alert.true_at, alert.subject, alert.link, alert.lead)
        owed.setdefault(cause, []).append(alert)
    told = audience({pledge.pk}, at=at)
    mine = list(_watching(user, pledge))
    views = list(Subscription.objects.filter(user=user).exclude(view=None).select_related("view"))
    is_inside = user.pk in told.insiders.get(pledge.pk, ())
    was = past(pledge, since=at - BACK, is_inside=is_inside) if views else None
    chosen = AlertSettings.objects.filter(user=user).first()
    by_mail = chosen is None or (chosen.by_mail and chosen.refused_at is None)
    has_channel = by_mail or Webhook.objects.filter(user=user, refused_at=None).exists()
    found = []
    for flag in flags:
        cause = Cause(pledge.pk, flag.kind, flag.since, flag.subject, flag.link, flag.lead)
        alerts = tuple(owed.get(cause, ()))
        if alerts:
            why = Why.ALERTED
        elif flag.is_backfilled:
            why = Why.HISTORY
        elif user.pk in told.readers and not told.sees(user.pk, pledge.pk):
            why = Why.NO_ACCESS
        else:
            why = _by_subscription(flag, mine)
            if was is not None and why is not Why.MUTED:
                why = _with_views(flag, mine, views, was)
            if why is Why.UNKNOWN and not has_channel:
                why = Why.NO_CHANNEL
        found.append(Explained(flag, why, alerts))
    return found


def _watching(user: User, pledge: Pledge) -> Iterable[Subscription]:
    """Every subscription of the person that concerns the pledge, ended ones too; views apart."""
    named = {pledge.pledgor_id, *pledge.beneficiaries.values_list("pk", flat=True)}
    parties = {one for same in merges.one_with(named).values() for one in same}
    own = {pledge.pk, *merges.into([pledge.pk])}
    for one in Subscription.objects.filter(user=user, view=None):
        if one.is_mute and one.pledge_id != pledge.pk:
            continue
        if one.pledge_id in own or one.dossier_id == pledge.dossier_id or one.party_id in parties:
            yield one


def _with_views(
    flag: Flag, mine: Iterable[Subscription], views: Iterable[Subscription], was: Past
) -> Why:
    """The same with the views that were watched then, as far as it is known what they listed."""
    listing: list[Subscription] = []
    unsure: list[Subscription] = []
    stood = _standing(flag, views)
    for one in stood:
        assert one.view is not None
        lists = was.listed_by(one.view, flag.noticed_at)
        if lists is None:
            unsure.append(one)
        elif lists:
            listing.append(one)
    why = _by_subscription(flag, [*mine, *listing])
    if why is not Why.UNKNOWN and _by_subscription(flag, unsure) is Why.UNKNOWN:
        return Why.VIEW_CHANGED
    return Why.NOT_LISTED if why is Why.NOT_WATCHED and stood else why


def _standing(flag: Flag, mine: Iterable[Subscription]) -> list[Subscription]:
    """Those that stood when the flag was noticed."""
    return [
        one
        for one in mine
        if one.made_at <= flag.noticed_at
        and (one.ended_at is None or one.ended_at > flag.noticed_at)
    ]


def _by_subscription(flag: Flag, mine: Iterable[Subscription]) -> Why:
    """What the subscriptions that stood when the flag was noticed said of it."""
    then = _standing(flag, mine)
    if any(one.is_mute for one in then):
        return Why.MUTED
    if not then:
        return Why.NOT_WATCHED
    of_kind = [one for one in then if not one.kinds or flag.kind in one.kinds]
    if not of_kind:
        return Why.OTHER_KINDS
    if flag.kind in WITH_LEADS and not any(wants_lead(one.leads, flag.lead) for one in of_kind):
        return Why.OTHER_LEADS
    return Why.UNKNOWN
