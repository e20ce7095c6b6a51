"""The guarded client: GET and POST to addresses that people gave. Nothing else calls outside.

Each address, and each that it redirects to, is checked where it leads (lines.py). An answer is read
up to a size, counted after it is decoded, and for so many seconds in all. Nothing is kept between
two calls: no connection, no cookie. Must not live here: what an answer means.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException, LineTooLong
from urllib.parse import urljoin

from django.conf import settings
from urllib3 import HTTPHeaderDict
from urllib3.exceptions import DecodeError, HTTPError
from urllib3.response import HTTPResponse

from tracker.domain import addresses
from tracker.domain.addresses import Address
from tracker.domain.errors import DomainError
from tracker.domain.sentences import _

from .errors import CutOff, Unfit, Unreachable
from .lines import Patience, connected, cut_off

SECONDS = 15.0
MOST = 10_000_000  # bytes of a body, decoded
MOST_OF_ANSWER = 64_000  # of what a POST is answered with: its status is what counts
MOST_REDIRECTS = 3
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PIECE = 65_536
ENCODINGS = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})


@dataclass(frozen=True, slots=True)
class Answer:
    """``address``: the one that answered, after redirects. ``is_whole``: no more was there."""

    address: Address
    status: int
    headers: HTTPHeaderDict
    body: bytes
    is_whole: bool = True

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "")


def get(address: Address, *, seconds: float = SECONDS, most: int = MOST) -> Answer:
    """What is there, whatever its status; redirects are followed.

    Raises Invalid for an address that leads where it must not, Unreachable, CutOff, and Unfit for
    an answer of more than ``most`` bytes.
    """
    patience = Patience(seconds)
    try:
        for _hop in range(MOST_REDIRECTS + 1):
            headers = {"Accept": "*/*", "Accept-Encoding": "gzip"}
            answer = _once("GET", address, None, headers, most, patience)
            place = answer.headers.get("location", "")
            if answer.status not in REDIRECTS or not place:
                if not answer.is_whole:
                    raise _too_large(address, most)
                return answer
            address = _onwards(address, place)
        raise Unfit(
            _(
                "It redirects more than {most_redirects} times, the last time to {place}.",
                most_redirects=MOST_REDIRECTS,
                place=address.place,
            ),
            mend=_("Give the address that it leads to in the end."),
        )
    finally:
        patience.end()


def post(
    address: Address,
    *,
    body: bytes,
    headers: Mapping[str, str],
    seconds: float = SECONDS,
) -> Answer:
    """Hand something over. Redirects are not followed: the answer says that there was one.

    Raises Invalid and Unreachable when nothing was sent, CutOff and Unfit when something was.
    """
    patience = Patience(seconds)
    try:
        given = {"Accept-Encoding": "identity", **headers}
        return _once("POST", address, body, given, MOST_OF_ANSWER, patience)
    finally:
        patience.end()


def _once(
    method: str,
    address: Address,
    body: bytes | None,
    headers: Mapping[str, str],
    most: int,
    patience: Patience,
) -> Answer:
    addresses.check(address, settings.OUTBOUND_NETWORKS)
    connection = connected(address, settings.OUTBOUND_NETWORKS, patience)
    agent = {"User-Agent": f"ceasefire-tracker (+{settings.SITE_URL})", "Connection": "close"}
    try:
        connection.request(
            method, address.target, body=body, headers={**agent, **headers}, preload_content=False
        )
        response = connection.getresponse()
        try:
            return _read(response, address, most, patience)
        finally:
            response.close()
    except DomainError:
        raise
    except DecodeError as error:
        raise Unfit(f"{address.place} sends what cannot be decoded.") from error
    except (HTTPError, HTTPException, OSError, ValueError) as error:
        # http.client stops at a hundred headers, and at lines of 64 kB.
        if type(error) is HTTPException or isinstance(error, LineTooLong):
            raise Unfit(f"{address.place} sends more headers than anybody needs.") from error
        raise cut_off(address, error, patience) from error
    finally:
        connection.close()


def _read(response: HTTPResponse, address: Address, most: int, patience: Patience) -> Answer:
    if response.status in REDIRECTS:
        return Answer(address, response.status, response.headers, b"")
    if response.headers.get("content-encoding", "").strip().lower() not in ENCODINGS:
        raise Unfit(f"{address.place} answers in an encoding that was not asked for.")
    read, is_whole = _body(response, most)
    if patience.is_over:  # an end without a length looks like any other
        raise cut_off(address, None, patience)
    return Answer(address, response.status, response.headers, read, is_whole)


def _body(response: HTTPResponse, most: int) -> tuple[bytes, bool]:
    """At most so many bytes, and whether that was all. What Content-Length says is not relied on.

    A piece is decoded up to its own size only, so that a little that unfolds to much is noticed.
    """
    read = bytearray()
    while len(read) <= most:
        piece = response.read(PIECE, decode_content=True)
        if not piece:
            return bytes(read), True
        read += piece
    return bytes(read[:most]), False


def _onwards(address: Address, place: str) -> Address:
    """Where a redirect leads; headers are bytes, and many write UTF-8 into them."""
    with suppress(UnicodeError):
        place = place.encode("latin-1").decode()
    return addresses.parse(urljoin(str(address), place.strip()))


def _too_large(address: Address, most: int) -> Unfit:
    return Unfit(
        f"{address.place} sends more than {most // 1_000_000 or 1} MB.",
        mend=_("Give the address of the text alone, or paste the text."),
    )


__all__ = ["Answer", "CutOff", "Unfit", "Unreachable", "get", "post"]
