"""A source in a browser: fetched, looked over, entered, fetched again; a file; without scripts."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.documents.files import ARTICLE, PLEDGE, pdf
from tests.plugins.http import Endpoint, answer, serving
from tracker.domain.addresses import networks
from tracker.models import Source

from .checks import problems, sign_in
from .conftest import Visit, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NEW = "/dossiers/shut/facts/source/new/"
TITLE = "Joint statement on the river truce"


@pytest.fixture
def server(settings: Any) -> Iterator[Endpoint]:
    settings.OUTBOUND_NETWORKS = networks(["127.0.0.0/8"])
    with serving(Endpoint()) as found:
        serve(found, ARTICLE)
        yield found


def serve(server: Endpoint, body: str) -> None:
    server.reply = lambda n: answer(body=body.encode(), Content_Type="text/html; charset=utf-8")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def choose(page: Page, name: str, content: bytes) -> None:
    chosen: Any = {"name": name, "mimeType": "application/pdf", "buffer": content}
    page.locator("#id_file").set_input_files(chosen)


def fetch(found: Visit, server: Endpoint) -> Page:
    page = found.page
    found.go(NEW)
    page.get_by_label("Address").fill(f"{server.address}/truce")
    press(page, "Fetch it")
    expect(page.locator("#h-filled")).to_contain_text("characters of text")
    return page


@pytest.mark.parametrize(
    ("width", "scheme", "scripts"),
    [(1280, "light", True), (360, "dark", True), (1280, "light", False)],
)
def test_from_an_address_to_a_second_version(
    visit: Visitor, server: Endpoint, width: int, scheme: str, scripts: bool
) -> None:
    found = visit(width=width, scheme=scheme, java_script_enabled=scripts)
    seen: list[str] = []

    def look() -> None:
        seen.extend(problems(found) if scripts else [])

    sign_in(found)
    page = fetch(found, server)
    expect(page.locator("#id_title")).to_have_value(TITLE)
    assert PLEDGE in page.locator("#id_snapshot").input_value()
    look()
    page.get_by_label("Kind").select_option("statement")
    press(page, "Enter it")
    expect(page.locator("h1")).to_have_text(TITLE)
    look()
    press(page, "Fetch it again")
    expect(page.locator("#messages")).to_contain_text("Nothing was entered.")
    assert Source.objects.filter(title=TITLE).count() == 1
    serve(server, ARTICLE.replace("for ten days", "for twelve days"))
    press(page, "Fetch it again")
    expect(page.locator("#h-beside")).to_be_visible()
    expect(page.locator(".changes ins")).to_contain_text("twelve")
    look()
    press(page, "Enter it")
    expect(page.locator("#h-versions")).to_contain_text("2")
    look()
    page.get_by_role("link", name="What changed").click()
    expect(page.locator(".changes del")).to_contain_text("ten")
    look()
    page.get_by_role("link", name=TITLE).nth(1).click()
    expect(page.locator("#h-newer")).to_be_visible()
    look()
    assert seen + found.complaints == []
    assert Source.objects.filter(title=TITLE).count() == 2


def test_what_was_fetched_outlives_a_reload_and_going_back(
    visit: Visitor, server: Endpoint
) -> None:
    found = visit()
    sign_in(found)
    page = fetch(found, server)
    found.go(NEW)
    expect(page.locator(".draft-shown")).to_be_visible()
    assert PLEDGE in page.locator("#id_snapshot").input_value()
    page.get_by_label("Kind").select_option("statement")
    press(page, "Enter it")
    expect(page.locator("h1")).to_have_text(TITLE)
    assert Source.objects.get(title=TITLE).file_name == "truce.html"
    assert found.complaints == []


def test_enter_within_a_field_enters_and_fetches_nothing(visit: Visitor, server: Endpoint) -> None:
    found = visit()
    page = found.page
    sign_in(found)
    found.go(NEW)
    page.get_by_label("Kind").select_option("statement")
    page.locator("#id_public").fill("2026-03-01 UTC")
    page.get_by_label("Address").fill(f"{server.address}/truce")
    page.locator("#id_title").fill("A letter")
    page.locator("#id_title").press("Enter")
    expect(page.locator("h1")).to_have_text("A letter")
    assert server.seen == []
    assert found.complaints == []


def test_five_megabytes_are_pasted_at_once(visit: Visitor) -> None:
    """With dir=auto a browser looks for the direction of each of the lines, for minutes."""
    found = visit()
    sign_in(found)
    found.go(NEW)
    field = found.page.locator("#id_snapshot")
    text = "The parties halt fire for 30 days, they said once more.\n" * 95_000
    taken = field.evaluate(
        """(field, text) => {
            const before = performance.now();
            field.value = text;
            field.dispatchEvent(new Event("input", { bubbles: true }));
            return field.scrollHeight && performance.now() - before;
        }""",
        text,
    )
    assert taken < 30_000
    assert field.evaluate("(field) => getComputedStyle(field).unicodeBidi") == "plaintext"


@pytest.mark.parametrize("scripts", [True, False])
def test_a_file_is_read_refused_and_saved(visit: Visitor, scripts: bool) -> None:
    found = visit(width=360, java_script_enabled=scripts)
    page = found.page
    sign_in(found)
    found.go(NEW)
    page.locator("#id_title").fill("Typed before")
    choose(page, "truce.pdf", b"PK\x03\x04 a Word file")
    press(page, "Read it")
    expect(page.locator(".error-summary")).to_contain_text("Save it as PDF")
    expect(page.locator("#id_title")).to_have_value("Typed before")
    seen = problems(found) if scripts else []
    choose(page, "truce.pdf", pdf(PLEDGE, title="Another title"))
    press(page, "Read it")
    expect(page.locator("#h-filled")).to_be_visible()
    expect(page.locator("#id_snapshot")).to_have_value(PLEDGE)
    expect(page.locator("#id_title")).to_have_value("Typed before")
    expect(page.locator(".filled")).to_contain_text("what was typed stays")
    seen += problems(found) if scripts else []
    page.get_by_label("Kind").select_option("report")
    page.locator("#id_public").fill("2026-03-01 UTC")
    press(page, "Enter it")
    expect(page.locator("h1")).to_have_text("Typed before")
    with page.expect_download() as saved:
        page.get_by_role("link", name="truce.pdf").click()
    assert saved.value.suggested_filename == "truce.pdf"
    assert saved.value.path().read_bytes() == pdf(PLEDGE, title="Another title")
    assert seen + found.complaints == []
