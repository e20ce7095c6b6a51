"""What is read of a file, in a process of its own; and each refusal, with how to mend it."""

import codecs
import gzip
import io
import subprocess
import time
import zipfile
from typing import Any

import pytest

from tracker.documents import child, names, reading
from tracker.documents.values import LARGEST, Kind
from tracker.domain.errors import Conflict, Invalid

from .files import ARTICLE, PLEDGE, bomb, locked, pdf

CYRILLIC = "Стороны договорились прекратить огонь на десять дней. " * 20
ARABIC = "اتفق الطرفان على وقف إطلاق النار لمدة عشرة أيام. " * 20


def refused(content: bytes) -> str:
    with pytest.raises(Invalid) as told:
        reading.read(content)
    assert told.value.mend
    return str(told.value)


def meta(kind: str, name: str, content: str) -> str:
    return f'<meta {kind}="{name}" content="{content}">'


def linked(told: str) -> str:
    return f'<script type="application/ld+json">{told}</script>'


# --- web pages


def test_of_a_page_its_article_is_read_and_what_it_says_of_itself() -> None:
    found = reading.read(ARTICLE.encode(), address="https://alpha.example/news/truce")
    assert found.kind is Kind.HTML
    assert found.title == "Joint statement on the river truce"
    assert found.publisher == "Office of Alpha"
    assert found.published == "2026-03-01T18:30+01:00"
    assert found.language == "en"
    assert found.notes == ()
    assert PLEDGE in found.text
    assert "stopped short of committing itself" in found.text
    for menu in ("All the news", "Cookies", "document.write", "color: red", "<p>"):
        assert menu not in found.text
    assert "below.\n\nAlpha will halt" in found.text, "paragraphs stand apart"
    first, second = (line for line in found.text.splitlines() if line.startswith("- "))
    assert f"{first}\n{second}" in found.text, "and items of a list together"


@pytest.mark.parametrize(
    ("said", "published"),
    [
        (meta("property", "article:published_time", "2026-03-01T18:30:05Z"), "2026-03-01T18:30Z"),
        (meta("property", "article:published_time", "2026-03-01 18:30"), "2026-03-01T18:30"),
        (meta("itemprop", "datePublished", "2026-03-01"), "2026-03-01"),
        (meta("name", "dcterms.issued", "2026-03-01T09:00:00+0300"), "2026-03-01T09:00+03:00"),
        (meta("name", "date", "last Sunday"), ""),
        (linked('{"@graph": [{"@type": "WebPage", "datePublished": "2026-03-01"}]}'), "2026-03-01"),
        (linked("{broken"), ""),
        (linked("[" * 100_000), ""),
        ("", ""),
    ],
)
def test_a_date_is_taken_where_the_page_states_it_and_never_guessed(
    said: str, published: str
) -> None:
    """The text has a date too, and the address: neither is when it was published."""
    page = f"<html><head>{said}</head><body><p>On 3 May 2020 {PLEDGE}, we said.</p></body></html>"
    found = reading.read(page.encode(), address="https://alpha.example/2021/05/06/truce")
    assert found.published == published


def test_a_page_without_text_says_so_and_what_to_do() -> None:
    page = b"<html lang=uk><head><title>Wait</title></head><body><div id=app></div></body></html>"
    found = reading.read(page)
    assert (found.text, found.title, found.language) == ("", "Wait", "uk")
    assert "paste the text" in found.notes[0]


# --- encodings


@pytest.mark.parametrize(
    ("content", "charset", "text"),
    [
        (CYRILLIC.encode(), "", CYRILLIC),
        (CYRILLIC.encode("cp1251"), "windows-1251", CYRILLIC),
        (CYRILLIC.encode("koi8-r"), "KOI8-R", CYRILLIC),
        (codecs.BOM_UTF8 + ARABIC.encode(), "iso-8859-1", ARABIC),
        (CYRILLIC.encode("utf-16"), "", CYRILLIC),
        (codecs.BOM_UTF16_BE + ARABIC.encode("utf-16-be"), "utf-8", ARABIC),
        (codecs.BOM_UTF32_LE + ARABIC.encode("utf-32-le"), "", ARABIC),
        ("“Ten days” – €".encode("cp1252"), "ISO-8859-1", "“Ten days” – €"),
        (CYRILLIC.encode(), "utf-16", CYRILLIC),
        (CYRILLIC.encode(), "klingon", CYRILLIC),
        (CYRILLIC.encode("cp1251"), "utf-8", CYRILLIC),
    ],
    ids=["utf-8", "1251", "koi8", "mark", "16", "16be", "32", "1252", "no-16", "unknown", "wrong"],
)  # fmt: skip
def test_text_is_decoded_by_its_mark_by_what_is_said_and_by_guessing(
    content: bytes, charset: str, text: str
) -> None:
    assert reading.read(content, charset=charset).text == text


