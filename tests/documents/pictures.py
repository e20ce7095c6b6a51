"""Pictures of the kinds that are taken, and of some that lie: made here."""

import io
import zlib
from typing import Any

from PIL import Image

from tracker.documents.values import Kind

NAMES = {Kind.PNG: "PNG", Kind.JPEG: "JPEG", Kind.WEBP: "WEBP"}
CALLED = {Kind.PNG: "pylon.png", Kind.JPEG: "pylon.jpg", Kind.WEBP: "pylon.webp"}
GPS, WHEN = 0x8825, 0x0132


def picture(kind: Kind = Kind.PNG, size: tuple[int, int] = (30, 20), **options: Any) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(out, NAMES[kind], **options)
    return out.getvalue()


def located(kind: Kind = Kind.JPEG) -> bytes:
    """One that says where and when it was taken."""
    told = Image.Exif()
    told[WHEN] = "2025:03:18 04:05:06"
    told[GPS] = {1: "N", 2: (50.0, 27.0, 0.0), 3: "E", 4: (30.0, 31.0, 0.0)}
    return picture(kind, exif=told)


def chunk(name: bytes, body: bytes) -> bytes:
    """One of a PNG, with the sum that it needs."""
    return len(body).to_bytes(4, "big") + name + body + zlib.crc32(name + body).to_bytes(4, "big")


def huge(width: int = 60_000, height: int = 60_000) -> bytes:
    """A PNG of a few bytes that says that it is as large as this."""
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes((8, 2, 0, 0, 0))
    drawn = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", drawn) + chunk(b"IEND", b"")


def with_chunk(name: bytes, body: bytes) -> bytes:
    """A whole PNG that tells something besides."""
    whole = picture(Kind.PNG)
    return whole[:33] + chunk(name, body) + whole[33:]


def with_comment(body: bytes) -> bytes:
    """A whole JPEG that tells something besides."""
    whole = picture(Kind.JPEG)
    return whole[:2] + b"\xff\xfe" + (len(body) + 2).to_bytes(2, "big") + body + whole[2:]


def several(kind: Kind, number: int = 3, size: tuple[int, int] = (30, 20)) -> bytes:
    """Several pictures in one file: a moving one, or what phones make."""
    out = io.BytesIO()
    frames = [Image.new("RGB", size, (40 * n, 0, 0)) for n in range(number)]
    named = "MPO" if kind is Kind.JPEG else NAMES[kind]
    frames[0].save(out, named, save_all=True, append_images=frames[1:])
    return out.getvalue()
