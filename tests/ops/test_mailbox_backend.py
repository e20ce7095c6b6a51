"""The mail backend of local use: what SMTP would have had, whole, bounded, from any process."""

import os
import random
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import BadHeaderError, EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends import smtp

from tracker import clock
from tracker.config import environment
from tracker.domain.errors import NotFound
from tracker.mail import mailbox
from tracker.mail.mailbox import EmailBackend, Envelope, Mailbox
from tracker.mail.opened import opened

AT = datetime(2026, 3, 4, 10, 20, 30, 123456, tzinfo=UTC)
NOBODY = Envelope("from@example.org", ("to@example.org",))


@pytest.fixture
def box(settings: Any, tmp_path: Path) -> Mailbox:
    settings.EMAIL_BACKEND = "tracker.mail.mailbox.EmailBackend"
    settings.MAILBOX_DIR = str(tmp_path / "mailbox")
    return Mailbox(tmp_path / "mailbox")


def letter(**more: Any) -> EmailMessage:
    given = {"subject": "Hello", "body": "Text\n", "from_email": "a@example.org", "to": ["b@c.org"]}
    return EmailMessage(**(given | more))


def test_a_message_is_a_private_file_named_by_its_time(
    box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT)
    assert letter().send() == 1
    [name] = box.ids()
    assert name.startswith("20260304T102030123456Z-")
    assert [path.name for path in box.folder.iterdir()] == [f"{name}.eml"]
    assert stat.S_IMODE((box.folder / f"{name}.eml").stat().st_mode) == 0o600
    assert stat.S_IMODE(box.folder.stat().st_mode) == 0o700
    assert box.get(name).at == AT