@pytest.mark.parametrize("charset", ["", "utf-8"])
def test_a_page_says_its_encoding_itself(charset: str) -> None:
    page = f'<html><head><meta charset="windows-1251"></head><body><p>{CYRILLIC}</p></body></html>'
    assert CYRILLIC[:50] in reading.read(page.encode("cp1251"), charset=charset).text


def test_a_few_broken_bytes_are_shown_and_told() -> None:
    found = reading.read(CYRILLIC.encode()[:-2] + b"\xd0", charset="utf-8")
    assert found.text.endswith("\ufffd")
    assert "1 characters could not be read" in found.notes[0]


def test_text_is_kept_to_the_letter() -> None:
    text = "One\r\n two\u200b\u202e three\u202c <script>alert(1)</script>\t🕊"
    found = reading.read(text.encode())
    assert (found.kind, found.text) == (Kind.TEXT, text)


# --- PDF


def test_of_a_pdf_the_text_of_all_pages_is_read() -> None:
    found = reading.read(
        pdf(f"{PLEDGE},\nand so on.", "Second page (with brackets)", title="Truce")
    )
    assert found.kind is Kind.PDF
    assert found.text == f"{PLEDGE},\nand so on.\n\nSecond page (with brackets)"
    assert (found.title, found.language, found.published) == ("Truce", "en", "")


@pytest.mark.parametrize("title", ["Microsoft Word - truce_final2.doc", "truce.pdf", "Untitled-1"])
def test_what_a_program_calls_a_pdf_is_no_title(title: str) -> None:
    assert reading.read(pdf(PLEDGE, title=title)).title == ""


def test_a_scan_has_no_text_and_says_so() -> None:
    found = reading.read(pdf(""))
    assert found.text == ""
    assert "may be a scan" in found.notes[0]


def test_a_locked_pdf_is_refused_and_one_that_opens_is_read() -> None:
    assert "locked with a password. Save it without one" in refused(locked("secret"))
    assert reading.read(locked("secret", opens=True)).text == PLEDGE


@pytest.mark.parametrize("cut", [40, 300])
def test_a_damaged_pdf_is_refused(cut: int) -> None:
    assert "damaged" in refused(pdf(PLEDGE)[:cut])


# --- what is no document


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "begins as a picture and is none"),
        (b"\xff\xd8\xff\xe0" + bytes(100), "begins as a picture and is none"),
        (gzip.compress(ARTICLE.encode()), "gzip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Office file"),
        (b"{\\rtf1 Ten days}", "RTF"),
        (b"\x7fELF\x02\x01", "a program"),
        (bytes(range(1, 32)) * 20, "neither PDF, HTML, plain text nor a picture"),
        (b"Ten days\x00 of peace", "NUL"),
        (b"<html><body><p>Ten\x00 days</p></body></html>", "NUL"),
    ],
)
def test_what_is_no_document_is_refused_for_what_it_is(content: bytes, what: str) -> None:
    assert what in refused(content)


def test_a_word_file_is_told_from_other_archives_by_nothing_and_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as zipped:
        zipped.writestr("word/document.xml", "<w:t>Ten days</w:t>")
    assert "Word" in refused(out.getvalue())


def test_a_name_decides_nothing() -> None:
    assert reading.read(b"<!-- x --><!DOCTYPE HTML><title>T</title>").kind is Kind.HTML
    assert reading.read(b"The words <html> and %PDF stand here.").kind is Kind.TEXT
    assert reading.read(b"junk before it\n" + pdf(PLEDGE)).kind is Kind.PDF


