"""A pledge typed in Chromium: by keyboard, by phone, without scripts; the term beside it."""

import pytest
from playwright.sync_api import Page, expect

from tracker.models import Party, Pledge, Reading

from .checks import problems, sign_in
from .conftest import Visit, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NEW = "/pledges/new/?dossier=shut"


def fill(page: Page) -> None:
    """What is required, but for the pledgor."""
    page.get_by_label("Title").fill("Beta opens the road for ten days")
    page.locator("#id_pledge-act").select_option("allow")
    page.locator("#id_pledge-subject").select_option("humanitarian_access")
    page.locator("#id_pledge-instrument").select_option("call")
    page.locator("#id_pledge-public").fill("1 March 2026, Zurich")


def read(page: Page) -> None:
    page.locator("summary", has_text="Its first reading").click()
    page.locator("#id_reading-start").fill("18 Mar 2026, 18:00 Zurich")
    page.locator("#id_reading-duration").fill("thirty days")


def test_by_keyboard_with_the_term_beside_it(visit: Visitor) -> None:
    found = visit()
    sign_in(found)
    found.go(NEW)
    page = found.page
    fill(page)
    seen = problems(found)
    box = page.get_by_role("combobox", name="Pledgor")
    box.focus()
    page.keyboard.type("BETAS")
    expect(page.get_by_role("option", name="Beta also known as The Betas")).to_be_visible()
    seen += problems(found)
    page.keyboard.press("Enter")
    expect(box).to_have_value("Beta")
    assert page.locator("select[name=pledge-pledgor]").input_value() == "beta"
    page.keyboard.press("Escape")
    page.locator("#id_reading-start").focus()  # all parts were unfolded to be looked at
    page.keyboard.type("18 Mar 2026, 18:00 Zurich")
    read_as = page.locator("#id_reading-start_read")
    expect(read_as).to_have_text("Read as: Wed 18 Mar 2026, 18:00 Zurich (18 Mar 17:00 UTC)")
    page.locator("#id_reading-duration").fill("thirty days")
    term = page.locator("#term")
    expect(term).to_contain_text("earliest Fri 17 Apr 2026, 00:00 Zurich")
    expect(term).to_contain_text("latest Sat 18 Apr 2026, 00:00 Zurich")
    page.get_by_text("day of the start counted: ").check()
    expect(term).not_to_contain_text("latest")
    expect(term).to_contain_text("The start's local date is day 1 (inclusive)")
    seen += problems(found)
    page.get_by_label("Title").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("/pledges/SHUT-HUMANITARIAN-BETA/")
    assert seen + found.complaints == []
    assert Reading.objects.get(pledge__ref="SHUT-HUMANITARIAN-BETA").rule == "inclusive"


def test_a_party_is_created_in_place_and_one_of_a_like_name_asked_about(visit: Visitor) -> None:
    found = visit(width=360, scheme="dark")
    sign_in(found)
    found.go(NEW)
    page = found.page
    fill(page)
    page.get_by_role("combobox", name="Pledgor").fill("Betta")
    page.get_by_role("option", name="Create “Betta” as a party").click()
    expect(page.locator("#id_pledge-pledgor_new_kind")).to_be_focused()
    page.locator("#id_pledge-pledgor_new_kind").select_option("state")
    page.locator(".many summary").first.click()
    search = page.get_by_role("searchbox", name="Search: Promised to")
    search.fill("ALPH")
    expect(page.locator(".many-list li:visible")).to_have_count(1)
    page.get_by_role("checkbox", name="Alpha", exact=True).check()
    seen = problems(found)
    page.locator("#id_reading-duration").fill("thirty days")
    page.locator("#id_reading-start").fill("29 Mar 2026, 02:30 Zurich")
    with page.expect_navigation():
        page.get_by_role("button", name="Enter it").click()
    assert page.locator(".error-summary li").count() == 2
    page.get_by_text("never came in Europe/Zurich").first.wait_for()
    seen += problems(found)
    page.get_by_text("another party: enter it").check()
    page.get_by_text("by the offset after the change").check()
    with page.expect_navigation():
        page.get_by_role("button", name="Enter it").click()
    assert page.url.endswith("/pledges/SHUT-HUMANITARIAN-BETTA/")
    seen += problems(found)
    assert seen + found.complaints == []
    made = Pledge.objects.get(ref="SHUT-HUMANITARIAN-BETTA")
    assert made.pledgor == Party.objects.get(name="Betta", kind="state")
    assert [party.slug for party in made.beneficiaries.all()] == ["alpha"]
    reading = Reading.objects.filter(pledge=made).first()
    assert reading is not None
    assert (reading.start, reading.zone) == ("2026-03-29T00:30Z", "Europe/Zurich")


def test_what_is_typed_of_a_party_and_is_nobodys_name_is_not_lost(visit: Visitor) -> None:
    found = visit()
    sign_in(found)
    found.go(NEW)
    page = found.page
    box = page.get_by_role("combobox", name="Pledgor")
    box.fill("مجلس الساحل")
    page.keyboard.press("Tab")
    expect(page.locator("#id_pledge-pledgor_new_name")).to_have_value("مجلس الساحل")
    box.fill("beta")
    page.keyboard.press("Tab")
    expect(box).to_have_value("Beta")
    expect(page.locator("#id_pledge-pledgor_new_name")).to_have_value("")
    assert found.complaints == []


@pytest.mark.parametrize("width", [1280, 360])
def test_without_scripts(visit: Visitor, width: int) -> None:
    found = visit(width=width, java_script_enabled=False)
    sign_in(found)
    found.go(NEW)
    page = found.page
    fill(page)
    page.locator("select[name=pledge-pledgor]").select_option("beta")
    read(page)
    page.get_by_role("button", name="Show the term").click()
    assert "Fri 17 Apr 2026, 00:00 Zurich" in page.locator("#term").inner_text()
    assert page.get_by_label("Title").input_value() == "Beta opens the road for ten days"
    assert _excess(found) <= 0
    page.get_by_role("button", name="Enter it").click()
    assert page.url.endswith("/pledges/SHUT-HUMANITARIAN-BETA/")
    assert "was read as Wed 18 Mar 2026" in page.locator("main").inner_text()


def _excess(found: Visit) -> int:
    """Without scripts in the page the browser still measures."""
    box = found.page.locator("main").bounding_box()
    window = found.page.viewport_size
    assert box is not None
    assert window is not None
    return int(box["width"] - window["width"])
