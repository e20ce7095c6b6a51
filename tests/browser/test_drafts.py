"""Never lose typing, in Chromium: saved as one types, offline, signed out, in two windows."""

import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Locator, Page, expect

from tests.web import house
from tracker.actions import pledges
from tracker.models import Draft, Pledge, Trigger, User
from tracker.selectors import drafts

from .checks import problems, sign_in
from .conftest import Visit, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FACTS = "/dossiers/shut/facts"
NEW = f"{FACTS}/trigger/new/"
PLEDGE = "/pledges/new/?dossier=shut"
EDIT = f"{FACTS}/pledge/SHUT-HALT/edit/"
SAVED = re.compile(r"Draft saved \d\d:\d\d:\d\d")
SLOWLY = 30_000  # milliseconds, on a busy machine


def line(page: Page) -> Any:
    return expect(page.locator("#draft-line"))


def title(page: Page) -> Locator:
    return page.locator("#id_title")


def trouble(page: Page) -> Locator:
    return page.locator("#draft-trouble")


def typed(visit: Visitor, text: str, page: str = NEW, **options: Any) -> Visit:
    """Alice has typed a title into a form."""
    found = visit(**options)
    sign_in(found)
    found.go(page)
    title(found.page).fill(text)
    return found


def titles() -> list[str]:
    return sorted(
        drafts.typed(one)["title"][0] for one in Draft.objects.filter(sent_at=None).order_by("pk")
    )


