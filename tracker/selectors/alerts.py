"""Somebody's alerts, with what became of each: the list, and one alert's whole story."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from tracker.domain.causes import CORRECTED, LATE_AFTER, is_late
from tracker.models import Alert, Condition, Count, Deadline, Delivery, Flag, Incident, Pledge, User


def mine(user: User, *, is_open: bool = False) -> QuerySet[Alert]:
    """Newest first. ``is_open``: those that were sent and nobody has acknowledged."""
    found = Alert.objects.filter(recipient=user).select_related(
        "pledge__dossier", "message", "comment__dossier", "proposal__dossier"
    )
    if is_open:
        found = found.filter(acknowledged_at=None, dropped_at=None)
    return found.order_by("-owed_at", "-pk")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some of ``total`` alerts, newest first; ``older`` asks for those before them, if any."""

    alerts: Sequence[Alert]
    older: int | None
    total: int


def of_pledge(ref: str, *, before: int | None, size: int) -> Stretch:
    """Whoever they are owed to: for the dossier's members. ``before``: the number of an alert, of
    which only those that were owed earlier are wanted. Two queries, and one more with it.
    """
    every = Alert.objects.filter(pledge__ref=ref)
    total = every.count()
    found = every.select_related("recipient", "message").order_by("-owed_at", "-pk")
    if before is not None:
        last = every.filter(pk=before).values_list("owed_at", "pk").first()
        if last is None:
            return Stretch([], None, total)
        found = found.filter(Q(owed_at__lt=last[0]) | Q(owed_at=last[0], pk__lt=last[1]))
    shown = list(found[: size + 1])
    older = shown[size - 1].pk if len(shown) > size else None
    return Stretch(shown[:size], older, total)


@dataclass(frozen=True, slots=True)
class Story:
    """What became of an alert. ``flag``: what raised it; None for what a person did.

    ``about``: what the flag names, in words; ``corrects``: of a correction, the kind of what was
    not so. ``noticed_late``, ``sent_late``: how long after it could have been; None: in time.
    ``escalations``: the alerts to those who were told because nobody answered.
    """

    alert: Alert
    flag: Flag | None
    about: str
    corrects: str
    deliveries: Sequence[Delivery]
    escalations: Sequence[Alert]
    is_held_back: bool
    sent_at: datetime | None
    noticed_late: timedelta | None
    sent_late: timedelta | None

    @property
    def gone_at(self) -> datetime | None:
        """Since when its flag no longer stands."""
        return (self.flag.withdrawn_at or self.flag.cleared_at) if self.flag is not None else None

    @property
    def failed(self) -> int:
        """How many attempts the other side did not take."""
        return sum(1 for one in self.deliveries if one.outcome != "sent")


def story(user: User, pk: int) -> Story | None:
    """One's own alert; None where there is none of that number."""
    alert = (
        mine(user)
        .select_related("acknowledged_by", "escalated_from__recipient", "recipient")
        .filter(pk=pk)
        .first()
    )
    if alert is None:
        return None
    message = alert.message
    sent_at = message.ended_at if message is not None and message.state == "sent" else None
    noticed, sent = _late(alert, sent_at)
    corrects, _colon, corrected = alert.subject.partition(":")
    is_correction = alert.kind == CORRECTED
    return Story(
        alert=alert,
        flag=_flag(alert),
        about=_about(alert, corrected if is_correction else alert.subject),
        corrects=corrects if is_correction else "",
        deliveries=list(message.deliveries.order_by("attempt")) if message is not None else [],
        escalations=list(alert.escalations.select_related("recipient").order_by("pk")),
        is_held_back=alert.due_at > alert.owed_at,
        sent_at=sent_at,
        noticed_late=noticed,
        sent_late=sent,
    )


def _flag(alert: Alert) -> Flag | None:
    return Flag.objects.filter(
        pledge=alert.pledge_id,
        kind=alert.kind,
        subject=alert.subject,
        link=alert.link,
        lead=alert.lead,
        since=alert.true_at,
    ).first()


def _late(alert: Alert, sent_at: datetime | None) -> tuple[timedelta | None, timedelta | None]:
    """How late it was noticed, and how late it left, as far as it was; what an edit did is none."""
    if sent_at is None or not is_late(
        true_at=alert.true_at,
        owed_at=alert.owed_at,
        due_at=alert.due_at,
        by_edit=alert.by_edit,
        sent_at=sent_at,
    ):
        return None, None
    noticed = timedelta() if alert.by_edit else alert.owed_at - alert.true_at
    sent = sent_at - alert.due_at
    return (
        noticed if noticed > LATE_AFTER else None,
        sent if sent > LATE_AFTER else None,
    )


def _about(alert: Alert, key: str) -> str:
    """What a flag names, in words; blank for what is not a row of the dossier."""
    if alert.pledge is None or not key or alert.comment is not None:
        return ""
    dossier = alert.pledge.dossier_id
    kind = alert.subject.partition(":")[0] if alert.kind == CORRECTED else alert.kind
    match kind:
        case "deadline_due" | "deadline_missed":
            rows = Deadline.objects.filter(dossier=dossier, key=key)
            return str(rows.values_list("title", flat=True).first() or "")
        case "condition_overdue":
            return _condition(dossier, key)
        case "dependency_failed" | "review_due":
            failed = Pledge.objects.filter(dossier=dossier, ref=key)
            return _condition(dossier, key) or str(
                failed.values_list("title", flat=True).first() or ""
            )
        case "violation_reported":
            incidents = Incident.objects.filter(dossier=dossier, key=key)
            counts = Count.objects.filter(dossier=dossier, key=key)
            said = incidents.values_list("description", flat=True).first()
            return str(said or counts.values_list("of", flat=True).first() or "")
        case _:
            return ""


def _condition(dossier: int, key: str) -> str:
    rows = Condition.objects.filter(dossier=dossier, key=key)
    return str(rows.values_list("text", flat=True).first() or "")
