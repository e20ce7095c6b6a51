"""Four eyes in Chromium: proposed by one, confirmed by another; axe on every state of the pages."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.web import house
from tracker import clock
from tracker.actions import pledges, proposals, record
from tracker.models import Dossier, Pledge, Proposal, User

from .checks import problems
from .conftest import Visit, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NEW = "/dossiers/shut/facts/source/new/"


@pytest.fixture
def served(live_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of the app with the one dossier that these tests look at."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    house.load(house.PARTIES)
    house.dossier("shut", public=False)
    return str(live_server.url)


@pytest.fixture
def eyes(served: str) -> Dossier:
    """alice is an analyst, rob a reviewer of ``shut``, which asks for four eyes."""
    house.person("alice", shut="analyst")
    house.person("rob", shut="reviewer")
    record.put("dossier", "shut", {"four_eyes": True}, dossier=None, by=None, at=clock.now())
    return Dossier.objects.get(slug="shut")


def sign_in(found: Visit, name: str, then: str) -> None:
    found.go(f"/sign-in/?next={then}")
    found.page.get_by_label("E-mail").fill(f"{name}@example.org")
    found.page.get_by_label("Password").fill(house.PASSWORD)
    found.page.get_by_role("button", name="Sign in", exact=True).click()
    found.page.wait_for_url(f"**{then}")


def retitled(dossier: Dossier, title: str) -> Proposal:
    """What alice proposes to call the pledge."""
    by, at = User.objects.get(email="alice@example.org"), clock.now()
    row = Pledge.objects.get(ref="SHUT-HALT")
    row.dossier = dossier
    steps = proposals.rehearsed(
        lambda: pledges.amend(row=row, title=title, why="The text says so", by=by, at=at)
    )
    return proposals.propose(dossier=dossier, steps=steps, title=title, by=by, at=at)


def press(page: Page, name: str) -> None:
    """By keyboard alone."""
    button = page.get_by_role("button", name=name)
    button.focus()
    page.keyboard.press("Enter")


@pytest.mark.parametrize("has_scripts", [True, False])
def test_proposed_by_one_and_confirmed_by_another(
    visit: Visitor, eyes: Dossier, *, has_scripts: bool
) -> None:
    alice = visit(java_script_enabled=has_scripts)
    sign_in(alice, "alice", NEW)
    page = alice.page
    page.get_by_label("Title", exact=True).fill("A letter")
    page.get_by_label("Kind").select_option("other")
    page.get_by_label("Public since").fill("2026-03-01 UTC")
    press(page, "Propose it")
    expect(page.get_by_role("heading", level=1)).to_contain_text("A letter")
    expect(page.locator(".message")).to_contain_text("it counts once somebody else confirms it")
    expect(page.get_by_role("button", name="Confirm it")).to_have_count(0)
    rob = visit(java_script_enabled=has_scripts)
    sign_in(rob, "rob", "/queues/review/")
    rob.page.get_by_role("link", name="A proposed change waits for you").click()
    rob.page.get_by_role("link", name="A letter").click()
    press(rob.page, "Confirm it")
    expect(rob.page.locator(".message")).to_contain_text("Confirmed")
    alice.go("/dossiers/shut/")
    expect(page.get_by_role("link", name="A letter")).to_be_visible()
    assert alice.complaints + rob.complaints == []


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_axe_finds_nothing_on_any_state(
    visit: Visitor, eyes: Dossier, width: int, scheme: str
) -> None:
    one, two = retitled(eyes, "Alpha stops fire"), retitled(eyes, "Alpha ends fire")
    rob = visit(width=width, scheme=scheme)
    sign_in(rob, "rob", f"/proposals/{one.uid}/")
    seen = problems(rob)  # open
    rob.page.get_by_role("button", name="Decline it").click()
    expect(rob.page.get_by_role("alert")).to_contain_text("Say why")
    seen += problems(rob)  # refused
    other = visit(width=width, scheme=scheme)
    sign_in(other, "rob", f"/proposals/{two.uid}/")
    press(rob.page, "Confirm it")
    expect(rob.page.locator(".message")).to_contain_text("Confirmed")
    seen += problems(rob)
    press(other.page, "Confirm it")
    expect(other.page.get_by_role("alert")).to_contain_text("changed since you looked")
    seen += problems(other)  # overtaken
    other.page.get_by_label("Why it is declined").fill("No: it halts")
    press(other.page, "Decline it")
    expect(other.page.locator(".message")).to_contain_text("Declined")
    seen += problems(other)
    retitled(eyes, "Alpha rests")
    for path in ("/queues/proposals/", "/queues/review/", "/", "/pledges/SHUT-HALT/"):
        other.go(path)
        seen += problems(other)
    alice = visit(width=width, scheme=scheme)
    sign_in(alice, "alice", "/queues/proposals/")
    alice.page.get_by_role("link", name="Alpha rests").click()
    expect(alice.page.get_by_role("button", name="Withdraw it")).to_be_visible()
    seen += problems(alice)  # its author's
    alice.go("/pledges/new/?dossier=shut")
    seen += problems(alice)
    assert seen + rob.complaints + other.complaints + alice.complaints == []
