"""A refused form without scripts: the keyboard stands at what has to be mended."""

import pytest

from tests.web import house
from tracker.actions import pledges
from tracker.models import Pledge, User

from .checks import sign_in
from .conftest import Visit, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FACTS = "/dossiers/shut/facts"


def test_the_summary_has_the_focus_and_one_tab_leads_to_its_first_link(visit: Visitor) -> None:
    found = visit(java_script_enabled=False)
    found.go("/sign-in/")
    send(found)
    assert focused(found) == "error-summary"
    sign_in(found)
    found.go(f"{FACTS}/deadline/new/")
    send(found)
    assert found.page.title().startswith("Error: ")
    assert focused(found) == "error-summary"
    first = found.page.locator(".error-summary a").first
    found.page.keyboard.press("Tab")
    assert found.page.locator(".error-summary a:focus").inner_text() == first.inner_text()
    found.page.keyboard.press("Enter")
    found.page.keyboard.type("Alpha")
    assert found.page.locator("#id_pledge").input_value() == "SHUT-HALT"
    assert found.complaints == []


def test_two_versions_have_it_too(visit: Visitor) -> None:
    found = visit(java_script_enabled=False)
    sign_in(found)
    found.go(f"{FACTS}/pledge/SHUT-HALT/edit/")
    pledges.amend(
        row=Pledge.objects.get(ref="SHUT-HALT"),
        title="Alpha stops fire",
        by=User.objects.get(email="alice@example.org"),
        at=house.AT,
    )
    send(found)
    assert found.page.title().startswith("Error: ")
    assert focused(found) == "notices"


def focused(found: Visit) -> str:
    """The class of what has the focus. Selectors work where the page itself runs no script."""
    found.page.locator(".error-summary:focus, .notices:focus").wait_for()
    return str(found.page.locator(":focus").get_attribute("class"))


def send(found: Visit) -> None:
    with found.page.expect_navigation():
        found.page.locator("main form button[type=submit]").first.click()


def test_a_long_list_is_opened_and_ticked_by_keyboard(visit: Visitor) -> None:
    many = "".join(f"\n  a{n:02}: {{name: A {n:02}, kind: other}}" for n in range(40))
    house.load(f"parties:{many}")
    found = visit(width=360, scheme="dark", java_script_enabled=False)
    sign_in(found)
    found.go(f"{FACTS}/instrument/new/")
    told = found.page.locator("#id_parties .many > summary")
    box = found.page.locator("#id_parties").get_by_label("Beta", exact=True)
    assert "None of" in told.inner_text()
    assert not box.is_visible()
    told.focus()
    found.page.keyboard.press("Enter")
    assert box.is_visible()
    box.focus()
    found.page.keyboard.press("Space")
    assert "Changed, not sent yet" in told.inner_text()
    send(found)
    assert ": Beta" in told.inner_text()
    assert "not sent yet" not in told.inner_text()
