"""Registers of any size, written as bare rows: what the clock reads, and little else.

The database counts the rows up itself: a million of them go in one statement.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, models

from tracker.actions import board_lines
from tracker.domain import searching, tags
from tracker.models import (
    BoardLine,
    Dossier,
    Incident,
    Instrument,
    Membership,
    Move,
    Party,
    Phase,
    Pledge,
    User,
)

PUBLIC = "2025-01-01 UTC"
SINCE = datetime.fromisoformat("2025-01-01T00:00Z")
AT_ONCE = 50_000
DOSSIERS = 20


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
    made_in = call(where)
    first = (Pledge.objects.aggregate(last=models.Max("pk"))["last"] or 0) + 1
    like = Pledge(
        dossier=where,
        instrument=made_in,
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
        "search": _kept(
            [("halt ", "i"), (f"   {where.slug}-".lower(), "i")], {party.slug: "1 = 1"}
        ),
    }
    if analysts:
        counted["analyst_id"] = f"{analysts[0].pk} + i %% {len(analysts)}"
    _count_up(like, counted, 0, number)
    far = at + timedelta(days=3650)
    for start, end, ends in ((0, due, at), (due, number, far)):
        for phase in _phases(ends):
            _count_up(phase, {"pledge_id": f"{first} + i"}, start, end)
    settle(Pledge, Phase)


def board(size: int, *, at: datetime, analysts: list[User]) -> None:
    """A register as boards list it: so many pledges in public dossiers, most of them over.

    Of a hundred, which differ by their ends, 60 have expired without a verdict, 10 were ended, 25
    run (one of them for less than a week), 3 have no end and 2 lie ahead; of ten that ran, accounts
    of one differ. Two of a hundred have a tag. ``analysts`` were made together.
    """
    if not Dossier.objects.exists():
        Party.objects.bulk_create(
            Party(slug=f"b-party-{n}", name=f"Party {n}", kind="state", recorded_at=SINCE)
            for n in range(DOSSIERS)
        )
        Dossier.objects.bulk_create(
            Dossier(slug=f"b{n}", title=f"Dossier {n}", is_public=True, recorded_at=SINCE)
            for n in range(DOSSIERS)
        )
        call(Dossier.objects.order_by("pk")[0])
    parties, where = Party.objects.order_by("pk"), Dossier.objects.order_by("pk")
    first = (Pledge.objects.aggregate(last=models.Max("pk"))["last"] or 0) + 1
    like = Pledge(
        dossier=where[0],
        instrument=Instrument.objects.get(),
        pledgor=parties[0],
        act="halt",
        public=PUBLIC,
        public_instant=SINCE,
        recorded_at=SINCE,
    )
    its_dossier = f"{where[0].pk} + i %% {DOSSIERS}"
    counted = {
        "id": f"{first} + i",
        "dossier_id": its_dossier,
        "ref": f"'B-' || ({first} + i)",
        "title": "'Halt of strikes on the grid of district ' || i",
        "search": _kept(
            [("halt of strikes on the grid of district ", "i"), ("   b-", f"({first} + i)")],
            {f"b-party-{n}": f"i / 7 %% {DOSSIERS} = {n}" for n in range(DOSSIERS)},
        ),
        "pledgor_id": f"{parties[0].pk} + i / 7 %% {DOSSIERS}",
        "subject": "CASE i / 11 %% 3 WHEN 0 THEN 'civilians' WHEN 1 THEN 'prisoners'"
        " ELSE 'maritime' END",
        "analyst_id": f"{analysts[0].pk} + i / 3 %% {len(analysts)}",
    }
    _count_up(like, counted, 0, size)
    Pledge.objects.filter(pk__gte=first, ref__endswith="42").update(
        tags=["northern"], tag_search=tags.stored(["northern"])
    )
    Pledge.objects.filter(pk__gte=first, ref__endswith="17").update(
        tags=["northern", "winter"], tag_search=tags.stored(["northern", "winter"])
    )
    its = {"pledge_id": f"{first} + i"}
    for kind in range(100):
        phases = list(_life(kind, at))
        for phase in phases:
            _count_up(phase, its, kind, size, step=100)
        line = board_lines.line(like, [board_lines.standing(one) for one in phases], at)
        of_pledge = ("dossier_id", "pledgor_id", "subject", "analyst_id")
        _count_up(line, its | {name: counted[name] for name in of_pledge}, kind, size, step=100)
    settle(Pledge, Phase, BoardLine)


def incidents(where: Dossier, number: int, *, first: int = 0) -> None:
    """So many that bear on no pledge, in one minute after the other; ``first``: of their keys."""
    like = Incident(
        dossier=where,
        occurred="2025-01-01 UTC",
        occurred_instant=SINCE,
        description="A strike.",
        public=PUBLIC,
        public_instant=SINCE,
        recorded_at=SINCE,
    )
    counted = {"key": f"'other-' || ({first} + i)", "occurred_instant": _minute()}
    _count_up(like, counted, 0, number)
    settle(Incident, Incident.pledges.through, Incident.claimants.through)


def judged(found: Iterable[Incident]) -> None:
    """Each of the incidents has been found unsubstantiated: one move of each."""
    Move.objects.bulk_create(
        Move(
            dossier_id=one.dossier_id,
            key=f"{one.key}.found",
            incident=one,
            machine="incident",
            to="unsubstantiated",
            effective=PUBLIC,
            effective_instant=SINCE,
            reason="R",
            public=PUBLIC,
            public_instant=SINCE,
            recorded_at=SINCE,
        )
        for one in found
    )


def _kept(said: Sequence[tuple[str, str]], parties: Mapping[str, str]) -> str:
    """In SQL what ``searching.kept`` makes of texts with a number behind each, and of parties, each
    with when it is one; but for the order of what is beneath.
    """
    apart = searching.APART
    short = searching.short_words("".join(f"{text}000" for text, _ in said))
    beneath = [f"'{''.join(apart + one for one in sorted(short))}'"]
    for text, number in said:
        beneath.append(f"CASE WHEN {number} < 100 THEN '{apart}' || {number} ELSE '' END")
        if not text.endswith(" "):
            joined = f"'{apart}{text[-1]}' || {number}"
            beneath.append(f"CASE WHEN {number} < 10 THEN {joined} ELSE '' END")
    for slug, when in parties.items():
        [key] = searching.ways("...", [slug])[1:]
        beneath.append(f"CASE WHEN {when} THEN '{key[:-1]}' ELSE '' END")
    texts = [f"'{text}' || {number}" for text, number in said]
    return " || ".join([*texts, *beneath, f"'{apart}'"])


def _minute() -> str:
    """The i-th minute since the beginning, as the database says it."""
    begins = SINCE.strftime("%Y-%m-%d %H:%M:%S")
    if connection.vendor == "postgresql":
        return f"TIMESTAMPTZ '{begins}+00' + i * INTERVAL '1 minute'"
    return f"datetime('{begins}', '+' || i || ' minutes')"


def _life(kind: int, at: datetime) -> Iterator[Phase]:
    """The phases of one pledge of a hundred: see ``board``."""
    days = timedelta(days=1)
    ends = at + (-(kind * 17 + 1) if kind < 70 else (kind - 69) ** 2 * 2) * days
    begins = ends - 90 * days if kind < 98 else at + (kind - 97) * 5 * days
    overdue = [[one, "", "", "", begins.isoformat()] for one in ("verification_due", "unverified")]
    soon = ["due_soon", "", "term", "P7D", (ends - 7 * days).isoformat()]
    over = ["expired", "", "term", "", ends.isoformat()]
    unjudged = ["expired_unassessed", "", "term", "", ends.isoformat()]
    differ = [["accounts_differ", "start", "", "", begins.isoformat()]] if kind % 10 == 1 else []
    has_end = not 95 <= kind < 98
    stretches: list[tuple[datetime, str, list[list[str]]]] = [
        (begins - 3 * days, "scheduled", []),
        (begins, "in_force", []),
        (begins + 10 * days, "in_force", [*overdue, *differ]),
    ]
    if has_end:
        stretches += [
            (ends - 7 * days, "in_force", [*overdue, soon, *differ]),
            (ends, "expired" if kind < 60 or kind >= 70 else "superseded", [over, unjudged]),
        ]
    for number, (start, stage, flags) in enumerate(stretches):
        is_last = number == len(stretches) - 1
        yield Phase(
            from_at=start,
            until_at=None if is_last else stretches[number + 1][0],
            stage=stage,
            flags=flags,
            starts_at=begins,
            ends_at=ends if has_end else None,
            warns_at=ends if has_end and stage in ("scheduled", "in_force") else None,
            earliest_end=ends if has_end else None,
            latest_end=ends if has_end else None,
            terms=_terms(ends if has_end else None),
            open_conditions=kind % 3,
            verified_until=begins + kind % 5 * days if kind % 5 else None,
            noticed_at=start if start <= at else None,
        )


def call(where: Dossier) -> Instrument:
    """What the pledges of that dossier are made in."""
    return Instrument.objects.create(
        dossier=where,
        key="call",
        title="Call",
        kind="call",
        form="oral",
        public=PUBLIC,
        public_instant=SINCE,
        recorded_at=SINCE,
    )


def _phases(ends: datetime) -> tuple[Phase, Phase]:
    flag = ["expired", "", "term", "", ends.isoformat()]
    common: dict[str, Any] = {"ends_at": ends, "terms": _terms(ends)}
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


def _terms(ends: datetime | None) -> list[dict[str, Any]]:
    return [
        {
            "reading": "r",
            "is_standing": True,
            "start": [SINCE.isoformat()] * 2,
            "end": [ends.isoformat()] * 2 if ends else None,
            "zone": "UTC",
            "is_open": ends is None,
            "awaiting": "",
        }
    ]


def _count_up(
    like: models.Model, counted: Mapping[str, str], start: int, end: int, *, step: int = 1
) -> None:
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
        for begin in range(start, end, AT_ONCE * step):
            last = min(begin + AT_ONCE * step, end) - step
            more = f"SELECT i + {step} FROM counted WHERE i < {last}"
            counted_up = f"SELECT {begin} UNION ALL {more}"
            cursor.execute(
                f"INSERT INTO {like._meta.db_table} ({', '.join(columns)})"
                f" WITH RECURSIVE counted(i) AS ({counted_up})"
                f" SELECT {', '.join(said)} FROM counted",
                params,
            )
        if connection.vendor == "postgresql":
            cursor.execute("RESET session_replication_role")


def settle(*of: type[models.Model]) -> None:
    """The database counts and sweeps what it holds, as it would by itself in time."""
    is_swept = connection.vendor == "postgresql" and not connection.in_atomic_block
    with connection.cursor() as cursor:
        for model in of:
            cursor.execute(f"{'VACUUM ' * is_swept}ANALYZE {model._meta.db_table}")
        if connection.vendor == "postgresql":
            for model in of:
                if model._meta.pk.attname != "id":
                    continue
                table = model._meta.db_table
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), MAX(id)) FROM {table}"
                )
