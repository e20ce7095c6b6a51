"""Writes to comments: what members say among themselves, and whom they tell of it.

A comment's words are its author's: nobody else changes them. Whoever enters facts may withdraw one.
"""

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

from tracker.domain import mentions as named
from tracker.domain.access import Role
from tracker.domain.errors import Invalid, NotAllowed
from tracker.domain.sentences import _
from tracker.domain.stated import Stated
from tracker.models import Comment, Dossier, Fact, LedgerEntry, User
from tracker.models.comment import ABOUT
from tracker.selectors import memberships

from . import mentions, record
from .ledger import SYSTEM
from .verbs import FactVerbs, about

LONGEST = 10_000  # characters
_verbs = FactVerbs(Comment, "comments")


def write(
    *,
    on: Fact,
    text: str,
    mentions: Collection[str] = (),
    key: str = "",
    by: User | None,
    at: datetime,
    reason: str = "",
) -> Comment:
    """A new comment on a pledge, position, source, incident or condition.

    ``mentions``: opaque ids of members whom it tells besides those whom the text names by ``@``.
    Raises Invalid for a name that nobody has, or that several have.
    """
    told = _told(on.dossier, text, mentions)
    columns = {**about(on, ABOUT), "text": text, "mentions": sorted(told), "public": _minute(at)}
    return _telling(
        lambda: _verbs.enter_owned(
            "write", key, on, columns, dossier=on.dossier, by=by, at=at, reason=reason
        ),
        by=by,
        at=at,
    )


def amend(
    *,
    row: Comment,
    by: User | None,
    at: datetime,
    why: str = "",
    seen: int | None = None,
    **given: Any,
) -> Comment:
    """Other words, or others told. Whom it told already is not told again."""
    if by is not None and not is_by(row, by):
        raise NotAllowed(
            _("Only who wrote a comment changes its words."),
            mend=_("Withdraw it with a reason, or write another one."),
        )
    if "text" in given or "mentions" in given:
        text = str(given.get("text", row.text))
        ticked = given.get("mentions")
        held = {str(uid) for uid in row.mentions.values_list("uid", flat=True)}
        given["mentions"] = sorted(
            _told(row.dossier, text, held if ticked is None else ticked, kept=held)
        )
    return _telling(
        lambda: _verbs.amend(row=row, by=by, at=at, why=why, seen=seen, **given), by=by, at=at
    )


def withdraw(
    *,
    row: Comment,
    when: str | Stated,
    reason: str,
    by: User | None,
    at: datetime,
    seen: int | None = None,
) -> Comment:
    """It stays, marked. What it owed somebody and has not left yet is not sent."""
    return _verbs.withdraw(row=row, when=when, reason=reason, by=by, at=at, seen=seen)


def restore(
    *, row: Comment, reason: str, by: User | None, at: datetime, seen: int | None = None
) -> Comment:
    """It stands again, and tells whom it had not told yet."""
    return _telling(
        lambda: _verbs.restore(row=row, reason=reason, by=by, at=at, seen=seen), by=by, at=at
    )


def is_by(row: Comment, user: User) -> bool:
    """Whether somebody wrote it, as the ledger says. What nobody signed is anybody's."""
    entries = LedgerEntry.objects.filter(
        chain__name=row.dossier.slug, noun=Comment.NOUN, row_key=row.key
    )
    author = entries.order_by("seq").values_list("by", flat=True).first()
    return author in (SYSTEM, str(user.uid))


def _telling(write: Callable[[], Comment], *, by: User | None, at: datetime) -> Comment:
    """What is written, and in the same transaction who is owed an alert of it."""
    batch: AbstractContextManager[None] = record.batch(at=at)
    with batch:
        made = write()
        mentions.owe(comment=made, by=by, at=at)
    return made


def _told(
    dossier: Dossier, text: str, ticked: Collection[str], *, kept: Collection[str] = ()
) -> set[str]:
    """Whom it tells; who was told before may have left meanwhile, and stays (``kept``)."""
    if len(text) > LONGEST:
        raise Invalid(
            _(
                "The text has {text} characters, at most {longest} fit.",
                text=len(text),
                longest=LONGEST,
            ),
            field="text",
            mend=_("Shorten it, or enter it as a source."),
        )
    if not text.strip():
        raise Invalid(_("This is required."), field="text", mend=_("Say something."))
    members = memberships.names(dossier, least=Role.READER)
    left = {uid for uid in ticked if uid in kept and uid not in members}
    return named.resolved(text, members, ticked=set(ticked) - left) | left


def _minute(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M}Z"
