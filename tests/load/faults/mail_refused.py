"""Each reader's mail is met in a way of its own, by one server: the outbox ends right in each.

Time goes on by shifted clocks: at once, some hours later, more than a day later.
"""

from collections.abc import Callable
from datetime import timedelta

from tests.load.instance import until
from tracker.clock import now
from tracker.models import AlertSettings, Delivery, Message, User

from . import Found, Given
from .outbox import lay

EACH = 3
LATER = ("0", "7200", "14400", "21600", "28800", "180000")  # seconds
# address: how its n-th message is met; the state in which its messages end; whether it is
# suppressed.
WAYS: dict[str, tuple[Callable[[int], str], str, bool]] = {
    "fine": (lambda n: "take", "sent", False),
    "busy-at-first": (lambda n: "451 4.3.0 Later" if n < EACH else "take", "sent", False),
    "busy-for-ever": (lambda n: "451 4.3.0 Later", "dead", False),
    "busy-with-content": (lambda n: "data 452 4.3.1 Full" if n < EACH else "take", "sent", False),
    "nobody": (lambda n: "550 5.1.1 No such user", "refused", True),
    "no-policy": (lambda n: "550 5.7.1 Not from you", "dead", False),
    "spam": (lambda n: "data 554 5.6.0 We do not want this", "dead", False),
    "hangs": (lambda n: "hang" if n == 0 else "take", "sent", False),
    "hangs-up": (lambda n: "cut" if n == 0 else "take", "sent", False),
    "takes-and-hangs-up": (lambda n: "take and cut" if n == 0 else "take", "sent", False),
    "one-in-three": (lambda n: "take" if n % 3 == 2 else "451 4.3.0 Later", "sent", False),
}


def run(given: Given) -> Found:
    found = Found()
    given.mail.manner = lambda recipient, n: WAYS[recipient.partition("@")[0]][0](n)
    people = [
        User.objects.create(email=f"{name}@example.org", name=name, password="!") for name in WAYS
    ]
    lay("refused", EACH * len(WAYS), readers=people)
    given.run.poke("sweep.sweep")
    for shift in LATER:
        ahead = timedelta(seconds=int(shift))
        worker = given.run.worker(TRACKER_MODE="test", TRACKER_TEST_CLOCK=shift)
        until(lambda: _is_done(given, ahead), within=180, why=given.run.said)  # noqa: B023
        given.run.kill(worker)
    for name, (_, state, is_suppressed) in WAYS.items():
        mine = Message.objects.filter(recipient__email=f"{name}@example.org")
        states = sorted(set(mine.values_list("state", flat=True)))
        found.count(name, "/".join(states), wanted=state)
        taken = [mail for mail in given.mail.taken if mail[0] == f"{name}@example.org"]
        if state == "sent":
            found.count(f"{name} arrived", len(taken) - (name == "takes-and-hangs-up"), wanted=EACH)
        held = AlertSettings.objects.filter(user__email=f"{name}@example.org")
        if is_suppressed != held.filter(refused_at__isnull=False).exists():
            found.broken.append(f"{name}: suppressed {not is_suppressed}")
    found.count("messages", Message.objects.count(), wanted=EACH * len(WAYS))
    ids = given.mail.ids
    found.count("attempts", Delivery.objects.count())
    found.count("twice under one Message-ID", len(ids) - len(set(ids)), wanted=1)
    return found


def _is_done(given: Given, ahead: timedelta) -> bool:
    """Whether all that is due by a clock that is ahead by so much has been tried."""
    given.run.poke("delivery.deliver")
    made = Message.objects.count() == EACH * len(WAYS)
    waiting = Message.objects.filter(state="waiting")
    return made and not waiting.filter(next_try_at__lte=now() + ahead).exists()
