"""People and a dossier for the tests of who belongs to what."""

from collections.abc import Callable
from threading import Barrier, Thread

from django.db import connections

from tests.actions.house import AT
from tracker.actions import memberships, users
from tracker.models import Dossier, LedgerEntry, User
from tracker.selectors import ledger

PASSWORD = "correct horse battery staple"


def person(name: str, dossier: Dossier | None = None, role: str = "") -> User:
    user = users.register(
        email=f"{name}@example.org", name=name.title(), password=PASSWORD, by=None, at=AT
    )
    if dossier is not None:
        memberships.grant(dossier=dossier, user=user, role=role, by=None, at=AT)
    return user


def holds(*chains: str) -> None:
    """The chains are whole, and the rows are what they say."""
    for chain in chains:
        assert ledger.problem(chain) is None
        assert list(ledger.differences(chain)) == []


def told(chain: str) -> list[tuple[str, str, str]]:
    """Action, who and why of each entry, in order."""
    found = LedgerEntry.objects.filter(chain__name=chain).order_by("seq")
    return list(found.values_list("action", "by", "reason"))


def at_once(*jobs: Callable[[], object]) -> list[Exception]:
    """Runs the jobs together, each on a connection of its own; what they raised."""
    together, failed = Barrier(len(jobs)), []

    def run(job: Callable[[], object]) -> None:
        try:
            together.wait(10)
            job()
        except Exception as error:
            failed.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not any(thread.is_alive() for thread in threads)
    return failed
