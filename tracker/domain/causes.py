"""What people are alerted of, what becomes of an alert, and when one counts as late.

Must not live here: when a flag is true (flags.py), when an alert may leave (timing.py).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from .flags import KINDS

STAGE_CHANGED = "stage_changed"  # by an edit, not by the clock
CORRECTED = "corrected"  # a flag of which somebody was alerted was withdrawn
MENTIONED = "mentioned"
PROPOSED = "proposed"  # a change that waits for somebody else to confirm it
DECIDED = "decided"  # what became of one's own proposed change
REVIEW_DUE = "review_due"
FAILED = "dependency_failed"
# Told to those whom they name, whatever these have subscribed to.
OF_PROPOSALS = frozenset({PROPOSED, DECIDED})
BY_NAME = frozenset({CORRECTED, MENTIONED, REVIEW_DUE, *OF_PROPOSALS})
BY_PEOPLE = (STAGE_CHANGED, CORRECTED, MENTIONED, REVIEW_DUE, PROPOSED, DECIDED)
ALERT_KINDS = (*KINDS, *BY_PEOPLE)
# What somebody else is told of when nobody has acknowledged it, where a dossier asks for that.
ESCALATING = frozenset(
    {
        "expired",
        "expired_unassessed",
        "term_passed_unstarted",
        "deadline_missed",
        "condition_overdue",
        "unverified",
        "violation_reported",
        "dependency_failed",
    }
)
LATE_AFTER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Cause:
    """What somebody may be alerted of: a flag, or what a person did. ``pledge``: its row's id."""

    pledge: int
    kind: str
    true_at: datetime
    subject: str = ""
    link: str = ""
    lead: str = ""


class Dropped(StrEnum):
    """Why an alert was never sent."""

    UNTRUE = "untrue"  # a corrected fact, before it left
    NO_ACCESS = "no_access"  # the reader may no longer see the pledge, or is no longer active
    UNSUBSCRIBED = "unsubscribed"  # ended, or muted, before it left
    BEFORE_MAIL = "before_mail"  # owed by a release that could not send
    CHANNEL_GONE = "channel_gone"  # mail turned off, or the webhook removed


def review_of(cause: Cause) -> Cause:
    """That somebody is asked to look at a dependency that failed."""
    return Cause(cause.pledge, REVIEW_DUE, cause.true_at, cause.subject)


def is_late(
    *, true_at: datetime, owed_at: datetime, due_at: datetime, by_edit: bool, sent_at: datetime
) -> bool:
    """Whether an alert leaves long after it could have: we were down, or the server refused.

    What an edit brought about could not be owed before. Quiet hours and digests are no delay.
    """
    owed_late = not by_edit and owed_at - true_at > LATE_AFTER
    return owed_late or sent_at - due_at > LATE_AFTER
