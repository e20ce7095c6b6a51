"""Web addresses: what may be called, however it is written, and what a refusal says."""

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.addresses import GLOBAL_6, NAT64, check, networks, parse, why_not
from tracker.domain.errors import Invalid


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("https://example.org", "https://example.org/"),
        (" HTTPS://Example.ORG./a ", "https://example.org/a"),
        ("http://example.org:80/?q=a b".replace(" ", "%20"), "http://example.org/?q=a%20b"),
        ("http://example.org:8080/a/b?c=d/e?f#g", "http://example.org:8080/a/b?c=d/e?f"),
        ("https://münchen.de/ä?ö", "https://xn--mnchen-3ya.de/%C3%A4?%C3%B6"),
        ("https://пример.испытание/", "https://xn--e1afmkfd.xn--80akhbyknj4f/"),
        ("https://_a.example.org/", "https://_a.example.org/"),
        ("http://8.8.8.8./", "http://8.8.8.8/"),
        ("http://[2606:4700:0::1111]:8/x", "http://[2606:4700::1111]:8/x"),
        ("http://[64:ff9b::8.8.8.8]/", "http://[64:ff9b::808:808]/"),
    ],
)
def test_an_address_is_read_once_into_one_form(given: str, read: str) -> None:
    address = parse(given)
    check(address)
    assert str(address) == read
    assert parse(str(address)) == address


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("", "does not begin with https://"),
        ("example.org", "does not begin with https://"),
        ("javascript:alert(1)", "does not begin with https://"),
        ("//example.org/", "does not begin with https://"),
        ("ftp://example.org/", "begins with ftp://"),
        ("file:///etc/passwd", "begins with file://"),
        ("http://ann:secret@example.org/", "a name or a password"),
        ("http://example.org@127.0.0.1/", "a name or a password"),
        ("http://@example.org/", "a name or a password"),
        ("http:///path", "names no host"),
        ("http://:80/", "names no host"),
        ("http://example.org:0/", "no port 0"),
        ("http://example.org:70000/", "cannot be read"),
        ("http://example.org:eighty/", "cannot be read"),
        ("http://exa mple.org/", "a blank"),
        ("http://example.org\t/", "a blank"),
        ("http://example.org/\r\nHost:x", "a blank"),
        ("http:\\\\example.org", "a backslash"),
        ("http://example.org\\@127.0.0.1/", "a backslash"),
        ("http://a\u202eb.org/", "an invisible character"),
        ("http://a..b/", "no name of a host"),
        ("http://-a.org/", "no name of a host"),
        ("http://a.org../", "no name of a host"),
        ("http://%31%32%37.0.0.1/", "no name of a host"),
        ("http://a,b/", "no name of a host"),
        (f"http://{'a' * 64}.org/", "no name of a host"),
        (f"http://{'a.' * 130}org/", "cannot be turned into a name"),
        (f"http://example.org/{'a' * 2000}", "longer than 2000"),
        (f"http://example.org/{'ä' * 1000}", "longer than 2000"),
        ("https://faß.de/", "cannot be turned into a name"),
        ("http://[::1", "cannot be read"),
        ("http://[fe80::1%25eth0]/", "no IPv6 address"),
        ("http://[fe80::1%eth0]/", "no IPv6 address"),
        ("http://[v1.x]/", "no IPv6 address"),
        ("http://2130706433/", "a number"),
        ("http://0177.0.0.1/", "a number"),
        ("http://0x7f.0x0.0x0.0x1/", "a number"),
        ("http://0x7f000001/", "a number"),
        ("http://127.1/", "a number"),
        ("http://127.0.0.256/", "a number"),
        ("http://1.2.3.4.5/", "a number"),
    ],
)
def test_what_is_no_address_is_refused_with_what_is_wrong(given: str, said: str) -> None:
    with pytest.raises(Invalid) as refusal:
        parse(given, field="place")
    assert said in refusal.value.message
    assert refusal.value.field == "place"


