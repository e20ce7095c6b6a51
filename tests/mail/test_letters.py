"""Letters: three parts of the same words, one line of subject, and what becomes of a failure."""

import logging
import re
import smtplib
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from tracker.mail import letters

NASTY = "A\r\nBcc: all@example.org <b>&</b>"
LETTERS: dict[str, dict[str, Any]] = {
    "invitation": {
        "inviter": NASTY,
        "where": NASTY,
        "role": "owner",
        "link": "https://tracker.example.org/invitations/abc-_/",
        "expires_at": datetime(2026, 3, 18, 10, 20, tzinfo=UTC),
    },
    "sign_in_reset": {"link": "https://tracker.example.org/set-password/a/b-c/", "days": 3},
}


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_has_both_parts_with_its_link_and_nothing_is_injected(name: str) -> None:
    context = LETTERS[name]
    assert letters.send(name, to="ann@example.org", context=context)
    (sent,) = mail.outbox
    assert isinstance(sent, mail.EmailMultiAlternatives)
    text, html = str(sent.body), str(sent.alternatives[0][0])
    assert context["link"] in text
    assert f'href="{context["link"]}"' in html
    assert sent.subject
    assert "\n" not in sent.subject
    message = sent.message()
    assert message["Bcc"] is None
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["To"] == "ann@example.org"
    assert "<b>&</b>" not in html
    assert "&lt;" not in text
    assert re.search(r"\n\n\n", text) is None
    assert "{{" not in text + html
    assert "{%" not in text + html


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPRecipientsRefused({"ann@example.org": (550, b"ann@example.org unknown")}),
        smtplib.SMTPServerDisconnected(),
        ConnectionRefusedError(),
        TimeoutError(),
    ],
)
def test_a_failure_is_told_to_the_caller_and_logged_without_the_address(
    error: Exception, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: Any) -> int:
        raise error

    monkeypatch.setattr(EmailBackend, "send_messages", fails)
    with caplog.at_level(logging.WARNING):
        sent = letters.send("sign_in_reset", to="ann@example.org", context={})
    assert not sent
    said = " ".join(str(record.msg) for record in caplog.records if record.name == "tracker.mail")
    assert type(error).__name__ in said
    assert "ann@" not in said


def test_a_mistake_of_ours_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(EmailBackend, "send_messages", fails)
    with pytest.raises(ZeroDivisionError):
        letters.send("sign_in_reset", to="ann@example.org", context={})
