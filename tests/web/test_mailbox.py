"""The mailbox page of local use: who sees it, what it shows, and what a letter cannot do."""

import base64
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.test import Client, RequestFactory
from django.urls import reverse

from tracker.mail.mailbox import Envelope, Mailbox
from tracker.models import User
from tracker.templatetags.letters import linked
from tracker.web.local import is_at_this_machine

from . import house

AT = datetime(2026, 3, 4, 10, 20, 30, tzinfo=UTC)
TO = Envelope("from@example.org", ("ann@example.org",))
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PAGES = ("mailbox_message", "mailbox_html", "mailbox_raw")


@pytest.fixture
def box(settings: Any, tmp_path: Path, db: None) -> Mailbox:
    settings.EMAIL_BACKEND = "tracker.mail.mailbox.EmailBackend"
    settings.MAILBOX_DIR = str(tmp_path / "mailbox")
    return Mailbox(tmp_path / "mailbox")


def letter(**more: Any) -> EmailMultiAlternatives:
    given = {"subject": "Hello", "body": "Text", "from_email": "a@b.org", "to": ["ann@example.org"]}
    return EmailMultiAlternatives(**(given | more))


def sent(box: Mailbox, message: EmailMessage | None = None) -> str:
    (message or letter()).send()
    return box.ids()[0]


def get(client: Client, name: str, *args: Any) -> str:
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    return response.content.decode()


def test_an_empty_mailbox_says_what_will_be_in_it(box: Mailbox, client: Client) -> None:
    shown = get(client, "mailbox")
    assert "No mail yet" in shown
    assert "invitations" in shown
    assert "Delete all" not in shown
    assert not box.folder.exists()


def test_a_folder_that_is_none_is_an_empty_mailbox(box: Mailbox, client: Client) -> None:
    box.folder.write_text("a file where the folder should be")
    assert "No mail yet" in get(client, "mailbox")


def test_newest_first_with_what_a_reader_looks_for(box: Mailbox, client: Client) -> None:
    box.keep(b"From: a@b.org\r\nTo: ann@example.org\r\nSubject: First\r\n\r\nx", TO, at=AT)
    message = letter(subject=f"Grüße {house.NASTY}", to=["Jürg <j@example.org>"])
    message.attach("plan.pdf", b"%PDF", "application/pdf")
    sent(box, message)
    shown = get(client, "mailbox")
    assert shown.index("Grüße") < shown.index("First")
    assert "Grüße &lt;script&gt;" in shown
    assert "<script>alert" not in shown
    assert "Jürg &lt;j@example.org&gt;" in shown
    assert "plan.pdf" in shown
    assert "Wed 4 Mar 2026, 10:20 UTC" in shown
    assert reverse("mailbox_empty") in shown


@pytest.mark.parametrize(("number", "pages"), [(50, 1), (51, 2)])
def test_fifty_to_a_page(box: Mailbox, client: Client, number: int, pages: int) -> None:
    for n in range(number):
        box.keep(b"Subject: no %d.\r\n\r\n" % n, TO, at=AT + timedelta(seconds=n))
    shown = get(client, "mailbox")
    assert shown.count("mail-row") == 50
    assert f"no {number - 1}." in shown
    assert ("Page 1 of 2" in shown) == (pages == 2)
    last = client.get(reverse("mailbox"), {"page": pages}).content.decode()
    assert "no 0." in last
    for page in ("0", "99", "x", ""):
        assert client.get(reverse("mailbox"), {"page": page}).status_code == 200


