"""Reading a file in a process of its own: whatever it does there, it ends, and ours goes on.

A PDF or a page can be made to unfold without end, or to keep a parser busy for hours.
"""

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from tracker.domain.errors import Conflict, Invalid
from tracker.domain.sentences import _, unpacked

from .kinds import PASTE
from .values import LARGEST, Document, Kind

SECONDS = 25.0
MODULE = "tracker.documents.child"
AT_ONCE = 2  # such processes of one of ours
WAITS = 30.0
ROOT = Path(__file__).resolve().parents[2]
_free = threading.BoundedSemaphore(AT_ONCE)


def read(content: bytes, *, charset: str = "", address: str = "") -> Document:
    """What the file says. Raises Invalid for what cannot be read, with how to mend it.

    ``charset``: what the server said of it; ``address``: where it is from, if from anywhere.
    """
    if len(content) > LARGEST:
        raise Invalid(
            _("The file has more than {number} MB.", number=LARGEST // 1000000),
            mend=_("Choose a smaller one, or paste the part of its text that matters."),
        )
    if not _free.acquire(timeout=WAITS):
        raise Conflict(
            _("Other files are being read."), mend=_("Try again in a minute."), field="file"
        )
    try:
        said = _said(content, charset=charset, address=address)
    finally:
        _free.release()
    if "refused" in said:
        message, mend = said["refused"]
        raise Invalid(unpacked(message), mend=unpacked(mend))
    told = said["document"]
    notes = tuple(unpacked(note) for note in told["notes"])
    return Document(**{**told, "kind": Kind(told["kind"]), "notes": notes})


def _said(content: bytes, **asked: str) -> dict[str, Any]:
    given = json.dumps(asked).encode() + b"\n" + content
    try:
        done = subprocess.run(
            [sys.executable, "-s", "-m", MODULE],
            input=given,
            capture_output=True,
            timeout=SECONDS,
            check=True,
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},  # no key and no password of ours
        )
        said: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        raise Invalid(
            _(
                "Reading this file takes more than is spent on one: it may be "
                "damaged, or made to unfold without end."
            ),
            mend=PASTE,
        ) from error
    return said
