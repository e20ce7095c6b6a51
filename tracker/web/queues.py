"""The way between the queues: each with how many wait in it. Shown on every one of their pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tracker.domain.access import Viewer
from tracker.domain.queues import Queue
from tracker.models import Dossier
from tracker.selectors import access, proposals, queues, reviews

# The address of each, and what it is called.
QUEUES: dict[Queue, tuple[str, Any]] = {
    Queue.UNCHECKED: ("unverified_queue", _("To verify")),
    Queue.UNASSESSED: ("expired_queue", _("Expired without a verdict")),
    Queue.CONTESTED: ("contested_queue", _("Contested")),
}
REVIEWS, PROPOSALS = "review_queue", "proposal_queue"


@dataclass(frozen=True, slots=True)
class Way:
    url: str
    words: Any
    number: int
    is_here: bool


def ways(
    viewer: Viewer, *, at: datetime, here: str, dossiers: Sequence[Dossier] | None = None
) -> list[Way]:
    """``here``: the name of the page's own address. ``dossiers``: in which the viewer judges, if
    that was asked already.
    """
    judged = queues.judged_by(viewer, access.visible(viewer)) if dossiers is None else dossiers
    numbers = queues.numbers(viewer=viewer, at=at, dossiers=judged)
    found = [(name, words, numbers[queue]) for queue, (name, words) in QUEUES.items()]
    found += [
        (REVIEWS, _("Reviews"), reviews.asked(viewer, is_done=False).count()),
        (PROPOSALS, _("Proposed changes"), proposals.waiting(viewer)),
    ]
    return [Way(reverse(name), words, number, name == here) for name, words, number in found]
