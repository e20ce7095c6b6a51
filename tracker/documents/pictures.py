"""What a picture is: decoded to its last row, to know that it is one. Only the child loads this.

Nothing of what is decoded is kept, and nothing of what the file says of itself is believed: it is
told to whoever enters it.
"""

import io
import re
import warnings
from typing import Any

from PIL import Image, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from tracker.domain.errors import Invalid
from tracker.domain.sentences import _

from . import containers
from .values import Document, Kind

MOST_PIXELS = 64_000_000  # of all frames together: 256 MB once they are unfolded
LOADED = (JpegImagePlugin, PngImagePlugin, WebPImagePlugin)  # Pillow registers what is imported
NAMES = {Kind.PNG: "PNG", Kind.JPEG: "JPEG", Kind.WEBP: "WEBP"}
NO_TEXT = _("A picture has no text: describe below what it shows, if you can.")
POSITION = _("It says where it was taken (GPS).")
AS_IT_CAME = _("The file is kept byte by byte, with all that it says of itself.")
_GPS, _EXIF, _TAKEN, _CHANGED = 0x8825, 0x8769, 0x9003, 0x0132
_CLOCK = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d:\d\d)")


def read(content: bytes, kind: Kind) -> Document:
    """How large it is, and what it says of itself. Raises Invalid for what is no whole picture."""
    containers.check(content, kind)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _read(content, kind)
    except Invalid:
        raise
    except (MemoryError, RecursionError):
        raise
    except Exception as error:  # whatever it stumbled on: the file is not what it says
        raise containers.BROKEN from error


def _read(content: bytes, kind: Kind) -> Document:
    if kind is Kind.WEBP:
        _check_size(*containers.webp_size(content))
    Image.MAX_IMAGE_PIXELS = None  # opening unfolds nothing; what is too large is told here
    picture = Image.open(io.BytesIO(content), formats=(NAMES[kind],))
    width, height = picture.size
    frames = int(getattr(picture, "n_frames", 1))
    _check_size(width, height, frames)
    picture.load()
    notes = tuple(_of_itself(picture))
    for number in range(1, frames):
        picture.seek(number)
        _check_size(*picture.size, frames)
        picture.load()
    return Document(
        kind,
        notes=(
            _(
                "A picture of {width} × {height} pixels. {no_text}",
                width=width,
                height=height,
                no_text=NO_TEXT,
            ),
            *notes,
            AS_IT_CAME,
        ),
    )


def _check_size(width: int, height: int, frames: int = 1) -> None:
    if width * height * frames > MOST_PIXELS:
        size = f"{width} × {height}" + (f" × {frames}" if frames > 1 else "")
        raise Invalid(
            _(
                "The picture has {size} pixels, and at most {most} millions are unfolded.",
                size=size,
                most=MOST_PIXELS // 1_000_000,
            ),
            mend=_("Enter a smaller copy, and say so in the note."),
        )


def _of_itself(picture: Any) -> list[str]:
    """Where and when, if it says so. What cannot be read of it is left alone: it proves nothing."""
    try:
        told = picture.getexif()
        place, more = told.get_ifd(_GPS), told.get_ifd(_EXIF)
        when = _CLOCK.match(str(more.get(_TAKEN) or told.get(_CHANGED) or ""))
    except Exception:  # a damaged note in a whole picture
        return []
    said = [POSITION] if place or b"GPSLatitude" in _xmp(picture) else []
    return [
        *said,
        *(
            [
                _(
                    "It says that it was taken on {when}, by the clock of the camera.",
                    when=f"{when[1]}-{when[2]}-{when[3]} {when[4]}",
                )
            ]
            if when
            else []
        ),
    ]


def _xmp(picture: Any) -> bytes:
    found = picture.info.get("xmp") or picture.info.get("XML:com.adobe.xmp") or b""
    return found.encode() if isinstance(found, str) else bytes(found)
