"""A connection to an address that was checked, for so many seconds in all.

The name is looked up once, each number that it has is judged, and the connection goes to a number
that was judged: a name server that answers differently the next time is not asked again. TLS asks
for, and checks, the name. What the environment says of proxies is not read.
"""

import queue
import socket
import ssl
import threading
from functools import cache
from http.client import HTTPException
from ipaddress import ip_address
from time import monotonic

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.util.ssl_ import create_urllib3_context

from tracker.domain.addresses import IP, Address, Network, not_public, why_not
from tracker.domain.sentences import _

from .errors import CutOff, Unreachable

MOST_NUMBERS = 4  # of one name that are tried
CONNECT_SECONDS = 5.0


class Patience:
    """So many seconds for everything; then the connection ends, whatever the other side does.

    Timeouts of a socket begin anew with each byte: a server that sends one a second never meets
    them. So the connection itself is shut from another thread.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.ends = monotonic() + seconds
        self._lock = threading.Lock()
        self._lines: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._shut)
        self._timer.daemon = True
        self._timer.start()

    @property
    def left(self) -> float:
        return max(0.0, self.ends - monotonic())

    @property
    def is_over(self) -> bool:
        return self.left == 0.0

    def hold(self, line: socket.socket) -> None:
        """Shut this one too. A copy is kept: TLS takes the socket itself away."""
        with self._lock:
            self._lines.append(line.dup())
        if self.is_over:
            self._shut()

    def end(self) -> None:
        self._timer.cancel()
        with self._lock:
            for line in self._lines:
                line.close()
            self._lines.clear()

    def _shut(self) -> None:
        with self._lock:
            for line in self._lines:
                try:
                    line.shutdown(socket.SHUT_RDWR)
                except OSError:  # ended already
                    continue


def connected(address: Address, allowed: tuple[Network, ...], patience: Patience) -> HTTPConnection:
    """Raises Invalid for an address that leads where it must not, else Unreachable."""
    numbers = _judged(address, allowed, patience)
    line = _opened(address, numbers, patience)
    connection = (_Secure if address.scheme == "https" else _Plain)(line, address, patience)
    try:
        connection.connect()
    except (HTTPError, HTTPException, OSError, ValueError) as error:
        connection.close()
        line.close()
        raise Unreachable(_failed(address, error, patience)) from error
    return connection


def cut_off(address: Address, error: Exception | None, patience: Patience) -> CutOff:
    return CutOff(_failed(address, error, patience))


class _Plain(HTTPConnection):
    """Speaks over the line that it is given, and names the host that was meant."""

    def __init__(self, line: socket.socket, address: Address, patience: Patience) -> None:
        super().__init__(address.host, address.port, timeout=patience.left)
        self._line = line

    def _new_conn(self) -> socket.socket:
        return self._line


class _Secure(HTTPSConnection):
    """The same through TLS: the certificate must be the name's, whatever number it has."""

    def __init__(self, line: socket.socket, address: Address, patience: Patience) -> None:
        super().__init__(
            address.host, address.port, timeout=patience.left, ssl_context=_authorities()
        )
        self._line = line

    def _new_conn(self) -> socket.socket:
        return self._line


@cache
def _authorities() -> ssl.SSLContext:
    """Whom this machine trusts to vouch for names. SSL_CERT_FILE and SSL_CERT_DIR change that."""
    context = create_urllib3_context()
    context.load_default_certs()
    return context


def _judged(address: Address, allowed: tuple[Network, ...], patience: Patience) -> list[IP]:
    """The numbers of the address that may be called. Raises Invalid where there is none."""
    literal = address.literal
    numbers = [literal] if literal is not None else _looked_up(address, patience)
    good = [number for number in numbers if not why_not(number, allowed)]
    if not good:
        raise not_public(address.host, numbers[0], why_not(numbers[0], allowed))
    return good[:MOST_NUMBERS]


def _looked_up(address: Address, patience: Patience) -> list[IP]:
    """Asked in a thread of its own: the system's resolver knows no limit that we could set."""
    found: queue.SimpleQueue[list[IP] | Exception] = queue.SimpleQueue()

    def look() -> None:
        try:
            told = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
            texts = [str(one[4][0]).partition("%")[0] for one in told]
            found.put(list(dict.fromkeys(ip_address(text) for text in texts)))
        except Exception as error:
            found.put(error)

    threading.Thread(target=look, daemon=True).start()
    try:
        numbers = found.get(timeout=patience.left)
    except queue.Empty:
        raise Unreachable(
            _("No name server answered for {host} in time.", host=address.host)
        ) from None
    if isinstance(numbers, (OSError, UnicodeError)) or numbers == []:
        raise Unreachable(
            _("No name server knows {host}.", host=address.host),
            mend=_("Look whether the name is right."),
        )
    if isinstance(numbers, Exception):
        raise numbers
    return numbers


def _opened(address: Address, numbers: list[IP], patience: Patience) -> socket.socket:
    """To the first that answers."""
    failed: OSError | None = None
    for number in numbers:
        if patience.is_over:
            break
        family = socket.AF_INET if number.version == 4 else socket.AF_INET6
        line = socket.socket(family, socket.SOCK_STREAM)
        line.settimeout(max(min(CONNECT_SECONDS, patience.left), 0.001))
        try:
            line.connect((str(number), address.port))
        except BaseException as error:
            line.close()
            if not isinstance(error, OSError):
                raise
            failed = error
            continue
        line.settimeout(max(patience.left, 0.001))
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        patience.hold(line)
        return line
    raise Unreachable(_failed(address, failed, patience))


def _failed(address: Address, error: Exception | None, patience: Patience) -> str:
    """What happened, for people; never the path, which may be a secret."""
    if patience.is_over or isinstance(error, TimeoutError):
        return f"{address.place} did not answer within {patience.seconds:g} s."
    told = getattr(error, "strerror", None) or str(error or "it hung up")
    said = " ".join(str(told).split())[:300] or type(error).__name__
    return f"{address.place} cannot be spoken to: {said.rstrip('.')}."
