"""Entering a source: its text pasted, fetched from an address, read from a file; no scripts."""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.documents.files import ARTICLE, PLEDGE, locked, pdf
from tests.plugins.http import Endpoint, Steps, answer, serving
from tracker.domain.addresses import networks
from tracker.models import LedgerEntry, Source, SourceFile
from tracker.web import uploads

from . import house, texts

pytestmark = pytest.mark.usefixtures("open_house")
NEW = "/dossiers/open/facts/source/new/"
TYPED = {"title": "A letter", "kind": "statement", "reliability": "C", "public": "2026-03-01 UTC"}
Sent = Mapping[str, Any]
READ_AT = "2026-03-04T10:20Z"


@pytest.fixture
def server(settings: Any) -> Iterator[Endpoint]:
    settings.OUTBOUND_NETWORKS = networks(["127.0.0.0/8"])
    with serving(Endpoint(lambda n: page())) as found:
        yield found


def page(body: str = ARTICLE) -> Steps:
    return answer(body=body.encode(), Content_Type="text/html; charset=utf-8")


def file(content: bytes, name: str = "truce.pdf", claimed: str = "x/y") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type=claimed)


def fields(shown: str) -> dict[str, str]:
    """What stands in the form."""
    found = {
        name: unescape(value)
        for name, value in re.findall(
            r'<input[^>]*? name="([^"]+)"(?:[^>]*? value="([^"]*)")?', shown
        )
    }
    areas = re.findall(r'<textarea[^>]*? name="([^"]+)"[^>]*>\n?(.*?)</textarea>', shown, re.DOTALL)
    found |= {name: unescape(text) for name, text in areas}
    chosen = r'<select[^>]*? name="([^"]+)".*?<option value="([^"]*)" selected'
    return found | dict(re.findall(chosen, shown, re.DOTALL))


def post(client: Client, sent: Sent, *, status: int = 200) -> str:
    response = client.post(NEW, sent)
    assert response.status_code == status, response.content.decode()[:3000]
    return response.content.decode()


def fetched(client: Client, server: Endpoint, **typed: str) -> dict[str, str]:
    return fields(post(client, {"url": f"{server.address}/truce", "do": "fetch", **typed}))


# --- by address


def test_an_address_fills_the_empty_fields_in_and_nothing_is_entered_yet(
    member: Client, server: Endpoint
) -> None:
    shown = post(member, {"url": f"{server.address}/truce", "do": "fetch"})
    form = fields(shown)
    assert form["title"] == "Joint statement on the river truce"
    assert form["publisher"] == "Office of Alpha"
    assert form["language"] == "en"
    assert form["published"] == form["public"] == "2026-03-01T17:30Z"
    assert form["retrieved"] == READ_AT
    assert PLEDGE in form["snapshot"]
    assert form["url"] == f"{server.address}/truce"
    assert "nothing is entered yet" in shown
    assert "This has to be mended" not in shown
    assert not Source.objects.filter(url__contains="truce").exists()
    entered = member.post(NEW, form | {"kind": "statement", "reliability": "B"})
    assert entered.status_code == 302, entered.content.decode()
    row = Source.objects.get(url__contains="truce")
    assert entered["Location"] == f"/sources/open/{row.key}/"
    assert PLEDGE in row.snapshot
    assert row.retrieved == READ_AT
    kept = SourceFile.objects.get(sha256=row.file_sha256)
    assert bytes(kept.content) == ARTICLE.encode()
    assert (row.file_name, kept.kind, kept.entered_at) == ("truce.html", "html", house.AT)


def test_what_was_typed_is_never_overwritten_and_both_are_told(
    member: Client, server: Endpoint
) -> None:
    typed = {"title": "My own title", "language": "de", "snapshot": "My text.", "note": "N"}
    shown = post(member, {"url": f"{server.address}/truce", "do": "fetch", **typed})
    form = fields(shown)
    assert {name: form[name] for name in typed} == typed
    assert form["publisher"] == "Office of Alpha"
    assert shown.count("not taken over: what was typed stays") == 3
    assert "<bdi>Joint statement on the river truce</bdi>" in shown