def until(page: Page, saved: list[str]) -> None:
    """Waits for what the register has as drafts."""
    for _ in range(SLOWLY // 250):
        if titles() == saved:
            return
        page.wait_for_timeout(250)
    assert titles() == saved


def send(page: Page) -> None:
    with page.expect_navigation():
        page.locator("form[data-draft] button[type=submit]").first.click()


def test_typing_is_saved_by_itself_and_a_reload_shows_it(visit: Visitor) -> None:
    found = typed(visit, "Handover")
    page = found.page
    line(page).to_have_text(SAVED, timeout=SLOWLY)
    assert "saved as a draft as you go" in page.locator("#draft-said").inner_text()
    first = page.locator("#draft-said").inner_text()
    title(page).press_sequentially(" of the bridge")
    until(page, ["Handover of the bridge"])
    assert page.locator("#draft-said").inner_text() == first, "it is not announced each time"
    page.reload()
    expect(title(page)).to_have_value("Handover of the bridge")
    expect(page.get_by_text("Your draft of")).to_be_visible()
    assert problems(found) + found.complaints == []
    page.get_by_role("button", name="Discard it").click()
    expect(page.get_by_text("The draft is discarded.")).to_be_visible()
    expect(title(page)).to_have_value("")
    page.get_by_role("button", name="Undo").click()
    expect(title(page)).to_have_value("Handover of the bridge")
    assert found.complaints == []


def test_what_was_typed_a_moment_before_leaving_is_saved_too(visit: Visitor) -> None:
    found = typed(visit, "Left at once")
    found.go("/")
    found.page.wait_for_timeout(500)
    found.go(NEW)
    expect(title(found.page)).to_have_value("Left at once", timeout=SLOWLY)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_the_network_is_cut_while_one_types(visit: Visitor, width: int, scheme: str) -> None:
    found = typed(visit, "Before the cut", width=width, scheme=scheme)
    page = found.page
    line(page).to_have_text(SAVED, timeout=SLOWLY)
    page.context.set_offline(True)
    title(page).fill("Typed in a tunnel")
    expect(trouble(page)).to_be_visible(timeout=SLOWLY)
    assert "What you typed is not saved." in trouble(page).inner_text()
    assert "There is no connection." in trouble(page).inner_text()
    assert "this browser keeps a copy" in trouble(page).inner_text()
    assert problems(found) == []
    page.locator("form[data-draft] button[type=submit]").first.click()
    assert "Not sent" in trouble(page).inner_text()
    expect(title(page)).to_have_value("Typed in a tunnel")
    assert titles() == ["Before the cut"]
    page.context.set_offline(False)
    expect(trouble(page)).to_be_hidden(timeout=SLOWLY)
    line(page).to_have_text(SAVED, timeout=SLOWLY)
    assert titles() == ["Typed in a tunnel"]
    assert "saved again" in page.locator("#draft-said").inner_text()


def test_a_page_that_was_closed_offline_gives_it_back_later(visit: Visitor) -> None:
    found = typed(visit, "Before the cut")
    page, context = found.page, found.page.context
    line(page).to_have_text(SAVED, timeout=SLOWLY)
    context.route("**/drafts/save/", lambda route: route.abort())
    title(page).fill("Typed in a tunnel")
    expect(trouble(page)).to_be_visible(timeout=SLOWLY)
    found.go("/")
    assert page.evaluate("localStorage.length") == 1
    page.close()
    context.unroute("**/drafts/save/")
    found.page = page = context.new_page()
    found.go(NEW)
    expect(title(page)).to_have_value("Typed in a tunnel", timeout=SLOWLY)
    page.wait_for_function("() => localStorage.length === 0", timeout=SLOWLY)
    assert titles() == ["Typed in a tunnel"]


def test_a_register_that_fails_is_tried_again(visit: Visitor) -> None:
    found = typed(visit, "Kept all the same")
    page = found.page
    page.route("**/drafts/save/", lambda route: route.fulfill(status=503, body="busy"))
    expect(trouble(page)).to_be_visible(timeout=SLOWLY)
    assert "did not take the draft (503)" in trouble(page).inner_text()
    page.unroute("**/drafts/save/")
    expect(trouble(page)).to_be_hidden(timeout=SLOWLY)
    assert titles() == ["Kept all the same"]


def test_signed_out_while_one_types_and_signed_in_in_another_window(visit: Visitor) -> None:
    found = typed(visit, "Before")
    page = found.page
    line(page).to_have_text(SAVED, timeout=SLOWLY)
    Session.objects.all().delete()
    title(page).fill("After the session ended")
    expect(trouble(page)).to_be_visible(timeout=SLOWLY)
    assert "You are not signed in any more." in trouble(page).inner_text()
    assert problems(found) == []
    other = Visit(page.context.new_page(), found.base)
    sign_in(other)
    page.bring_to_front()
    expect(trouble(page)).to_be_hidden(timeout=2 * SLOWLY)
    assert titles() == ["After the session ended"]
    page.get_by_label("Public since").fill("2026-03-01 UTC")
    page.locator("#id_kind").select_option("other")
    send(page)
    assert "is entered" in page.locator("main").inner_text()
    assert Trigger.objects.filter(title="After the session ended").count() == 1
    assert titles() == []


def test_a_form_that_shows_the_term_is_not_left_while_one_types(visit: Visitor) -> None:
    """What stands beside it is asked for as one types: signed out, offline, or unanswered."""
    found = visit()
    sign_in(found)
    found.go(PLEDGE)
    page, scope = found.page, found.page.locator("#id_pledge-scope")
    scope.fill("Power plants")
    line(page).to_have_text(SAVED, timeout=SLOWLY)
    Session.objects.all().delete()
    with page.expect_response(f"**{PLEDGE}") as asked:
        scope.press_sequentially(", and the grid")
    assert "HX-Redirect".lower() in asked.value.headers
    expect(trouble(page)).to_be_visible(timeout=SLOWLY)
    assert "You are not signed in any more." in trouble(page).inner_text()
    page.keyboard.type(" too")
    expect(scope).to_have_value("Power plants, and the grid too")
    expect(page.get_by_text("nothing was entered")).to_have_count(0)
    page.route(f"**{PLEDGE}", lambda route: route.abort())
    with page.expect_event("requestfailed", lambda one: one.url.endswith(PLEDGE)):
        page.keyboard.type(", all of it")
    expect(page.locator("#messages")).to_contain_text("No answer came")
    page.keyboard.type(".")
    expect(scope).to_have_value("Power plants, and the grid too, all of it.")


def test_somebody_else_at_the_same_browser_gets_nothing(visit: Visitor) -> None:
    house.person("carol", shut="analyst")
    found = typed(visit, "Alice's own")
    page = found.page
    context = page.context
    context.route("**/drafts/save/", lambda route: route.abort())
    expect(trouble(page)).to_be_visible(timeout=SLOWLY)
    found.go("/")
    context.clear_cookies()
    context.unroute("**/drafts/save/")
    found.go(f"/sign-in/?next={NEW}")
    page.get_by_label("E-mail").fill("carol@example.org")
    page.get_by_label("Password").fill(house.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"**{NEW}")
    page.wait_for_timeout(1_000)
    expect(title(page)).to_have_value("")
    assert page.evaluate("localStorage.length") == 1
    assert {draft.by.name for draft in Draft.objects.all()} <= {"Alice"}


def test_without_scripts_a_session_that_ended_gives_the_form_back(visit: Visitor) -> None:
    found = typed(visit, "Typed at leisure", java_script_enabled=False)
    page = found.page
    Session.objects.all().delete()
    send(page)
    assert "What you typed is kept" in page.locator("main").inner_text()
    page.get_by_label("E-mail").fill("alice@example.org")
    page.get_by_label("Password").fill(house.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/trigger/new/?draft=*")
    expect(title(page)).to_have_value("Typed at leisure")
    assert Trigger.objects.filter(title="Typed at leisure").count() == 0
    page.get_by_role("button", name="Save as draft").click()
    expect(page.get_by_text("Your draft is saved.")).to_be_visible()


def test_back_after_saving_shows_what_is_saved_and_overwrites_nothing(visit: Visitor) -> None:
    found = typed(visit, "Alpha stops fire", EDIT)
    page = found.page
    send(page)
    page.go_back()
    page.wait_for_load_state()
    expect(title(page)).to_have_value("Alpha stops fire")
    row = Pledge.objects.get(ref="SHUT-HALT")
    carol = house.person("carol", shut="analyst")
    pledges.amend(row=row, title="Carol's", by=carol, at=house.AT)
    page.reload()
    expect(title(page)).to_have_value("Carol's")
    found.go(NEW)
    title(page).fill("Once")
    page.get_by_label("Public since").fill("2026-03-01 UTC")
    page.locator("#id_kind").select_option("other")
    send(page)
    page.reload()
    page.go_back()
    page.wait_for_load_state()
    page.wait_for_timeout(1_000)
    expect(title(page)).to_have_value("")
    assert Trigger.objects.filter(title="Once").count() == 1
    assert titles() == []


def test_two_people_on_one_pledge_and_one_of_them_had_only_a_draft(visit: Visitor) -> None:
    house.person("carol", shut="analyst")
    found = typed(visit, "Alpha pauses fire", EDIT)
    line(found.page).to_have_text(SAVED, timeout=SLOWLY)
    other = visit(width=360, scheme="dark")
    other.go(f"/sign-in/?next={EDIT}")
    other.page.get_by_label("E-mail").fill("carol@example.org")
    other.page.get_by_label("Password").fill(house.PASSWORD)
    other.page.get_by_role("button", name="Sign in", exact=True).click()
    assert "Your draft of" not in other.page.content()
    title(other.page).fill("Alpha stops fire")
    other.page.locator("#id_area").fill("The bridge")
    send(other.page)
    found.page.reload()
    shown = found.page.locator(".notices").inner_text()
    for text in ("Alpha halts fire", "Alpha stops fire", "Alpha pauses fire", "Carol"):
        assert text in shown
    assert problems(found) == []
    send(found.page)
    row = Pledge.objects.get(ref="SHUT-HALT")
    assert (row.title, row.area) == ("Alpha pauses fire", "The bridge")
    found.page.get_by_role("button", name="Undo").click()
    found.page.wait_for_url("**/facts/pledge/SHUT-HALT/")
    row.refresh_from_db()
    assert row.title == "Alpha stops fire"
    assert problems(found) + found.complaints == []


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_the_pages_of_drafts(visit: Visitor, width: int, scheme: str) -> None:
    found = typed(visit, "Handover", width=width, scheme=scheme)
    page = found.page
    line(page).to_have_text(SAVED, timeout=SLOWLY)
    seen = problems(found)
    found.go("/drafts/")
    seen += problems(found)
    page.get_by_role("link", name="As text").click()
    assert "Handover" in page.locator("main").inner_text()
    seen += problems(found)
    page.get_by_role("button", name="Discard it").click()
    expect(page.get_by_text("There is none.")).to_be_visible()
    seen += problems(found)
    assert User.objects.filter(email="alice@example.org").exists()
    assert seen + found.complaints == []
