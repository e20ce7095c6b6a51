"""What the scenarios lay, wait for and count of the outbox."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from email import message_from_bytes, policy
from functools import partial

from django.db.models import Count

from tests.load import rows
from tests.load.instance import Instance, until
from tests.load.mail_server import MailServer
from tracker.actions import sweeps
from tracker.clock import now
from tracker.models import Alert, Message, Phase, User
from tracker.models.alert import CAUSE

from . import Found

_parse = partial(message_from_bytes, policy=policy.default)


def lay(slug: str, number: int, *, readers: list[User], at: datetime | None = None) -> None:
    """So many pledges that expire at ``at``, each with one of the readers as its analyst."""
    where = rows.dossier(slug, readers)
    rows.pledges(where, number, analysts=readers, due=number, at=at or now())


def sweep_if(is_small: bool) -> None:
    """A small run does not wait for beat's half minute: it sweeps, and beat's delivery follows."""
    if is_small:
        sweeps.run(at=now())


def is_over(alerts: int) -> bool:
    """Whether so many alerts are owed, and none of them still waits to be sent."""
    unsent = Alert.objects.filter(message=None, dropped_at=None)
    waiting = Message.objects.filter(state="waiting")
    return Alert.objects.count() >= alerts and not unsent.exists() and not waiting.exists()


def send_all(run: Instance, alerts: int, *, within: float) -> float:
    """Pokes until they have left; in how many seconds."""

    def poked() -> bool:
        run.poke()
        return is_over(alerts)

    return until(poked, within=within, why=lambda: f"{states()} {run.said()}")


def states() -> str:
    """How many messages are in which state."""
    told = Message.objects.values_list("state").annotate(n=Count("pk")).order_by("state")
    return ", ".join(f"{state} {n}" for state, n in told)


def count_alerts(found: Found, mail: MailServer) -> None:
    """Every expiry that has begun is owed once to its analyst, and was sent, and arrived."""
    begun = Phase.objects.filter(stage="expired", from_at__lte=now(), pledge__analyst__isnull=False)
    owed = set(begun.values_list("pledge", "pledge__analyst", "from_at"))
    alerts = Alert.objects.values_list("pledge", "recipient", "true_at")
    sent = set(alerts.filter(message__state="sent"))
    doubled = Alert.objects.values(*CAUSE).annotate(n=Count("pk")).filter(n__gt=1)
    known = {
        f"<{uid}@localhost>"
        for uid in Message.objects.filter(state="sent").values_list("uid", flat=True)
    }
    found.count("alerts owed", len(owed))
    found.count("lost", len(owed - sent), wanted=0)
    found.count("never owed", len(set(alerts) - owed), wanted=0)
    found.count("doubled rows", doubled.count(), wanted=0)
    count_wire(found, mail, known)


def count_wire(found: Found, mail: MailServer, known: Iterable[str]) -> None:
    """What arrived: each message that counts as sent, and what came twice under one id."""
    mails = [_parse(raw) for _, raw in mail.taken]
    wire = Counter(str(one["Message-ID"]) for one in mails)
    about = Counter(
        (key, recipient)
        for key, recipient in {
            (str(one["Message-ID"]), (one["To"], str(one["Subject"]).rpartition(":")[2]))
            for one in mails
        }
    )
    ids_of = Counter(recipient for _, recipient in about)
    found.count("sent, not arrived", len(set(known) - set(wire)), wanted=0)
    found.count("on the wire", wire.total())
    found.count("twice under one Message-ID", wire.total() - len(wire))
    found.count("twice under another", sum(ids_of.values()) - len(ids_of), wanted=0)
