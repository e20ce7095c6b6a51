"""`make faults`: what the watch promises while its workers are killed, as a table.

Ten thousand alerts, four workers, twenty SIGKILLs at moments that nobody chose: nothing is lost,
nothing is owed twice, and what comes twice on the wire carries the same Message-ID.
"""

import argparse
import json
import random
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass

from tests.plugins.smtp import Sink

from .instance import Instance, instance


@dataclass(frozen=True, slots=True)
class Found:
    """What was counted afterwards."""

    database: str
    alerts: int
    kills: int
    lost: int
    doubled_rows: int
    messages_sent: int
    on_the_wire: int
    wire_duplicates: int
    duplicates_with_another_id: int
    seconds: float

    @property
    def is_kept(self) -> bool:
        return not (self.lost or self.doubled_rows or self.duplicates_with_another_id)


def kills(database: str, *, alerts: int, workers: int, kills: int, seed: int) -> Found:
    """The kill test on one database."""
    sink = Sink()
    with instance(database, sink) as run:
        from tracker.clock import now

        from . import rows

        readers = rows.people(50)
        where = rows.dossier("load", readers)
        rows.pledges(where, alerts, analysts=readers, due=alerts, at=now())
        began = time.monotonic()
        _kill_at_random(run, workers, kills, random.Random(seed))  # noqa: S311
        _until_sent(run, alerts, workers)
        return _count(database, alerts, kills, sink, time.monotonic() - began)


def _kill_at_random(run: Instance, workers: int, times: int, chance: random.Random) -> None:
    for _ in range(workers):
        run.worker()
    run.poke()
    time.sleep(4)  # they load Django
    for _ in range(times):
        run.poke()
        time.sleep(chance.uniform(0.1, 2.5))
        run.kill(chance.choice(run.workers))
        run.worker()


def _until_sent(run: Instance, alerts: int, workers: int) -> None:
    from tracker.models import Alert, Message

    deadline = time.monotonic() + 900
    while time.monotonic() < deadline:
        run.poke()
        time.sleep(1)
        owed = Alert.objects.count()
        unsent = Alert.objects.filter(message=None, dropped_at=None)
        waiting = Message.objects.filter(state="waiting")
        if owed >= alerts and not unsent.exists() and not waiting.exists():
            return
    raise SystemExit("It was not done in 15 minutes.")


def _count(database: str, alerts: int, kills: int, sink: Sink, seconds: float) -> Found:
    from django.db.models import Count

    from tracker.models import Alert, Message
    from tracker.models.alert import CAUSE

    sent = Message.objects.filter(state="sent")
    reached = Alert.objects.filter(message__state="sent").count()
    doubled = Alert.objects.values(*CAUSE).annotate(n=Count("pk")).filter(n__gt=1).count()
    known = {f"<{uid}@localhost>" for uid in sent.values_list("uid", flat=True)}
    wire = Counter(sink.ids)
    told = Counter((mail["To"], str(mail["Subject"]).rpartition(":")[2]) for mail in sink.taken)
    return Found(
        database=database,
        alerts=alerts,
        kills=kills,
        lost=alerts - reached + len(known - set(wire)),
        doubled_rows=doubled,
        messages_sent=sent.count(),
        on_the_wire=sum(wire.values()),
        wire_duplicates=sum(n - 1 for n in wire.values()),
        duplicates_with_another_id=sum(n - 1 for n in told.values())
        - sum(n - 1 for n in wire.values()),
        seconds=round(seconds, 1),
    )


def main() -> int:
    """Prints a table and, with --json, writes the figures; 1 when a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="postgresql")
    parser.add_argument("--alerts", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    parser.add_argument("--json", default="", help="also write the figures to this file")
    asked = parser.parse_args()
    print(f"seed {asked.seed}", flush=True)
    found = kills(
        asked.database,
        alerts=asked.alerts,
        workers=asked.workers,
        kills=asked.kills,
        seed=asked.seed,
    )
    for name, value in asdict(found).items():
        print(f"{name.replace('_', ' '):28}{value}", flush=True)
    if asked.json:
        with open(asked.json, "w") as file:  # noqa: PTH123
            json.dump(asdict(found), file, indent=2)
    print("kept" if found.is_kept else "BROKEN", flush=True)
    return 0 if found.is_kept else 1


if __name__ == "__main__":
    sys.exit(main())
