"""Changing many pledges together in Chromium: narrow, in the dark, by keyboard, without scripts."""

import pytest
from playwright.sync_api import expect

from tests.web import house
from tracker.actions import pledges
from tracker.models import Pledge

from .checks import problems, sign_in
from .conftest import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TAGS = ["energy", "عاجل جدا", "a tag of quite some length in words"]


def test_chosen_looked_at_done_and_undone_at_360_px(visit: Visitor) -> None:
    house.more_pledges("shut", 3)
    row = Pledge.objects.get(ref="SHUT-HALT")
    pledges.amend(row=row, tags=TAGS, by=None, at=house.AT)
    found = visit(width=360, scheme="dark")
    sign_in(found)
    seen = problems(found)
    page = found.page
    page.get_by_label("Choose: Alpha halts fire for ten days").check()
    page.get_by_label("Choose: Beta halts fire, time 1").check()
    page.get_by_role("button", name="Change the chosen").click()
    expect(page.locator("h1")).to_have_text("Change pledges together")
    seen += problems(found)
    page.get_by_role("button", name="Show what will change").click()
    expect(page.locator(".error-summary")).to_contain_text("all is left as it is")
    seen += problems(found)
    page.get_by_label("Tags to add").fill("Energy, ports")
    page.get_by_label("Verify every (optional)").fill("12 hours")
    page.get_by_role("button", name="Show what will change").click()
    expect(page.locator("#h-preview")).to_have_text("What will change 2")
    seen += problems(found)
    pledges.amend(row=row, area="Elsewhere", by=None, at=house.AT)
    page.get_by_role("button", name="Change 2 pledges").click()
    expect(page.locator("section.notices")).to_be_focused()
    seen += problems(found)
    page.get_by_role("button", name="Change 2 pledges").click()
    expect(page.locator(".messages")).to_contain_text("2 pledges of “Talks of SHUT” are changed.")
    assert Pledge.objects.get(ref="SHUT-HALT").tags == [*TAGS, "ports"]
    page.get_by_role("button", name="Undo").first.click()
    expect(page.locator(".messages")).to_contain_text("The last change of 2 entries is undone.")
    assert Pledge.objects.get(ref="SHUT-HALT").tags == TAGS
    assert seen + found.complaints == []


def test_by_keyboard_and_without_scripts(visit: Visitor) -> None:
    found = visit(java_script_enabled=False)
    sign_in(found)
    page = found.page
    page.get_by_label("Choose: Alpha halts fire for ten days").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Change the chosen").press("Enter")
    page.get_by_label("Whether you watch them").select_option("watch")
    page.get_by_role("button", name="Show what will change").press("Enter")
    expect(page.locator(".stances")).to_contain_text("By you: watched")
    page.get_by_role("button", name="Change one pledge").press("Enter")
    expect(page.locator(".messages")).to_contain_text("1 pledge of “Talks of SHUT” is changed.")
