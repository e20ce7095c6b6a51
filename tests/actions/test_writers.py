"""Several writers at once: those of one chain take turns, those of two never wait."""

from collections.abc import Callable
from threading import Barrier, Event, Thread
from typing import Any

import pytest
from django.db import connection, connections, transaction

from tests.actions.house import AT, PUBLIC, bare
from tracker.actions import sources
from tracker.models import Dossier, LedgerEntry
from tracker.selectors import ledger

pytestmark = pytest.mark.django_db(transaction=True)
# SQLite has one writer at a time whatever we do, and its test database one connection.
WRITERS = 6 if connection.vendor == "postgresql" else 1
EACH = 4


def run(*jobs: Callable[[], None]) -> list[BaseException]:
    """Runs the jobs in threads of their own; what they raised."""
    failed: list[BaseException] = []

    def guarded(job: Callable[[], None]) -> None:
        try:
            job()
        except BaseException as error:
            failed.append(error)
        finally:
            connections.close_all()

    if len(jobs) == 1:
        jobs[0]()
        return []
    threads = [Thread(target=guarded, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not any(thread.is_alive() for thread in threads)
    return failed


def source(dossier: Dossier, key: str) -> Any:
    return sources.add(
        dossier=dossier, key=key, title="T", kind="news", public=PUBLIC, by=None, at=AT
    )


def test_writers_of_one_chain_take_turns() -> None:
    made = bare()
    before = LedgerEntry.objects.filter(chain__name="case").count()
    together = Barrier(WRITERS)

    def writer(number: int) -> Callable[[], None]:
        def write() -> None:
            together.wait(10)
            for entry in range(EACH):
                source(made.dossier, f"s-{number}-{entry}")

        return write

    assert run(*(writer(n) for n in range(WRITERS))) == []
    assert ledger.problem("case") is None
    assert list(ledger.differences("case")) == []
    after = LedgerEntry.objects.filter(chain__name="case").count()
    assert after - before == WRITERS * EACH


def test_writers_of_two_chains_never_wait_for_each_other() -> None:
    one, two = bare("one"), bare("two")
    if connection.vendor != "postgresql":
        source(one.dossier, "a")
        source(two.dossier, "b")
        return
    held, done = Event(), Event()

    def holds() -> None:
        with transaction.atomic():
            source(one.dossier, "held")
            held.set()
            assert done.wait(10), "the other chain's writer waited for this one"

    def writes() -> None:
        assert held.wait(10)
        source(two.dossier, "free")
        done.set()

    assert run(holds, writes) == []
    assert ledger.problem("one") is ledger.problem("two") is None
