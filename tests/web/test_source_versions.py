"""Versions of a source: entered from its page, told on each, and what differs between two."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.documents.files import ARTICLE, PLEDGE, pdf
from tests.plugins.http import Endpoint, answer, serving
from tracker.actions import source_files, sources
from tracker.documents.values import Kind
from tracker.domain.addresses import networks
from tracker.models import Dossier, LedgerEntry, Source, SourceFile

from . import house, texts
from .test_source_new import fields

pytestmark = pytest.mark.usefixtures("open_house")
SPEECH = "/sources/open/speech/"
NEWER = "/dossiers/open/facts/source/new/?earlier=speech"
LATER = texts.TEXT.replace("ten\u00a0days", "twelve days").replace(" Alpha will answer.", "")


@pytest.fixture(autouse=True)
def speech(open_house: None) -> Source:
    return texts.source()


def version(key: str, text: str, earlier: str, **more: Any) -> Source:
    return sources.add(
        dossier=Dossier.objects.get(slug="open"),
        key=key,
        title="A speech",
        kind="statement",
        public=more.pop("public", "2026-03-02 Europe/Zurich"),
        snapshot=text,
        earlier=earlier,
        by=None,
        at=house.AT,
        **more,
    )


@pytest.fixture
def server(settings: Any, speech: Source) -> Iterator[Endpoint]:
    settings.OUTBOUND_NETWORKS = networks(["127.0.0.0/8"])
    with serving(Endpoint()) as found:
        url = f"{found.address}/speech"
        sources.amend(row=speech, url=url, by=None, at=house.AT)
        yield found


def marked(shown: str, tag: str) -> list[str]:
    """What is taken out (del) or put in (ins), without the words for who does not see it."""
    at = shown.index("changes")
    found = re.findall(
        rf"<{tag}>(.*?)</{tag}>", shown[shown.index('class="snapshot', at - 20) :], re.DOTALL
    )
    return [unescape(re.sub(r"<span.*?</span>", "", one)) for one in found]


# --- from the page


def test_the_page_offers_to_fetch_it_again_and_to_enter_a_newer_text(
    member: Client, client: Client, server: Endpoint
) -> None:
    shown = texts.shown(member, SPEECH)
    assert "Fetch it again" in shown
    assert f'href="{NEWER}"' in shown
    reader = Client()
    reader.force_login(house.person("rita", open="reader"))
    for visitor in (client, reader):
        assert "Fetch it again" not in texts.shown(visitor, SPEECH)
        assert "Enter a newer text" not in texts.shown(visitor, SPEECH)
    assert "Fetch it again" not in texts.shown(member, "/sources/open/denial/"), "it has no address"


def test_the_same_text_enters_nothing_and_says_when_it_was_looked(
    member: Client, server: Endpoint
) -> None:
    server.reply = lambda n: answer(
        body=texts.TEXT.encode(), Content_Type="text/plain; charset=utf-8"
    )
    before = LedgerEntry.objects.count()
    response = member.post(NEWER, {"do": "again"}, follow=True)
    assert response.redirect_chain == [(SPEECH, 302)]
    shown = response.content.decode()
    assert "Checked Wed 4 Mar 2026, 10:20 UTC: the text at" in shown
    assert "is the one that is kept. Nothing was entered." in shown
    assert LedgerEntry.objects.count() == before
    assert not SourceFile.objects.exists()


def test_another_text_is_shown_with_what_changed_and_entered_as_a_newer_version(
    member: Client, server: Endpoint, speech: Source
) -> None:
    server.reply = lambda n: answer(body=LATER.encode(), Content_Type="text/plain; charset=utf-8")
    response = member.post(NEWER, {"do": "again"})
    shown = response.content.decode()
    assert response.status_code == 200
    assert "A newer version of “" in shown
    assert marked(shown, "del") == ["ten\u00a0", " Alpha will answer."]
    assert marked(shown, "ins") == ["twelve "]
    form = fields(shown)
    assert form["snapshot"] == LATER
    assert (form["title"], form["kind"], form["earlier"]) == ("A speech", "statement", "speech")
    assert form["retrieved"] == form["public"] == "2026-03-04T10:20Z"
    entered = member.post(NEWER, form, follow=True)
    row = Source.objects.get(earlier=speech)
    assert entered.redirect_chain == [(f"/sources/open/{row.key}/", 302)]
    assert row.snapshot == LATER
    speech.refresh_from_db()
    assert speech.snapshot == texts.TEXT, "the earlier text stays as it is"
    state = LedgerEntry.objects.get(row_key=row.key).state or ""
    assert '"earlier":"speech"' in state


def test_when_fetching_again_fails_the_form_says_so_and_takes_a_pasted_text(
    member: Client, server: Endpoint, speech: Source
) -> None:
    server.reply = lambda n: answer(503)
    response = member.post(NEWER, {"do": "again"})
    shown = response.content.decode()
    assert response.status_code == 422
    assert "answers 503 (Service Unavailable)" in shown
    assert "paste its text below" in shown
    form = fields(shown)
    assert form["url"] == f"{server.address}/speech"
    sent = form | {"snapshot": LATER, "public": "2026-03-02 UTC"}
    assert member.post(NEWER, sent).status_code == 302
    assert Source.objects.get(earlier=speech).snapshot == LATER


def test_a_newer_text_is_pasted_or_read_from_a_file(member: Client, speech: Source) -> None:
    form = fields(member.get(NEWER).content.decode())
    assert (form["title"], form["snapshot"], form["earlier"]) == ("A speech", "", "speech")
    same = form | {"snapshot": texts.TEXT, "public": "2026-03-02 UTC"}
    refused = member.post(NEWER, same)
    assert refused.status_code == 422
    assert "the very text of the earlier version" in refused.content.decode()
    assert member.post(NEWER, same | {"snapshot": LATER}).status_code == 302


def test_a_newer_version_follows_the_newest_whichever_page_it_is_entered_from(
    member: Client,
) -> None:
    version("second", LATER, "speech")
    assert "?earlier=second" in texts.shown(member, SPEECH)
    assert fields(member.get(NEWER).content.decode())["earlier"] == "second"
    assert member.get("/dossiers/open/facts/source/new/?earlier=nothing").status_code == 404


# --- what the pages tell


def test_each_version_says_which_it_is_and_the_older_one_that_there_is_a_newer(
    member: Client, client: Client
) -> None:
    version("second", LATER, "speech")
    for visitor in (member, client):
        old, new = (texts.shown(visitor, f"/sources/open/{key}/") for key in ("speech", "second"))
        assert "There is a newer version of this text" in old
        assert 'href="/sources/open/second/"' in old
        assert "There is a newer version" not in new
        assert 'href="/sources/open/speech/"' in new
        for shown in (old, new):
            assert "Version 1" in shown
            assert "Version 2" in shown
    assert "What changed" in texts.shown(member, "/sources/open/second/")
    assert "What changed" not in texts.shown(client, "/sources/open/second/")


def test_quotations_stay_and_those_that_the_newest_does_not_have_are_named(
    member: Client, client: Client
) -> None:
    texts.account("We halt fire for ten days.", key="halt")
    texts.account("Beta will answer.", key="stays")
    texts.account("They stop.", key="own", is_paraphrase=True)
    version("second", LATER, "speech")
    for visitor in (member, client):
        shown = texts.shown(visitor, SPEECH)
        notice = shown[shown.index("h-newer") : shown.index("h-versions")]
        assert "1 quotation no longer stands in it:" in notice
        assert 'href="#quotation-halt"' in notice
        assert "quotation-stays" not in notice
        assert "quotation-own" not in notice
    assert 'id="quotation-halt"' not in texts.shown(member, "/sources/open/second/")
    assert "2 accounts" in texts.shown(member, SPEECH) or "3 accounts" in texts.shown(
        member, SPEECH
    )


def test_where_all_quotations_stand_it_is_said(member: Client) -> None:
    texts.account("Beta will answer.", key="stays")
    version("second", LATER, "speech")
    assert "stands in the newest too" in texts.shown(member, SPEECH)


def test_of_a_version_without_text_nothing_is_said_of_quotations(member: Client) -> None:
    texts.account("Beta will answer.", key="stays")
    version("second", "", "speech")
    shown = texts.shown(member, SPEECH)
    assert "There is a newer version of this text" in shown
    assert "stands in the newest too" not in shown
    assert "no longer" not in shown


def test_a_withdrawn_version_is_listed_and_is_not_the_newest(member: Client) -> None:
    gone = version("second", LATER, "speech")
    sources.withdraw(row=gone, when="2026-03-03 UTC", reason="A slip.", by=None, at=house.AT)
    shown = texts.shown(member, SPEECH)
    assert "There is a newer version" not in shown
    assert "Version 2" in shown
    version("third", LATER + " More.", "speech")
    shown = texts.shown(member, SPEECH)
    assert 'href="/sources/open/third/">Version 3, the newest' in shown


def test_before_it_was_public_a_version_is_not_there(member: Client) -> None:
    version("second", LATER, "speech", public="2026-03-03 Europe/Zurich")
    assert "Version 2" not in texts.shown(member, SPEECH, at="2026-03-02T12:00Z")
    assert "Version 2" in texts.shown(member, SPEECH, at="2026-03-03T12:00Z")


def test_the_page_shows_all_that_is_known_of_it_and_the_digest(
    member: Client, client: Client
) -> None:
    row = version(
        "second", LATER, "speech", publisher="Office", language="en", reliability="B",
        published="2026-03-02 Europe/Zurich", retrieved="2026-03-02T11:00Z", note="N.",
        url="https://example.org/speech",
    )  # fmt: skip
    shown = texts.shown(member, "/sources/open/second/")
    for said in (
        "Statement",
        "Office",
        "en",
        "usually reliable",
        "Zurich",
        "11:00",
        "N.",
        row.sha256,
    ):
        assert said in shown, said
    assert "SHA-256" not in texts.shown(client, "/sources/open/second/"), "of a text it cannot read"


# --- what differs


def test_the_difference_is_told_by_words_and_lines_and_leaves_out_what_did_not_change(
    member: Client,
) -> None:
    version("second", "Before. " * 400 + LATER, "speech")
    third = "Before. " * 400 + LATER.replace("twelve", "twenty")
    version("third", third, "second")
    shown = texts.shown(member, "/sources/open/third/difference/")
    assert "From version 2 to version 3" in shown
    assert (marked(shown, "del"), marked(shown, "ins")) == (["twelve"], ["twenty"])
    assert "[taken out: " in shown
    assert "[put in: " in shown
    assert "characters that did not change" in shown
    assert len(shown) < 20_000
    from_first = texts.shown(member, "/sources/open/third/difference/", **{"from": "speech"})
    assert "From version 1 to version 3" in from_first


def test_markup_is_text_and_what_is_not_seen_is_named(member: Client) -> None:
    version("second", texts.TEXT.replace("z\u200bero", "zero") + "\n\u202e<b>x</b>\u202c", "speech")
    shown = texts.shown(member, "/sources/open/second/difference/")
    assert "<script>alert" not in shown
    assert "&lt;b&gt;x&lt;/b&gt;" in shown


@pytest.mark.parametrize(
    "path", ["denial/difference/", "speech/difference/", "nothing/difference/"]
)
def test_without_an_earlier_version_there_is_no_difference(member: Client, path: str) -> None:
    assert member.get(f"/sources/open/{path}").status_code == 404


def test_another_source_is_no_version(member: Client) -> None:
    version("second", LATER, "speech")
    for other in ("readout", "second", "x\x00"):
        asked = member.get("/sources/open/second/difference/", {"from": other})
        assert asked.status_code == 404, other


# --- the file


def filed(slug: str = "open", content: bytes = b"", name: str = "truce.pdf") -> Source:
    one = Dossier.objects.get(slug=slug)
    content = content or pdf(PLEDGE)
    kind = Kind.PDF if content.startswith(b"%PDF") else Kind.HTML
    kept = source_files.keep(dossier=one, content=content, kind=kind, by=None, at=house.AT)
    return sources.add(
        dossier=one, key="filed", title="Filed", kind="report", public=texts.PUBLIC,
        snapshot=PLEDGE,
        file_sha256=kept.sha256, file_name=name, by=None, at=house.AT,
    )  # fmt: skip


def test_a_file_is_saved_and_never_shown(member: Client) -> None:
    content = pdf(PLEDGE)
    row = filed(content=content)
    shown = texts.shown(member, "/sources/open/filed/")
    assert 'href="/sources/open/filed/file/"' in shown
    assert row.file_sha256 in shown
    response = member.get("/sources/open/filed/file/")
    assert response.content == content
    assert response.headers["Content-Disposition"] == 'attachment; filename="truce.pdf"'
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script-src" not in policy
    assert "no-store" in response.headers["Cache-Control"]


def test_a_page_is_saved_as_one_by_what_it_is(member: Client) -> None:
    filed(content=ARTICLE.encode(), name='هدنة "x".html')
    response = member.get("/sources/open/filed/file/")
    assert response.headers["Content-Type"] == "text/html"
    disposition = response.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename*=utf-8''%D9%87")
    assert "\n" not in disposition


def test_a_name_that_was_sent_by_hand_is_no_header_and_no_program(member: Client) -> None:
    filed(name='a\r\nX-Evil: 1"\u202efdp.exe')
    response = member.get("/sources/open/filed/file/")
    assert response.headers["Content-Disposition"] == 'attachment; filename="aX-Evil 1 fdp.exe.pdf"'
    assert "X-Evil" not in response.headers


def test_only_who_may_read_it_whole_gets_the_file(client: Client, stranger: Client) -> None:
    filed()
    filed("shut")
    assert client.get("/sources/open/filed/file/").status_code == 302
    assert stranger.get("/sources/open/filed/file/").status_code == 403
    for visitor in (client, stranger):
        shown = texts.shown(visitor, "/sources/open/filed/")
        assert "truce.pdf" not in shown
        assert "/file/" not in shown
        assert visitor.get("/sources/shut/filed/file/").status_code == 404
        assert visitor.get("/sources/open/readout/file/").status_code in (302, 403)


def test_what_has_no_file_has_no_such_page(member: Client) -> None:
    assert member.get("/sources/open/speech/file/").status_code == 404
    assert member.get("/sources/open/nothing/file/").status_code == 404


def test_a_file_of_another_dossier_is_no_file_of_this_one(member: Client) -> None:
    row = filed("shut")
    sent = {"title": "T", "kind": "other", "reliability": "F", "public": "2026-03-01 UTC"}
    sent |= {"file_sha256": row.file_sha256, "file_name": "truce.pdf"}
    refused = member.post("/dossiers/open/facts/source/new/", sent)
    assert refused.status_code == 422
    assert "not kept any more" in refused.content.decode()


def test_the_number_of_queries_does_not_grow(member: Client) -> None:
    texts.account("Beta will answer.", key="one")
    version("v-1", LATER, "speech")
    member.get(SPEECH)
    paths = (SPEECH, "/sources/open/v-1/difference/")
    counts = []
    for more in (0, 8):
        for n in range(more):
            version(f"v-{n + 2}", f"{LATER} {n}", f"v-{n + 1}")
        for path in paths:
            with CaptureQueriesContext(connection) as found:
                assert member.get(path).status_code == 200
            counts.append(len(found))
    assert counts[:2] == counts[2:]
