"""What is taken as a picture: by its bytes alone, whole, and nothing but a picture."""

import io
import time
import zipfile
import zlib
from typing import Any

import pytest
from PIL import Image

from tracker.documents import containers, names, pictures, reading
from tracker.documents.values import Kind
from tracker.domain.errors import Invalid

from .files import ARTICLE, PLEDGE, pdf
from .pictures import huge, located, picture, several, with_chunk, with_comment

KINDS = (Kind.PNG, Kind.JPEG, Kind.WEBP)
SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'


def refused(content: bytes) -> str:
    with pytest.raises(Invalid) as told:
        reading.read(content)
    assert told.value.mend
    return str(told.value)


def gif() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (3, 3)).save(out, "GIF")
    return out.getvalue()


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as zipped:
        zipped.writestr("x.html", "<p>Ten days")
    return out.getvalue()


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_is_known_by_its_bytes_and_has_no_text(kind: Kind) -> None:
    found = reading.read(picture(kind, (300, 200)), charset="utf-8", address="https://a.example/")
    assert (found.kind, found.text, found.title, found.published) == (kind, "", "", "")
    assert found.kind.is_picture
    assert "300 × 200 pixels" in found.notes[0]
    assert "has no text" in found.notes[0]
    assert "byte by byte" in found.notes[-1]
    assert len(found.notes) == 2, "it says nothing of itself"


@pytest.mark.parametrize("kind", KINDS)
def test_where_and_when_it_says_that_it_was_taken_is_told_and_nothing_is_filled_in(
    kind: Kind,
) -> None:
    found = reading.read(located(kind))
    assert pictures.POSITION in found.notes
    assert (
        "It says that it was taken on 2025-03-18 04:05, by the clock of the camera." in found.notes
    )
    assert found.published == ""


def test_damaged_notes_of_a_whole_picture_refuse_nothing() -> None:
    found = reading.read(picture(Kind.JPEG, exif=b"Exif\x00\x00MM\x00*\x00\x00\xff\xff"))
    assert found.kind is Kind.JPEG


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("left", [0.9, 0.5, 0.1])
def test_what_is_cut_off_is_refused(kind: Kind, left: float) -> None:
    content = picture(kind, (200, 200))
    assert "cut off" in refused(content[: int(len(content) * left)])
    assert "cut off" in refused(content[:-1])


@pytest.mark.parametrize("kind", KINDS)
def test_what_only_begins_as_a_picture_is_refused(kind: Kind) -> None:
    begin = picture(kind)[:12]
    for rest in (ARTICLE.encode(), bytes(500), b"\xff" * 500):
        said = refused(begin + rest)
        assert "cut off" in said or "begins as a picture and is none" in said


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_whose_middle_was_changed_is_no_whole_one(kind: Kind) -> None:
    content = bytearray(picture(kind, (100, 100)))
    # What is drawn may say anything in a JPEG or WebP, which have no sums; their tables may not.
    place = len(content) // 2 if kind is Kind.PNG else 20
    content[place : place + 40] = bytes(40)
    assert "is none, or a damaged one" in refused(bytes(content))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("more", "what"),
    [
        (b"<!DOCTYPE html><script>alert(1)</script>", "a web page"),
        (archive(), "an archive"),
        (pdf(PLEDGE), "a PDF"),
        (b"\x00\x00\x00\x18ftypmp42" + b"film" * 100, "something else"),
        (b"x", "something else"),
    ],
    ids=["page", "archive", "pdf", "film", "byte"],
)
def test_what_goes_on_after_its_end_is_refused(kind: Kind, more: bytes, what: str) -> None:
    said = refused(picture(kind) + more)
    assert what in said or "holds a PDF" in said


@pytest.mark.parametrize("kind", KINDS)
def test_noughts_after_its_end_are_nothing(kind: Kind) -> None:
    assert reading.read(picture(kind) + bytes(16)).kind is kind


@pytest.mark.parametrize(
    "content",
    [
        with_chunk(b"tEXt", b"Comment\x00<ScRiPt>alert(1)</script>"),
        with_chunk(b"prVt", b"<html><body>Ten days"),
        with_chunk(b"prVt", archive()),
        with_comment(b"<!doctype HTML><p>Ten days"),
        with_comment(archive()),
        with_comment(SVG),
    ],
    ids=["script", "page", "archive", "jpeg page", "jpeg archive", "jpeg svg"],
)
def test_what_hides_within_its_notes_is_refused(content: bytes) -> None:
    Image.open(io.BytesIO(content)).load()  # a viewer shows it without a word
    assert "Within the picture's own notes stands" in refused(content)


