"""The guarded client against real servers that do their worst, and names that change."""

import gzip
import ipaddress
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.plugins.http import HANG, Endpoint, Steps, answer, serving
from tests.plugins.network import NetworkBlocked
from tracker.domain.addresses import networks, parse
from tracker.domain.errors import Invalid
from tracker.outside import calls, lines
from tracker.outside.errors import CutOff, Unfit, Unreachable

SHORT = 0.6


@pytest.fixture
def here(settings: Any) -> None:
    settings.OUTBOUND_NETWORKS = networks(["127.0.0.0/8"])


@pytest.fixture
def server(here: None) -> Iterator[Endpoint]:
    with serving(Endpoint()) as found:
        yield found


@pytest.fixture(autouse=True)
def _nothing_is_left_running() -> Iterator[None]:
    yield
    deadline = time.monotonic() + 2
    while any(isinstance(t, threading.Timer) for t in threading.enumerate()):
        assert time.monotonic() < deadline, "a watch goes on after its call"
        time.sleep(0.01)


def get(address: str, **how: Any) -> calls.Answer:
    return calls.get(parse(address), **how)


def named(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Name servers that say these numbers, one list after the other; whom they were asked of."""
    asked: list[str] = []

    def told(host: str, port: int, **_: Any) -> list[Any]:
        numbers = answers[min(len(asked), len(answers) - 1)]
        asked.append(host)
        return [
            (socket.AF_INET6 if ":" in n else socket.AF_INET, 1, 6, "", (n, port)) for n in numbers
        ]

    monkeypatch.setattr(socket, "getaddrinfo", told)
    return asked


def test_what_is_there_with_its_kind_and_where_it_came_from(server: Endpoint) -> None:
    server.reply = lambda n: answer(body="Слово".encode(), Content_Type="text/html; charset=utf-8")
    got = get(f"{server.address}/a?b=ä#c")
    assert (got.status, got.body.decode(), got.content_type) == (
        200,
        "Слово",
        "text/html; charset=utf-8",
    )
    assert str(got.address) == f"{server.address}/a?b=%C3%A4"
    (seen,) = server.seen
    assert (seen.method, seen.target) == ("GET", "/a?b=%C3%A4")
    assert seen.headers["host"] == f"127.0.0.1:{server.port}"
    assert seen.headers["user-agent"] == "ceasefire-tracker (+http://localhost:8000)"
    assert "cookie" not in seen.headers


def test_a_page_that_is_not_there_is_an_answer_too(server: Endpoint) -> None:
    server.reply = lambda n: answer(404, b"gone")
    assert (get(server.address).status, get(server.address).body) == (404, b"gone")


@pytest.mark.parametrize("encode", [gzip.compress, zlib.compress])
def test_what_is_packed_is_unpacked(server: Endpoint, encode: Any) -> None:
    kind = "gzip" if encode is gzip.compress else "deflate"
    server.reply = lambda n: answer(body=encode(b"word " * 1000), Content_Encoding=kind)
    assert get(server.address).body == b"word " * 1000


# --- where it leads


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "127.0.0.1.", "a.localhost", "[::1]"]
)
def test_this_machine_is_not_called_unless_an_operator_says_so(host: str) -> None:
    with serving(Endpoint()) as server:
        with pytest.raises(Invalid, match="this very machine"):
            get(f"http://{host}:{server.port}/")
        assert server.connections == 0


def test_a_name_that_leads_to_this_machine_is_not_called(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(Endpoint()) as server:
        for numbers in (["127.0.0.1"], ["::1", "10.0.0.1"], ["::ffff:127.0.0.1"], ["0.0.0.1"]):
            named(monkeypatch, numbers)
            with pytest.raises(Invalid, match=r"good\.example\.org leads to"):
                get(f"http://good.example.org:{server.port}/")
        assert server.connections == 0


def test_of_the_numbers_of_a_name_only_the_public_ones_are_called(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with serving(Endpoint()) as server:
        named(monkeypatch, ["127.0.0.1", "8.8.8.8"])
        with pytest.raises(NetworkBlocked, match=r"8\.8\.8\.8"):
            get(f"http://good.example.org:{server.port}/")
        assert server.connections == 0


def test_a_name_that_changes_its_mind_after_the_check_gains_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The connection goes to the number that was judged: the second answer is never asked for."""
    with serving(Endpoint()) as server:
        asked = named(monkeypatch, ["8.8.8.8"], ["127.0.0.1"])
        with pytest.raises(NetworkBlocked, match=r"8\.8\.8\.8"):
            get(f"http://rebound.example.org:{server.port}/")
        assert asked == ["rebound.example.org"]
        assert server.connections == 0


def test_a_name_is_judged_anew_after_each_redirect(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.OUTBOUND_NETWORKS = networks(["127.0.0.0/8"])
    with serving(Endpoint(lambda n: answer(302, Location="/next"))) as server:
        asked = named(monkeypatch, ["127.0.0.1"], ["10.0.0.1"])
        with pytest.raises(Invalid, match=r"leads to 10\.0\.0\.1, a private network"):
            get(f"http://rebound.example.org:{server.port}/")
        assert len(asked) == 2
        assert len(server.seen) == 1


def test_no_proxy_of_the_environment_is_used(
    server: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(Endpoint()) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, proxy.address)
        get(server.address)
        assert (proxy.connections, server.connections) == (0, 1)


def test_a_name_that_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(Unreachable, match=r"knows nowhere\.example\.org"):
        get("http://nowhere.example.org/")


def test_a_name_server_that_says_nothing_is_waited_for_no_longer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ended = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: ended.wait(HANG))
    began = time.monotonic()
    with pytest.raises(Unreachable, match="in time"):
        get("http://slow.example.org/", seconds=SHORT)
    assert time.monotonic() - began < SHORT + 1
    ended.set()


# --- redirects


def test_a_redirect_is_followed_and_said(server: Endpoint) -> None:
    places = ["/b?c=д".encode().decode("latin-1"), f"//127.0.0.1:{server.port}/c"]
    server.reply = lambda n: (
        answer(302, Location=places[n], Set_Cookie="a=b") if n < 2 else answer(body=b"here")
    )
    got = get(f"{server.address}/a")
    assert (str(got.address), got.body) == (f"{server.address}/c", b"here")
    assert [one.target for one in server.seen] == ["/a", "/b?c=%D0%B4", "/c"]
    assert "cookie" not in server.seen[2].headers


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("http://10.0.0.1/", "a private network"),
        ("http://[::1]/", "this very machine"),
        ("http://169.254.169.254/latest/meta-data/", "a link-local network"),
        ("http://[::ffff:169.254.169.254]/", "a link-local network"),
        ("//0x7f.1/", "a number"),
        ("file:///etc/passwd", "begins with file://"),
        ("gopher://example.org/", "begins with gopher://"),
        ("http://ann:b@127.0.0.1/", "a name or a password"),
    ],
)
def test_a_redirect_is_checked_like_any_address(server: Endpoint, place: str, said: str) -> None:
    server.reply = lambda n: answer(301, Location=place)
    with pytest.raises(Invalid, match=said):
        get(server.address)
    assert len(server.seen) == 1


