"""Registers of any size, written as bare rows: what the clock reads, and little else."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, TypeVar

from django.db import connection, models

from tracker.domain.filters import searchable
from tracker.models import Dossier, Instrument, Membership, Party, Phase, Pledge, User

T = TypeVar("T")
PUBLIC = "2025-01-01 UTC"
SINCE = datetime.fromisoformat("2025-01-01T00:00Z")
BATCH = 5_000


def people(number: int) -> list[User]:
    """Users who may sign in nowhere: their names and addresses count up."""
    return User.objects.bulk_create(
        User(email=f"reader{n}@example.org", name=f"Reader {n}", password="!")
        for n in range(number)
    )


def dossier(slug: str, members: Iterable[User]) -> Dossier:
    """A private dossier with these analysts."""
    made = Dossier.objects.create(slug=slug, title=slug.title(), recorded_at=SINCE)
    Membership.objects.bulk_create(
        Membership(dossier=made, user=user, role="analyst", recorded_at=SINCE) for user in members
    )
    return made


def pledges(where: Dossier, number: int, *, analysts: list[User], due: int, at: datetime) -> None:
    """So many pledges, each in force; ``due`` of them expire at ``at``, the others long after."""
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
    _load(
        Pledge(
            pk=first + n,
            dossier=where,
            ref=f"{where.slug.upper()}-{n}",
            title=f"Halt {n}",
            search=searchable(title=f"Halt {n}", scope="", area="", ref=f"{where.slug}-{n}"),
            instrument=call,
            pledgor=party,
            act="halt",
            subject="civilians",
            analyst=analysts[n % len(analysts)] if analysts else None,
            public=PUBLIC,
            public_instant=SINCE,
            recorded_at=SINCE,
        )
        for n in range(number)
    )
    far = at + timedelta(days=3650)
    _load(phase for n in range(number) for phase in _phases(first + n, at if n < due else far))
    _settle(Pledge, Phase)


def _phases(pledge: int, ends: datetime) -> Iterator[Phase]:
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
    common: dict[str, Any] = {"pledge_id": pledge, "ends_at": ends, "terms": terms}
    yield Phase(
        from_at=SINCE, until_at=ends, stage="in_force", warns_at=ends, noticed_at=SINCE, **common
    )
    yield Phase(from_at=ends, until_at=None, stage="expired", flags=[flag], **common)


def _load(rows: Iterable[models.Model]) -> None:
    for batch in _batches(rows, BATCH):
        type(batch[0])._default_manager.bulk_create(batch)


def _batches(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    left = iter(rows)
    while batch := list(islice(left, size)):
        yield batch


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
