"""Every page in Chromium: the policy kept, nothing for axe to find, no script needed."""

import re
from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.web import house

from .conftest import Visit, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = (
    "/",
    "/?at=2025-04-10",
    "/?at=2010-01-01",
    "/?at=tomorrow",
    "/dossiers/russia-ukraine-2025/",
    "/dossiers/minsk-ii-2015/?known=2100-01-01",
    "/pledges/UA-ENERGY-RU/",
    "/pledges/UA-ENERGY-RU/?at=2025-04-10",
    "/pledges/LB-WITHDRAW-IL/",
    "/pledges/MINSK2-WEAPONS-UA/",
    "/pledges/PRACTICE-12/",
    "/parties/russia/",
    "/sources/russia-ukraine-2025/kremlin-18-march/",
    "/sign-in/",
    "/sign-out/",
    "/no/such/page/",
)
MEMBERS = ("/", "/dossiers/shut/", "/pledges/SHUT-HALT/", "/sources/shut/readout/", "/sign-out/")
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}


def problems(found: Visit) -> list[str]:
    """What axe finds, and how far the page reaches beyond its window."""
    page = found.page
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    seen = [
        f"{page.url}: {one['id']}: {one['nodes'][0]['html'][:120]}"
        for one in Axe().run(page, options=RULES).response["violations"]
    ]
    excess = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    if excess > 0:
        seen.append(f"{page.url}: {excess} px too wide")
    return seen


def sign_in(found: Visit) -> None:
    found.go("/sign-in/?next=/dossiers/shut/")
    found.page.get_by_label("E-mail").fill("alice@example.org")
    found.page.get_by_label("Password").fill(house.PASSWORD)
    found.page.get_by_role("button", name="Sign in", exact=True).click()
    found.page.wait_for_url("**/dossiers/shut/")


def test_every_page_in_light_and_wide_and_in_dark_and_narrow(visit: Visitor) -> None:
    seen = []
    for found in (visit(width=1280, scheme="light"), visit(width=360, scheme="dark")):
        for path in PAGES:
            found.go(path)
            seen += problems(found)
        sign_in(found)
        for path in MEMBERS:
            found.go(path)
            seen += problems(found)
        seen += found.complaints
    assert seen == []


def test_all_works_without_scripts(visit: Visitor) -> None:
    found = visit(java_script_enabled=False)
    found.go("/")
    page = found.page
    assert re.search(r"\d h \d+ min left", page.locator("#band-24h").inner_text())
    page.get_by_role("link", name="Russia halts strikes").first.click()
    assert "Why this date?" in page.locator("#readings").inner_text()
    page.locator("summary", has_text="Why this date?").first.click()
    assert page.locator("#readings details[open] .steps").first.is_visible()
    page.get_by_label("Show this page as it stood on").fill("2025-04-10")
    page.get_by_role("button", name="Show").click()
    assert "As it stood" in page.locator(".moment-banner").inner_text()
    assert "In force" in page.locator(".answer").inner_text()
    page.get_by_role("link", name="Back to now").click()
    assert page.locator(".moment-banner").count() == 0
    sign_in(found)
    assert "Talks of SHUT" in page.locator("h1").inner_text()
    page.get_by_role("button", name="Sign out").click()
    found.go("/dossiers/shut/")
    assert "There is no such page" in page.locator("h1").inner_text()


def test_countdowns_tick_by_the_servers_clock_and_only_when_their_unit_does(
    visit: Visitor,
) -> None:
    found = visit()
    page = found.page
    page.clock.install()
    found.go("/")
    left = page.locator("#band-24h .countdown").first
    page.clock.pause_at(datetime.fromtimestamp(page.evaluate("Date.now()") / 1000 + 1, UTC))
    first = left.inner_text()
    for _ in range(61):  # to the moment at which the minute has just changed
        if left.inner_text() != first:
            break
        page.clock.run_for(1_000)
    before, box = left.inner_text(), left.bounding_box()
    assert minutes(first) - minutes(before) == 1
    page.clock.run_for(58_000)
    assert left.inner_text() == before
    page.clock.run_for(3_000)
    assert minutes(before) - minutes(left.inner_text()) == 1
    assert left.bounding_box() == box
    page.clock.run_for(30 * 3_600_000)
    assert left.inner_text() == "just passed; load the page again"
    assert found.complaints == []


def minutes(text: str) -> int:
    """``19 h 59 min left`` in minutes."""
    found = re.fullmatch(r"(?:(\d+) h)? ?(?:(\d+) min)? left", text)
    assert found is not None, text
    return int(found[1] or 0) * 60 + int(found[2] or 0)


def test_the_keyboard_reaches_the_content_first(visit: Visitor) -> None:
    found = visit()
    found.go("/")
    page = found.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
