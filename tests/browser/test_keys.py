"""Keyboard shortcuts in Chromium: where they lead, where they are silent, and how they end."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from pytest_django import DjangoDbBlocker

from .checks import problems, sign_in
from .conftest import Visit, Visitor, lasting

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    yield from lasting(django_db_blocker)


@pytest.fixture(scope="module")
def served(db: str) -> str:
    return db


def path(page: Page) -> str:
    return str(page.evaluate("location.pathname"))


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def leads(found: Visit, start: str, keys: str, to: str) -> None:
    found.go(start)
    press(found.page, *keys.split())
    found.page.wait_for_url(f"**{to}")


def test_keys_lead_where_links_do(visit: Visitor) -> None:
    found = visit()
    leads(found, "/pledges/UA-ENERGY-RU/", "g b", "/")
    leads(found, "/pledges/UA-ENERGY-RU/", "g d", "/dossiers/russia-ukraine-2025/")
    leads(found, "/pledges/UA-ENERGY-RU/", "/", "/search/")
    sign_in(found)
    leads(found, "/", "g a", "/alerts/")
    leads(found, "/", "g q", "/queues/unverified/")
    leads(found, "/dossiers/shut/", "n", "/pledges/new/?dossier=shut")
    leads(found, "/pledges/SHUT-HALT/", "e", "/dossiers/shut/facts/pledge/SHUT-HALT/edit/")
    assert found.complaints == []


def test_rows_are_gone_through_and_opened(visit: Visitor) -> None:
    found = visit()
    page = found.page
    found.go("/")
    rows = page.locator(".line .line-title a")
    press(page, "k")
    expect(rows.nth(0)).to_be_focused()
    press(page, "k")
    expect(rows.nth(0)).to_be_focused()
    press(page, "j", "j", "j", "k")
    expect(rows.nth(2)).to_be_focused()
    expect(rows.nth(2)).to_be_in_viewport()
    to = rows.nth(2).get_attribute("href")
    press(page, "o")
    page.wait_for_url(f"**{to}")
    assert found.complaints == []


def test_the_search_field_of_a_page_is_taken_first(visit: Visitor) -> None:
    found = visit()
    found.go("/search/")
    field = found.page.locator("main input[type=search]").first
    press(found.page, "/")
    expect(field).to_be_focused()
    expect(field).to_have_value("")


def test_fields_modifiers_and_a_slow_second_key_do_nothing(visit: Visitor) -> None:
    found = visit()
    page = found.page
    page.clock.install()
    found.go("/search/")
    page.locator("main input[type=search]").first.focus()
    press(page, "g", "b", "?")
    assert path(page) == "/search/"
    expect(page.locator("main input[type=search]").first).to_have_value("gb?")
    expect(page.locator("dialog")).to_have_count(0)
    page.evaluate("document.activeElement.blur()")
    press(page, "g", "Control+b", "x", "b")
    press(page, "g")
    page.clock.run_for(2_000)
    press(page, "b")
    page.clock.run_for(500)
    assert path(page) == "/search/"
    assert found.complaints == []


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_the_sheet_opens_above_the_page_and_closes(visit: Visitor, width: int, scheme: str) -> None:
    found = visit(width=width, scheme=scheme)
    page = found.page
    found.go("/pledges/UA-ENERGY-RU/")
    press(page, "?")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(sheet).to_be_visible()
    expect(sheet).to_contain_text("the next row")
    assert problems(found) == []
    press(page, "g", "b", "j")
    assert path(page) == "/pledges/UA-ENERGY-RU/", "what stands behind it does not move"
    press(page, "Escape")
    expect(sheet).to_be_hidden()
    page.get_by_role("link", name="Keyboard shortcuts").click()
    expect(sheet).to_be_visible()
    sheet.get_by_role("button", name="Close").click()
    expect(sheet).to_be_hidden()
    assert found.complaints == []


def test_they_can_be_turned_off_and_on(visit: Visitor) -> None:
    found = visit()
    page = found.page
    found.go("/keys/")
    page.get_by_role("button", name="Turn them off").click()
    expect(page.locator("[data-keys-state]")).to_have_text("They are off in this browser.")
    found.go("/pledges/UA-ENERGY-RU/")
    press(page, "g", "b", "?", "j")
    page.wait_for_timeout(300)
    assert path(page) == "/pledges/UA-ENERGY-RU/"
    expect(page.locator("dialog")).to_have_count(0)
    page.get_by_role("link", name="Keyboard shortcuts").click()
    page.get_by_role("button", name="Turn them on").click()
    press(page, "Escape")
    press(page, "g", "b")
    page.wait_for_url(f"{found.base}/")
    assert found.complaints == []


def test_without_scripts_there_is_a_page(visit: Visitor) -> None:
    found = visit(java_script_enabled=False)
    page = found.page
    found.go("/")
    page.get_by_role("link", name="Keyboard shortcuts").click()
    assert page.locator("h1").inner_text() == "Keyboard shortcuts"
    assert "They need scripts" in page.locator("main").inner_text()
    assert not page.get_by_role("button", name="Turn them").is_visible()