# --- what has no end


def test_too_large_a_file_is_not_even_looked_at() -> None:
    assert "more than 10 MB" in refused(b"a" * (LARGEST + 1))


def test_a_text_that_grows_beyond_what_is_taken_is_refused() -> None:
    with pytest.raises(Invalid, match="longer than is taken"):
        reading.read("é".encode("cp1252") * 6_000_000, charset="latin-1")


def test_a_small_pdf_that_unfolds_to_much_is_refused() -> None:
    content = bomb(400)
    assert len(content) < 1_000_000
    began = time.monotonic()
    assert "unfolds to more" in refused(content)
    assert time.monotonic() - began < 2 * reading.SECONDS


def test_too_many_pages_are_refused() -> None:
    assert "2001 pages" in refused(pdf(*["x"] * 2001))


def test_a_page_nested_without_end_is_read_or_refused_and_nothing_else() -> None:
    content = b"<html><body>" + b"<div>" * 200_000 + b"Ten days" + b"</body></html>"
    try:
        found = reading.read(content).text
    except Invalid:
        found = "refused"
    assert found in ("", "Ten days", "refused")


def test_what_takes_too_long_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "SECONDS", 0.01)
    assert "more than is spent" in refused(pdf(PLEDGE))


def test_a_process_that_dies_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MODULE", "tracker.documents.nothing")
    assert "more than is spent" in refused(b"Ten days")


def test_only_a_few_are_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "WAITS", 0.01)
    for _ in range(reading.AT_ONCE):
        assert reading._free.acquire()
    try:
        with pytest.raises(Conflict, match="Other files are being read"):
            reading.read(b"Ten days")
    finally:
        for _ in range(reading.AT_ONCE):
            reading._free.release()


def test_the_process_is_given_nothing_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[dict[str, str]] = []
    run: Any = subprocess.run

    def seen(*args: Any, env: dict[str, str], **options: Any) -> Any:
        given.append(env)
        return run(*args, env=env, **options)

    monkeypatch.setenv("SECRET_KEY", "not for it")
    monkeypatch.setattr(subprocess, "run", seen)
    reading.read(b"Ten days")
    assert set(given[0]) == {"PYTHONPATH", "PYTHONUTF8"}


def test_what_this_process_would_load_it_does_not() -> None:
    """Reading plain text in here too: the libraries for pages and PDFs are for the child alone."""
    assert child.read(b"Ten days", charset="", address="").text == "Ten days"


# --- names


@pytest.mark.parametrize(
    ("given", "kind", "name"),
    [
        ("truce.pdf", Kind.PDF, "truce.pdf"),
        ("truce.exe", Kind.PDF, "truce.exe.pdf"),
        ("truce.PDF", Kind.PDF, "truce.PDF"),
        ("page.htm", Kind.HTML, "page.htm"),
        ("../../etc/passwd", Kind.TEXT, "passwd.txt"),
        ("C:\\Users\\a\\truce.txt", Kind.TEXT, "truce.txt"),
        ('a"; filename="evil.exe\r\nX-Evil: 1', Kind.PDF, "a ; filename= evil.exeX-Evil 1.pdf"),
        ("truce\u202efdp.exe", Kind.PDF, "trucefdp.exe.pdf"),
        ("هدنة.pdf", Kind.PDF, "هدنة.pdf"),
        ("", Kind.PDF, "source.pdf"),
        (".pdf", Kind.PDF, "source.pdf"),
        ("a" * 300 + ".pdf", Kind.PDF, "a" * 146 + ".pdf"),
    ],
)
def test_a_name_can_be_shown_and_saved(given: str, kind: Kind, name: str) -> None:
    assert names.safe(given, kind) == name


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://alpha.example/a/truce%20text.pdf?x=1", "truce text.pdf"),
        ("https://alpha.example/", "alpha.example.pdf"),
        ("https://alpha.example/%2e%2e%2fevil/", "evil.pdf"),
    ],
)
def test_an_address_gives_a_name(address: str, name: str) -> None:
    assert names.of_address(address, Kind.PDF) == name
