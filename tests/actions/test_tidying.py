"""What is forgotten in time, at the instant at which it is, and not before."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection

from tests.actions.house import AT, bare
from tests.actions.people import holds, person
from tracker.actions import invitations, tidying
from tracker.domain.members import INVITED_FOR
from tracker.models import LedgerEntry, Party

pytestmark = pytest.mark.django_db
TICK = timedelta(microseconds=1)


def test_an_invitation_that_expired_long_ago_loses_its_address() -> None:
    dossier = bare().dossier
    owner = person("olga", dossier, "owner")
    row, _ = invitations.invite(
        dossier=dossier, email="ann@example.org", role="analyst", by=owner, at=AT
    )
    forgets = AT + INVITED_FOR + tidying.KEPT_AFTER_EXPIRY
    tidying.run(at=forgets - TICK)
    row.refresh_from_db()
    assert row.email == "ann@example.org"
    tidying.run(at=forgets)
    row.refresh_from_db()
    assert (row.email, row.revoked_at) == ("", forgets)
    entry = LedgerEntry.objects.filter(chain__name=dossier.slug).latest("seq")
    assert (entry.action, entry.by) == ("invitations.revoke", "system")
    holds(dossier.slug)
    tidying.run(at=forgets + TICK)
    assert LedgerEntry.objects.filter(chain__name=dossier.slug).latest("seq") == entry


def test_sessions_that_have_ended_go_and_the_others_stay() -> None:
    for key, ends in (("a", AT - TICK), ("b", AT)):
        Session.objects.create(session_key=key * 32, session_data="d", expire_date=ends)
    tidying.run(at=AT)
    assert [session.session_key[0] for session in Session.objects.all()] == ["b"]


@pytest.mark.once
def test_sqlite_counts_what_its_tables_hold() -> None:
    bare()
    tidying.run(at=AT)
    with connection.cursor() as cursor:
        cursor.execute("SELECT stat FROM sqlite_stat1 WHERE tbl = %s", [Party._meta.db_table])
        counted = {int(stat.split()[0]) for (stat,) in cursor.fetchall()}
    assert counted == {Party.objects.count()} == {3}
