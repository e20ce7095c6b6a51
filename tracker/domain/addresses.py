"""Which web addresses this register calls on its own: what one says, and what it may lead to.

Pure: no name is looked up here. Must not live here: connecting (outside/lines.py).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import quote, urlsplit

from .errors import Invalid
from .sentences import _, joined

IP = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
PORTS = {"http": 80, "https": 443}
LONGEST = 2000
LONGEST_HOST = 253
WIDEST = 7  # bits: what is shorter names more than any private network holds
LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
# What IDNA 2003, which Python has, maps to other names than IDNA 2008, which registries follow.
AMBIGUOUS = frozenset("ßς\u200c\u200d")
KEPT = "/%:@!$&'()*+,;=~-._?"
HERE: tuple[IP, ...] = (IPv4Address("127.0.0.1"), IPv6Address("::1"))
OPEN_TO_ALL = _("Give an address that everybody on the internet can reach.")
BY_OPERATOR = _("Whoever runs this instance can allow a network in TRACKER_OUTBOUND_NETWORKS.")
# IANA's special-purpose registries: not reachable from everywhere, or not meant to be called.
NOT_PUBLIC: tuple[tuple[str, str], ...] = (
    ("0.0.0.0/8", "this very machine"),
    ("10.0.0.0/8", "a private network"),
    ("100.64.0.0/10", "a network shared behind a provider"),
    ("127.0.0.0/8", "this very machine"),
    ("168.63.129.16/32", "the host that a cloud machine runs on"),
    ("169.254.0.0/16", "a link-local network"),
    ("172.16.0.0/12", "a private network"),
    ("192.0.0.0/24", "a network reserved for protocols"),
    ("192.0.2.0/24", "a network for examples"),
    ("192.88.99.0/24", "a relay of 6to4"),
    ("192.168.0.0/16", "a private network"),
    ("198.18.0.0/15", "a network for measurements"),
    ("198.51.100.0/24", "a network for examples"),
    ("203.0.113.0/24", "a network for examples"),
    ("224.0.0.0/4", "a multicast group"),
    ("240.0.0.0/4", "a reserved network"),
    ("::/128", "this very machine"),
    ("::1/128", "this very machine"),
    ("2001::/32", "a Teredo tunnel"),
    ("2001::/23", "a network reserved for protocols"),
    ("2001:db8::/32", "a network for examples"),
    ("2002::/16", "a 6to4 tunnel"),
    ("3fff::/20", "a network for examples"),
    ("fc00::/7", "a private network"),
    ("fe80::/10", "a link-local network"),
    ("ff00::/8", "a multicast group"),
)
REFUSED = tuple((ip_network(network), what) for network, what in NOT_PUBLIC)
GLOBAL_6 = IPv6Network("2000::/3")
NAT64 = IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Address:
    """A web address, read once; nothing else ever reads its text again.

    ``host``: lower case, ASCII, without a dot at its end; of an IPv6 address without brackets.
    ``target``: path and query, as they go into the request.
    """

    scheme: str
    host: str
    port: int
    target: str

    @property
    def literal(self) -> IP | None:
        """The number that the host is, where it is no name."""
        try:
            return ip_address(self.host)
        except ValueError:
            return None

    @property
    def place(self) -> str:
        """Scheme, host and port. What follows may be a secret and is not for logs."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + (
            "" if self.port == PORTS[self.scheme] else f":{self.port}"
        )

    def __str__(self) -> str:
        return self.place + self.target


def parse(text: str, *, field: str = "address") -> Address:
    """What a web address says. Raises Invalid, on ``field``, for one that is never called."""
    given = text.strip()
    too_long = Invalid(
        _("The address is longer than {longest} characters.", longest=LONGEST), field=field
    )
    if len(given) > LONGEST:
        raise too_long
    if any(c.isspace() or not c.isprintable() or c == "\\" for c in given):
        raise Invalid(
            _("The address has a blank, a backslash or an invisible character in it."),
            field=field,
            mend=_("Take it out, or write it as %20 or %5C."),
        )
    try:
        parts = urlsplit(given)
        port, name = parts.port, parts.hostname or ""
    except ValueError:
        raise Invalid(
            _("The address cannot be read."),
            field=field,
            mend=_("Such as https://example.org/path."),
        ) from None
    scheme = parts.scheme.lower()
    if scheme not in PORTS:
        raise Invalid(
            _("The address begins with {value}://.", value=scheme or "nothing")
            if "://" in given
            else _("The address does not begin with https:// or http://."),
            field=field,
            mend=_("It must begin with https:// or http://."),
        )
    if "[" in parts.netloc and ":" not in name:
        raise Invalid(_("[{name}] is no IPv6 address.", name=name), field=field)
    if "@" in parts.netloc:
        raise Invalid(
            _("The address has a name or a password before its host."),
            field=field,
            mend=_("Leave out what stands before the @."),
        )
    if port == 0:
        raise Invalid(
            _("There is no port 0."), field=field, mend=_("Leave it out, or give another.")
        )
    target = quote(parts.path or "/", safe=KEPT.replace("?", ""))
    if parts.query:
        target += "?" + quote(parts.query, safe=KEPT + "/")
    address = Address(scheme, _host(name, field), port or PORTS[scheme], target)
    if len(str(address)) > LONGEST:  # other letters than ASCII take more room
        raise too_long
    return address


