"""Pictures as sources: taken in as they are, told as what they are on each page, saved as files."""

from collections.abc import Iterator
from hashlib import sha256
from html import unescape
from typing import Any

import pytest
from django.test import Client

from tests.documents.files import ARTICLE, PLEDGE, pdf
from tests.documents.pictures import (
    CALLED,
    huge,
    located,
    picture,
    with_chunk,
    with_comment,
)
from tests.documents.test_pictures import SVG, gif
from tests.plugins.http import Endpoint, answer, serving
from tracker.actions import source_files, sources
from tracker.documents.values import Kind
from tracker.domain.addresses import networks
from tracker.domain.errors import Invalid
from tracker.models import Dossier, LedgerEntry, Source, SourceFile

from . import house, texts
from .test_source_new import NEW, TYPED, fields, file, post

pytestmark = pytest.mark.usefixtures("open_house")
PYLON = "/sources/open/pylon/"
SHOWS = "A pylon lies across the road. We halt fire for ten days, says a board beside it."
DESCRIBED = "A picture has no text"
WRITTEN = "was written by whoever entered it"


def pylon(
    content: bytes = b"",
    *,
    key: str = "pylon",
    slug: str = "open",
    kind: Kind = Kind.PNG,
    **more: Any,
) -> Source:
    one = Dossier.objects.get(slug=slug)
    kept = source_files.keep(
        dossier=one, content=content or picture(kind), kind=kind, by=None, at=house.AT
    )
    given = {"snapshot": SHOWS, "file_name": CALLED[kind], "title": "A pylon"} | more
    return sources.add(
        dossier=one,
        key=key,
        kind="social",
        public=texts.PUBLIC,
        file_sha256=kept.sha256,
        by=None,
        at=house.AT,
        **given,
    )


# --- taken in


@pytest.mark.parametrize("kind", [Kind.PNG, Kind.JPEG, Kind.WEBP])
def test_a_picture_is_kept_as_it_came_and_described(member: Client, kind: Kind) -> None:
    content = located(kind)
    shown = post(member, {"file": file(content, CALLED[kind]), "do": "read"})
    assert "Read: a picture" in shown
    assert "A picture of 30 × 20 pixels. A picture has no text" in shown
    assert "It says where it was taken (GPS)." in shown
    assert "It says that it was taken on 2025-03-18 04:05" in shown
    form = fields(shown)
    assert (form["snapshot"], form["published"], form["title"]) == ("", "", "")
    entered = member.post(NEW, form | TYPED | {"snapshot": SHOWS})
    assert entered.status_code == 302, entered.content.decode()
    row = Source.objects.get(key="a-letter")
    assert (row.snapshot, row.file_name) == (SHOWS, CALLED[kind])
    assert row.file_sha256 == sha256(content).hexdigest()
    kept = SourceFile.objects.get(sha256=row.file_sha256)
    assert (bytes(kept.content), kept.kind, kept.size) == (content, kind.value, len(content))
    assert kept.entered_at == house.AT
    state = LedgerEntry.objects.get(row_key="a-letter").state or ""
    assert f'"file_sha256":"{row.file_sha256}"' in state


