"""The sweep with nothing due at any size; with many due, beside the same rows by bare SQL."""

import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

from django.db import connection, models, transaction

from tests.load import rows
from tests.load.instance import STARTS_WITHIN, until
from tracker.actions import phases, sweeps
from tracker.clock import now
from tracker.models import Alert, Dossier, Flag, Phase, Pledge, SweepRun

from . import Asked, Line, counting

REPEATS = 30
MOST_QUERIES = 40  # a batch
WORKERS = 2


def run(asked: Asked) -> Iterator[Line]:
    yield from _idle(asked.sizes)
    yield _many(asked)
    yield _by_workers(asked)


def _idle(sizes: tuple[int, ...]) -> Iterator[Line]:
    """Each size's whole run, with its record; and how that compares with the first size's."""
    held, first = 0, 0.0
    for size in sizes:
        began = time.perf_counter()
        rows.pledges(rows.dossier(f"idle{size}", []), size - held, analysts=[], due=0, at=now())
        loaded, held = time.perf_counter() - began, size
        with counting() as queries:
            done = sweeps.run(at=now())
        assert (done.noticed, done.is_caught_up) == (0, True)
        taken = median(_seconds(lambda: sweeps.run(at=now())) for _ in range(REPEATS))
        first = first or taken
        yield {
            "nothing due of": size,
            "ms": round(taken * 1e3, 2),
            "times the first": round(taken / first, 2),
            "queries": len(queries),
            "loaded in s": round(loaded, 1),
        }


def _many(asked: Asked) -> Line:
    """So many due among what is there, by one process: queries of each batch, and the rate."""
    due = asked.due
    where = _lay("due", due)
    began, most = time.perf_counter(), 0
    used, database = time.process_time(), asked.run.database_cpu()
    while True:
        with counting() as queries:
            if not phases.notice(at=now()):
                break
        most = max(most, len(queries))
    ours = time.perf_counter() - began
    used, database = time.process_time() - used, asked.run.database_cpu() - database
    bare = _bare(where, due)
    return {
        "due": due,
        "of": Pledge.objects.count(),
        "pledges/s": round(due / ours),
        "most queries a batch": most,
        "over the limit": int(most > MOST_QUERIES),
        "bare SQL pledges/s": round(due / bare),
        "times bare SQL": round(ours / bare, 2),
        "CPU us a pledge": round(used / due * 1e6),
        "and the database's": round(database / due * 1e6),
    }


def _by_workers(asked: Asked) -> Line:
    """The same by real workers that share it, from the first run's start to the last's end."""
    made = [asked.run.worker() for _ in range(WORKERS)]
    until(lambda: all(map(asked.run.pool_of, made)), within=STARTS_WITHIN, why=asked.run.said)
    before = SweepRun.objects.count()
    asked.run.poke(*["sweep.sweep"] * 2 * WORKERS)  # the first that each does takes longer
    until(lambda: SweepRun.objects.count() >= before + 2 * WORKERS, within=STARTS_WITHIN)
    where = _lay("shared", asked.due)
    last = SweepRun.objects.latest("pk").pk
    asked.run.poke(*["sweep.sweep"] * WORKERS)
    due = Phase.objects.filter(noticed_at=None, pledge__dossier=where, stage="expired")
    until(lambda: not due.exists(), within=300, why=asked.run.said)
    until(lambda: sum(_noticed(last)) >= asked.due, within=60, why=asked.run.said)
    asked.run.end_workers()
    assert Flag.objects.filter(pledge__dossier=where).count() == asked.due
    runs = SweepRun.objects.filter(pk__gt=last, noticed__gt=0)
    ends = runs.aggregate(first=models.Min("started_at"), last=models.Max("finished_at"))
    return {
        "workers": WORKERS,
        "due": asked.due,
        "pledges/s": round(asked.due / (ends["last"] - ends["first"]).total_seconds()),
        "runs that found work": runs.count(),
    }


def _noticed(after: int) -> list[int]:
    return list(SweepRun.objects.filter(pk__gt=after).values_list("noticed", flat=True))


def _lay(slug: str, due: int) -> Dossier:
    readers = rows.people(50)
    where = rows.dossier(slug, readers)
    rows.pledges(where, due, analysts=readers, due=due, at=now())
    return where


def _bare(where: Dossier, due: int) -> float:
    """Seconds that the same rows take, batch by batch, when nothing has to be found out."""
    flags = list(Flag.objects.filter(pledge__dossier=where).order_by("pledge").values())
    alerts = list(Alert.objects.filter(pledge__dossier=where).order_by("pledge").values())
    assert len(flags) == len(alerts) == due
    with transaction.atomic():
        Alert.objects.filter(pledge__dossier=where).delete()
        Flag.objects.filter(pledge__dossier=where).delete()
    began = time.perf_counter()
    with connection.cursor() as cursor:
        for start in range(0, due, phases.BATCH):
            batch = slice(start, start + phases.BATCH)
            with transaction.atomic():
                _insert(cursor, Flag, flags[batch])
                _insert(cursor, Alert, alerts[batch])
                pks = [flag["pledge_id"] for flag in flags[batch]]
                marks = ", ".join(["%s"] * len(pks))
                cursor.execute(
                    f"UPDATE {Phase._meta.db_table} SET noticed_at = %s"
                    f" WHERE pledge_id IN ({marks}) AND from_at <= %s",
                    [now(), *pks, now()],
                )
    return time.perf_counter() - began


def _insert(cursor: Any, model: type[models.Model], values: Any) -> None:
    columns = [field for field in model._meta.concrete_fields if field.attname != "id"]
    prepared = [
        field.get_db_prep_save(row[field.attname], connection=connection)
        for row in values
        for field in columns
    ]
    one = f"({', '.join(['%s'] * len(columns))})"
    listed = ", ".join(f'"{field.column}"' for field in columns)
    cursor.execute(
        f"INSERT INTO {model._meta.db_table} ({listed}) VALUES {', '.join([one] * len(values))}",
        prepared,
    )


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
