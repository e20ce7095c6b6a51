"""Delivery by real workers: messages a second, from the first to the last that arrived."""

import smtplib
import time
from collections.abc import Iterator

from tests.load import rows
from tests.load.instance import STARTS_WITHIN, cpu_of, pid_of, until
from tracker.actions import outbox, sweeps
from tracker.clock import now
from tracker.models import Alert, Delivery, Message

from . import Asked, Line

WORKERS = (1, 2, 4)
ALIKE = b"Subject: Runs out in 3 days\r\nTo: reader0@example.org\r\n\r\n" + b"x" * 70 * 100


def run(asked: Asked) -> Iterator[Line]:
    readers = rows.people(50)
    where = rows.dossier("sent", readers)
    rows.pledges(where, asked.messages, analysts=readers, due=asked.messages, at=now())
    sweeps.run(at=now())
    yield _server_alone(asked)
    for workers in WORKERS:
        yield _by(asked, workers)


def _server_alone(asked: Asked) -> Line:
    """What the mail server takes from one connection, when nothing else is done."""
    asked.mail.again()
    with smtplib.SMTP("127.0.0.1", asked.mail.port) as client:
        for _ in range(asked.messages):
            client.sendmail("a@example.org", "reader0@example.org", ALIKE)
    return {"mail server alone, messages/s": _rate(asked)}


def _by(asked: Asked, workers: int) -> Line:
    run, messages = asked.run, asked.messages
    at = now()
    Alert.objects.update(message=None, due_at=at)
    Delivery.objects.all().delete()
    Message.objects.all().delete()
    while outbox.freeze(at=at):
        pass
    asked.mail.again()
    made = [run.worker() for _ in range(workers)]
    until(lambda: all(map(run.pool_of, made)), within=STARTS_WITHIN, why=run.said)
    time.sleep(1)
    before, database = sum(cpu_of(pid_of(worker)) for worker in made), run.database_cpu()

    def is_done() -> bool:
        run.poke(*["delivery.deliver"] * workers)
        time.sleep(0.4)
        return asked.mail.taken().number >= messages

    until(is_done, within=600, why=run.said)
    used = sum(cpu_of(pid_of(worker)) for worker in made) - before
    database = run.database_cpu() - database
    run.end_workers()
    assert not Message.objects.exclude(state="sent").exists()
    return {
        "workers": workers,
        "messages": messages,
        "messages/s": _rate(asked),
        "CPU ms a message": round(used / messages * 1e3, 2),
        "and the database's": round(database / messages * 1e3, 2),
    }


def _rate(asked: Asked) -> int:
    taken = asked.mail.taken()
    return round((taken.number - 1) / (taken.last - taken.first))