@pytest.mark.parametrize(
    ("host", "what"),
    [
        ("127.0.0.1", "this very machine"),
        ("127.255.0.9", "this very machine"),
        ("0.0.0.0", "this very machine"),  # noqa: S104 (an address to be refused)
        ("localhost", "this very machine"),
        ("LOCALHOST.", "this very machine"),
        ("a.localhost", "this very machine"),
        ("ⓛocalhost", "this very machine"),
        ("１２７.0.0.1", "this very machine"),
        ("127。0。0。1", "this very machine"),
        ("[::1]", "this very machine"),
        ("[::]", "this very machine"),
        ("[::ffff:127.0.0.1]", "this very machine"),
        ("[::ffff:7f00:1]", "this very machine"),
        ("[64:ff9b::10.0.0.1]", "a private network"),
        ("[64:ff9b:1::8.8.8.8]", "not for the whole internet"),
        ("[::127.0.0.1]", "not for the whole internet"),
        ("[2002:7f00:1::]", "a 6to4 tunnel"),
        ("[2002:808:808::]", "a 6to4 tunnel"),
        ("[2001:0:808:808::]", "a Teredo tunnel"),
        ("10.9.8.7", "a private network"),
        ("172.16.0.1", "a private network"),
        ("172.31.255.255", "a private network"),
        ("192.168.1.1", "a private network"),
        ("[fd00:ec2::254]", "a private network"),
        ("169.254.169.254", "a link-local network"),
        ("[fe80::1]", "a link-local network"),
        ("[fec0::1]", "not for the whole internet"),
        ("100.64.0.1", "shared behind a provider"),
        ("100.127.255.255", "shared behind a provider"),
        ("168.63.129.16", "the host that a cloud machine runs on"),
        ("192.0.0.192", "reserved for protocols"),
        ("192.0.2.1", "for examples"),
        ("198.51.100.1", "for examples"),
        ("203.0.113.1", "for examples"),
        ("[2001:db8::1]", "for examples"),
        ("198.19.0.1", "for measurements"),
        ("224.0.0.1", "a multicast group"),
        ("[ff02::1]", "a multicast group"),
        ("240.0.0.1", "a reserved network"),
        ("255.255.255.255", "a reserved network"),
    ],
)
def test_what_is_not_reachable_from_everywhere_is_refused(host: str, what: str) -> None:
    with pytest.raises(Invalid, match=what) as refusal:
        check(parse(f"http://{host}/"))
    assert "TRACKER_OUTBOUND_NETWORKS" in refusal.value.mend


@pytest.mark.parametrize("just_outside", ["9.255.255.255", "11.0.0.0", "100.63.255.255",
    "100.128.0.0", "126.255.255.255", "128.0.0.0", "169.253.255.255", "172.15.255.255",
    "172.32.0.0", "192.167.255.255", "198.17.255.255", "198.20.0.0", "223.255.255.255",
    "2001:200::", "2606:4700::1111"])  # fmt: skip
def test_its_neighbours_are_not(just_outside: str) -> None:
    assert why_not(ip_address(just_outside)) == ""


def test_an_operator_opens_a_network_and_no_other() -> None:
    allowed = networks(["10.1.0.0/16", "fd00:1::/32"])
    for host in ("10.1.2.3", "[::ffff:10.1.2.3]", "[64:ff9b::10.1.2.3]", "[fd00:1::1]"):
        check(parse(f"http://{host}/"), allowed)
    for host in ("10.2.0.1", "127.0.0.1", "[fd00:2::1]", "localhost"):
        with pytest.raises(Invalid):
            check(parse(f"http://{host}/"), allowed)
    check(parse("http://localhost/"), networks(["127.0.0.0/8"]))


@pytest.mark.parametrize(
    "wrong", ["10.1.0.1/16", "10.1", "all", "10.0.0.0/33", "0.0.0.0/0", "::/0"]
)
def test_an_operator_s_slip_is_refused(wrong: str) -> None:
    with pytest.raises(Invalid):
        networks([wrong])


@given(st.ip_addresses(v=4))
def test_what_python_calls_private_is_never_called(number: object) -> None:
    """Ours may refuse more: what is public by name only."""
    found = ip_address(str(number))
    if not found.is_global or found.is_multicast:
        assert why_not(found)
        assert why_not(ip_address(f"::ffff:{found}"))
        assert why_not(ip_address(int(NAT64.network_address) + int(found)))
    if not why_not(found):
        assert found.is_global


@given(st.ip_addresses(v=6))
def test_nor_is_any_of_the_newer_kind(number: object) -> None:
    found = ip_address(str(number))
    if not why_not(found):
        assert found in GLOBAL_6 or found.ipv4_mapped or found in NAT64  # type: ignore[union-attr]


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    for given_text in (text, f"http://{text}", f"https://{text}.org/{text}"):
        try:
            address = parse(given_text)
        except Invalid:
            continue
        assert str(address).isascii()
        assert parse(str(address)) == address
