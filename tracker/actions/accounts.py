"""Writes to accounts: what one source says of one thing."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from tracker.domain.errors import DomainError
from tracker.models import Account, Fact, User
from tracker.models.account import ABOUT

from . import places
from . import record as core
from .verbs import FactVerbs, about
from .verbs import columns as plain_columns

OF_IT = "account_"  # before the names of an account's columns in a refusal of two rows at once

_verbs = FactVerbs(Account, "accounts")
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
    asserts, denies or silent. Without ``place`` the quotation is looked for in the source's text.
    """
    columns = places.located(plain_columns(columns), dossier=of.dossier)
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


def amend(
    *,
    row: Account,
    by: User | None,
    at: datetime,
    why: str = "",
    seen: int | None = None,
    **given: Any,
) -> Account:
    """Correct what was entered. A quotation that is given is placed anew."""
    given = places.located(plain_columns(given), dossier=row.dossier, before=row)
    return _verbs.amend(row=row, by=by, at=at, why=why, seen=seen, **given)


def quoted(*, enter: Callable[[], Fact], by: User | None, at: datetime, **columns: Any) -> Fact:
    """What ``enter`` makes, with the account that it was read in: both or neither.

    A refusal of the account names its columns with ``OF_IT`` before them.
    """
    with core.batch(at=at):
        made = enter()
        try:
            record(of=made, by=by, at=at, **columns)
        except DomainError as error:
            error.field = f"{OF_IT}{error.field}" if error.field else None
            raise
    return made
