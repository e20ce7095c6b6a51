"""A real HTTP server on a free port of this machine, which answers each request as it is told.

Byte by byte, since what is wrong with an answer is what the tests are about.
"""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Steps = Sequence[bytes | float]
Reply = Callable[[int], Steps]
HANG = 30.0


def answer(status: int = 200, body: bytes = b"", **headers: str) -> Steps:
    """One whole answer; ``Retry_After="5"`` is a header."""
    given = {"Content-Length": str(len(body)), **headers}
    lines = [f"HTTP/1.1 {status} Said", *(f"{k.replace('_', '-')}: {v}" for k, v in given.items())]
    return ["\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body]


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as it came in."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Endpoint:
    """``reply``: what is done to the n-th request, from 0: bytes are sent, numbers are waited for;
    then it hangs up.
    """

    reply: Reply = lambda n: answer()
    seen: list[Seen] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    names: list[str | None] = field(default_factory=list)  # that TLS asked for
    _ended: threading.Event = field(default_factory=threading.Event)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def serve(self, line: socket.socket) -> None:
        line.settimeout(HANG)
        request = _request(line)
        if request is None:
            return
        number = len(self.seen)
        self.seen.append(request)
        for step in self.reply(number):
            if isinstance(step, float):
                self._ended.wait(step)
            else:
                line.sendall(step)
            if self._ended.is_set():
                return

    def end(self) -> None:
        self._ended.set()


@contextmanager
def serving(endpoint: Endpoint, tls: ssl.SSLContext | None = None) -> Iterator[Endpoint]:
    """It serves meanwhile, each request in a thread of its own."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        endpoint.port = door.getsockname()[1]
        threads: list[threading.Thread] = []

        def one(raw: socket.socket) -> None:
            with suppress(OSError), raw:
                if tls is None:
                    endpoint.serve(raw)
                    return
                with tls.wrap_socket(raw, server_side=True) as line:
                    endpoint.serve(line)

        def accept() -> None:
            while True:
                try:
                    raw, _ = door.accept()
                except OSError:
                    return
                endpoint.connections += 1
                threads.append(threading.Thread(target=one, args=(raw,), daemon=True))
                threads[-1].start()

        accepting = threading.Thread(target=accept, daemon=True)
        accepting.start()
        try:
            yield endpoint
        finally:
            endpoint.end()
            door.shutdown(socket.SHUT_RDWR)
            accepting.join(5)
            for thread in threads:
                thread.join(5)


def _request(line: socket.socket) -> Seen | None:
    with line.makefile("rb") as file:
        first = file.readline().decode("latin-1").split()
        if len(first) < 2:
            return None
        headers: dict[str, str] = {}
        while said := file.readline().decode("latin-1").strip():
            name, _, value = said.partition(":")
            headers[name.lower()] = value.strip()
        body = file.read(int(headers.get("content-length", "0")))
    return Seen(first[0], first[1], headers, body)
