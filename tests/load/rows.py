"""Registers of any size, written as bare rows: what the clock reads, and little else.

The database counts the rows up itself: a million of them go in one statement.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, models

from tracker.domain.filters import searchable
from tracker.models import Dossier, Instrument, Membership, Party, Phase, Pledge, User

PUBLIC = "2025-01-01 UTC"
SINCE = datetime.fromisoformat("2025-01-01T00:00Z")
AT_ONCE = 50_000


def people(number: int) -> list[User]:
    """Users who may sign in nowhere: their names and addresses count up."""
    first = User.objects.count()
    return User.objects.bulk_create(
        User(email=f"reader{n}@example.org", name=f"Reader {n}", password="!")
        for n in range(first, first + number)
    )


def dossier(slug: str, members: Iterable[User]) -> Dossier:
    """A private dossier with these analysts."""
    made = Dossier.objects.create(slug=slug, title=slug.title(), recorded_at=SINCE)
    Membership.objects.bulk_create(
        Membership(dossier=made, user=user, role="analyst", recorded_at=SINCE) for user in members
    )
    return made


def pledges(where: Dossier, number: int, *, analysts: list[User], due: int, at: datetime) -> None:
    """So many pledges, each in force; ``due`` of them expire at ``at``, the others long after.

    ``analysts``, in turn, were made together: their numbers follow one another.
    """
    party = Party.objects.create(
        slug=f"{where.slug}-party", name="Party", kind="state", recorded_at=SINCE
    )
    call = Instrument.objects.create(
        dossier=where,
        key="call",
        title="Call",
        kind="call",
        form="oral",
        public=PUBLIC,
        public_instant=SINCE,
        recorded_at=SINCE,
    )
    first = (Pledge.objects.aggregate(last=models.Max("pk"))["last"] or 0) + 1
    like = Pledge(
        dossier=where,
        instrument=call,
        pledgor=party,
        act="halt",
        subject="civilians",
        public=PUBLIC,
        public_instant=SINCE,
        recorded_at=SINCE,
    )
    counted = {
        "id": f"{first} + i",
        "ref": f"'{where.slug.upper()}-' || i",
        "title": "'Halt ' || i",
        "search": f"'{searchable(title='Halt', scope='', area='', ref=where.slug)} ' || i",
    }
    if analysts:
        counted["analyst_id"] = f"{analysts[0].pk} + i %% {len(analysts)}"
    _count_up(like, counted, 0, number)
    far = at + timedelta(days=3650)
    for start, end, ends in ((0, due, at), (due, number, far)):
        for phase in _phases(ends):
            _count_up(phase, {"pledge_id": f"{first} + i"}, start, end)
    _settle(Pledge, Phase)


def _phases(ends: datetime) -> tuple[Phase, Phase]:
    flag = ["expired", "", "term", "", ends.isoformat()]
    terms = [
        {
            "reading": "r",
            "is_standing": True,
            "start": [SINCE.isoformat()] * 2,
            "end": [ends.isoformat()] * 2,
            "zone": "UTC",
            "is_open": False,
            "awaiting": "",
        }
    ]
    common: dict[str, Any] = {"ends_at": ends, "terms": terms}
    return (
        Phase(
            from_at=SINCE,
            until_at=ends,
            stage="in_force",
            warns_at=ends,
            noticed_at=SINCE,
            **common,
        ),
        Phase(from_at=ends, until_at=None, stage="expired", flags=[flag], **common),
    )


def _count_up(like: models.Model, counted: Mapping[str, str], start: int, end: int) -> None:
    """Rows like that one for each i from ``start`` on, with those columns said in SQL."""
    columns, said, params = [], [], []
    for field in like._meta.concrete_fields:
        if field.attname in counted:
            said.append(counted[field.attname])
        elif field.primary_key:
            continue
        else:
            value = getattr(like, field.attname)
            if isinstance(field, models.JSONField):
                params.append(json.dumps(value))
            else:
                params.append(field.get_db_prep_save(value, connection=connection))
            is_strict = connection.vendor == "postgresql"
            said.append(f"CAST(%s AS {field.db_type(connection)})" if is_strict else "%s")
        columns.append(f'"{field.column}"')
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # what is referred to is there: nobody need look
            cursor.execute("SET session_replication_role = replica")
        for begin in range(start, end, AT_ONCE):
            last = min(begin + AT_ONCE, end) - 1
            counted_up = f"SELECT {begin} UNION ALL SELECT i + 1 FROM counted WHERE i < {last}"
            cursor.execute(
                f"INSERT INTO {like._meta.db_table} ({', '.join(columns)})"
                f" WITH RECURSIVE counted(i) AS ({counted_up})"
                f" SELECT {', '.join(said)} FROM counted",
                params,
            )
        if connection.vendor == "postgresql":
            cursor.execute("RESET session_replication_role")


def _settle(*of: type[models.Model]) -> None:
    """The database counts what it holds, as it would by itself in time."""
    with connection.cursor() as cursor:
        for model in of:
            cursor.execute(f"ANALYZE {model._meta.db_table}")
        if connection.vendor == "postgresql":
            for model in of:
                table = model._meta.db_table
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), MAX(id)) FROM {table}"
                )
