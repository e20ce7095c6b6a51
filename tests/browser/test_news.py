"""An open board in Chromium: what changed meanwhile is offered, and nothing moves by itself."""

import pytest
from playwright.sync_api import expect

from tests.web import house
from tracker.actions import pledges
from tracker.models import Pledge

from .checks import problems, sign_in
from .conftest import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SEEN_AGAIN = "document.dispatchEvent(new Event('visibilitychange'))"


def test_an_update_is_offered_shown_and_can_be_paused(visit: Visitor) -> None:
    found = visit(width=360, scheme="dark")
    page = found.page
    sign_in(found)
    with page.expect_response("**/news/"):
        found.go("/")
    show = page.get_by_role("button", name="update")
    pause = page.get_by_role("button", name="Pause updates")
    expect(pause).to_be_visible()
    expect(show).to_have_count(1)  # the one that pauses
    row = Pledge.objects.get(ref="SHUT-HALT")
    pledges.amend(row=row, title="Alpha halts all fire", by=None, at=house.AT)
    pause.click()
    page.evaluate(SEEN_AGAIN)
    resume = page.get_by_role("button", name="Look for updates again")
    expect(resume).to_have_attribute("aria-pressed", "true")
    resume.click()
    page.evaluate(SEEN_AGAIN)
    offered = page.get_by_role("button", name="1 update: show")
    expect(offered).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("Alpha halts all fire")
    seen = problems(found)
    offered.press("Enter")
    expect(page.locator("main")).to_contain_text("Alpha halts all fire")
    expect(page.get_by_role("button", name="1 update: show")).to_have_count(0)
    assert seen + found.complaints == []