def test_it_needs_no_description_and_takes_one_later_once(member: Client) -> None:
    content = picture()
    assert member.post(NEW, TYPED | {"file": file(content, "pylon.png")}).status_code == 302
    shown = texts.shown(member, "/sources/open/a-letter/")
    assert "Nobody has described it yet" in shown
    assert "No text has been kept" not in shown
    edit = "/dossiers/open/facts/source/a-letter/edit/"
    form = fields(member.get(edit).content.decode())
    assert member.post(edit, form | TYPED | {"snapshot": SHOWS}).status_code == 302
    assert Source.objects.get(key="a-letter").snapshot == SHOWS
    assert 'name="snapshot"' not in member.get(edit).content.decode()


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (ARTICLE.encode(), "pylon.png", "Its name ends as a picture's does, and its content is a"),
        (pdf(PLEDGE), "pylon.jpg", "its content is a PDF"),
        (b"Ten days", "pylon.webp", "its content is plain text"),
        (picture(), "truce.pdf", "Its name says a PDF, and its content is a picture"),
        (b"\x89PNG\r\n\x1a\n<html><script>" + b" " * 90, "pylon.png", "is none, or a damaged"),
        (picture() + b"<html><script>alert(1)</script>", "pylon.png", "goes on for 31 bytes"),
        (with_chunk(b"tEXt", b"a\x00<script>alert(1)"), "pylon.png", "Within the picture's own"),
        (with_comment(b"PK\x03\x04 word"), "pylon.jpg", "stands an archive"),
        (with_chunk(b"tEXt", b"a\x00" + pdf(PLEDGE)), "pylon.png", "several things at once"),
        (picture(Kind.JPEG)[:-30], "pylon.jpg", "The picture is cut off"),
        (SVG, "pylon.svg", "an SVG drawing, which can hold programs"),
        (SVG, "pylon.png", "an SVG drawing, which can hold programs"),
        (gif(), "pylon.gif", "This is a GIF"),
        (gif(), "pylon.png", "This is a GIF"),
        (huge(), "pylon.png", "60000 × 60000"),
        (huge(30_000, 30_000), "pylon.png", "at most 64 millions are unfolded"),
        (picture() + b"\x00" * 10_000_000, "pylon.png", "at most 10 are taken"),
    ],
    ids=[
        "page", "pdf", "text", "a pdf's name", "begins", "page after", "script within",
        "archive within", "pdf too", "cut", "svg", "svg as png", "gif", "gif as png", "huge",
        "far too large", "heavy",
    ],
)  # fmt: skip
@pytest.mark.parametrize("do", ["read", ""])
def test_a_file_that_lies_is_refused_and_what_was_typed_stays(
    member: Client, content: bytes, name: str, said: str, do: str
) -> None:
    sent = TYPED | {"file": file(content, name, "image/png")} | ({"do": do} if do else {})
    shown = unescape(post(member, sent, status=422))
    assert said in shown
    assert 'href="#id_file"' in shown
    assert {n: fields(shown)[n] for n in TYPED} == TYPED
    assert not SourceFile.objects.exists()
    assert not Source.objects.filter(key="a-letter").exists()


def test_one_kind_of_picture_called_another_is_kept_as_what_it_is(member: Client) -> None:
    shown = unescape(post(member, {"file": file(picture(), "pylon.jpg"), "do": "read"}))
    assert (
        "Its name says picture (JPEG), its content is picture (PNG): it is kept as that." in shown
    )
    assert fields(shown)["file_name"] == "pylon.jpg.png"


@pytest.fixture
def server(settings: Any) -> Iterator[Endpoint]:
    settings.OUTBOUND_NETWORKS = networks(["127.0.0.0/8"])
    with serving(Endpoint(lambda n: answer(body=picture(), Content_Type="text/html"))) as found:
        yield found


def test_a_picture_at_an_address_is_taken_whatever_the_server_calls_it(
    member: Client, server: Endpoint
) -> None:
    form = fields(post(member, {"url": f"{server.address}/mast?x=1", "do": "fetch"}))
    assert (form["file_name"], form["retrieved"]) == ("mast.png", "2026-03-04T10:20Z")
    assert member.post(NEW, form | TYPED).status_code == 302
    assert Source.objects.get(key="a-letter").file_name == "mast.png"


def test_fetched_again_the_very_picture_enters_nothing_and_another_is_a_version(
    member: Client, server: Endpoint
) -> None:
    row = pylon(picture(), url=f"{server.address}/pylon.png")
    newer = f"{NEW}?earlier=pylon"
    response = member.post(newer, {"do": "again"}, follow=True)
    assert response.redirect_chain == [(PYLON, 302)]
    assert "is the one that is kept, byte by byte. Nothing was entered." in unescape(
        response.content.decode()
    )
    server.reply = lambda n: answer(body=picture(size=(31, 20)), Content_Type="image/png")
    form = fields(member.post(newer, {"do": "again"}).content.decode())
    assert form["snapshot"] == "", "what another picture shows is said anew"
    entered = member.post(newer, form | {"snapshot": SHOWS}, follow=True)
    assert entered.status_code == 200
    version = Source.objects.get(earlier=row)
    assert (version.snapshot, version.file_sha256 != row.file_sha256) == (SHOWS, True)


def test_the_very_picture_described_the_same_is_no_newer_version() -> None:
    row = pylon()
    with pytest.raises(Invalid, match="nothing is new"):
        pylon(key="again", earlier=row)
    assert pylon(key="better", earlier=row, snapshot="A mast of the 330 kV line.").pk