def test_the_bytes_are_those_that_smtp_would_have_had(
    box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed = []

    class Wire:
        def sendmail(self, sender: str, to: list[str], content: bytes) -> None:
            handed.append((sender, to, content))

    monkeypatch.setattr("django.core.mail.message.make_msgid", lambda domain: "<one@here>")
    monkeypatch.setattr("django.core.mail.message.formatdate", lambda *_, **__: "a date")
    message = EmailMultiAlternatives(
        "Grüße", "Tschüß\n.\nFrom here", "Ä <a@example.org>", ["ö <b@exämple.org>"], bcc=["c@d.org"]
    )
    message.attach_alternative("<p>ü</p>", "text/html")
    message.attach("ü.bin", bytes(range(256)), "application/octet-stream")
    wire: Any = smtp.EmailBackend()
    wire.connection = Wire()
    random.seed(1)  # the boundaries between its parts
    wire._send(message)
    random.seed(1)
    EmailBackend().send_messages([message])
    kept = box.get(box.ids()[0])
    assert kept.content == handed[0][2]
    assert kept.content.count(b"\r\n") == kept.content.count(b"\n")
    assert kept.envelope == Envelope("a@example.org", ("b@xn--exmple-cua.org", "c@d.org"))
    assert len(handed[0][1]) == 2


def test_every_message_has_an_id_and_a_date_and_blind_copies_stay_blind(box: Mailbox) -> None:
    letter(cc=["c@d.org"], bcc=["Hidden <hidden@d.org>"]).send()
    kept = box.get(box.ids()[0])
    said = message_from_bytes(kept.content, policy=policy.default)
    assert said["Message-ID"]
    assert said["Date"].datetime
    assert b"hidden" not in kept.content.lower()
    assert kept.envelope.recipients == ("b@c.org", "c@d.org", "hidden@d.org")
    assert opened(kept.content, kept.envelope).hidden == ("hidden@d.org",)
    raw = (box.folder / f"{kept.id}.eml").read_bytes()
    assert raw.endswith(kept.content)
    assert message_from_bytes(raw)["X-Mailbox-From"] == "a@example.org"
    assert message_from_bytes(raw)["Subject"] == "Hello"


def test_a_message_for_nobody_is_not_sent(box: Mailbox) -> None:
    assert get_connection().send_messages([letter(to=[]), letter()]) == 1
    assert len(box.ids()) == 1


@pytest.mark.parametrize(
    "more",
    [
        {"subject": "Hello\nBcc: x@evil.org"},
        {"to": ["b@c.org\r\nBcc: x@evil.org"]},
        {"from_email": "a@example.org\nX: y"},
        {"headers": {"X-Thing": "a\nb"}},
    ],
)
@pytest.mark.parametrize("fail_silently", [True, False])
def test_an_injected_header_is_refused_and_nothing_is_kept(
    box: Mailbox, more: dict[str, Any], fail_silently: bool
) -> None:
    with pytest.raises((BadHeaderError, ValueError)):
        letter(**more).send(fail_silently=fail_silently)
    assert box.ids() == []


def test_an_injected_subject_is_a_bad_header(box: Mailbox) -> None:
    with pytest.raises(BadHeaderError):
        letter(subject="Hello\nBcc: x@evil.org").send()


@pytest.mark.parametrize("bad", ["a@b.org\nX-Mailbox-To: x@evil.org", "a@b, c@d"])
def test_a_blind_recipient_that_smtp_would_refuse_is_refused(box: Mailbox, bad: str) -> None:
    with pytest.raises(ValueError, match="nvalid address"):
        letter(bcc=[bad]).send()
    assert box.ids() == []


def test_what_cannot_be_written_raises_unless_silent(box: Mailbox) -> None:
    box.folder.write_text("a file where the folder should be")
    with pytest.raises(OSError, match="mailbox"):
        letter().send()
    assert letter().send(fail_silently=True) == 0


def test_a_write_that_breaks_off_leaves_nothing(
    box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Path, __: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(OSError, match="No space left"):
        letter().send()
    assert list(box.folder.iterdir()) == []


@pytest.mark.parametrize("number", [mailbox.MOST_KEPT - 1, mailbox.MOST_KEPT])
def test_the_newest_are_kept(box: Mailbox, number: int) -> None:
    box.folder.mkdir()
    old = [f"{AT + timedelta(seconds=n):%Y%m%dT%H%M%S%f}Z-{n:016x}" for n in range(number)]
    for name in old:
        (box.folder / f"{name}.eml").touch()
    (box.folder / "notes.txt").touch()
    new = box.keep(b"Subject: new\r\n\r\n", NOBODY, at=AT + timedelta(days=1))
    kept = box.ids()
    assert len(kept) == min(number + 1, 1_000)
    assert kept[0] == new
    assert (old[0] in kept) == (number < 1_000)
    assert old[1] in kept
    assert (box.folder / "notes.txt").exists()


def test_drafts_of_killed_writers_go_and_those_under_way_stay(box: Mailbox) -> None:
    box.folder.mkdir()
    stale, young = box.folder / ".a.part", box.folder / ".b.part"
    stale.touch()
    young.touch()
    os.utime(stale, (time.time() - 3_700,) * 2)
    box.keep(b"x", NOBODY, at=AT)
    assert (stale.exists(), young.exists()) == (False, True)
    assert len(box.ids()) == 1


WRITER = """
import sys, django
django.setup()
from django.core.mail import EmailMessage
who, number = sys.argv[1], int(sys.argv[2])
for n in range(number):
    EmailMessage(f"{who} {n}", "x" * 3000, "a@b.org", ["c@d.org"]).send()
"""


@pytest.mark.processes
def test_processes_write_at_once_and_each_message_is_whole(tmp_path: Path) -> None:
    """Three writers, more than is kept: at every moment whole messages, at the end the bound."""
    kept = {k: v for k, v in os.environ.items() if k not in environment.KNOWN}
    env = kept | {
        "TRACKER_DATA_DIR": str(tmp_path),
        "TRACKER_LOG_LEVEL": "warning",
        "DJANGO_SETTINGS_MODULE": "tracker.config.settings",
    }
    box = Mailbox(tmp_path / "mailbox")
    writers = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", WRITER, f"w{number}", "400"],
            cwd=environment.ROOT,
            env=env,
        )
        for number in range(3)
    ]
    seen: set[str] = set()
    while any(writer.poll() is None for writer in writers):
        seen |= whole(box)
        time.sleep(0.05)
    assert [writer.returncode for writer in writers] == [0, 0, 0]
    last = whole(box)
    assert len(box.ids()) == len(last) == mailbox.MOST_KEPT
    assert {f"w{number} 399" for number in range(3)} <= last
    assert len(seen | last) > mailbox.MOST_KEPT
    assert list(box.folder.glob(".*")) == []


def whole(box: Mailbox) -> set[str]:
    """The subjects of all that is there; each must be whole."""
    subjects = set()
    for name in box.ids():
        try:
            kept = box.get(name)
        except NotFound:  # let go of meanwhile
            continue
        said = opened(kept.content, kept.envelope)
        assert not said.is_damaged
        assert said.text == "x" * 3000
        subjects.add(said.subject)
    return subjects


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../secret-key",
        "20260304T102030123456Z-0123456789abcdef/../../secret-key",
        "20260304T102030123456Z-0123456789abcdef\n",
        "20260304T102030123456Z-0123456789ABCDEF",
        "２0260304T102030123456Z-0123456789abcdef",
        "20260231T102030123456Z-0123456789abcdef",
        "20260304T102030123456Z-0123456789abcdef",
    ],
)
def test_what_is_no_id_is_not_found(box: Mailbox, name: str) -> None:
    box.folder.mkdir()
    (box.folder.parent / "secret-key.eml").write_text("secret")
    with pytest.raises(NotFound):
        box.get(name)


