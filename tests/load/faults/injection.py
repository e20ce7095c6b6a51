"""Header lines and SMTP commands in titles, names and addresses: none gets through on the wire.

The rows are written past every check that would refuse them.
"""

from email import message_from_bytes, policy

from tests.load.instance import STARTS_WITHIN
from tracker.clock import now
from tracker.models import Dossier, Message, Pledge, User

from . import Found, Given
from .outbox import lay, send_all

EVIL = "x\r\nBcc: evil@example.net\r\nX-Evil: 1\r\n\r\nEvil body"
NAMES = (
    EVIL,
    "x\nBcc: evil@example.net",
    "x\rBcc: evil@example.net",
    "x\u2028X-Evil: 1",
    "\x00\x1b",
)
ADDRESSES = (
    "a@example.org\r\nbcc: evil@example.net",
    "a@example.org>\r\nrcpt to:<evil@example.net",
    "a@example.org,evil@example.net",
    '"a\r\nx-evil: 1"@example.org',
    "a@example.org\nx-evil: 1",
)
HEADERS = {
    *("content-type", "mime-version", "subject", "from", "to", "message-id", "date"),
    *("auto-submitted", "list-unsubscribe", "list-unsubscribe-post"),
}


def run(given: Given) -> Found:
    found = Found()
    names = [name for name in NAMES if "\x00" not in name] + ["\x1b"]
    good = [
        User.objects.create(email=f"good{n}@example.org", name=name, password="!")
        for n, name in enumerate(names)
    ]
    bad = User.objects.bulk_create(
        User(email=address, name=EVIL, password="!") for address in ADDRESSES
    )
    lay("evil", 2 * len(good) + len(bad), readers=[*good, *bad], at=now())
    Dossier.objects.update(tells_details=True, title=EVIL)
    for number, pledge in enumerate(Pledge.objects.order_by("pk")):
        pledge.title = names[number % len(names)]
        pledge.save(update_fields=["title"])
    given.run.worker()
    send_all(given.run, 2 * len(good) + len(bad), within=STARTS_WITHIN)
    to_good = Message.objects.filter(recipient__in=good)
    found.count("to good addresses", to_good.filter(state="sent").count(), wanted=to_good.count())
    to_bad = Message.objects.filter(recipient__in=bad)
    found.count("to bad ones, sent", to_bad.filter(state="sent").count(), wanted=0)
    found.count("to bad ones, dead", to_bad.filter(state="dead").count(), wanted=to_bad.count())
    found.count(
        "recipients not meant",
        len({to for to, _ in given.mail.taken} - {u.email for u in good}),
        wanted=0,
    )
    strange = bare_ends = 0
    for to, raw in given.mail.taken:
        mail = message_from_bytes(raw, policy=policy.default)
        strange += bool({name.lower() for name in mail} - HEADERS) or mail["To"] != to
        strange += len(mail.keys()) != len(set(map(str.lower, mail.keys())))
        bare_ends += b"\r" in raw.replace(b"\r\n", b"")
    found.count("messages", len(given.mail.taken))
    found.count("with strange headers", strange, wanted=0)
    found.count("with bare ends of line", bare_ends, wanted=0)
    return found
