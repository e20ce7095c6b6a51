"""Each reader's webhook answers in a way of its own: the outbox ends right in each.

What arrives is signed, and comes again under the same id. Time goes on by shifted clocks.
"""

from contextlib import ExitStack
from datetime import timedelta
from urllib.parse import urlsplit

from tests.load.instance import until
from tests.plugins.http import HANG, Endpoint, Reply, answer, serving
from tracker.actions import sealing
from tracker.actions.webhooks import point
from tracker.clock import now
from tracker.models import AlertSettings, Delivery, Message, User, Webhook
from tracker.outside.signing import signature

from . import Found, Given
from .outbox import lay, states

EACH = 3
HERE = "127.0.0.0/8"  # which no instance calls unless its operator allows it
LATER = ("0", "7200", "14400", "21600", "28800", "180000")  # seconds
# name: how its n-th request is answered; the state in which its messages end; whether the address
# is suppressed; how many requests are answered otherwise before the first that is taken.
WAYS: dict[str, tuple[Reply, str, bool, int]] = {
    "fine": (lambda n: answer(204), "sent", False, 0),
    "busy-at-first": (lambda n: answer(503 if n < EACH else 200), "sent", False, EACH),
    "busy-for-ever": (lambda n: answer(503), "dead", False, 0),
    "asks-to-wait": (
        lambda n: answer(429, Retry_After="90") if n == 0 else answer(),
        "sent",
        False,
        1,
    ),
    "gone": (lambda n: answer(410), "refused", True, 0),
    "refuses": (lambda n: answer(400, b"No such event"), "dead", False, 0),
    "redirects": (lambda n: answer(302, Location="http://127.0.0.1:1/"), "dead", False, 0),
    "hangs": (lambda n: [HANG] if n == 0 else answer(), "sent", False, 1),
    "hangs-up": (lambda n: [] if n == 0 else answer(), "sent", False, 1),
    "cuts-its-answer": (lambda n: [b"HTTP/1.1 2"] if n == 0 else answer(), "sent", False, 1),
    "one-in-three": (lambda n: answer(200 if n % 3 == 2 else 503), "sent", False, 2 * EACH),
}


def run(given: Given) -> Found:
    found = Found()
    with ExitStack() as open_for, _allowed():
        ends = {
            name: open_for.enter_context(serving(Endpoint(way[0]))) for name, way in WAYS.items()
        }
        people = [_told_at(name, end.address) for name, end in ends.items()]
        lay("hooked", EACH * len(WAYS), readers=people)
        given.run.poke("sweep.sweep")
        for shift in LATER:
            ahead = timedelta(seconds=int(shift))
            worker = given.run.worker(
                TRACKER_MODE="test", TRACKER_TEST_CLOCK=shift, TRACKER_OUTBOUND_NETWORKS=HERE
            )
            until(lambda: _is_done(given, ahead), within=180, why=states)  # noqa: B023
            given.run.kill(worker)
        for name, way in WAYS.items():
            _count(found, name, ends[name], *way[1:])
    found.count("messages", Message.objects.count(), wanted=EACH * len(WAYS))
    found.count("attempts", Delivery.objects.count())
    found.count("mails", len(given.mail.taken), wanted=0)
    return found


def _allowed() -> ExitStack:
    """This process points webhooks at its own machine too."""
    from django.test import override_settings

    from tracker.domain.addresses import networks

    stack = ExitStack()
    stack.enter_context(override_settings(OUTBOUND_NETWORKS=networks([HERE])))
    return stack


def _told_at(name: str, address: str) -> User:
    user = User.objects.create(email=f"{name}@example.org", name=name, password="!")
    AlertSettings.objects.create(user=user, by_mail=False)
    point(user=user, address=f"{address}/{name}", at=now())
    return user


def _count(
    found: Found, name: str, end: Endpoint, state: str, is_suppressed: bool, before: int
) -> None:
    mine = Message.objects.filter(recipient__email=f"{name}@example.org")
    states = sorted(set(mine.values_list("state", flat=True)))
    found.count(name, "/".join(states), wanted=state)
    held = Webhook.objects.get(user__email=f"{name}@example.org")
    if is_suppressed != (held.refused_at is not None):
        found.broken.append(f"{name}: suppressed {not is_suppressed}")
    secret = sealing.unseal(held.sealed_secret, purpose=sealing.WEBHOOKS)
    assert secret is not None
    for one in end.seen:
        uid, stamp = one.headers["webhook-id"], one.headers["webhook-timestamp"]
        if one.headers["webhook-signature"] != signature(secret, uid, stamp, one.body):
            found.broken.append(f"{name}: a signature is wrong")
        if urlsplit(one.target).path != f"/{name}":
            found.broken.append(f"{name}: {one.target} was called")
    ids = {one.headers["webhook-id"] for one in end.seen}
    known = {str(uid) for uid in mine.values_list("uid", flat=True)}
    if not ids <= known:
        found.broken.append(f"{name}: {len(ids - known)} ids that no message has")
    if state == "sent":
        found.count(f"{name} arrived", len(end.seen) - before, wanted=EACH)


def _is_done(given: Given, ahead: timedelta) -> bool:
    """Whether all that is due by a clock that is ahead by so much has been tried."""
    given.run.poke("delivery.deliver", "delivery.deliver_webhooks")
    made = Message.objects.count() == EACH * len(WAYS)
    waiting = Message.objects.filter(state="waiting")
    return made and not waiting.filter(next_try_at__lte=now() + ahead).exists()
