"""Every entry form in Chromium, empty and refused: nothing for axe to find, at any width."""

import pytest

from tests.web import house
from tracker.actions import pledges
from tracker.models import Pledge, User
from tracker.web import nouns

from .checks import problems, sign_in
from .conftest import Visit, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FACTS = "/dossiers/shut/facts"
FORMS = (
    *(f"{FACTS}/{noun}/new/" for noun, one in nouns.TABLE.items() if one.enter),
    f"{FACTS}/pledge/SHUT-HALT/judge/",
    f"{FACTS}/source/readout/withdraw/",
    "/parties/new/",
    "/parties/alpha/members/new/",
)
LOOKED_AT = (FACTS + "/", f"{FACTS}/account/", f"{FACTS}/pledge/SHUT-HALT/")


def test_every_form_empty_and_refused(visit: Visitor) -> None:
    wide, narrow = visit(width=1280, scheme="light"), visit(width=360, scheme="dark")
    seen = []
    for found in (wide, narrow):
        sign_in(found)
        for path in LOOKED_AT:
            found.go(path)
            seen += problems(found)
    for path in FORMS:
        wide.go(path)
        seen += problems(wide)
        narrow.go(path)
        send(narrow)
        assert narrow.page.locator(".error-summary a").count() >= 1, path
        seen += problems(narrow)
    assert seen + wide.complaints + narrow.complaints == []


def test_two_versions_beside_each_other(visit: Visitor) -> None:
    found = visit(width=360, scheme="dark")
    sign_in(found)
    found.go(f"{FACTS}/pledge/SHUT-HALT/edit/")
    found.page.get_by_label("Title").fill("Alpha pauses fire for ten days")
    pledges.amend(
        row=Pledge.objects.get(ref="SHUT-HALT"),
        title="Alpha stops fire for ten days",
        by=User.objects.get(email="alice@example.org"),
        at=house.AT,
    )
    send(found)
    shown = found.page.locator(".notices").inner_text()
    for title in ("Alpha halts fire", "Alpha stops fire", "Alpha pauses fire"):
        assert title in shown
    assert problems(found) + found.complaints == []
    send(found)
    assert "is saved." in found.page.locator("main").inner_text()
    assert Pledge.objects.get(ref="SHUT-HALT").title == "Alpha pauses fire for ten days"


def send(found: Visit) -> None:
    with found.page.expect_navigation():
        found.page.locator("form[data-draft] > .actions > button[type=submit]").first.click()