def test_deleting_all_takes_messages_only(box: Mailbox) -> None:
    assert box.delete_all() == 0
    for _ in range(3):
        letter().send()
    (box.folder / "notes.eml").touch()
    (box.folder / ".x.part").touch()
    (box.folder / "20260304T102030123456Z-0123456789abcdef.eml").mkdir()
    assert box.delete_all() == 3
    assert {path.name for path in box.folder.iterdir()} == {
        "notes.eml",
        ".x.part",
        "20260304T102030123456Z-0123456789abcdef.eml",
    }


def test_there_is_none_where_it_is_not_meant(settings: Any) -> None:
    settings.MAILBOX_DIR = None
    assert mailbox.here() is None
    with pytest.raises(ImproperlyConfigured):
        EmailBackend()


SETTINGS = """
import json, django
django.setup()
from django.conf import settings
from django.urls import NoReverseMatch, resolve, Resolver404
try:
    routed = bool(resolve("/mailbox/"))
except Resolver404:
    routed = False
print(json.dumps([settings.EMAIL_BACKEND.split(".")[-2], bool(settings.MAILBOX_DIR), routed]))
"""
PRODUCTION = {
    "TRACKER_MODE": "production",
    "SECRET_KEY": "kH7-ge93jsPq0vRt5ZyWxBnLc2MdFa8uE6oXi1QsTzYbNr4KpVw",
    "ALLOWED_HOSTS": "tracker.example.org",
    "DATABASE_URL": "postgresql://t@db.example.org/tracker",
    "REDIS_URL": "redis://cache.example.org/2",
}


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({}, '["mailbox", true, true]'),
        ({"EMAIL_URL": ""}, '["mailbox", true, true]'),
        ({"EMAIL_URL": "smtp://localhost:2525"}, '["smtp", false, false]'),
        ({"EMAIL_URL": "file:///tmp/mail"}, '["filebased", false, false]'),
        (PRODUCTION | {"EMAIL_URL": "smtp://mail.example.org"}, '["smtp", false, false]'),
        (PRODUCTION, "TRACKER_MODE=production needs EMAIL_URL: not set."),
    ],
)
def test_where_there_is_one(tmp_path: Path, env: dict[str, str], said: str) -> None:
    kept = {k: v for k, v in os.environ.items() if k not in environment.KNOWN}
    found = subprocess.run(
        [sys.executable, "-c", SETTINGS],
        cwd=environment.ROOT,
        env=kept
        | {"TRACKER_DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "tracker.config.settings"}
        | env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert said in found.stdout + found.stderr


def damaged(make: Callable[[bytes], bytes]) -> Any:
    message = EmailMultiAlternatives("Hello", "Text", "a@b.org", ["c@d.org"])
    message.attach_alternative("<p>HTML</p>", "text/html")
    return opened(make(message.message().as_bytes()), NOBODY)


@pytest.mark.parametrize(
    "make",
    [
        lambda _: b"",
        lambda _: b"\x00\xff" * 500,
        lambda _: b"\x1f\x8b\x08\x00" + bytes(range(256)),
        lambda whole: whole[: len(whole) * 2 // 3],
        lambda whole: whole[40:],
    ],
)
def test_damage_is_said_and_raises_nothing(make: Callable[[bytes], bytes]) -> None:
    assert damaged(make).is_damaged


def test_any_cut_is_read_without_an_error() -> None:
    whole = EmailMultiAlternatives("Grüße", "Tschüß", "Ä <a@b.org>", ["c@d.org"])
    whole.attach("ü.txt", "text", "text/plain")
    whole.attach("inner.eml", letter(), "message/rfc822")
    content = whole.message().as_bytes()
    assert not opened(content, NOBODY).is_damaged
    for end in range(0, len(content), 7):
        assert isinstance(opened(content[:end], NOBODY).is_damaged, bool)


def test_odd_encodings_are_read_as_far_as_they_go() -> None:
    said = opened(
        b"From: a@b.org\r\nTo: =?no-such?q?x?= <c@d.org>\r\nSubject: \xff\xfe bytes\r\n"
        b"X-Long: one\r\n two\r\nX-Coded: =?utf-8?q?Gr=C3=BC?=\r\n =?utf-8?q?=C3=9Fe?=\r\n"
        b"Content-Type: text/plain; charset=no-such\r\n\r\n\xc3\xbc\xff\r\n",
        NOBODY,
    )
    assert said.text == "ü\N{REPLACEMENT CHARACTER}\n"
    assert "bytes" in said.subject
    found = {header.name: header for header in said.headers}
    assert not found["X-Long"].is_encoded
    assert found["X-Long"].text == "one two"
    assert found["X-Coded"].text == "Grüße"
    assert found["X-Coded"].is_encoded
    assert found["X-Coded"].raw.startswith("=?utf-8?q?Gr")
