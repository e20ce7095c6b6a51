"""A letter in a real browser: shown, and shut in."""

from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from django.template import engines
from django.urls import reverse
from playwright.sync_api import ConsoleMessage, Route

from tracker.mail.mailbox import Mailbox

from .checks import problems
from .conftest import Visit, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HOSTILE = """<!DOCTYPE html>
<html lang="en"><head><title>Hostile</title>
<meta http-equiv="refresh" content="0; url=BASE/ran?refresh">
<link rel="stylesheet" href="https://remote.example/x.css">
<style>p { color: rgb(1, 2, 3); background: url(https://remote.example/x.png) }</style>
<script>console.log("ran: head"); top.location = "BASE/ran?top"; fetch("BASE/ran?fetch")</script>
<script src="BASE/static/js/countdown.js"></script></head>
<body onload="console.log('ran: onload')">
<p id="words">Come in</p>
<img src="https://remote.example/pixel.png" alt="" onerror="console.log('ran: onerror')">
<iframe src="https://remote.example/frame"></iframe>
<form action="BASE/ran?form"><button id="send">Send</button></form>
<a id="js" href="javascript:console.log('ran: link')">script</a>
<a id="top" href="BASE/ran?top" target="_top">top</a>
<a id="way" href="BASE/sign-in/?next=/">way</a>
</body></html>"""

LETTER = """{% extends "mail/base.html" %}
{% block body %}<p>Come <a href="https://example.org/">in</a>.</p>
<h2>More</h2><p class="quiet">There is more.</p><dl><dt>When</dt><dd>Now</dd></dl>
{% include "mail/button.html" with words="Accept" %}{% endblock %}
{% block why %}<p>You asked.</p>{% endblock %}"""


@pytest.fixture
def box(settings: Any, tmp_path: Path) -> Mailbox:
    settings.EMAIL_BACKEND = "tracker.mail.mailbox.EmailBackend"
    settings.MAILBOX_DIR = str(tmp_path / "mailbox")
    return Mailbox(tmp_path / "mailbox")


def sent(box: Mailbox, html: str) -> str:
    message = EmailMultiAlternatives(
        "Grüße: a letter with " + "averylongword" * 8,
        "Go to https://tracker.example.org/" + "a-long-token" * 12 + "/ soon.\n" + "line\n" * 4,
        "Tracker <tracker@example.org>",
        ["Jürg <jürg@example.org>"],
        bcc=["hidden@example.org"],
    )
    message.attach_alternative(html, "text/html")
    message.attach("plan-" * 20 + ".pdf", b"%PDF", "application/pdf")
    message.send()
    return box.ids()[0]


def letter(site: str) -> str:
    href = f"{site}/invitations/{'a-long-token' * 12}/"
    context = {"site": site, "subject": "You are invited", "href": href}
    return engines["django"].from_string(LETTER).render(context)


def watched(found: Visit) -> tuple[list[str], list[str]]:
    """What the browser went out for that is not of our pages, and what a letter's script said."""
    asked: list[str] = []
    ran: list[str] = []

    def stop(route: Route) -> None:
        asked.append(route.request.url)
        route.abort()

    def note(said: ConsoleMessage) -> None:
        if said.text.startswith("ran:"):
            ran.append(said.text)

    # What the policy stops does not come as far as a route.
    found.page.context.route(lambda url: not url.startswith(found.base) or "/ran" in url, stop)
    found.page.on("console", note)
    return asked, ran


def test_the_watch_sees_what_is_not_shut_in(visit: Visitor) -> None:
    found = visit()
    asked, ran = watched(found)
    found.page.set_content(HOSTILE.replace("BASE", found.base))
    found.page.wait_for_timeout(300)
    assert "ran: head" in ran
    assert "https://remote.example/pixel.png" in asked


def test_a_letter_runs_nothing_and_loads_nothing(visit: Visitor, box: Mailbox) -> None:
    found = visit()
    asked, ran = watched(found)
    address = reverse("mailbox_message", args=[sent(box, HOSTILE.replace("BASE", found.base))])
    found.go(address)
    page = found.page
    frame = page.frame_locator("iframe.mail-html")
    words = frame.locator("#words")
    assert words.inner_text() == "Come in"
    for name in ("#js", "#top", "#send"):
        frame.locator(name).click()
    page.wait_for_timeout(500)
    assert page.url == found.base + address
    assert words.is_visible()
    assert ran == []
    assert asked == []
    # The browser says what it stopped, and nothing else is amiss.
    stopped = ("remote.example", "Blocked", "sandboxed", "countdown.js", "has been blocked")
    assert [said for said in found.complaints if not any(one in said for one in stopped)] == []


def test_its_links_open_beside_it_and_work(visit: Visitor, box: Mailbox) -> None:
    found = visit()
    found.go(reverse("mailbox_message", args=[sent(box, HOSTILE.replace("BASE", found.base))]))
    frame = found.page.frame_locator("iframe.mail-html")
    with found.page.context.expect_page() as opened:
        frame.locator("#way").click()
    other = opened.value
    other.wait_for_load_state()
    assert other.url == f"{found.base}/sign-in/?next=/"
    other.get_by_label("E-mail").fill("alice@example.org")
    assert other.evaluate("window.opener") is None


def test_its_html_alone_is_as_shut_in(visit: Visitor, box: Mailbox) -> None:
    found = visit()
    asked, ran = watched(found)
    name = sent(box, HOSTILE.replace("BASE", found.base))
    found.go(reverse("mailbox_html", args=[name]))
    assert found.page.locator("#words").inner_text() == "Come in"
    found.page.wait_for_timeout(300)
    assert (ran, asked) == ([], [])
    assert found.page.evaluate("self.origin") == "null"


def test_the_pages_in_light_and_wide_and_in_dark_and_narrow(visit: Visitor, box: Mailbox) -> None:
    seen = []
    for found in (visit(width=1280, scheme="light"), visit(width=360, scheme="dark")):
        box.delete_all()
        found.go(reverse("mailbox"))
        seen += problems(found)
        name = sent(box, letter(found.base))
        junk = "20260304T102030123456Z-0123456789abcdef"
        (box.folder / f"{junk}.eml").write_bytes(b"\x00\xff" * 40)
        for address in (
            reverse("mailbox"),
            reverse("mailbox_empty"),
            reverse("mailbox_message", args=[name]),
            reverse("mailbox_message", args=[junk]),
        ):
            found.go(address)
            seen += problems(found)
        # By itself and not shut in, where axe could not run.
        found.page.goto("about:blank")
        found.page.set_content(letter(found.base))
        seen += problems(found)
        seen += found.complaints
    assert seen == []


def test_reading_and_deleting_without_scripts(visit: Visitor, box: Mailbox) -> None:
    found = visit(java_script_enabled=False)
    sent(box, "<p>Hello</p>")
    found.go("/")
    page = found.page
    page.get_by_role("link", name="Mailbox").click()
    page.get_by_role("link", name="Grüße").click()
    assert page.frame_locator("iframe.mail-html").locator("p").inner_text() == "Hello"
    with page.expect_download() as download:
        page.get_by_role("link", name="plan-").click()
    assert Path(download.value.path()).read_bytes() == b"%PDF"
    page.get_by_role("navigation").get_by_role("link", name="Mailbox").click()
    page.get_by_role("link", name="Delete all").click()
    page.get_by_role("button", name="Delete all").click()
    assert "One message was deleted." in page.locator(".messages").inner_text()
    assert "No mail yet" in page.locator("h2").inner_text()
