"""Writes to subscriptions: what somebody wants to be told of. Personal, so not in the ledger."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from tracker.domain.access import check_see
from tracker.domain.causes import ALERT_KINDS, MENTIONED, OF_PROPOSALS
from tracker.domain.errors import Invalid, NotFound
from tracker.domain.flags import STANDARD_LEADS
from tracker.domain.sentences import _
from tracker.models import (
    Alert,
    AlertSettings,
    Dossier,
    Message,
    Party,
    Pledge,
    SavedView,
    Subscription,
    User,
)
from tracker.selectors import access, merges

Target = Pledge | Party | Dossier | SavedView
LEADS = STANDARD_LEADS


@transaction.atomic
def subscribe(
    *, user: User, target: Target, kinds: Collection[str] = (), leads: Collection[str] = (),
    at: datetime,
) -> Subscription:  # fmt: skip
    """Be told of it from now on: of these kinds and leads, or of all. A new choice replaces one.

    Raises NotFound for what the person may not see, Invalid for a kind or lead that is none.
    """
    _check(user, target)
    for field, known, given in (("kinds", ALERT_KINDS, kinds), ("leads", LEADS, leads)):
        unknown = [one for one in given if one not in known]
        if unknown:
            raise Invalid(
                _("“{unknown}” is none of them.", unknown=unknown[0]),
                field=field,
                mend=_("Use: {known}.", known=", ".join(known)),
            )
    _end(user, target, at)
    return Subscription.objects.create(
        user=user,
        **{_column(target): target},
        kinds=sorted(set(kinds)),
        leads=sorted(set(leads)),
        made_at=at,
    )


@transaction.atomic
def mute(*, user: User, pledge: Pledge, at: datetime) -> Subscription:
    """Nothing of this pledge, whatever else says so: as its analyst, through its dossier."""
    _check(user, pledge)
    _end(user, pledge, at)
    return Subscription.objects.create(user=user, pledge=pledge, is_mute=True, made_at=at)


@transaction.atomic
def end(*, row: Subscription, at: datetime) -> None:
    """It stays, as ended, so that it can be answered why somebody was told."""
    Subscription.objects.filter(pk=row.pk, ended_at=None).update(ended_at=at)


@transaction.atomic
def leave(*, message: Message, at: datetime) -> int:
    """End what sent this message, how many: subscriptions, and mentions or proposals where it tells
    of one.

    Its reader's own pledges are muted. Done twice it changes nothing more.
    """
    alerts = list(Alert.objects.filter(message=message).select_related("pledge"))
    reasons = [
        (alert.pledge, why)
        for alert in alerts
        for why in alert.because
        if alert.pledge is not None and alert.kind != MENTIONED
    ]
    named = {why["subscription"] for _row, why in reasons if "subscription" in why}
    ended = Subscription.objects.filter(
        pk__in=named, user=message.recipient_id, ended_at=None, is_mute=False
    ).update(ended_at=at)
    for pledge in {pledge for pledge, why in reasons if "subscription" not in why}:
        mine = Subscription.objects.filter(user=message.recipient_id, pledge=pledge, ended_at=None)
        if not mine.filter(is_mute=True).exists():
            mine.update(ended_at=at)
            Subscription.objects.create(
                user_id=message.recipient_id, pledge=pledge, is_mute=True, made_at=at
            )
            ended += 1
    if any(alert.kind == MENTIONED for alert in alerts):
        ended += _turn_off(message.recipient, "by_mention")
    if any(alert.kind in OF_PROPOSALS for alert in alerts):
        ended += _turn_off(message.recipient, "by_proposal")
    return ended


def _turn_off(user: User, choice: str) -> int:
    AlertSettings.objects.get_or_create(user=user)
    return AlertSettings.objects.filter(user=user, **{choice: True}).update(**{choice: False})


def standing(*, user: User, target: Target) -> list[Subscription]:
    """What somebody has subscribed to of it, and of what was merged into it; its own first.

    That one of those is muted says nothing of it.
    """
    own, held = target.pk, Subscription.objects.filter(user=user, ended_at=None)
    if isinstance(target, Party):
        found = list(held.filter(party__in=merges.one_with([own])[own]))
    elif isinstance(target, Pledge):
        found = list(held.filter(pledge=target))
        found += held.filter(pledge__in=merges.into([own]), is_mute=False)
    else:
        found = list(held.filter(**{_column(target): target}))
    return sorted(found, key=lambda one: own not in (one.party_id, one.pledge_id))


def _end(user: User, target: Target, at: datetime) -> None:
    those = [one.pk for one in standing(user=user, target=target)]
    Subscription.objects.filter(pk__in=those).update(ended_at=at)


def _column(target: Target) -> str:
    return target.NOUN


def _check(user: User, target: Target) -> None:
    """Parties are in no dossier; of what one may not see nothing is told anyway."""
    if isinstance(target, SavedView):
        is_open = target.owner_id == user.pk or target.is_shared
        if target.removed_at is not None or not is_open:
            raise NotFound("There is no such view.")
        return
    if not isinstance(target, Party):
        where = target if isinstance(target, Dossier) else target.dossier
        check_see(access.viewer(user), access.door(where))
