"""`make bench`: how fast the watch is, as a table and as JSON, ratios in one run.

The sweep with nothing due at growing sizes; with 10,000 due, beside the same rows written by bare
SQL; delivery to a local SMTP server with one, two and four workers; suggestions against their
corpus.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from tests.plugins.smtp import Sink

from .instance import Instance, instance
from .suggestions import suggestions

Figures = dict[str, Any]
DUE = 10_000
REPEATS = 20


def sweep_with_nothing_due(sizes: list[int]) -> list[Figures]:
    """Seconds of one sweep, its record apart, at each size of the register; and its queries."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tracker.clock import now
    from tracker.selectors import sweeps

    from . import rows

    found, held = [], 0
    for size in sizes:
        where = rows.dossier(f"idle{size}", [])
        rows.pledges(where, size - held, analysts=[], due=0, at=now())
        held = size
        with CaptureQueriesContext(connection) as made:
            assert not any(sweeps.due(at=now()))
        taken = [_seconds(lambda: sweeps.due(at=now())) for _ in range(REPEATS)]
        found.append({"pledges": size, "queries": len(made), "ms": round(median(taken) * 1e3, 3)})
    return found


def sweep_with_many_due() -> Figures:
    """10,000 due among what is there: pledges a second, queries a batch, beside bare SQL."""
    from django.db import connection, transaction
    from django.test.utils import CaptureQueriesContext

    from tracker.actions import phases
    from tracker.clock import now
    from tracker.models import Alert, Flag, Phase, Pledge

    from . import rows

    readers = rows.people(50)
    at = now()
    where = rows.dossier("due", readers)
    rows.pledges(where, DUE, analysts=readers, due=DUE, at=at)
    queries, began, noticed = [], time.perf_counter(), 0
    while True:
        with CaptureQueriesContext(connection) as made:
            batch = phases.notice(at=at)
        if not batch:
            break
        noticed += batch
        queries.append(len(made))
    ours = time.perf_counter() - began
    flags = list(Flag.objects.filter(pledge__dossier=where).values())
    alerts = list(Alert.objects.filter(pledge__dossier=where).values())
    assert len(flags) == len(alerts) == noticed == DUE
    with transaction.atomic():
        Alert.objects.filter(pledge__dossier=where).delete()
        Flag.objects.filter(pledge__dossier=where).delete()
    began = time.perf_counter()
    with connection.cursor() as cursor:
        for start in range(0, DUE, phases.BATCH):
            with transaction.atomic():
                _insert(cursor, Flag, flags[start : start + phases.BATCH])
                _insert(cursor, Alert, alerts[start : start + phases.BATCH])
                pks = [flag["pledge_id"] for flag in flags[start : start + phases.BATCH]]
                marks = ", ".join(["%s"] * len(pks))
                cursor.execute(
                    f"UPDATE {Phase._meta.db_table} SET noticed_at = %s"
                    f" WHERE pledge_id IN ({marks}) AND from_at <= %s",
                    [at, *pks, at],
                )
    bare = time.perf_counter() - began
    return {
        "pledges": Pledge.objects.count(),
        "due": DUE,
        "pledges_per_second": round(DUE / ours),
        "most_queries_per_batch": max(queries),
        "bare_sql_per_second": round(DUE / bare),
        "times_bare_sql": round(ours / bare, 1),
    }


def _insert(cursor: Any, model: Any, values: Any) -> None:
    names = [name for name in values[0] if name != "id"]
    columns = {field.attname: field for field in model._meta.concrete_fields}
    prepared = [
        columns[name].get_db_prep_save(row[name], connection=cursor.db)
        for row in values
        for name in names
    ]
    one = f"({', '.join(['%s'] * len(names))})"
    listed = ", ".join(f'"{columns[name].column}"' for name in names)
    cursor.execute(
        f"INSERT INTO {model._meta.db_table} ({listed}) VALUES {', '.join([one] * len(values))}",
        prepared,
    )


def delivery(run: Instance, workers: int, messages: int) -> Figures:
    """Messages a second to a local SMTP server, from the first to the last that arrived."""
    from tracker.actions import outbox
    from tracker.clock import now
    from tracker.models import Alert, Delivery, Message

    at = now()
    Alert.objects.update(message=None, due_at=at)
    Delivery.objects.all().delete()
    Message.objects.all().delete()
    keep = Alert.objects.order_by("pk").values_list("pk", flat=True)[:messages]
    Alert.objects.exclude(pk__in=list(keep)).delete()
    while outbox.freeze(at=at):
        pass
    run.sink.taken.clear()
    made = [run.worker() for _ in range(workers)]
    time.sleep(5)  # they load Django
    for _ in range(workers):
        run.poke()
    began = _until(lambda: len(run.sink.taken) > 0)
    memory = max(_rss(worker.pid) for worker in made)
    while len(run.sink.taken) < messages:
        run.poke()
        time.sleep(0.5)
    seconds = time.perf_counter() - began
    for worker in made:
        run.kill(worker)
    return {
        "workers": workers,
        "messages": messages,
        "messages_per_second": round(messages / seconds),
        "worker_mb": round(memory / 1024),
    }


def _until(is_so: Callable[[], bool]) -> float:
    while not is_so():
        time.sleep(0.01)
    return time.perf_counter()


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _rss(pid: int) -> int:
    """Kilobytes of memory of the process and its children."""
    total = 0
    for path in Path("/proc").glob("[0-9]*/status"):
        try:
            told = dict(line.split(":", 1) for line in path.read_text().splitlines() if ":" in line)
        except OSError:
            continue
        if str(pid) in (told["Pid"].strip(), told["PPid"].strip()):
            total += int(told.get("VmRSS", "0 kB").split()[0])
    return total


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="postgresql")
    parser.add_argument("--sizes", default="1000,100000,1000000", help="pledges, growing")
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--json", default="", help="also write the figures to this file")
    asked = parser.parse_args()
    sizes = [int(one) for one in asked.sizes.split(",")]
    figures: Figures = {"database": asked.database, "suggestions": suggestions()}
    with instance(asked.database, Sink()) as run:
        figures["sweep with nothing due"] = sweep_with_nothing_due(sizes)
        figures["sweep with 10,000 due"] = sweep_with_many_due()
        figures["delivery"] = [delivery(run, n, asked.messages) for n in (1, 2, 4)]
    for name, told in figures.items():
        for line in told if isinstance(told, list) else [told]:
            said = (
                "  ".join(f"{k.replace('_', ' ')} {v}" for k, v in line.items())
                if isinstance(line, dict)
                else line
            )
            print(f"{name:26}{said}", flush=True)
    if asked.json:
        Path(asked.json).write_text(json.dumps(figures, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
