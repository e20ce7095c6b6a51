"""The process that reads one file: limited in memory and time, with nothing of ours at hand.

A line of JSON and the file come in, a line of JSON goes out. Started by reading.py alone.
"""

import json
import resource
import sys
from dataclasses import asdict
from typing import Any

from tracker.domain.errors import Invalid
from tracker.domain.sentences import _, packed

from . import decoding, kinds
from .values import LARGEST, Document, Kind

MEMORY = 1_500_000_000  # bytes of addresses, of which libraries take some hundred millions
SECONDS = 20  # of a processor
TOO_MUCH = _("Reading this file takes more memory than is spent on one.")


def limit() -> None:
    """From here on this process dies rather than take more."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _soft, hard = resource.getrlimit(what)
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (least, least))


def read(content: bytes, *, charset: str, address: str) -> Document:
    """Raises Invalid for what is not read, with the reason."""
    kind = kinds.judged(content)
    if kind is Kind.PDF:
        from . import papers

        return papers.read(content)
    if kind.is_picture:
        from . import pictures

        return pictures.read(content, kind)
    text, notes = decoding.decoded(content, kind, charset)
    if kind is Kind.TEXT:
        found = Document(kind, text=text, notes=notes)
    else:
        from . import pages

        page = pages.read(text, address)
        found = Document(**{**asdict(page), "notes": (*page.notes, *notes)})
    if len(found.text.encode()) > LARGEST:
        raise Invalid(
            _("The text is longer than is taken."), mend=_("Paste the part of it that matters.")
        )
    return found


def main() -> None:
    limit()
    asked = json.loads(sys.stdin.buffer.readline())
    content = sys.stdin.buffer.read()
    try:
        found = read(content, **asked)
        notes = [packed(note) for note in found.notes]
        said: dict[str, Any] = {"document": asdict(found) | {"notes": notes}}
    except Invalid as error:
        said = {"refused": [packed(error.message), packed(error.mend)]}
    except (MemoryError, RecursionError):
        said = {"refused": [packed(TOO_MUCH), packed(kinds.PASTE)]}
    sys.stdout.buffer.write(json.dumps(said).encode())


if __name__ == "__main__":
    main()
