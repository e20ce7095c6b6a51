"""How the bytes of a picture are laid out: whole to its end, and nothing but a picture.

A file can be a picture and something else at once: what follows its end, or is told within it,
no viewer shows. Must not live here: what it shows (pictures.py).
"""

import re
import zlib
from collections.abc import Iterator

from tracker.domain.errors import Invalid
from tracker.domain.sentences import _

from .values import Kind

CUT = Invalid(
    _("The picture is cut off: its end is missing."), mend=_("Get the file once more, whole.")
)
BROKEN = Invalid(
    _("This begins as a picture and is none, or a damaged one."),
    mend=_("Get the file once more, or look at what it is."),
)
MEND = _(
    "Enter a copy that is the picture alone, say so in the note, and keep the original elsewhere."
)
# What has no business in a picture, in small letters, and what it would make of it.
FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"<!doctype html", "a web page"),
    (b"<html", "a web page"),
    (b"<script", "a program for browsers"),
    (b"<iframe", "a web page"),
    (b"<svg", "a drawing that can hold programs"),
    (b"<?php", "a program"),
    (b"%pdf-", "a PDF"),
    (b"pk\x03\x04", "an archive"),
    (b"\x7felf", "a program"),
)
_PNG = b"\x89PNG\r\n\x1a\n"
_CHUNK = re.compile(rb"[A-Za-z]{4}")
_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_ALONE = frozenset((0x01, *range(0xD0, 0xD8)))  # markers without a length
_NEXT = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")  # the marker after what is drawn
_MANY = b"MPF\x00"  # in APP2: further pictures follow the first


def check(content: bytes, kind: Kind) -> None:
    """Raises Invalid for what is cut off, damaged, or more than a picture."""
    told, end = {Kind.PNG: _png, Kind.JPEG: _jpeg, Kind.WEBP: _webp}[kind](content)
    rest = content[end:].lstrip(b"\x00")
    if rest:
        what = next((what for sign, what in FOREIGN if sign in rest.lower()), "something else")
        raise Invalid(
            _(
                "The picture ends, and the file goes on for {number} bytes with {what}.",
                number=len(rest),
                what=what,
            ),
            mend=MEND,
        )
    for one in told:
        low = one.lower()
        what = next((what for sign, what in FOREIGN if sign in low), "")
        if what:
            raise Invalid(_("Within the picture's own notes stands {what}.", what=what), mend=MEND)


Laid = tuple[list[bytes], int]  # what is told beside what is drawn, and where the picture ends


def _png(content: bytes) -> Laid:
    if not content.startswith(_PNG):
        raise BROKEN
    told: list[bytes] = []
    for name, begin, end in _chunks(content, len(_PNG), order="big", tail=4):
        body = content[begin:end]
        if zlib.crc32(name + body) != int.from_bytes(content[end : end + 4], "big"):
            raise BROKEN
        if name == b"IEND":
            return told, end + 4
        if name not in (b"IDAT", b"fdAT"):
            told.append(body)
    raise CUT


def _webp(content: bytes) -> Laid:
    end = 8 + int.from_bytes(content[4:8], "little")
    if end > len(content):
        raise CUT
    told = [
        content[begin:stop]
        for name, begin, stop in _chunks(content[:end], 12, order="little", tail=0)
        if name not in (b"VP8 ", b"VP8L", b"ALPH", b"ANMF")
    ]
    return told, end


def webp_size(content: bytes) -> tuple[int, int]:
    """Width and height as a WebP states them: opening one already takes memory for all of it."""
    name, body = content[12:16], content[20:30]
    if name == b"VP8X":
        sides = int.from_bytes(body[4:7], "little"), int.from_bytes(body[7:10], "little")
        return sides[0] + 1, sides[1] + 1
    if name == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    sides = int.from_bytes(body[6:8], "little"), int.from_bytes(body[8:10], "little")
    return sides[0] & 0x3FFF, sides[1] & 0x3FFF


def _chunks(
    content: bytes, begin: int, *, order: str, tail: int
) -> Iterator[tuple[bytes, int, int]]:
    """Name and place of each chunk. Of a PNG the length comes first, of a RIFF the name."""
    place = begin
    while place < len(content):
        head = content[place : place + 8]
        if len(head) < 8:
            raise CUT
        if order == "big":
            name, size = head[4:], int.from_bytes(head[:4], "big")
        else:
            name, size = head[:4], int.from_bytes(head[4:], "little")
        if order == "big" and not _CHUNK.fullmatch(name):
            raise BROKEN
        stop = place + 8 + size
        if stop + tail > len(content):
            raise CUT
        yield name, place + 8, stop
        place = stop + tail + (size % 2 if order == "little" else 0)


def _jpeg(content: bytes) -> Laid:
    """Phones keep several pictures in one file, one after the other: the first says so."""
    told, end = _one_jpeg(content, 0)
    while any(one.startswith(_MANY) for one in told):
        rest = content[end:]
        start = end + len(rest) - len(rest.lstrip(b"\x00"))
        if not content.startswith(b"\xff\xd8\xff", start):
            break
        more, end = _one_jpeg(content, start)
        told += more
    return told, end


def _one_jpeg(content: bytes, begin: int) -> Laid:
    told: list[bytes] = []
    place = begin + 2
    while True:
        if place + 1 >= len(content):
            raise CUT
        if content[place] != 0xFF:
            raise BROKEN
        marker = content[place + 1]
        if marker == 0xFF:  # fills
            place += 1
            continue
        place += 2
        if marker == _EOI:
            return told, place
        if marker in _ALONE:
            continue
        if marker in (_SOI, 0):
            raise BROKEN
        size = int.from_bytes(content[place : place + 2], "big")
        if size < 2:
            raise BROKEN
        if place + size > len(content):
            raise CUT
        if marker >= 0xE0:  # APPn and comments
            told.append(content[place + 2 : place + size])
        place += size
        if marker == _SOS:
            found = _NEXT.search(content, place)
            if found is None:
                raise CUT
            place = found.start()
