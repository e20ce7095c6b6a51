"""A small SMTP server on this machine: quick enough not to be what is measured, and rude on demand.

As a process of its own (`python -m tests.load.mail_server`) it says its port, and then for each
line that it reads how many messages it has taken and when the first and the last came.
"""

import asyncio
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

# How a recipient's n-th message is met, from 0: "take"; a refusal of the recipient ("550 …"); one
# of the content ("data 554 …"); "hang"; "cut" in the middle of it; "take and cut".
Manner = Callable[[str, int], str]
LONGEST = 4_000_000
HANGS_FOR = 60.0


@dataclass
class MailServer:
    """``taken``: envelope recipient and bytes of each message, where they are kept.

    ``tries``: the number of each recipient's last try, from 0.
    """

    manner: Manner = lambda recipient, number: "take"
    is_kept: bool = True
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    count: int = 0
    first: float = 0.0
    last: float = 0.0
    tries: dict[str, int] = field(default_factory=dict)

    @property
    def mails(self) -> list[EmailMessage]:
        return [message_from_bytes(raw, policy=policy.default) for _, raw in self.taken]

    @property
    def ids(self) -> list[str]:
        return [str(mail["Message-ID"]) for mail in self.mails]

    async def session(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        over = (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError)
        with suppress(*over):
            await self._talk(reader, writer)
        writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        recipient, manner = "", ""

        def say(line: str) -> None:
            writer.write(line.encode() + b"\r\n")

        say("220 localhost")
        while line := await reader.readline():
            verb = line[:4].upper()
            if verb == b"EHLO":
                say("250-localhost")
                say("250 8BITMIME")
            elif verb == b"RCPT":
                recipient = line.partition(b"<")[2].rpartition(b">")[0].decode(errors="replace")
                number = self.tries[recipient] = self.tries.get(recipient, -1) + 1
                manner = self.manner(recipient, number)
                say(manner if manner[:1] in "45" else "250 OK")
            elif verb == b"DATA":
                say("354 Go on")
                await writer.drain()
                if manner == "cut":
                    await reader.read(100)
                    return
                content = await reader.readuntil(b"\r\n.\r\n")
                if manner == "hang":
                    await asyncio.sleep(HANGS_FOR)
                    return
                if manner.startswith("data "):
                    say(manner.removeprefix("data "))
                    continue
                self._take(recipient, content)
                if manner == "take and cut":
                    return
                say("250 Taken")
            elif verb == b"QUIT":
                say("221 Bye")
                return
            else:
                say("250 OK")

    def _take(self, recipient: str, content: bytes) -> None:
        self.last = time.monotonic()
        self.first = self.first or self.last
        self.count += 1
        if self.is_kept:
            self.taken.append((recipient, content.removesuffix(b".\r\n")))

    async def start(self) -> tuple[asyncio.Server, int]:
        server = await asyncio.start_server(self.session, "127.0.0.1", 0, limit=LONGEST)
        return server, server.sockets[0].getsockname()[1]


@contextmanager
def serving(server: MailServer) -> Iterator[int]:
    """Its port, while it serves in a thread of this process."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    listening, port = asyncio.run_coroutine_threadsafe(server.start(), loop).result(10)
    try:
        yield port
    finally:

        def stop() -> None:
            listening.close()
            for task in asyncio.all_tasks(loop):
                task.cancel()
            loop.call_later(0.1, loop.stop)

        loop.call_soon_threadsafe(stop)
        thread.join(10)
        loop.close()


async def main() -> None:
    server = MailServer(is_kept=False)
    listening, port = await server.start()
    print(port, flush=True)
    loop = asyncio.get_running_loop()
    async with listening:
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            if line.strip() == "again":
                server.count, server.first, server.last = 0, 0.0, 0.0
            print(server.count, server.first, server.last, flush=True)


if __name__ == "__main__":
    asyncio.run(main())
