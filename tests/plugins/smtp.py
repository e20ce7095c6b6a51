"""A real SMTP server on a free port of this machine, which does to each message what it is told."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

Reply = Callable[[int], str]
OK = "250 OK"


@dataclass
class Sink:
    """What came in, whole. ``rcpt`` and ``data``: the reply to the n-th of them, from 0.

    ``close``: hang up without a word; ``close after``: take the message, then hang up;
    ``hang``: say nothing any more.
    """

    rcpt: Reply = lambda n: OK
    data: Reply = lambda n: OK
    taken: list[EmailMessage] = field(default_factory=list)
    sessions: int = 0
    _rcpts: int = 0
    _datas: int = 0

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, name: str, replies: list[str]
    ) -> list[str]:
        self.sessions += 1
        session.host_name = name
        return replies

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        number, self._rcpts = self._rcpts, self._rcpts + 1
        reply = self.rcpt(number)
        if reply == OK:
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        number, self._datas = self._datas, self._datas + 1
        reply = self.data(number)
        if reply in (OK, "close after"):
            content = cast(bytes, envelope.content)
            self.taken.append(message_from_bytes(content, policy=policy.default))
        if reply.startswith("close"):
            assert server.transport is not None
            server.transport.close()
        if reply == "hang":
            await asyncio.sleep(30)
        return reply

    @property
    def ids(self) -> list[str]:
        return [str(message["Message-ID"]) for message in self.taken]


@contextmanager
def serving(sink: Sink) -> Iterator[tuple[str, int]]:
    """The server's host and port, while it serves."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        host, port = free.getsockname()
    controller = Controller(sink, hostname=host, port=port, enable_SMTPUTF8=True, ready_timeout=10)
    controller.start()
    try:
        yield host, port
    finally:
        controller.stop()
