"""Writes to adoptions: which reading an analyst chose, and why."""

from datetime import datetime

from tracker.domain.stated import Stated
from tracker.models import Adoption, Reading, User

from .verbs import FactVerbs

_verbs = FactVerbs(Adoption, "adoptions")
amend = _verbs.amend
withdraw = _verbs.withdraw
restore = _verbs.restore


def adopt(
    *,
    reading: Reading,
    public: str | Stated,
    reason: str,
    key: str = "",
    by: User | None,
    at: datetime,
    note: str = "",
) -> Adoption:
    """An analyst chose the reading from the public time ``public`` on. The latest choice wins."""
    owner = reading.pledge or reading.trigger or reading.deadline
    return _verbs.enter_owned(
        "adopt",
        key,
        owner,
        {"reading": reading, "reason": reason, "public": public, "note": note},
        dossier=reading.dossier,
        by=by,
        at=at,
        reason=reason,
    )
