"""Writes about suggestions: that one is not wanted, or is wanted again. What is entered of them is
entered by the verbs of its noun.
"""

from datetime import datetime

from tracker.domain.errors import Invalid
from tracker.domain.sentences import _
from tracker.models import Dismissal, Source, User

KIND_LENGTH = 30


def dismiss(*, source: Source, start: int, end: int, kind: str, by: User, at: datetime) -> None:
    """Do not suggest that passage as that any more; said twice it is said once.

    Raises Invalid for a passage that the text has not.
    """
    if not 0 <= start < end <= len(source.snapshot) or not 0 < len(kind) <= KIND_LENGTH:
        raise Invalid(_("The text has no such passage."), mend=_("Have it read again."))
    Dismissal.objects.get_or_create(
        source=source, start=start, end=end, kind=kind, defaults={"by": by, "at": at}
    )


def bring_back(*, source: Source, start: int, end: int, kind: str) -> None:
    """Suggest it again."""
    Dismissal.objects.filter(source=source, start=start, end=end, kind=kind).delete()
