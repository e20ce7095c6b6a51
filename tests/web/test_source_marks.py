"""A source's text with marks on what is quoted, each with its place in the list beside it."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tracker.actions import accounts, record
from tracker.models import Account, Dossier

from . import house, texts
from .texts import TEXT

pytestmark = pytest.mark.usefixtures("open_house")
SPEECH = "/sources/open/speech/"


@pytest.fixture(autouse=True)
def _speech(open_house: None) -> None:
    texts.source()


def text_of(page: str) -> str:
    """The text as a browser reads it."""
    found = re.search(r'<div class="snapshot"[^>]*>(.*?)</div>', page, re.DOTALL)
    assert found is not None
    return unescape(re.sub(r"<[^>]*>", "", found[1]))


def marked(page: str) -> list[str]:
    found = re.findall(r"<mark[^>]*>(.*?)</mark>", page, re.DOTALL)
    return [unescape(one) for one in found]


def test_each_quotation_is_a_mark_and_the_text_stays_as_it_is(member: Client) -> None:
    texts.account("We halt fire for ten days.", key="halt")
    texts.account("agreement", key="agreement")
    page = texts.shown(member, SPEECH)
    assert text_of(page) == TEXT
    assert marked(page) == ["We halt fire for ten\u00a0days.", "agree-\nment"]
    assert "<script>alert" not in page
    for key, number in (("halt", 1), ("agreement", 2)):
        assert page.count(f'id="mark-{key}"') == 1
        assert page.count(f'id="quotation-{key}"') == 1
        assert f'href="#mark-{key}">In the text: {number}<' in page
        named = f'href="#quotation-{key}" aria-label="Quotation {number}: Pledge OPEN-HALT"'
        assert named in page
    assert page.count('<mark class="quoted quoted-pledge"') == 2


def test_overlapping_quotations_share_what_both_cover(member: Client) -> None:
    texts.account("We halt fire for ten days", key="long")
    texts.account("fire for ten days.” Beta", key="across")
    texts.account("fire", key="short")
    page = texts.shown(member, SPEECH)
    assert marked(page) == ["We halt ", "fire", " for ten\u00a0days", ".” Beta"]
    assert page.count("quoted-many") == 2
    assert text_of(page) == TEXT
    described = re.findall(r'<mark[^>]*aria-describedby="([^"]*)"', page)
    assert [one.split() for one in described] == [
        ["what-long"],
        ["what-long", "what-across", "what-short"],
        ["what-long", "what-across"],
        ["what-across"],
    ]


def test_right_to_left_zero_width_and_markup_are_marked_as_they_stand(member: Client) -> None:
    texts.account("نُوقِفُ إطلاقَ", key="arabic")
    texts.account("<script>alert('x')</script>", key="markup")
    texts.account("A zero.", key="zero")
    page = texts.shown(member, SPEECH)
    assert marked(page) == ["نُوقِفُ إطلاقَ", "<script>alert('x')</script>", "A z\u200bero."]
    assert text_of(page) == TEXT


def test_what_is_not_in_the_text_or_withdrawn_is_listed_without_a_mark(member: Client) -> None:
    texts.account("Nobody said this.", key="absent")
    texts.account("will answer", key="twice")
    texts.account("They will stop.", key="own", is_paraphrase=True)
    gone = texts.account("We halt fire", key="gone")
    accounts.withdraw(row=gone, when="2026-03-02 UTC", reason="A slip.", by=None, at=house.AT)
    page = texts.shown(member, SPEECH)
    assert marked(page) == []
    assert page.count("Not marked: these words are not in the text, or in several places.") == 2
    assert page.count('class="to-mark"') == 0
    assert all(f'id="quotation-{key}"' in page for key in ("absent", "twice", "own", "gone"))


def test_what_was_entered_by_a_file_is_marked_where_it_can_only_be(member: Client) -> None:
    state = {
        "source": "speech",
        "pledge": "OPEN-HALT",
        "public": texts.PUBLIC,
        "quotation": "We halt fire for ten days.",
    }
    one = Dossier.objects.get(slug="open")
    record.put("account", "filed", state, dossier=one, by=None, at=house.AT)
    assert Account.objects.get(key="filed").place is None
    assert marked(texts.shown(member, SPEECH)) == ["We halt fire for ten\u00a0days."]


def test_who_may_not_read_it_whole_sees_no_more_than_before(
    client: Client, stranger: Client
) -> None:
    texts.account("We halt fire for ten days.", key="halt")
    for visitor in (client, stranger):
        page = texts.shown(visitor, SPEECH)
        assert "We halt fire for ten days." in page
        assert "shown to members of the dossier only" in page
        assert "called for a wider" not in page
        assert "<mark" not in page
        assert "mark-halt" not in page
        assert "marking" not in page


def test_only_editors_are_offered_to_mark_and_only_now(member: Client) -> None:
    reader = Client()
    reader.force_login(house.person("rita", open="reader"))
    assert "Quote from this text" in texts.shown(member, SPEECH)
    assert "Quote from this text" not in texts.shown(reader, SPEECH)
    assert "called for a wider" in texts.shown(reader, SPEECH)
    assert "Quote from this text" not in texts.shown(member, SPEECH, at="2026-03-03T00:00Z")
    assert "Quote from this text" not in texts.shown(member, "/sources/open/denial/")


def test_the_number_of_queries_does_not_grow(member: Client) -> None:
    texts.account("We halt fire", key="first")
    member.get(SPEECH)
    with CaptureQueriesContext(connection) as one:
        member.get(SPEECH)
    for n in range(12):
        texts.account("fire for ten days"[: 6 + n], key=f"more-{n}")
    with CaptureQueriesContext(connection) as many:
        member.get(SPEECH)
    assert len(many) == len(one)


def test_a_text_is_kept_with_one_kind_of_line_break(member: Client) -> None:
    kept = texts.source("broken", "One\r\ntwo\rthree\u2028four\u2029five.")
    assert kept.snapshot == "One\ntwo\nthree\nfour\nfive."