def test_redirects_come_to_an_end(server: Endpoint) -> None:
    server.reply = lambda n: answer(307, Location=f"/{n}")
    with pytest.raises(Unfit, match="more than 3 times"):
        get(server.address)
    assert len(server.seen) == 4


def test_a_redirect_without_a_place_is_an_answer(server: Endpoint) -> None:
    server.reply = lambda n: answer(302)
    assert get(server.address).status == 302


# --- sizes


def chunked(*pieces: bytes, head: str = "") -> Steps:
    lead = f"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n{head}\r\n".encode()
    return [lead, *(b"%x\r\n%s\r\n" % (len(p), p) for p in pieces), b"0\r\n\r\n"]


def test_exactly_as_much_as_is_read_is_read(server: Endpoint) -> None:
    server.reply = lambda n: answer(body=b"x" * 1000)
    assert len(get(server.address, most=1000).body) == 1000
    with pytest.raises(Unfit, match="more than"):
        get(server.address, most=999)


@pytest.mark.parametrize("how", ["length", "chunked", "until it ends", "a lie"])
def test_too_much_is_not_read_to_its_end(server: Endpoint, how: str) -> None:
    """Nobody would take 2 GB from it: the server's own attempts end when we hang up."""
    piece = b"x" * 100_000
    head = b"HTTP/1.1 200 OK\r\n"
    lead = {
        "length": head + b"Content-Length: 2000000000\r\n\r\n",
        "chunked": head + b"Transfer-Encoding: chunked\r\n\r\n",
        "until it ends": head + b"\r\n",
        "a lie": head + b"Content-Length: 10, 20\r\n\r\n",
    }[how]
    if how == "chunked":
        piece = b"186a0\r\n" + piece + b"\r\n"
    server.reply = lambda n: [lead, *[piece] * 20_000]
    with pytest.raises((Unfit, CutOff)):
        get(server.address)
    assert calls.MOST == 10_000_000


