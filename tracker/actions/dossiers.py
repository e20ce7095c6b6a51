"""Writes to dossiers, which own facts, members and a chain of the ledger."""

from datetime import datetime
from typing import Any

from tracker.domain.access import Role
from tracker.domain.errors import Invalid
from tracker.domain.sentences import _
from tracker.models import GLOBAL_CHAINS, Dossier, User

from . import memberships, record
from .verbs import Verbs

_verbs = Verbs(Dossier, "dossiers")
amend = _verbs.amend


def open(  # noqa: A001 - dossiers.open(...) is how it reads
    *, slug: str, by: User | None, at: datetime, reason: str = "", **columns: Any
) -> Dossier:
    """A new dossier: title, summary, is_public, is_practice, four_eyes, zone, laid_at (an ISO
    instant).

    Whoever opens it becomes its owner.
    """
    if slug in GLOBAL_CHAINS:
        raise Invalid(
            _("“{slug}” is the name of a chain of the ledger.", slug=slug),
            field="slug",
            mend=_("Choose another."),
        )
    with record.batch(at=at):
        made = _verbs.enter("open", slug, columns, dossier=None, by=by, at=at, reason=reason)
        if by is not None:
            memberships.grant(dossier=made, user=by, role=Role.OWNER, by=by, at=at)
    return made