def test_a_picture_that_is_a_pdf_too_is_refused_as_both() -> None:
    content = with_chunk(b"tEXt", b"a\x00" + pdf(PLEDGE))
    assert "several things at once" in refused(content)


def test_a_harmless_comment_is_no_reason() -> None:
    assert reading.read(with_comment(b"Made by hand, 5 < 6.")).kind is Kind.JPEG
    assert reading.read(with_chunk(b"tEXt", b"Title\x00Ten days")).kind is Kind.PNG


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (gif(), "a GIF"),
        (SVG, "an SVG drawing"),
        (b"\xef\xbb\xbf  <!-- x --><SVG width='1'/>", "an SVG drawing"),
        (b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x"><svg:svg/>', "an SVG drawing"),
        (b"II*\x00" + bytes(40), "a TIFF picture"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(40), "HEIC"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(40), "a sound or a film"),
    ],
    ids=["gif", "svg", "svg mark", "svg type", "tiff", "heic", "wave"],
)
def test_other_pictures_are_refused_for_what_they_are(content: bytes, what: str) -> None:
    assert what in refused(content)


# --- what has no end


@pytest.mark.parametrize("size", [(60_000, 60_000), (9_000, 9_000), (2**31 - 1, 1)])
def test_more_pixels_than_are_unfolded_are_refused_before_they_are(size: tuple[int, int]) -> None:
    content = huge(*size)
    assert len(content) < 200
    assert "pixels, and at most 64 millions" in refused(content)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("options", [{}, {"lossless": True}, {"exif": b"Exif\x00\x00MM\x00*"}])
def test_what_it_says_of_its_size_is_what_it_has(kind: Kind, options: dict[str, Any]) -> None:
    """Of a WebP it is read before it is opened, which alone takes memory for all of it."""
    content = picture(kind, (123, 45), **options)
    assert "123 × 45 pixels" in reading.read(content).notes[0]
    if kind is Kind.WEBP:
        assert containers.webp_size(content) == (123, 45)


def test_a_webp_as_large_as_one_can_be_is_refused_for_its_size() -> None:
    drawn = b"\x2f" + (0x3FFF | 0x3FFF << 14).to_bytes(4, "little") + bytes(9)
    body = b"WEBPVP8L" + len(drawn).to_bytes(4, "little") + drawn
    content = b"RIFF" + len(body).to_bytes(4, "little") + body
    assert "16384 × 16384 pixels" in refused(content)


def test_as_many_pixels_as_are_unfolded_are_read_in_time() -> None:
    """The worst that is taken: within the memory and the time that the child has."""
    content = picture(Kind.JPEG, (8000, 8000), progressive=True, subsampling=0)
    began = time.monotonic()
    assert reading.read(content).kind is Kind.JPEG
    assert time.monotonic() - began < reading.SECONDS


@pytest.mark.parametrize("kind", KINDS)
def test_several_pictures_in_one_file_are_read_all_and_counted_together(
    kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = several(kind)
    assert reading.read(content).kind is kind
    monkeypatch.setattr(pictures, "MOST_PIXELS", 30 * 20 * 3)
    assert pictures.read(content, kind).kind is kind
    monkeypatch.setattr(pictures, "MOST_PIXELS", 30 * 20 * 3 - 1)
    with pytest.raises(Invalid, match="30 × 20 × 3 pixels"):
        pictures.read(content, kind)


def test_a_note_that_unfolds_without_end_is_refused() -> None:
    bomb = b"Comment\x00\x00" + zlib.compress(bytes(300_000_000), 9)
    assert len(bomb) < 400_000
    assert "damaged" in refused(with_chunk(b"zTXt", bomb))


# --- names


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [
        ("pylon.png", Kind.HTML, "Its name ends as a picture's does, and its content is a web"),
        ("pylon.JPG", Kind.PDF, "its content is a PDF"),
        ("pylon.webp", Kind.TEXT, "its content is plain text"),
        ("truce.pdf", Kind.PNG, "Its name says a PDF, and its content is a picture"),
        ("truce.html", Kind.JPEG, "Its name says a web page"),
    ],
)
def test_a_name_that_lies_is_refused(name: str, kind: Kind, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        names.check(name, kind)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("pylon.jpg", Kind.PNG),
        ("pylon", Kind.PNG),
        ("", Kind.PDF),
        ("truce.htm", Kind.TEXT),
        ("pylon.png", Kind.PNG),
    ],
)
def test_one_picture_called_another_is_no_lie_nor_is_no_name(name: str, kind: Kind) -> None:
    names.check(name, kind)
    assert names.is_picture(names.safe(name, kind)) == kind.is_picture