def test_a_message_is_shown_whole(box: Mailbox, client: Client) -> None:
    message = letter(
        subject="Grüße",
        body="Go to https://tracker.example.org/reset/a-b/?x=1&y=2.\n<b>Not bold</b>",
        bcc=["hidden@example.org"],
        headers={"X-Why": "You asked"},
    )
    message.attach_alternative("<p>HTML here</p>", "text/html")
    name = sent(box, message)
    shown = get(client, "mailbox_message", name)
    assert (
        '<a href="https://tracker.example.org/reset/a-b/?x=1&amp;y=2">'
        "https://tracker.example.org/reset/a-b/?x=1&amp;y=2</a>.\n&lt;b&gt;Not bold" in shown
    )
    assert "HTML here" not in shown
    assert f'src="{reverse("mailbox_html", args=[name])}"' in shown
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in shown
    assert re.search(r"<dt>Subject</dt>\s*<dd>Grüße<br><code[^>]*>=\?utf-8\?", shown)
    assert re.search(r"<dt>X-Why</dt>\s*<dd>You asked</dd>", shown)
    for header in ("Message-ID", "Date", "MIME-Version", "Content-Type"):
        assert f"<dt>{header}</dt>" in shown
    assert re.search(r"\(Bcc\), in no header</dt>\s*<dd>hidden@example.org</dd>", shown)
    assert "<dt>Bcc</dt>" not in shown


def test_a_message_without_html_has_no_frame(box: Mailbox, client: Client) -> None:
    name = sent(box)
    assert "<iframe" not in get(client, "mailbox_message", name)
    assert client.get(reverse("mailbox_html", args=[name])).status_code == 404


def test_the_letters_html_has_a_policy_of_its_own_and_nothing_else_has(
    box: Mailbox, client: Client
) -> None:
    message = letter()
    message.attach_alternative("<!DOCTYPE html><html><head></head><p>Hi</p></html>", "text/html")
    name = sent(box, message)
    response = client.get(reverse("mailbox_html", args=[name]))
    policy = dict(
        part.strip().partition(" ")[::2]
        for part in response.headers["Content-Security-Policy"].split(";")
    )
    assert policy == {
        "default-src": "'none'",
        "img-src": "data:",
        "style-src": "'unsafe-inline'",
        "form-action": "'none'",
        "base-uri": "'none'",
        "frame-ancestors": "'self'",
        "sandbox": "allow-popups allow-popups-to-escape-sandbox",
    }
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "no-store" in response.headers["Cache-Control"]
    shown = response.content.decode()
    assert shown.startswith('<!DOCTYPE html><base target="_blank"><html>')
    for other in (reverse("mailbox"), reverse("mailbox_message", args=[name]), "/"):
        response = client.get(other)
        assert response.headers["X-Frame-Options"] == "DENY"
        assert "unsafe" not in response.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
        frames = "frame-src 'self'" in response.headers["Content-Security-Policy"]
        assert frames == ("Z-" in other)


def test_pictures_that_travel_with_the_letter_are_shown(box: Mailbox, client: Client) -> None:
    from email.mime.image import MIMEImage

    message = letter()
    message.attach_alternative('<img src="cid:logo@here"><img src="cid:other">', "text/html")
    picture = MIMEImage(PNG, "png")
    picture["Content-ID"] = "<logo@here>"
    message.attach(picture)
    name = sent(box, message)
    shown = get(client, "mailbox_html", name)
    assert f'src="data:image/png;base64,{base64.b64encode(PNG).decode()}"' in shown
    assert 'src="cid:other"' in shown
    assert "1.png" in get(client, "mailbox_message", name)


@pytest.mark.parametrize(
    ("filename", "content", "kind", "header"),
    [
        ("plan.html", "<script>x</script>", "text/html", 'attachment; filename="plan.html"'),
        ("Pläne.pdf", b"%PDF\x00", "application/pdf", "filename*=utf-8''Pl%C3%A4ne.pdf"),
        ("../../etc/passwd", "x", "text/plain", 'filename=".._.._etc_passwd"'),
        ('a"; filename=b.exe', "x", "text/plain", r'filename="a\"; filename=b.exe"'),
    ],
)
def test_an_attachment_is_a_download_whatever_it_is(
    box: Mailbox, client: Client, filename: str, content: str | bytes, kind: str, header: str
) -> None:
    message = letter()
    message.attach(filename, content, kind)
    response = client.get(reverse("mailbox_attachment", args=[sent(box, message), 1]))
    assert response.status_code == 200
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert header in response.headers["Content-Disposition"]
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.content == (content.encode() if isinstance(content, str) else content)


