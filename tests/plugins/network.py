"""No test reaches past this machine: anything but loopback and unix sockets is refused."""

import ipaddress
import socket
from typing import Any

NAMES = frozenset({"localhost", "ip6-localhost", ""})


class NetworkBlocked(RuntimeError):
    """A test tried to reach another machine."""


def is_here(host: object) -> bool:
    """Whether an address names this machine."""
    if host is None:
        return True
    name = host.decode() if isinstance(host, bytes) else str(host)
    if name.lower() in NAMES or name.lower().endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name.split("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def block() -> None:
    """Put the guard before connecting and looking names up."""
    real_connect, real_connect_ex = socket.socket.connect, socket.socket.connect_ex
    real_sendto, real_getaddrinfo = socket.socket.sendto, socket.getaddrinfo

    def check(sock: socket.socket | None, address: Any) -> None:
        if sock is not None and sock.family not in {socket.AF_INET, socket.AF_INET6}:
            return
        host = address[0] if isinstance(address, tuple) else address
        if not is_here(host):
            raise NetworkBlocked(f"A test tried to reach {host}: no network in tests.")

    def connect(self: socket.socket, address: Any) -> None:
        check(self, address)
        real_connect(self, address)

    def connect_ex(self: socket.socket, address: Any) -> int:
        check(self, address)
        return real_connect_ex(self, address)

    def sendto(self: socket.socket, data: Any, *rest: Any) -> int:
        check(self, rest[-1])
        return real_sendto(self, data, *rest)

    def getaddrinfo(host: Any, *rest: Any, **more: Any) -> Any:
        check(None, host)
        return real_getaddrinfo(host, *rest, **more)

    for name, guard in (("connect", connect), ("connect_ex", connect_ex), ("sendto", sendto)):
        setattr(socket.socket, name, guard)
    socket.getaddrinfo = getaddrinfo
