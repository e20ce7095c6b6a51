"""Forgetting in time: sessions that have ended, drafts, files that were never entered, the
addresses of expired invitations; and what SQLite does not do by itself.
"""

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.db import connection

from tracker.models import Invitation, SentForm

from . import drafts, invitations, source_files

KEPT_AFTER_EXPIRY = timedelta(days=14)
FORMS_KEPT = timedelta(days=30)


def run(*, at: datetime) -> None:
    """An invitation that expired two weeks ago is revoked: nobody has sent it again."""
    SentForm.objects.filter(at__lt=at - FORMS_KEPT).delete()
    drafts.forget(at=at)
    source_files.forget(at=at)
    Session.objects.filter(expire_date__lt=at).delete()
    expired = Invitation.objects.filter(
        accepted_at=None, revoked_at=None, expires_at__lte=at - KEPT_AFTER_EXPIRY
    )
    for row in expired.order_by("dossier__slug", "pk"):
        invitations.revoke(row=row, by=None, at=at, reason="Expired.")
    if connection.vendor == "sqlite":
        _count_anew()


def _count_anew() -> None:
    """SQLite counts what its tables hold, by which it chooses indexes, only when it is told to;
    here by a sample of each, which takes as long however many rows there are.
    See https://www.sqlite.org/lang_analyze.html, section 4.
    """
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA analysis_limit = 1000")
        cursor.execute("ANALYZE")
