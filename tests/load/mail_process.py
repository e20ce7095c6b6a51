"""The mail server in a process of its own, so that it takes no time of what is measured."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from tracker.config import environment, processes


class Taken(NamedTuple):
    """How many messages came; when the first and the last did, in seconds of the machine's own."""

    number: int
    first: float
    last: float


class MailProcess:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert process.stdout is not None
        self.port = int(process.stdout.readline())

    def taken(self) -> Taken:
        return self._ask("taken")

    def again(self) -> None:
        """Counts from nothing."""
        self._ask("again")

    def _ask(self, word: str) -> Taken:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()
        number, first, last = self.process.stdout.readline().split()
        return Taken(int(number), float(first), float(last))


@contextmanager
def mail_process() -> Iterator[MailProcess]:
    process = subprocess.Popen(
        processes.python("tests.load.mail_server"),
        cwd=environment.ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=processes.tie_to_parent(),  # noqa: PLW1509 (no thread runs yet)
    )
    try:
        yield MailProcess(process)
    finally:
        process.terminate()
        process.wait()