def test_an_attached_message_is_one_attachment(box: Mailbox, client: Client) -> None:
    message = letter(subject="Outer")
    message.attach("inner.eml", letter(subject="Inner"), "message/rfc822")
    name = sent(box, message)
    shown = get(client, "mailbox_message", name)
    assert shown.count("mailbox_attachment") == 0
    assert reverse("mailbox_attachment", args=[name, 1]) in shown
    inner = client.get(reverse("mailbox_attachment", args=[name, 1])).content
    assert b"Subject: Inner" in inner
    for number in (0, 2, 10**30):
        assert client.get(f"/mailbox/{name}/attachments/{number}/").status_code == 404


def test_the_raw_message_is_text_and_byte_for_byte(box: Mailbox, client: Client) -> None:
    name = sent(box, letter(subject="Grüße", bcc=["hidden@example.org"]))
    response = client.get(reverse("mailbox_raw", args=[name]))
    assert response.content == box.get(name).content
    assert b"hidden" not in response.content
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.headers["Content-Disposition"] == f'inline; filename="{name}.eml"'


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    "name",
    [
        "none",
        "..",
        "%2e%2e%2fsecret",
        "..%2fsecret",
        "20260304T102030123456Z-0123456789abcdef",
        "20260304T102030123456Z-0123456789abcdef%0a",
        "20261304T102030123456Z-0123456789abcdef",
    ],
)
def test_no_other_file_can_be_asked_for(box: Mailbox, client: Client, page: str, name: str) -> None:
    sent(box)
    (box.folder.parent / "secret.eml").write_text("Subject: hush\n\nhush")
    response = client.get(reverse(page, args=["ID"]).replace("ID", name))
    assert response.status_code == 404
    assert b"hush" not in response.content


def test_damaged_files_show_as_such_and_break_nothing(box: Mailbox, client: Client) -> None:
    good = sent(box)
    empty, junk, cut, folder = (f"20260304T10203012345{n}Z-0123456789abcdef" for n in range(4))
    (box.folder / f"{empty}.eml").touch()
    (box.folder / f"{junk}.eml").write_bytes(bytes(range(256)) * 20)
    message = letter(subject="Cut short")
    message.attach_alternative("<p>HTML</p>", "text/html")
    whole = message.message().as_bytes()
    (box.folder / f"{cut}.eml").write_bytes(whole[:-20])
    (box.folder / f"{folder}.eml").mkdir()
    shown = get(client, "mailbox")
    assert shown.count(">damaged<") == 4
    assert shown.count("No subject") >= 2
    assert "Cut short" in shown
    assert reverse("mailbox_message", args=[good]) in shown
    for name in (empty, junk, cut, folder):
        assert "This message is damaged" in get(client, "mailbox_message", name)
    assert "Text" in get(client, "mailbox_message", cut)
    assert client.get(reverse("mailbox_raw", args=[folder])).status_code == 404
    assert client.get(reverse("mailbox_raw", args=[empty])).status_code == 200


def test_deleting_asks_first(box: Mailbox, client: Client) -> None:
    sent(box)
    sent(box)
    assert "2 messages are in the mailbox" in get(client, "mailbox_empty")
    assert len(box.ids()) == 2
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(reverse("mailbox_empty")).status_code == 403
    assert len(box.ids()) == 2
    response = client.post(reverse("mailbox_empty"), follow=True)
    assert response.redirect_chain == [(reverse("mailbox"), 302)]
    assert "2 messages were deleted." in response.content.decode()
    assert box.ids() == []


@pytest.mark.parametrize("page", ["mailbox", *PAGES])
def test_reading_pages_take_no_post(box: Mailbox, client: Client, page: str) -> None:
    args = [] if page == "mailbox" else [sent(box)]
    assert client.post(reverse(page, args=args)).status_code == 405