def test_fetched_once_more_its_own_proposals_give_way_and_typing_does_not(
    member: Client, server: Endpoint
) -> None:
    first = fetched(member, server)
    server.reply = lambda n: page(
        f"<html><title>Another</title><body><p>{PLEDGE}, and more of it.</p></body></html>"
    )
    second = fields(post(member, first | {"title": "Typed by now", "do": "fetch"}))
    assert second["title"] == "Typed by now"
    assert second["snapshot"] == f"{PLEDGE}, and more of it."
    assert second["publisher"] == "", "what another page said does not stay"


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (answer(404, b"gone"), "answers 404 (Not Found), and no text"),
        (answer(body=b""), "The file is empty"),
        (answer(body=b"\x89PNG\r\n\x1a\n"), "The picture is cut off"),
        (answer(body=b"Ten days\x00."), "NUL"),
        (answer(body=locked("secret")), "locked with a password"),
        (answer(302, Location="http://10.0.0.1/"), "a private network"),
        (answer(302, Location="ftp://example.org/"), "begins with ftp://"),
        ([b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nTen"], "cannot be spoken to"),
        (answer(body=b"x" * 10_000_001), "more than 10 MB"),
    ],
    ids=["404", "empty", "image", "nul", "locked", "private", "ftp", "cut", "large"],
)
def test_when_fetching_fails_the_address_stays_and_it_is_entered_without_text(
    member: Client, server: Endpoint, reply: Steps, said: str
) -> None:
    server.reply = lambda n: reply
    address = f"{server.address}/truce"
    shown = post(member, {"url": address, "do": "fetch", **TYPED}, status=422)
    assert said in unescape(shown)
    assert "paste its text below" in shown
    assert 'class="error-summary"' in shown
    assert "<title>Error" in shown.replace("\n", "")
    form = fields(shown)
    assert form["url"] == address
    assert {name: form[name] for name in TYPED} == TYPED
    assert "This field is required" not in shown, "nothing else is judged yet"
    assert not SourceFile.objects.exists()
    assert member.post(NEW, form).status_code == 302
    row = Source.objects.get(url=address)
    assert (row.snapshot, row.sha256, row.file_sha256) == ("", "", "")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("", "There is no address to fetch"),
        ("http://127.0.0.1:1/", "this very machine"),
        ("http://169.254.169.254/latest/", "a link-local network"),
        ("http://user:word@example.org/", "a name or a password"),
        ("javascript:alert(1)", "does not begin with https://"),
        ("http://2130706433/", "is a number"),
    ],
)
def test_the_guard_refuses_before_anything_is_called(
    member: Client, address: str, said: str
) -> None:
    shown = post(member, {"url": address, "do": "fetch", **TYPED}, status=422)
    assert said in unescape(shown)
    assert fields(shown).get("url", "") == address


def test_a_pdf_at_an_address_is_read_too(member: Client, server: Endpoint) -> None:
    server.reply = lambda n: answer(body=pdf(PLEDGE, title="Truce"), Content_Type="text/html")
    form = fetched(member, server)
    assert (form["snapshot"], form["title"], form["file_name"]) == (PLEDGE, "Truce", "truce.pdf")


def test_a_page_without_text_keeps_what_else_it_says(member: Client, server: Endpoint) -> None:
    server.reply = lambda n: page(
        "<html lang=uk><title>Wait</title><body><div></div></body></html>"
    )
    shown = post(member, {"url": server.address, "do": "fetch"})
    assert "No text was found" in shown
    assert "paste the text" in shown
    assert (fields(shown)["title"], fields(shown)["snapshot"]) == ("Wait", "")


def test_where_it_was_led_to_is_told(member: Client, server: Endpoint) -> None:
    server.reply = lambda n: page() if n else answer(302, Location="/elsewhere")
    shown = post(member, {"url": f"{server.address}/truce", "do": "fetch"})
    assert f'From <bdi class="address">{server.address}/elsewhere</bdi>' in shown
    assert fields(shown)["url"] == f"{server.address}/truce"


def test_an_address_that_was_entered_before_leads_to_a_newer_version(
    member: Client, server: Endpoint
) -> None:
    address = f"{server.address}/truce"
    assert member.post(NEW, TYPED | {"url": address}).status_code == 302
    shown = post(member, {"url": address, "do": "fetch"})
    assert "This address has been entered before: <bdi>A letter</bdi>." in shown
    assert f'href="{NEW}?earlier=a-letter"' in shown
    assert "entered before" not in post(member, {"url": f"{address}?2", "do": "fetch"})


def test_a_host_without_its_scheme_is_called_as_the_form_takes_it(member: Client) -> None:
    shown = post(member, {"url": "10.0.0.1/truce", "do": "fetch"}, status=422)
    assert "a private network" in shown


