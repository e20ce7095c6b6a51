"""Writes to adoptions: which reading an analyst chose, and why."""

from datetime import datetime

from tracker.domain.stated import Stated
from tracker.models import Adoption, Reading, User
from tracker.selectors import decisions

from .verbs import FactVerbs, decided

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
    seen: int | None = None,
) -> Adoption:
    """An analyst chose the reading from the public time ``public`` on. The latest choice wins.

    Raises Conflict when it was decided since ``seen`` (``decisions.adopted``).
    """
    owner = reading.pledge or reading.trigger or reading.deadline
    with decided(reading.dossier.slug, lambda: decisions.adopted(reading), seen, at=at):
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
