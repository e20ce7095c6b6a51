"""Letters about alerts: every kind in every state says what, when and what to do."""

import re
from dataclasses import replace
from datetime import datetime

import pytest

from tracker.domain.causes import ALERT_KINDS
from tracker.mail import alerts
from tracker.mail.headlines import LONGEST, ORDER
from tracker.selectors.parcels import Parcel

from . import letters

SLIPS = re.compile(
    r"\b1 (?:days|hours|minutes|times|pledges)\b|\b(?!1\b)\d+ (?:day|hour|minute|time|pledge)\b"
    r"|\(\)|\{\{|\{%|None\b|: \.|, ,|  ·|· ·| ,"
)
AHEAD = re.compile(r"\bin \d|\d left\b|\bsoon\b", re.IGNORECASE)


def text_of(parcel: Parcel, at: datetime) -> tuple[str, str, str]:
    letter = alerts.letter(parcel, at=at)
    return str(letter.subject), str(letter.body), str(letter.alternatives[0][0])


def words(html: str) -> str:
    """What of the HTML is read: a line per element."""
    body = html[html.index("<body>") :]
    return re.sub(r"<[^>]+>", "\n", body)


def test_every_kind_has_its_place_in_a_subject() -> None:
    assert sorted(ORDER) == sorted(ALERT_KINDS)


@pytest.mark.parametrize(
    ("kind", "state", "parcel", "at"),
    list(letters.every()),
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_kind_in_each_state_is_whole(
    kind: str, state: str, parcel: Parcel, at: datetime
) -> None:
    subject, text, html = text_of(parcel, at)
    (pledge,) = parcel.pledges
    for said in (subject, text, words(html)):
        assert not SLIPS.search(said), SLIPS.search(said)
    assert "\n" not in subject
    assert len(subject) <= LONGEST
    assert "\n\n\n" not in text
    assert not re.search(r"<(dd|dt|li|p|h2|strong)[^>]*>\s*</\1>", html)
    assert re.search(r"\d{4}, \d\d:\d\d (Moscow|UTC)|(end|start) is open", subject), "it says when"
    assert subject.startswith("Late: ") is pledge.alerts[0].is_late
    name = pledge.title if pledge.is_told else pledge.ref
    assert name[:20] in subject
    for said in (text, html):
        assert "You get this because " in said
        assert "/unsubscribe/" in said
        assert "/acknowledge/" in said
        assert ("2025/facts/verification/new/?pledge=UA-ENERGY-RU" in said) is (
            pledge.is_told and pledge.may_enter
        )
        assert ("2025/facts/extension/new/?pledge=UA-ENERGY-RU" in said) is (
            pledge.is_told and pledge.may_enter
        )
        assert ("/queues/review/" in said) is (kind == "review_due")
        if not pledge.is_told:
            assert "Russia" not in said
            assert "russia" not in said
    if at >= letters.END:
        assert not AHEAD.search(subject + text.split("You get this")[0]), (subject, text)
    if kind == "mentioned":
        assert ("Bea Ortiz mentioned you" in subject) is pledge.is_told
        assert ("I doubt it" in text) is pledge.is_told
        assert "<b>" not in html
    if state == "in Kyiv":
        assert "for you: Thu 17 Apr 2025, 00:00 Kyiv (16 Apr 21:00 UTC)" in text
    if state == "escalated":
        assert "nobody acknowledged it in time" in text


@pytest.mark.parametrize("is_told", [True, False])
def test_a_digest_leads_with_the_most_pressing_and_says_each_thing_once(is_told: bool) -> None:
    parcel = letters.digest(is_told=is_told)
    subject, text, html = text_of(parcel, letters.AT)
    assert subject.startswith("Expired, Thu 17 Apr 2025, 00:00 Moscow")
    assert subject.endswith(" · and 2 more")
    assert text.count("Runs out in 2 days 12 h") == 1
    assert html.count("<h2>") == 3
    assert text.count("You get this because") == 1
    assert not SLIPS.search(text)
    assert "\n\n\n" not in text
    where = "/dossiers/russia-ukraine-2025/facts/position/UA-DEMAND/#comments"
    assert (where in text) is is_told
    assert ("/alerts/7/" in text) is not is_told


def test_a_long_title_ends_in_an_ellipsis_and_not_in_the_middle_of_the_count() -> None:
    parcel = letters.digest()
    long = letters.pledge(letters.alert("expired"))
    object.__setattr__(long, "title", "word " * 80)
    both = letters.parcel(long, *parcel.pledges, is_digest=True)
    subject = alerts.letter(both, at=letters.AT).subject
    assert len(subject) <= LONGEST
    assert subject.endswith("… · and 3 more")


def test_the_test_message_says_that_it_is_one() -> None:
    subject, text, html = text_of(letters.parcel(is_digest=True), letters.AT)
    assert subject == "Test message of the register"
    assert "This is a test." in text
    assert "This is a test." in html
    assert "You get this because" not in text


def test_a_deadline_that_became_known_late_is_due_when_it_is_due() -> None:
    soon = letters.AT + 2 * letters.HOUR
    one = replace(letters.alert("deadline_due"), due_by=soon)
    subject, _text, _html = text_of(letters.parcel(letters.pledge(one)), letters.AT)
    assert subject.startswith("A deadline is due in 2 h, Mon 14 Apr 2025, 13:30 Moscow")
