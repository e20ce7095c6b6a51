"""What comes out of reading a file."""

from dataclasses import dataclass
from enum import StrEnum

LARGEST = 10_000_000  # bytes: of a file, and of a text in UTF-8


class Kind(StrEnum):
    """What a file is by its content."""

    PDF = "pdf"
    HTML = "html"
    TEXT = "text"
    PNG = "png"
    JPEG = "jpeg"
    WEBP = "webp"

    @property
    def is_picture(self) -> bool:
        """Whether it shows something and says nothing: there is no text to be taken out."""
        return self in PICTURES


PICTURES = (Kind.PNG, Kind.JPEG, Kind.WEBP)


@dataclass(frozen=True, slots=True)
class Document:
    """``text`` is blank where none was found. The rest is what the file says of itself, else blank.

    ``published``: ISO 8601, with an offset where it says one. ``notes``: what to look at.
    """

    kind: Kind
    text: str = ""
    title: str = ""
    publisher: str = ""
    published: str = ""
    language: str = ""
    notes: tuple[str, ...] = ()
