"""Who must remain, and how long an invitation stands: pure rules on opaque ids and instants.

Must not live here: who may do what with a dossier (access.py).
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

from .errors import NotAllowed
from .sentences import _

INVITED_FOR = timedelta(days=14)


class Outcome(StrEnum):
    """What became of an invitation."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REVOKED = "revoked"


def stands(outcome: Outcome, *, expires_at: datetime, at: datetime) -> bool:
    """Whether an invitation can be accepted: up to, and not at, the instant at which it expires."""
    return outcome is Outcome.OPEN and at < expires_at


def check_owner_remains(owners: Collection[str], leaving: str) -> None:
    """A dossier keeps an active owner. ``owners``: the active ones. Raises NotAllowed."""
    if set(owners) == {leaving}:
        raise NotAllowed(
            _("A dossier keeps at least one owner, and this is its last."),
            mend=_("Make another active member an owner first."),
        )


def check_admin_remains(admins: Collection[str], leaving: str) -> None:
    """The site keeps an active administrator. Raises NotAllowed."""
    if set(admins) == {leaving}:
        raise NotAllowed(
            _("The site keeps at least one administrator, and this is the last."),
            mend=_("Make somebody else a site administrator first."),
        )
