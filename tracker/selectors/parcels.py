"""What messages say, loaded for a batch of them with a constant number of queries.

Must not live here: what is loaded, and what is not to be sent after all (sendable.py), words
(mail/alerts.py), rows (actions/outbox.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.text import Truncator

from tracker.domain.access import Role
from tracker.domain.causes import (
    CORRECTED,
    MENTIONED,
    Dropped,
    is_late,
)
from tracker.models import (
    Alert,
    Dossier,
    Message,
    Pledge,
    Proposal,
    Webhook,
)
from tracker.models.comment import ABOUT

from .sendable import Loaded, cause_of, load, ranks_as, why_not

SHORT, QUOTED = 90, 300  # characters of a title that is none, and of a comment


@dataclass(frozen=True, slots=True)
class ReadingLine:
    """One standing reading's term, for the reader of a mail."""

    who: str
    ends: datetime | None
    zone: str
    is_adopted: bool
    is_open: bool


@dataclass(frozen=True, slots=True)
class AlertLine:
    """One alert. ``about``: what its flag names, in words; ``still``: whether it stands now.

    ``corrects``: the kind of what was not so. ``author``, ``said``: of a mention, or who
    proposed and why it was declined; ``outcome``: what became of a proposal. ``due_by``: when the
    deadline that it warns of counts as missed, where that is known.
    """

    pk: int
    kind: str
    lead: str
    about: str
    true_at: datetime
    because: Sequence[Mapping[str, str]]
    is_late: bool
    still: bool
    by_edit: bool
    is_escalated: bool
    corrects: str = ""
    author: str = ""
    said: str = ""
    outcome: str = ""
    due_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class PledgeLines:
    """A pledge as it stands now. ``is_told``: its details may be said in mail.

    ``may_enter``: its reader enters facts there. Or, by ``noun``, another thing that a comment is
    on, or a proposal; it has no stage and no term.
    """

    ref: str
    title: str
    dossier: str
    is_told: bool
    stage: str
    compliance: str
    ends_at: datetime | None
    warns_at: datetime | None
    zone: str
    readings: tuple[ReadingLine, ...]
    alerts: tuple[AlertLine, ...]
    slug: str = ""
    noun: str = "pledge"
    key: str = ""
    may_enter: bool = False
    starts_at: datetime | None = None

    @property
    def path(self) -> str:
        """Where its reader sees what it is about; a mention leads to the comments.

        Of what is private, it says no more than the message does.
        """
        place = "#comments" if all(one.kind == MENTIONED for one in self.alerts) else ""
        if self.noun == "pledge":
            return f"/pledges/{self.ref}/{place}"
        if self.noun == "proposal":
            return f"/proposals/{self.key}/"
        if not self.is_told:
            return f"/alerts/{self.alerts[0].pk}/"
        if self.noun == "source":
            return f"/sources/{self.slug}/{self.key}/{place}"
        return f"/dossiers/{self.slug}/facts/{self.noun}/{self.key}/{place}"


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message ready for words. ``to``: the address; blank where there is none any more."""

    message: Message
    name: str
    to: str
    zone: str
    pledges: tuple[PledgeLines, ...]
    dropped: Mapping[int, Dropped] = field(default_factory=dict)
    webhook: Webhook | None = None

    @property
    def alerts(self) -> list[AlertLine]:
        return [alert for pledge in self.pledges for alert in pledge.alerts]

    @property
    def is_late(self) -> bool:
        return any(alert.is_late for alert in self.alerts)


def parcels(messages: Sequence[Message], *, at: datetime) -> list[Parcel]:
    """What each of these messages is to say at ``at``, in their order."""
    travelling = (
        Alert.objects.filter(message__in=messages, dropped_at=None)
        .select_related("recipient")
        .order_by("pledge__ref", "true_at", "pk")
    )
    alerts: dict[int, list[Alert]] = {}
    for alert in travelling:
        alerts.setdefault(alert.message_id or 0, []).append(alert)
    loaded = load(messages, [a for found in alerts.values() for a in found], at)
    return [_parcel(message, alerts.get(message.pk, []), loaded) for message in messages]


def _parcel(message: Message, alerts: list[Alert], loaded: Loaded) -> Parcel:
    dropped: dict[int, Dropped] = {}
    kept: dict[tuple[str, int], list[Alert]] = {}
    for alert in alerts:
        why = why_not(alert, loaded)
        if why is not None:
            dropped[alert.pk] = why
        else:
            kept.setdefault(_on(alert), []).append(alert)
    user = alerts[0].recipient if alerts else message.recipient
    chosen = loaded.settings.get(message.recipient_id)
    return Parcel(
        message=message,
        name=user.name,
        to=user.email,
        zone=chosen.zone if chosen is not None and chosen.zone else "UTC",
        pledges=tuple(LINES[noun](pk, found, loaded) for (noun, pk), found in kept.items()),
        dropped=dropped,
        webhook=loaded.hooks.get(message.recipient_id),
    )


def _on(alert: Alert) -> tuple[str, int]:
    """What an alert stands under in its message."""
    if alert.pledge_id is not None:
        return "pledge", alert.pledge_id
    if alert.proposal_id is not None:
        return "proposal", alert.proposal_id
    return "comment", alert.comment_id or 0


def _lines(pk: int, alerts: list[Alert], loaded: Loaded) -> PledgeLines:
    pledge, phase = loaded.pledges[pk], loaded.phases.get(pk, {})
    terms = [t for t in phase.get("terms") or () if t["is_standing"]]
    adopted = str(phase.get("adopted") or "")
    driving = next((t for t in terms if t["reading"] == adopted), terms[0] if terms else {})
    return PledgeLines(
        ref=pledge.ref,
        title=pledge.title,
        dossier=pledge.dossier.title,
        is_told=pledge.dossier.is_public or pledge.dossier.tells_details,
        stage=str(phase.get("stage") or ""),
        compliance=str(phase.get("compliance") or ""),
        ends_at=phase.get("ends_at"),
        warns_at=phase.get("warns_at"),
        zone=str(driving.get("zone") or pledge.dossier.zone or "UTC"),
        readings=tuple(_reading(pledge, term, adopted, loaded) for term in terms),
        alerts=tuple(_line(alert, pledge.dossier_id, loaded) for alert in alerts),
        slug=pledge.dossier.slug,
        key=pledge.ref,
        starts_at=phase.get("starts_at"),
        may_enter=ranks_as(loaded, pledge.dossier_id, alerts[0].recipient_id, Role.ANALYST),
    )


def _proposed(pk: int, alerts: list[Alert], loaded: Loaded) -> PledgeLines:
    """A change that somebody proposes. Its dossier's slug is its reference."""
    row = loaded.proposals[pk]
    return _without_term(
        row.dossier,
        [_line(alert, row.dossier_id, loaded) for alert in alerts],
        title=row.title,
        noun=Proposal.NOUN,
        key=str(row.uid),
    )


