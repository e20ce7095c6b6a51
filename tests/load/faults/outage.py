"""Beat stands still for 72 hours: one sweep catches up, and each reader gets one message a pledge.

What had been warned of is over by then, or nearly, and the messages say it as it is now.
"""

from collections import Counter
from datetime import datetime, timedelta
from email import message_from_bytes, policy

from tests.actions.house import Made, bare, pledged
from tests.load import rows
from tests.load.instance import STARTS_WITHIN, until
from tracker.actions import memberships, readings, record, sweeps
from tracker.clock import now
from tracker.models import Alert, Flag, Message, Pledge, SweepRun, User

from . import Found, Given
from .outbox import is_over, send_all

TERM = timedelta(days=20)
AWAY = timedelta(hours=72)
HOUR = timedelta(hours=1)
# When each ends, from the hour at which beat comes back: the last two are not over yet.
ENDS = (-50 * HOUR, -10 * HOUR, -1 * HOUR, 20 * HOUR, 60 * HOUR)
OF_EACH = 4
READERS = 3


def run(given: Given) -> Found:
    found, at = Found(), now()
    made = _register(at)
    before = at - AWAY
    swept = sweeps.run(at=before)
    Alert.objects.filter(message=None).update(dropped_at=before, dropped_why="before_mail")
    known = set(Alert.objects.values_list("pk", flat=True))
    given.run.worker()
    given.run.poke("sweep.sweep")
    until(
        lambda: SweepRun.objects.filter(pk__gt=swept.pk).exists(),
        within=STARTS_WITHIN,
        why=given.run.said,
    )
    first = SweepRun.objects.order_by("pk")[1]
    found.count("sweeps until all was noticed", 1 if first.is_caught_up else 2, wanted=1)
    sweeps_flags = Flag.objects.filter(noticed_at__gte=at).count()
    found.count("flags raised at once", sweeps_flags)
    if not sweeps_flags:
        found.broken.append("nothing was missed: the scenario is empty")
    send_all(given.run, len(known), within=STARTS_WITHIN)
    until(lambda: is_over(len(known)), within=STARTS_WITHIN, why=given.run.said)
    owed = Alert.objects.exclude(pk__in=known)
    pairs = set(owed.values_list("pledge", "recipient"))
    found.count("alerts missed", owed.count())
    found.count("alerts not sent", owed.exclude(message__state="sent").count(), wanted=0)
    found.count("messages", Message.objects.filter(state="sent").count(), wanted=len(pairs))
    _read(found, given, made)
    return found


def _register(at: datetime) -> Made:
    """Pledges of twenty days, recorded when they began, with an analyst and two who watch."""
    made = bare("gone")
    began = at - TERM - AWAY
    made.clock = began
    people = rows.people(READERS)
    for user in people:
        memberships.grant(dossier=made.dossier, user=user, role="analyst", by=None, at=began)
    with record.batch(at=began):
        for number, ends in enumerate(ENDS * OF_EACH):
            pledge(made, f"GONE-{number}", people[number % READERS], at + ends)
    return made


def pledge(made: Made, ref: str, analyst: User, ends: datetime) -> Pledge:
    """A pledge of twenty days to that instant, entered through the actions."""
    start = f"{ends - TERM:%Y-%m-%dT%H:%M}Z"
    public = f"{made.clock - timedelta(days=1):%Y-%m-%d} UTC"
    row = pledged(made, ref, analyst=analyst, public=public)
    readings.add(
        of=row,
        start=start,
        duration=f"PT{int(TERM.total_seconds()) // 3600}H",
        rule="elapsed",
        public=public,
        **made.how(),
    )
    return row


def _read(found: Found, given: Given, made: Made) -> None:
    """What the messages say: each is late, and of what is over none says that it runs out."""
    refs = set(Pledge.objects.filter(dossier=made.dossier).values_list("ref", flat=True))
    over = {f"GONE-{n}" for n, ends in enumerate(ENDS * OF_EACH) if ends < timedelta()}
    mails = [message_from_bytes(raw, policy=policy.default) for _, raw in given.mail.taken]
    wrong = Counter[str]()
    for mail in mails:
        body = mail.get_body(("plain",))
        text = str(mail["Subject"]) + (body.get_content() if body is not None else "")
        ref = next(ref for ref in sorted(refs, key=len, reverse=True) if ref in text)
        wrong["not labelled late"] += not str(mail["Subject"]).startswith("Late: ")
        wrong["running out what is over"] += ref in over and "Runs out in" in text
    for name in ("not labelled late", "running out what is over"):
        found.count(name, wrong[name], wanted=0)