ELSEWHERE = [
    {"REMOTE_ADDR": "192.0.2.7"},
    {"REMOTE_ADDR": "::ffff:192.0.2.7"},
    {"REMOTE_ADDR": "10.0.0.1"},
    {"REMOTE_ADDR": ""},
    {"REMOTE_ADDR": "unix"},
    {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
    {"HTTP_FORWARDED": "for=127.0.0.1"},
    {"HTTP_X_REAL_IP": "127.0.0.1"},
    {"HTTP_VIA": "1.1 proxy"},
]


@pytest.fixture(params=["anonymous", "member"])
def visitor(request: pytest.FixtureRequest, box: Mailbox) -> Iterator[Client]:
    if request.param == "anonymous":
        yield Client()
    else:
        yield request.getfixturevalue("member")


@pytest.mark.parametrize("where", ELSEWHERE)
def test_nobody_elsewhere_sees_it_signed_in_or_not(
    box: Mailbox, visitor: Client, where: dict[str, str]
) -> None:
    message = letter(subject="Secret letter")
    message.attach_alternative("<p>Secret letter</p>", "text/html")
    message.attach("a.txt", "Secret letter", "text/plain")
    name = sent(box, message)
    addresses = [reverse("mailbox"), reverse("mailbox_empty")]
    addresses += [reverse(page, args=[name]) for page in PAGES]
    addresses.append(reverse("mailbox_attachment", args=[name, 1]))
    for address in addresses:
        response = visitor.get(address, **where)  # type: ignore[arg-type]
        assert response.status_code == 404
        assert b"Secret letter" not in response.content
        assert response.headers["X-Frame-Options"] == "DENY"
    response = visitor.post(reverse("mailbox_empty"), **where)  # type: ignore[arg-type]
    assert response.status_code == 404
    assert box.ids() == [name]
    assert b'href="/mailbox/"' not in visitor.get("/", **where).content  # type: ignore[arg-type]


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
def test_this_machine_is_known_by_each_of_its_addresses(address: str) -> None:
    assert is_at_this_machine(RequestFactory().get("/", REMOTE_ADDR=address))


def test_behind_a_proxy_nobody_is_at_this_machine(
    box: Mailbox, client: Client, settings: Any
) -> None:
    settings.IS_BEHIND_PROXY = True
    assert client.get(reverse("mailbox")).status_code == 404
    assert b'href="/mailbox/"' not in client.get("/").content


def test_without_a_mailbox_there_is_no_page_and_no_link(
    box: Mailbox, client: Client, settings: Any
) -> None:
    name = sent(box)
    settings.MAILBOX_DIR = None
    assert client.get(reverse("mailbox")).status_code == 404
    assert client.get(reverse("mailbox_message", args=[name])).status_code == 404
    assert b'href="/mailbox/"' not in client.get("/").content


def test_the_way_to_it_is_in_the_masthead_for_everybody_here(
    box: Mailbox, client: Client, member: Client, alice: User
) -> None:
    for visitor in (client, member):
        assert b'<a href="/mailbox/">Mailbox</a>' in visitor.get("/").content
        assert b'<a href="/mailbox/" aria-current="page">' in visitor.get("/mailbox/").content


def test_the_pages_ask_the_database_nothing(
    box: Mailbox, client: Client, django_assert_num_queries: Any
) -> None:
    name = sent(box)
    with django_assert_num_queries(0):
        get(client, "mailbox")
        get(client, "mailbox_message", name)


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("See https://a.org/x.", ["https://a.org/x"]),
        ("(https://a.org/x)", ["https://a.org/x"]),
        ("https://a.org/x_(y)", ["https://a.org/x_(y)"]),
        ("<https://a.org/x?a=1&b=%2F#c>", ["https://a.org/x?a=1&amp;b=%2F#c"]),
        ("HTTP://A.org/ and https://b.org?", ["HTTP://A.org/", "https://b.org"]),
        ("https://a.org/?token", ["https://a.org/?token"]),
        ("javascript:alert(1) data:text/html,x //a.org a.org", []),
        ('https://a.org/"onclick="x', ["https://a.org/"]),
        ("https://a.org/<script>", ["https://a.org/"]),
        ("http://", []),
        ("https://...", []),
    ],
)
def test_links_in_text_lead_exactly_where_they_say(text: str, links: list[str]) -> None:
    shown = linked(text)
    assert re.findall(r'<a href="([^"]*)">', shown) == links
    assert [shown_as for _, shown_as in re.findall(r'href="([^"]*)">([^<]*)<', shown)] == links
    assert "<script" not in shown
    assert re.findall(r"<(?!/?a\b)", shown) == []
