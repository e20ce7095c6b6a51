"""Writes to accounts: what one source says of one thing."""

from datetime import datetime
from typing import Any

from tracker.models import Account, Fact, User
from tracker.models.account import ABOUT

from .verbs import FactVerbs, about

_verbs = FactVerbs(Account, "accounts")
amend = _verbs.amend
withdraw = _verbs.withdraw
restore = _verbs.restore


def record(
    *,
    of: Fact,
    key: str = "",
    by: User | None,
    at: datetime,
    reason: str = "",
    **columns: Any,
) -> Account:
    """A new account of a pledge, condition, position, extension, trigger or deadline: source,
    public, and speaker, party, quotation, is_paraphrase, place, credibility (6), said, values,
    note; existence, scope, area, start, duration, end, conditions, acceptance, compliance each
    asserts, denies or silent.
    """
    return _verbs.enter_owned(
        "record",
        key,
        of,
        {**about(of, ABOUT), **columns},
        dossier=of.dossier,
        by=by,
        at=at,
        reason=reason,
    )
