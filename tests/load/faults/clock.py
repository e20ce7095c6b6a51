"""The clock is set back an hour while alerts are under way, people edit, and it is set right again.

Nothing is doubled, nothing lost, and nobody is told that what is true was not so.
"""

from datetime import timedelta

from tests.actions.house import bare
from tests.load import rows
from tests.load.instance import STARTS_WITHIN, until
from tracker.actions import memberships, readings, sweeps
from tracker.clock import now
from tracker.models import Alert, Flag, Message, Reading
from tracker.selectors.sweeps import due as due_phases

from . import Found, Given
from .outage import TERM, pledge
from .outbox import count_wire, is_over, lay, states

HOUR = timedelta(hours=1)
DUE = 40


def run(given: Given) -> Found:
    found, run = Found(), given.run
    given.mail.manner = lambda recipient, n: "451 4.3.0 Later" if n == 0 else "take"
    readers = rows.people(5)
    made = bare("clock")
    made.clock = now() - TERM
    for user in readers:
        memberships.grant(dossier=made.dossier, user=user, role="analyst", by=None, at=made.clock)
    # One that has ended half an hour ago: the clock that is set back has not come to that yet.
    edited = pledge(made, "CLOCK-1", readers[0], now() - HOUR / 2)
    sweeps.run(at=now() - 2 * HOUR)
    lay("now", DUE, readers=readers)
    lay("soon", DUE, readers=readers, at=now() - HOUR / 4)
    for number, shift in enumerate(("0", "-3600", "0", "3600")):
        ahead = timedelta(seconds=int(shift))
        worker = run.worker(TRACKER_MODE="test", TRACKER_TEST_CLOCK=shift)
        run.poke()
        if shift == "-3600":  # somebody corrects a word while the clock is behind
            row = Reading.objects.get(pledge=edited)
            readings.amend(row=row, note="Checked.", by=None, at=now() + ahead)
        until(lambda: _tried(given, ahead), within=STARTS_WITHIN, why=lambda: states() + run.said())  # noqa: B023
        run.kill(worker)
        if not number:
            found.count("put off before it is set back", _waiting())
    until(lambda: is_over(0), within=60, why=states)
    expired = Alert.objects.filter(kind="expired")
    found.count("alerts of an expiry", expired.count(), wanted=2 * DUE + 1)
    found.count("not sent", expired.exclude(message__state="sent").count(), wanted=0)
    found.count("corrections", Alert.objects.filter(kind="corrected").count(), wanted=0)
    found.count("flags withdrawn", Flag.objects.exclude(withdrawn_at=None).count(), wanted=0)
    sent = Message.objects.filter(state="sent").values_list("uid", flat=True)
    count_wire(found, given.mail, {f"<{uid}@localhost>" for uid in sent})
    return found


def _waiting() -> int:
    return Message.objects.filter(state="waiting").count()


def _tried(given: Given, ahead: timedelta) -> bool:
    """Whether everything has been done that is due by a clock that is ahead by so much."""
    given.run.poke()
    at = now() + ahead
    unsent = Alert.objects.filter(message=None, dropped_at=None, due_at__lte=at)
    due = Message.objects.filter(state="waiting", next_try_at__lte=at)
    return not (due_phases(at=at).phases or unsent.exists() or due.exists())
