"""What the alerts of a batch of messages rest on, and which of them are not to be sent after all.

What has become untrue, or is no longer for its reader, is told apart here, at the time of sending.
A constant number of queries.
Must not live here: what the others say (parcels.py).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from tracker.domain.access import Role, ranks
from tracker.domain.causes import (
    BY_NAME,
    PROPOSED,
    REVIEW_DUE,
    Dropped,
)
from tracker.domain.proposals import Standing
from tracker.models import (
    Alert,
    AlertSettings,
    Comment,
    Flag,
    Membership,
    Message,
    Phase,
    Pledge,
    Proposal,
    Reading,
    ReviewTask,
    Subscription,
    Webhook,
)
from tracker.models.comment import ABOUT

from .audience import MAIL, Audience, Reader, audience, readers_of
from .comments import authors_of, insiders
from .named import titles_of


@dataclass(frozen=True)
class Loaded:
    """What the parcels of a batch have in common."""

    at: datetime
    told: Audience
    pledges: Mapping[int, Pledge]
    phases: Mapping[int, Mapping[str, Any]]
    readings: Mapping[tuple[int, str], Reading]
    titles: Mapping[tuple[int, str], str]
    standing: Collection[tuple[Any, ...]]
    untrue: Collection[tuple[Any, ...]]
    ended: Collection[str]
    settings: Mapping[int, AlertSettings]
    hooks: Mapping[int, Webhook]
    comments: Mapping[int, Comment]
    proposals: Mapping[int, Proposal]
    roles: Mapping[tuple[int, int], str]
    authors: Mapping[str, str]
    mentioned: Collection[tuple[int, int]]
    insiders: Mapping[int, frozenset[int]]
    ways: Mapping[int, Reader]
    missed: Mapping[tuple[int, str], datetime]


def load(messages: Iterable[Message], alerts: Sequence[Alert], at: datetime) -> Loaded:
    pks = {alert.pledge_id for alert in alerts if alert.pledge_id is not None}
    users = {message.recipient_id for message in messages}
    pledges = Pledge.objects.select_related("dossier").in_bulk(pks)
    dossiers = {pledge.dossier_id for pledge in pledges.values()}
    keys = {alert.subject.partition(":")[2] or alert.subject for alert in alerts} | {
        alert.subject for alert in alerts
    }
    titles = titles_of(dossiers, keys)
    flags = Flag.objects.filter(pledge__in=pks).values_list(
        "pledge_id", "kind", "subject", "link", "lead", "since", "cleared_at", "withdrawn_at"
    )
    standing, untrue = set(), set()
    for *cause, cleared, withdrawn in flags:
        if withdrawn is not None:
            untrue.add(tuple(cause))
        elif cleared is None:
            standing.add(tuple(cause))
    open_reviews = ReviewTask.objects.filter(pledge__in=pks, done_at=None)
    standing |= {
        (pledge, REVIEW_DUE, subject, "", "", since)
        for pledge, subject, since in open_reviews.values_list("pledge_id", "subject", "since")
    }
    named = {w["subscription"] for a in alerts for w in a.because if "subscription" in w}
    phases = Phase.objects.filter(pledge__in=pks, from_at__lte=at).filter(
        Q(until_at=None) | Q(until_at__gt=at)
    )
    made = {alert.comment_id for alert in alerts if alert.comment_id is not None}
    proposed = {alert.proposal_id for alert in alerts if alert.proposal_id is not None}
    proposals = (
        Proposal.objects.select_related("dossier", "by", "decided_by").in_bulk(proposed)
        if proposed
        else {}
    )
    dossiers |= {one.dossier_id for one in proposals.values()}
    roles = {
        (dossier, user): role
        for dossier, user, role in Membership.objects.filter(
            dossier__in=dossiers, user__in=users, user__is_active=True
        ).values_list("dossier_id", "user_id", "role")
    }
    comments = Comment.objects.select_related("dossier", *ABOUT).in_bulk(made)
    through = Comment.mentions.through.objects.filter(comment__in=made)
    return Loaded(
        comments=comments,
        authors=authors_of(comments.values()) if made else {},
        mentioned=set(through.values_list("comment_id", "user_id")) if made else set(),
        insiders=insiders({one.dossier_id for one in comments.values()}) if made else {},
        ways=readers_of(users)[0] if made or proposed else {},
        proposals=proposals,
        roles=roles,
        missed=_missed({a.pledge_id or 0 for a in alerts if a.kind == "deadline_due"}),
        at=at,
        told=audience(pks, at=at),
        pledges=pledges,
        phases={phase["pledge_id"]: phase for phase in phases.values()},
        readings={
            (reading.dossier_id, reading.key): reading
            for reading in Reading.objects.filter(pledge__in=pks).select_related("speaker")
        },
        titles=titles,
        standing=standing,
        untrue=untrue,
        ended={
            str(pk)
            for pk in Subscription.objects.filter(pk__in=named)
            .exclude(ended_at=None)
            .values_list("pk", flat=True)
        },
        settings={row.user_id: row for row in AlertSettings.objects.filter(user__in=users)},
        hooks={row.user_id: row for row in Webhook.objects.filter(user__in=users)},
    )


def _missed(pledges: Collection[int]) -> dict[tuple[int, str], datetime]:
    """When each deadline of these pledges counts as missed, as their phases foresee it."""
    if not pledges:
        return {}
    found: dict[tuple[int, str], datetime] = {}
    phases = Phase.objects.filter(pledge__in=pledges).order_by("from_at")
    for pledge, flags in phases.values_list("pledge_id", "flags"):
        for kind, subject, _link, _lead, since in flags:
            if kind == "deadline_missed":
                found[pledge, subject] = datetime.fromisoformat(since)
    return found


def ranks_as(loaded: Loaded, dossier: int, user: int, least: Role) -> bool:
    return loaded.roles.get((dossier, user)) in ranks(least)


def why_not(alert: Alert, loaded: Loaded) -> Dropped | None:
    """Why an alert is not to be sent after all; None: it is."""
    if alert.proposal_id is not None:
        return _why_not_proposed(alert, loaded.proposals[alert.proposal_id], loaded)
    if alert.comment_id is not None:
        return _why_not_mentioned(alert, loaded.comments[alert.comment_id], loaded)
    if alert.pledge_id is None:
        return Dropped.NO_ACCESS
    if not loaded.told.sees(alert.recipient_id, alert.pledge_id):
        return Dropped.NO_ACCESS
    if _is_channel_gone(alert, loaded.told.readers[alert.recipient_id], loaded):
        return Dropped.CHANNEL_GONE
    if cause_of(alert) in loaded.untrue:
        return Dropped.UNTRUE
    if alert.kind in BY_NAME or alert.escalated_from_id is not None:
        return None
    watches = loaded.told.watches.get(alert.pledge_id, [])
    if any(w.is_mute and w.user == alert.recipient_id for w in watches):
        return Dropped.UNSUBSCRIBED
    reasons = [w for w in alert.because if w.get("subscription", "") not in loaded.ended]
    return None if reasons else Dropped.UNSUBSCRIBED


def _why_not_mentioned(alert: Alert, comment: Comment, loaded: Loaded) -> Dropped | None:
    """Comments are for members; a mention that was taken out, or withdrawn, tells nobody."""
    if alert.recipient_id not in loaded.insiders[comment.dossier_id]:
        return Dropped.NO_ACCESS
    if _is_channel_gone(alert, loaded.ways[alert.recipient_id], loaded):
        return Dropped.CHANNEL_GONE
    if comment.withdrawn_at or (comment.pk, alert.recipient_id) not in loaded.mentioned:
        return Dropped.UNTRUE
    chosen = loaded.settings.get(alert.recipient_id)
    return None if chosen is None or chosen.by_mention else Dropped.UNSUBSCRIBED


def _why_not_proposed(alert: Alert, row: Proposal, loaded: Loaded) -> Dropped | None:
    """One that is decided waits for nobody any more."""
    least = Role.REVIEWER if alert.kind == PROPOSED else Role.READER
    if not ranks_as(loaded, row.dossier_id, alert.recipient_id, least):
        return Dropped.NO_ACCESS
    if _is_channel_gone(alert, loaded.ways[alert.recipient_id], loaded):
        return Dropped.CHANNEL_GONE
    if (row.standing == Standing.OPEN) is not (alert.kind == PROPOSED):
        return Dropped.UNTRUE
    chosen = loaded.settings.get(alert.recipient_id)
    return None if chosen is None or chosen.by_proposal else Dropped.UNSUBSCRIBED


def _is_channel_gone(alert: Alert, way: Reader, loaded: Loaded) -> bool:
    if alert.channel in way.channels:
        return False
    chosen = loaded.settings.get(alert.recipient_id)
    refused = chosen is not None and chosen.refused_at is not None and chosen.by_mail
    return not (alert.channel == MAIL and refused)


def cause_of(alert: Alert) -> tuple[Any, ...]:
    return alert.pledge_id, alert.kind, alert.subject, alert.link, alert.lead, alert.true_at
