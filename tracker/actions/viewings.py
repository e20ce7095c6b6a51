"""Writes to viewings: somebody opened a source and checked it.

It is a person's own act: nobody else changes it, nobody has to confirm it, and it is withdrawn with
a reason like all else.
"""

from datetime import UTC, datetime
from typing import Any, NoReturn

from tracker.domain.errors import Invalid, NotAllowed
from tracker.domain.sentences import _
from tracker.models import Source, User, Viewing
from tracker.selectors import source_files

from .verbs import FactVerbs

LONGEST = 2000  # characters of a note
_verbs = FactVerbs(Viewing, "viewings")
withdraw = _verbs.withdraw
restore = _verbs.restore


def record(
    *,
    source: Source,
    note: str = "",
    key: str = "",
    by: User | None,
    at: datetime,
    reason: str = "",
) -> Viewing:
    """The source was opened and checked just now. What is kept of it is hashed anew, so that it is
    told what was there to be seen.
    """
    if source.withdrawn_at:
        raise Invalid(
            _("“{key}” is withdrawn.", key=source.key),
            field="source",
            mend=_("Take the withdrawal back first, or check another."),
        )
    if len(note) > LONGEST:
        raise Invalid(
            _(
                "The note has {number} characters, at most {most} fit.",
                number=len(note),
                most=LONGEST,
            ),
            field="note",
            mend=_("Shorten it."),
        )
    found = source_files.computed(source)
    columns = {
        "source": source,
        "text_sha256": found.text,
        "file_sha256": found.file,
        "note": note,
        "public": f"{at.astimezone(UTC):%Y-%m-%dT%H:%M}Z",
    }
    return _verbs.enter_owned(
        "record", key, source, columns, dossier=source.dossier, by=by, at=at, reason=reason
    )


def amend(*, row: Viewing, by: User | None, at: datetime, **given: Any) -> NoReturn:
    """Raises NotAllowed: what somebody saw is not changed afterwards."""
    raise NotAllowed(
        _("That somebody checked a source is not changed afterwards."),
        mend=_("Withdraw it with a reason, and record another."),
    )
