"""Keeping the files that sources' texts are read from: until they are entered, and then for good.

Nothing here is in a ledger; a source's ``file_sha256`` is, and proves the file.
"""

from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction

from tracker.documents.values import Kind
from tracker.domain.errors import Invalid
from tracker.domain.sentences import _
from tracker.models import Dossier, SourceFile, User

MOST = 20  # of one person that are in no source yet: those before them are forgotten
GONE, AGAIN = _("The file is not kept any more."), _("Choose it once more.")
KEPT = timedelta(days=31)  # a day longer than the draft that names it


@transaction.atomic
def keep(
    *, dossier: Dossier, content: bytes, kind: Kind, by: User | None, at: datetime
) -> SourceFile:
    """The file as it came. The same bytes are kept once in a dossier."""
    digest = sha256(content).hexdigest()
    row, is_new = SourceFile.objects.get_or_create(
        dossier=dossier,
        sha256=digest,
        defaults={
            "kind": kind.value,
            "size": len(content),
            "content": content,
            "by": by,
            "kept_at": at,
        },
    )
    if not is_new:
        SourceFile.objects.filter(pk=row.pk).update(kept_at=at)
    waiting = SourceFile.objects.filter(by=by, entered_at=None).order_by("-kept_at", "-pk")
    old = list(waiting.values_list("pk", flat=True)[MOST:])
    # Asked again: one may have been entered meanwhile.
    SourceFile.objects.filter(pk__in=old, entered_at=None).delete()
    return row


def entered(*, dossier: Dossier, digest: str, at: datetime) -> None:
    """A source names it: from now on it stays. Raises Invalid when it is gone by now."""
    if not SourceFile.objects.filter(dossier=dossier, sha256=digest).update(entered_at=at):
        raise Invalid(GONE, field="file_sha256", mend=AGAIN)


def forget_of(*, user: User) -> None:
    """What somebody read into forms and never entered."""
    SourceFile.objects.filter(by=user, entered_at=None).delete()


def forget(*, at: datetime) -> None:
    """What was read into a form a month ago, and never entered."""
    SourceFile.objects.filter(entered_at=None, kept_at__lt=at - KEPT).delete()