@pytest.mark.parametrize(("kind", "name"), [(Kind.PNG, "pylon.pdf"), (Kind.PNG, "pylon.exe")])
def test_a_name_that_was_sent_by_hand_hides_no_picture(kind: Kind, name: str) -> None:
    with pytest.raises(Invalid, match="A picture is called as one") as refused:
        pylon(file_name=name)
    assert refused.value.field == "file_name"


def test_a_document_is_not_called_a_picture_by_hand() -> None:
    one = Dossier.objects.get(slug="open")
    kept = source_files.keep(dossier=one, content=pdf(PLEDGE), kind=Kind.PDF, by=None, at=house.AT)
    with pytest.raises(Invalid, match=r"Name it: pylon\.png\.pdf"):
        sources.add(
            dossier=one, key="x", title="X", kind="news", public=texts.PUBLIC,
            file_sha256=kept.sha256, file_name="pylon.png", by=None, at=house.AT,
        )  # fmt: skip


# --- given


@pytest.mark.parametrize("kind", [Kind.PNG, Kind.JPEG, Kind.WEBP])
def test_it_is_saved_and_never_shown(member: Client, kind: Kind) -> None:
    content = located(kind)
    pylon(content, kind=kind)
    shown = texts.shown(member, PYLON)
    assert f'href="{PYLON}file/"' in shown
    assert f'src="{PYLON}' not in shown
    assert "may carry metadata: where, when and with what it was taken" in shown
    response = member.get(f"{PYLON}file/")
    assert response.content == content, "not a byte of what it says of itself is gone"
    disposition = f'attachment; filename="{CALLED[kind]}"'
    assert response.headers["Content-Disposition"] == disposition
    assert response.headers["Content-Type"] == f"image/{kind.value}"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "no-store" in response.headers["Cache-Control"]


def test_it_is_private_with_its_dossier(client: Client, stranger: Client) -> None:
    pylon()
    pylon(slug="shut", key="pylon")
    assert client.get(f"{PYLON}file/").status_code == 302
    assert stranger.get(f"{PYLON}file/").status_code == 403
    for visitor in (client, stranger):
        shown = texts.shown(visitor, PYLON)
        assert "The picture and its description are for members" in shown
        assert "pylon.png" not in shown
        assert SHOWS[:20] not in shown
        assert visitor.get("/sources/shut/pylon/file/").status_code == 404


# --- told as what it is


def test_each_page_says_that_the_words_are_somebodys_and_not_the_pictures(member: Client) -> None:
    pylon()
    shown = unescape(texts.shown(member, PYLON))
    assert "What the picture shows, as described" in shown
    assert DESCRIBED.lower() in shown.lower()
    assert "what is quoted from it are that person’s words" in shown
    assert "Its text, as kept" not in shown
    for page in (f"{PYLON}quote/", f"{PYLON}suggestions/"):
        assert WRITTEN in texts.shown(member, page), page
    start = SHOWS.index("We halt")
    beside = f"/dossiers/open/facts/account/new/?source=pylon&start={start}&end={start + 7}"
    assert WRITTEN in texts.shown(member, beside)
    for page in ("/sources/open/readout/", "/sources/open/readout/suggestions/"):
        assert WRITTEN not in texts.shown(member, page), page


def test_versions_and_what_differs_between_them_say_so(member: Client) -> None:
    row = pylon()
    pylon(picture(size=(31, 20)), key="closer", earlier=row, snapshot="A pylon of the line.")
    assert "a picture" in texts.shown(member, PYLON)
    shown = texts.shown(member, "/sources/open/closer/difference/")
    assert "What changed in the description" in shown
    assert "The files differ: look at both." in shown


def test_what_is_found_in_a_description_is_called_one(member: Client) -> None:
    pylon()
    shown = texts.shown(member, "/search/?q=across the road")
    assert "Description of a picture" in shown
    assert "Text of a source" not in shown


def test_a_quotation_on_the_pledge_says_that_it_describes_a_picture(member: Client) -> None:
    pylon()
    said = "We halt fire for ten days"
    texts.account(said, source="pylon")
    assert "described from a picture" in texts.shown(member, "/pledges/OPEN-HALT/")
