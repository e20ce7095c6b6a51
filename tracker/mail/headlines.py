"""What a message says first: its subject, and each alert in a sentence. True when it is sent.

Nothing says “in 3 days” of what is over: what is left is counted at the time of sending, and a
warning whose time has passed says that. Must not live here: loading, sending.
"""

from datetime import datetime, timedelta

from django.utils.translation import gettext, ngettext

from tracker.domain.proposals import Standing
from tracker.instants import absolute, left
from tracker.selectors.parcels import AlertLine, Parcel, PledgeLines
from tracker.words import cause, isolated, label

# The most pressing first: a message leads with the first of these that it holds.
ORDER = (
    "expired",
    "deadline_missed",
    "dependency_failed",
    "violation_reported",
    "term_passed_unstarted",
    "stage_changed",
    "due_soon",
    "deadline_due",
    "starts_soon",
    "condition_overdue",
    "unverified",
    "verification_due",
    "expired_unassessed",
    "reading_ended",
    "accounts_differ",
    "review_due",
    "proposed",
    "decided",
    "mentioned",
    "corrected",
)
UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}
LONGEST = 150


def subject(parcel: Parcel, *, at: datetime) -> str:
    """One line: what and when, then which pledge. Late ones say so."""
    if not parcel.pledges:
        return gettext("Test message of the register")
    first, pledge = min(
        ((alert, pledge) for pledge in parcel.pledges for alert in pledge.alerts),
        key=lambda one: (ORDER.index(one[0].kind), not one[0].still),
    )
    said = sentence(first, pledge, at=at, zone=pledge.zone)
    name = pledge.title if pledge.is_told else pledge.ref
    line = f"{said}: {isolated(' '.join(name.split()))}"
    if parcel.is_late:
        line = gettext("Late: %(line)s") % {"line": line}
    more = _and_more(len(parcel.pledges) - 1)
    longest = LONGEST - len(more)
    return (line if len(line) <= longest else f"{line[: longest - 1]}…") + more


def _and_more(others: int) -> str:
    """What the subject of a digest adds to its most pressing line."""
    if not others:
        return ""
    said = ngettext("and %(n)s more", "and %(n)s more", others) % {"n": others}
    return f" · {said}"


def sentence(alert: AlertLine, pledge: PledgeLines, *, at: datetime, zone: str) -> str:
    """What is so, and when; of what has ended since, that it has."""
    about = f" ({isolated(alert.about)})" if alert.about and pledge.is_told else ""
    match alert.kind:
        case "due_soon":
            return _until(pledge.warns_at or pledge.ends_at, at, zone)
        case "deadline_due":
            return _deadline(_due(alert), at, zone) + about
        case "starts_soon":
            return _start(pledge.starts_at, at, zone)
        case "corrected":
            words = gettext("Not so after all: %(what)s") % {"what": cause(alert.corrects)}
        case "mentioned" if pledge.is_told and alert.author:
            words = gettext("%(who)s mentioned you") % {"who": isolated(alert.author)}
        case "proposed" if pledge.is_told and alert.author:
            words = gettext("%(who)s proposes a change") % {"who": isolated(alert.author)}
        case "decided":
            words = _decided(alert)
        case "stage_changed":
            words = gettext("%(stage)s, by an edit") % {"stage": label("stage", pledge.stage)}
        case _:
            words = cause(alert.kind)
    return f"{words}{about}, {absolute(alert.true_at, zone, is_end=alert.kind == 'expired')}"


def _decided(alert: AlertLine) -> str:
    if alert.outcome == Standing.CONFIRMED:
        return gettext("Your proposed change was confirmed")
    return gettext("Your proposed change was declined")


def _due(alert: AlertLine) -> datetime:
    """When a deadline is due. One that became known after its lead is due sooner than a lead on."""
    due = alert.true_at + lead_of(alert.lead)
    return due if alert.due_by is None else min(due, alert.due_by)


def _start(start: datetime | None, at: datetime, zone: str) -> str:
    if start is None:
        return gettext("Its start is open now")
    when = absolute(start, zone)
    if start <= at:
        return gettext("Its start passed %(when)s") % {"when": when}
    return gettext("Starts in %(left)s, %(when)s") % {"left": left(start - at), "when": when}


def _until(end: datetime | None, at: datetime, zone: str) -> str:
    if end is None:
        return gettext("Its end is open now")
    when = absolute(end, zone, is_end=True)
    if end <= at:
        return gettext("Ran out %(when)s") % {"when": when}
    return gettext("Runs out in %(left)s, %(when)s") % {"left": left(end - at), "when": when}


def _deadline(due: datetime, at: datetime, zone: str) -> str:
    when = absolute(due, zone, is_end=True)
    if due <= at:
        return gettext("A deadline passed %(when)s") % {"when": when}
    return gettext("A deadline is due in %(left)s, %(when)s") % {
        "left": left(due - at),
        "when": when,
    }


def lead_of(name: str) -> timedelta:
    """The length that a flag's lead names: ``7d``, ``24h``, ``90m``."""
    return int(name[:-1] or 0) * UNITS[name[-1]] if name else timedelta()


def because(alert: AlertLine) -> str:
    """Why its reader is told, in a clause."""
    reasons = dict.fromkeys(label("because", one.get("by", "")) for one in alert.because)
    return "; ".join(reasons)