def _commented(pk: int, alerts: list[Alert], loaded: Loaded) -> PledgeLines:
    """What a comment is on that stands on no pledge's page. Its dossier's slug is its reference."""
    comment = loaded.comments[pk]
    noun = next(name for name in ABOUT if getattr(comment, f"{name}_id") is not None)
    about = getattr(comment, noun)
    titles = (getattr(about, name, "") for name in ("title", "text", "description"))
    return _without_term(
        comment.dossier,
        [_line(alert, comment.dossier_id, loaded) for alert in alerts],
        title=str(next(filter(None, titles), "")),
        noun=noun,
        key=str(getattr(about, about.KEY)),
    )


def _without_term(
    dossier: Dossier, alerts: Sequence[AlertLine], *, title: str, noun: str, key: str
) -> PledgeLines:
    return PledgeLines(
        ref=dossier.slug,
        title=Truncator(title).chars(SHORT),
        dossier=dossier.title,
        is_told=dossier.is_public or dossier.tells_details,
        stage="",
        compliance="",
        ends_at=None,
        warns_at=None,
        zone=str(dossier.zone or "UTC"),
        readings=(),
        alerts=tuple(alerts),
        slug=dossier.slug,
        noun=noun,
        key=key,
    )


LINES = {"pledge": _lines, "comment": _commented, "proposal": _proposed}


def _reading(pledge: Pledge, term: Mapping[str, Any], adopted: str, loaded: Loaded) -> ReadingLine:
    row = loaded.readings.get((pledge.dossier_id, term["reading"]))
    speaker = row.speaker.name if row is not None and row.speaker is not None else ""
    return ReadingLine(
        who=speaker or str(term["reading"]).rpartition(".")[2],
        ends=datetime.fromisoformat(term["end"][1]) if term["end"] else None,
        zone=str(term["zone"] or "UTC"),
        is_adopted=term["reading"] == adopted,
        is_open=bool(term["is_open"]),
    )


def _line(alert: Alert, dossier: int, loaded: Loaded) -> AlertLine:
    comment = loaded.comments.get(alert.comment_id or 0)
    proposal = loaded.proposals.get(alert.proposal_id or 0)
    said = comment.text if comment is not None else proposal.why if proposal is not None else ""
    about = alert.subject.partition(":")[2] if alert.kind == CORRECTED else alert.subject
    return AlertLine(
        pk=alert.pk,
        kind=alert.kind,
        lead=alert.lead,
        about=Truncator(loaded.titles.get((dossier, about), "")).chars(SHORT),
        true_at=alert.true_at,
        because=alert.because,
        is_late=is_late(
            true_at=alert.true_at,
            owed_at=alert.owed_at,
            due_at=alert.due_at,
            by_edit=alert.by_edit,
            sent_at=loaded.at,
        ),
        still=bool(comment or proposal) or cause_of(alert) in loaded.standing,
        by_edit=alert.by_edit,
        is_escalated=alert.escalated_from_id is not None,
        corrects=alert.subject.partition(":")[0] if alert.kind == CORRECTED else "",
        due_by=loaded.missed.get((alert.pledge_id or 0, alert.subject)),
        author=loaded.authors.get(f"{comment.dossier.slug} {comment.key}", "")
        if comment is not None
        else str(proposal.by)
        if proposal is not None
        else "",
        said=Truncator(" ".join(said.split())).chars(QUOTED),
        outcome=proposal.standing if proposal is not None else "",
    )