def test_how_often_somebody_fetches_is_limited(
    member: Client, server: Endpoint, settings: Any
) -> None:
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"read_source": "2/10m/key"}
    for _ in range(2):
        fetched(member, server)
    shown = post(member, {"url": server.address, "do": "fetch", **TYPED}, status=429)
    assert "Too many texts were fetched or read in a short time. Try again in" in shown
    assert fields(shown)["title"] == "A letter"
    assert len(server.seen) == 2
    other = Client()
    other.force_login(house.person("otto", open="analyst"))
    fetched(other, server)
    assert len(server.seen) == 3, "each person has a count of their own"


# --- by file


def test_a_file_is_read_and_kept_until_it_is_entered(member: Client) -> None:
    content = pdf(PLEDGE, title="Truce")
    shown = post(member, {"file": file(content), "do": "read"})
    form = fields(shown)
    assert (form["title"], form["snapshot"], form["language"]) == ("Truce", PLEDGE, "en")
    assert form["retrieved"] == "", "nobody said when it was had from where"
    assert "The file <bdi>truce.pdf</bdi> will be kept with it." in shown
    assert SourceFile.objects.get().entered_at is None
    assert member.post(NEW, form | TYPED).status_code == 302
    row = Source.objects.get(key="a-letter")
    assert (row.snapshot, row.file_name) == (PLEDGE, "truce.pdf")
    assert bytes(SourceFile.objects.get(sha256=row.file_sha256).content) == content
    state = LedgerEntry.objects.get(row_key="a-letter").state or ""
    assert f'"file_sha256":"{row.file_sha256}"' in state


def test_a_file_that_was_chosen_and_not_read_is_entered_in_one_step(member: Client) -> None:
    assert member.post(NEW, TYPED | {"file": file(pdf(PLEDGE))}).status_code == 302
    row = Source.objects.get(key="a-letter")
    assert (row.snapshot, row.file_name) == (PLEDGE, "truce.pdf")


def test_refused_for_something_else_the_form_comes_back_with_the_file(member: Client) -> None:
    shown = post(member, TYPED | {"title": "", "file": file(pdf(PLEDGE))}, status=422)
    form = fields(shown)
    assert form["snapshot"] == PLEDGE
    assert "The file <bdi>truce.pdf</bdi> will be kept with it." in shown
    assert member.post(NEW, form | {"title": "A letter"}).status_code == 302
    assert Source.objects.get(key="a-letter").file_name == "truce.pdf"


def test_the_text_of_a_scan_is_typed_and_goes_with_its_file(member: Client) -> None:
    shown = post(member, {"file": file(pdf("")), "do": "read"})
    assert "may be a scan" in shown
    assert member.post(NEW, fields(shown) | TYPED | {"snapshot": "Typed."}).status_code == 302
    row = Source.objects.get(key="a-letter")
    assert (row.snapshot, row.file_name) == ("Typed.", "truce.pdf")


def test_a_file_can_be_left_out_again(member: Client) -> None:
    form = fields(post(member, {"file": file(pdf(PLEDGE)), "do": "read"}))
    shown = post(member, form | TYPED | {"do": "drop"})
    assert "will be kept with it" not in shown
    assert member.post(NEW, fields(shown)).status_code == 302
    row = Source.objects.get(key="a-letter")
    assert (row.file_sha256, row.file_name, row.snapshot) == ("", "", PLEDGE)


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "truce.pdf", "is none, or a damaged one"),
        (b"PK\x03\x04word", "truce.docx", "Word"),
        (locked("secret"), "truce.pdf", "locked with a password"),
        (pdf(PLEDGE)[:200], "truce.pdf", "damaged"),
        (b"a" * 10_000_001, "truce.txt", "The file has 10.0 MB; at most 10 are taken"),
        (b"Ten\x00days", "truce.txt", "NUL"),
    ],
    ids=["image", "word", "locked", "damaged", "large", "nul"],
)
@pytest.mark.parametrize("do", ["read", ""])
def test_what_is_no_document_is_refused_and_what_was_typed_stays(
    member: Client, content: bytes, name: str, said: str, do: str
) -> None:
    sent = TYPED | {"file": file(content, name, "application/pdf")} | ({"do": do} if do else {})
    shown = post(member, sent, status=422)
    assert said in unescape(shown)
    assert 'href="#id_file"' in shown
    assert {n: fields(shown)[n] for n in TYPED} == TYPED
    assert not SourceFile.objects.exists()
    assert not Source.objects.filter(key="a-letter").exists()