def check(address: Address, allowed: Iterable[Network] = (), *, field: str = "address") -> None:
    """Refuse what can be told without looking its name up. Raises Invalid on ``field``."""
    literal = address.literal
    numbers: tuple[IP, ...] = (literal,) if literal is not None else ()
    if address.host == "localhost" or address.host.endswith(".localhost"):
        numbers = HERE
    found = {number: why_not(number, allowed) for number in numbers}
    if found and all(found.values()):
        number, why = next(iter(found.items()))
        raise not_public(address.host, number, why, field=field)


def not_public(host: str, number: IP, why: str, *, field: str = "address") -> Invalid:
    """The refusal of a host for the number that it has."""
    if host == str(number):
        said = _("{host} is {why}.", host=host, why=why)
    else:
        said = _("{host} leads to {number}, {why}.", host=host, number=number, why=why)
    return Invalid(said, field=field, mend=joined(OPEN_TO_ALL, BY_OPERATOR))


def why_not(number: IP, allowed: Iterable[Network] = ()) -> str:
    """What a number is that may not be called; blank: it may.

    One that hides another (IPv4 in IPv6, or behind NAT64) is what it hides.
    """
    number = _unhidden(number)
    if any(number in network for network in allowed if network.version == number.version):
        return ""
    for network, what in REFUSED:
        if network.version == number.version and number in network:
            return what
    if isinstance(number, IPv6Address) and number not in GLOBAL_6:
        return "an address that is not for the whole internet"
    return ""


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Networks as an operator names them. Raises Invalid with the one that is none."""
    found: list[Network] = []
    for text in texts:
        try:
            network = ip_network(text)
        except ValueError:
            raise Invalid(
                _("{text!r} is no network.", text=text),
                mend=_("Write it as 10.1.0.0/16 or fd00:1::/32."),
            ) from None
        if network.prefixlen < WIDEST:
            raise Invalid(
                _("{text} names too much.", text=text), mend=_("Name the networks that are yours.")
            )
        found.append(network)
    return tuple(found)


def _unhidden(number: IP) -> IP:
    if isinstance(number, IPv6Address):
        if number.ipv4_mapped is not None:
            return number.ipv4_mapped
        if number in NAT64:
            return IPv4Address(int(number) & 0xFFFF_FFFF)
    return number


def _host(name: str, field: str) -> str:
    """A host as it is looked up and named to its server."""
    if not name:
        raise Invalid(
            _("The address names no host."), field=field, mend=_("Such as https://example.org.")
        )
    if ":" in name:
        try:
            number = IPv6Address(name)
        except ValueError:
            number = None
        if number is None or number.scope_id:
            raise Invalid(_("[{name}] is no IPv6 address.", name=name), field=field)
        return str(number)
    host = _ascii(name, field)
    labels = host.removesuffix(".").split(".")
    if len(host) > LONGEST_HOST or not all(LABEL.fullmatch(label) for label in labels):
        raise Invalid(
            _("“{name}” is no name of a host.", name=name[:100]),
            field=field,
            mend=_("Names are made of letters, digits, hyphens and dots."),
        )
    if labels[-1].isdecimal() or re.fullmatch(r"0x[0-9a-f]*", labels[-1]):
        try:
            return str(IPv4Address(".".join(labels)))
        except ValueError:  # 127.1, 0177.0.0.1, 2130706433: systems differ in what they are
            raise Invalid(
                _("“{name}” is a number, and not written as an IP address.", name=name),
                field=field,
                mend=_("Write four numbers from 0 to 255, or a name."),
            ) from None
    return ".".join(labels)


def _ascii(name: str, field: str) -> str:
    """A name as the name servers know it: in lower case, other letters than ASCII as xn--."""
    try:
        if len(name) > LONGEST_HOST or not AMBIGUOUS.isdisjoint(name):
            raise UnicodeError
        return name.lower() if name.isascii() else name.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise Invalid(
            _(
                "“{name}” cannot be turned into a name that name servers know for sure.",
                name=name[:100],
            ),
            field=field,
            mend=_("Write it in its ASCII form, with xn--."),
        ) from None