def test_a_length_that_is_less_than_what_comes_is_believed_and_no_more_is_read(
    server: Endpoint,
) -> None:
    server.reply = lambda n: [b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef"]
    assert get(server.address).body == b"abc"


def test_a_little_that_unpacks_to_much_is_noticed_early(server: Endpoint) -> None:
    bomb = gzip.compress(b"\0" * 60_000_000)
    assert len(bomb) < 100_000
    server.reply = lambda n: answer(body=bomb, Content_Encoding="gzip")
    began = time.monotonic()
    with pytest.raises(Unfit, match="more than 10 MB"):
        get(server.address)
    assert time.monotonic() - began < 3


@pytest.mark.parametrize("kind", ["br", "zstd", "gzip, gzip", "deflate, gzip"])
def test_an_encoding_that_was_not_asked_for_is_refused(server: Endpoint, kind: str) -> None:
    server.reply = lambda n: answer(body=b"x", Content_Encoding=kind)
    with pytest.raises(Unfit, match="encoding"):
        get(server.address)


def test_what_is_not_what_it_says_is_refused(server: Endpoint) -> None:
    server.reply = lambda n: answer(body=b"no gzip", Content_Encoding="gzip")
    with pytest.raises(Unfit, match="decoded"):
        get(server.address)


@pytest.mark.parametrize(
    "head",
    [
        "".join(f"X-{n}: y\r\n" for n in range(200)),
        f"X: {'y' * 100_000}\r\n",
    ],
)
def test_too_many_headers_are_refused(server: Endpoint, head: str) -> None:
    server.reply = lambda n: [f"HTTP/1.1 200 OK\r\n{head}\r\n".encode()]
    with pytest.raises(Unfit, match="headers"):
        get(server.address)


# --- time


def drip(start: bytes, more: bytes) -> Steps:
    """A byte now and then, each well within any timeout of its own."""
    return [start, *[one for _ in range(200) for one in (0.1, more)]]


@pytest.mark.parametrize(
    "steps",
    [
        [HANG],
        drip(b"", b"H"),
        drip(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
        drip(b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"),
        drip(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", b"x"),
        drip(b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
        drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1"),
        drip(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", gzip.compress(b"")),
    ],
    ids=["hangs", "status", "headers", "continues", "body", "endless", "chunks", "size", "empty"],
)
def test_there_is_one_limit_to_all_of_it(server: Endpoint, steps: Steps) -> None:
    server.reply = lambda n: steps
    began = time.monotonic()
    with pytest.raises(CutOff, match=r"did not answer within 0\.6 s"):
        get(server.address, seconds=SHORT)
    assert time.monotonic() - began < SHORT + 0.5


def test_redirects_share_the_time(server: Endpoint) -> None:
    server.reply = lambda n: [0.25, *answer(302, Location=f"/{n}")]
    began = time.monotonic()
    with pytest.raises(CutOff, match="did not answer"):
        get(server.address, seconds=SHORT)
    assert time.monotonic() - began < SHORT + 0.5


def test_a_server_that_does_not_speak_tls_in_time(server: Endpoint) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.monotonic()
        with pytest.raises(Unreachable, match="did not answer"):
            get(f"https://127.0.0.1:{silent.getsockname()[1]}/", seconds=SHORT)
        assert time.monotonic() - began < SHORT + 0.5


# --- what breaks


@pytest.mark.parametrize(
    "steps",
    [
        [],
        [b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"],
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"],
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab"],
        [b"SSH-2.0-OpenSSH_9.2p1\r\n"],
    ],
    ids=["nothing", "short", "half a chunk", "no size", "no http"],
)
def test_an_answer_that_is_cut_off_is_told_from_none(server: Endpoint, steps: Steps) -> None:
    server.reply = lambda n: steps
    with pytest.raises(CutOff, match=r"http://127\.0\.0\.1:\d+ cannot be spoken to"):
        get(server.address)


def test_nobody_there_is_told_without_the_path(here: None) -> None:
    with serving(Endpoint()) as server:
        address = server.address
    with pytest.raises(Unreachable, match="Connection refused") as refusal:
        get(f"{address}/secret?token=1")
    assert "secret" not in str(refusal.value)
    assert "token" not in str(refusal.value)


# --- POST


def test_a_post_hands_over_and_follows_nothing(server: Endpoint) -> None:
    server.reply = lambda n: answer(307, Location=f"{server.address}/else")
    got = calls.post(parse(f"{server.address}/hook"), body=b"{}", headers={"X-A": "b"})
    assert got.status == 307
    (seen,) = server.seen
    assert (seen.method, seen.body, seen.headers["x-a"]) == ("POST", b"{}", "b")
    assert seen.headers["accept-encoding"] == "identity"


def test_of_what_a_post_is_answered_with_little_is_read(server: Endpoint) -> None:
    server.reply = lambda n: [b"HTTP/1.1 200 OK\r\n\r\n", *[b"x" * 100_000] * 10_000]
    got = calls.post(parse(server.address), body=b"", headers={})
    assert (got.status, len(got.body), got.is_whole) == (200, calls.MOST_OF_ANSWER, False)


# --- TLS


class Authority:
    """One that vouches for names, and is trusted while a test says so."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])
        self.file = folder / "authority.pem"
        made = self._made(self.name, self.key).add_extension(
            x509.BasicConstraints(ca=True, path_length=0), critical=True
        )
        pem = made.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        self.file.write_bytes(pem)

    def _made(self, name: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
        now = datetime.now(UTC)  # noqa: TID251 (certificates are judged by the machine's clock)
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self.name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
        )

    def server(self, *names: str, seen: list[str | None] | None = None) -> ssl.SSLContext:
        """A server's side, with a certificate for these names; ``seen``: what it is asked for."""
        key = ec.generate_private_key(ec.SECP256R1())
        alternatives: list[x509.GeneralName] = []
        for name in names:
            try:
                alternatives.append(x509.IPAddress(ipaddress.ip_address(name)))
            except ValueError:
                alternatives.append(x509.DNSName(name))
        made = self._made(x509.Name([]), key).add_extension(
            x509.SubjectAlternativeName(alternatives), critical=True
        )
        pem = made.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        secret = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        file = self.folder / "server.pem"
        file.write_bytes(pem + secret)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        if seen is not None:
            context.sni_callback = lambda _line, name, _context: seen.append(name)
        return context


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, here: None) -> Iterator[Authority]:
    found = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(found.file))
    lines._authorities.cache_clear()
    yield found
    lines._authorities.cache_clear()


def test_tls_asks_for_the_name_and_believes_its_certificate_alone(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name leads to a number of this machine; the certificate is the name's."""
    named(monkeypatch, ["127.0.0.1"])
    asked: list[str | None] = []
    good = authority.server("hooks.example.org", seen=asked)
    with serving(Endpoint(lambda n: answer(body=b"sealed")), tls=good) as server:
        got = get(f"https://hooks.example.org.:{server.port}/a")
        assert got.body == b"sealed"
        assert asked == ["hooks.example.org"]
        assert server.seen[0].headers["host"] == f"hooks.example.org:{server.port}"
        with pytest.raises(Unreachable, match="CERTIFICATE_VERIFY_FAILED"):
            get(f"https://other.example.org:{server.port}/a")
        assert len(server.seen) == 1


def test_a_number_has_a_certificate_of_its_own(authority: Authority) -> None:
    with serving(Endpoint(), tls=authority.server("127.0.0.1")) as server:
        assert get(f"https://127.0.0.1:{server.port}/").status == 200
    with (
        serving(Endpoint(), tls=authority.server("example.org")) as server,
        pytest.raises(Unreachable, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        get(f"https://127.0.0.1:{server.port}/")


def test_whom_nobody_vouches_for_is_told_nothing(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = authority.server("127.0.0.1")
    monkeypatch.delenv("SSL_CERT_FILE")
    lines._authorities.cache_clear()
    with (
        serving(Endpoint(), tls=context) as server,
        pytest.raises(Unreachable, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        calls.post(parse(f"https://127.0.0.1:{server.port}/"), body=b"word", headers={})
    assert server.seen == []


def test_time_is_limited_within_tls_too(authority: Authority) -> None:
    context = authority.server("127.0.0.1")
    slow = drip(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", b"x")
    with serving(Endpoint(lambda n: slow), tls=context) as server:
        began = time.monotonic()
        with pytest.raises(CutOff, match="did not answer"):
            get(f"https://127.0.0.1:{server.port}/", seconds=SHORT)
        assert time.monotonic() - began < SHORT + 0.5