def test_read_without_a_file_says_what_to_choose(member: Client) -> None:
    assert "No file is chosen" in post(member, {"do": "read", **TYPED}, status=422)


def test_more_than_any_form_takes_is_not_read_to_its_end(
    member: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_SENT", 1000)
    response = member.post(NEW, TYPED | {"file": file(b"a" * 2000)})
    assert response.status_code == 413
    assert "too much at once" in response.content.decode()


def test_of_many_files_no_more_is_held_than_of_one(member: Client) -> None:
    handler = uploads.BoundedHandler()
    held = []
    for number in range(4):
        handler.new_file("file", f"{number}.txt", "text/plain", 5_000_000)
        handler.receive_data_chunk(b"a" * 5_000_000, 0)
        held.append(handler.file_complete(5_000_000))
    assert sum(len(one.read()) for one in held) == 10_000_001
    assert [one.size for one in held] == [5_000_000] * 4


def test_a_file_that_is_not_kept_any_more_is_asked_for_again(member: Client) -> None:
    form = fields(post(member, {"file": file(pdf(PLEDGE)), "do": "read"}))
    SourceFile.objects.all().delete()
    shown = post(member, form | TYPED, status=422)
    assert "The file is not kept any more. Choose it once more." in shown
    assert fields(shown)["snapshot"] == PLEDGE
    for digest in ("0" * 64, "x", "' OR 1"):
        sent = form | TYPED | {"file_sha256": digest}
        assert "not kept any more" in post(member, sent, status=422)


# --- pasted


def test_five_million_characters_and_what_is_not_seen_are_kept_to_the_letter(
    member: Client,
) -> None:
    odd = "<script>alert('x')</script> \u202eevil\u202c z\u200bero نُوقِفُ 🕊\n"
    text = odd + "a" * 5_000_000 + "\n" + odd
    assert member.post(NEW, TYPED | {"snapshot": text}).status_code == 302
    assert Source.objects.get(key="a-letter").snapshot == text
    shown = texts.shown(member, "/sources/open/a-letter/")
    assert "<script>alert" not in shown
    assert "z\u200bero نُوقِفُ 🕊" in shown


def test_a_nul_is_refused_by_name(member: Client) -> None:
    shown = post(member, TYPED | {"snapshot": "Ten\x00days"}, status=422)
    assert "Null characters are not allowed" in shown or "NUL" in shown


# --- who, drafts, and how much is asked


def test_it_is_for_those_who_enter_facts(client: Client, stranger: Client) -> None:
    reader = Client()
    reader.force_login(house.person("rita", open="reader", shut="reader"))
    sent = {"do": "fetch", "url": "https://example.org/"}
    assert client.post(NEW, sent).status_code == 302
    assert stranger.post(NEW, sent).status_code == 403
    assert reader.post(NEW, sent).status_code == 403
    assert stranger.get("/dossiers/shut/facts/source/new/").status_code == 404
    assert stranger.post("/dossiers/shut/facts/source/new/", sent).status_code == 404
    assert not SourceFile.objects.exists()


def test_a_draft_holds_what_was_filled_in(member: Client, server: Endpoint) -> None:
    blank = fields(member.get(NEW).content.decode())
    post(member, blank | {"url": f"{server.address}/truce", "do": "fetch"})
    again = fields(member.get(NEW).content.decode())
    assert PLEDGE in again["snapshot"]
    assert again["file_name"] == "truce.html"
    assert member.post(NEW, again | {"kind": "statement"}).status_code == 302
    assert Source.objects.get(url__contains="truce").file_name == "truce.html"


def test_enter_within_a_field_enters_and_does_not_fetch(member: Client) -> None:
    shown = member.get(NEW).content.decode()
    form = shown[shown.index("<form", shown.index("<main")) :]
    first = re.findall(r"<button[^>]*>", form)[0]
    assert 'type="submit"' in first
    assert "name=" not in first


def test_the_number_of_queries_does_not_grow(member: Client) -> None:
    member.get(NEW)
    with CaptureQueriesContext(connection) as few:
        member.get(NEW)
    house.more_pledges("open", 12)
    with CaptureQueriesContext(connection) as many:
        member.get(NEW)
    assert len(many) == len(few)
