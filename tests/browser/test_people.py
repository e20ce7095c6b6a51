"""The pages about people in Chromium: nothing for axe to find, and the way in without scripts."""

import re
from datetime import datetime

import pytest
from django.core import mail
from playwright.sync_api import Page

from tests.web import house
from tests.web.people import named
from tracker import clock
from tracker.actions import invitations, pledges, users
from tracker.models import Dossier, Pledge

from .checks import problems
from .conftest import Visit, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def sign_in(found: Visit, who: str) -> None:
    """By a cookie: how people sign in is tested elsewhere."""
    from django.test import Client

    client = Client()
    client.force_login(named(who))
    cookie = client.cookies["sessionid"].value
    found.page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": found.base}])


def people() -> str:
    """An owner, a site administrator, an open invitation and an expired one; the link's path."""
    house.person("olga", shut="owner")
    users.set_site_admin(user=house.person("boss"), is_site_admin=True, by=None, at=house.AT)
    shut = Dossier.objects.get(slug="shut")
    for pledge in Pledge.objects.filter(dossier=shut):
        pledges.amend(row=pledge, analyst=named("alice"), by=None, at=clock.now())

    def invite(email: str, at: datetime) -> str:
        made = invitations.invite(dossier=shut, email=email, role="reader", by=named("olga"), at=at)
        return f"/invitations/{made.token}/"

    invite("old@example.org", house.AT)
    return invite("new@example.org", clock.now())


def test_every_page_in_light_and_wide_and_in_dark_and_narrow(visit: Visitor) -> None:
    link = people()
    alice = named("alice").uid
    members = "/dossiers/shut/members/"
    seen = []
    for found in (visit(width=1280, scheme="light"), visit(width=360, scheme="dark")):
        for path in (link, "/invitations/none/", f"/set-password/{alice}/none/"):
            found.go(path)
            seen += problems(found)
        found.go(link)
        submit(found.page)
        seen += problems(found)
        sign_in(found, "olga")
        for path in (members, f"{members}{alice}/", f"{members}{alice}/end/", link):
            found.go(path)
            seen += problems(found)
        found.go(members)
        submit(found.page)
        seen += problems(found)
        found.go("/account/erasure/")
        seen += problems(found)
        sign_in(found, "boss")
        person = f"/people/{alice}/"
        for path in ("/people/", "/people/?q=nobody", person, f"{person}reset/"):
            found.go(path)
            seen += problems(found)
        found.go(f"{person}deactivate/")
        seen += problems(found)
        found.page.get_by_label("Reason").fill("Has left")
        submit(found.page)
        seen += problems(found)
        seen += found.complaints
    assert seen == []


def submit(page: Page) -> None:
    page.locator("main form").last.locator("button").last.click()


def test_somebody_is_invited_and_joins_without_scripts(visit: Visitor) -> None:
    people()
    owner = visit(java_script_enabled=False)
    sign_in(owner, "olga")
    owner.go("/dossiers/shut/")
    owner.page.get_by_role("link", name="Members").click()
    owner.page.get_by_label("E-mail").fill("ada@example.org")
    owner.page.get_by_label("Role").select_option("analyst")
    owner.page.get_by_role("button", name="Send the invitation").click()
    owner.page.get_by_text("ada@example.org").first.wait_for()
    link = re.search(r"(/invitations/\S+)", str(mail.outbox[-1].body))
    assert link is not None
    guest = visit(java_script_enabled=False)
    guest.go(link[1])
    guest.page.get_by_label("Your name").fill("Ada")
    guest.page.get_by_label("Password", exact=True).fill(house.PASSWORD)
    guest.page.get_by_label("The same password again").fill(house.PASSWORD)
    guest.page.get_by_role("button", name="Make the account and accept").click()
    guest.page.wait_for_url("**/dossiers/shut/")
    guest.page.get_by_role("link", name="Members").click()
    assert "Ada (you)" in guest.page.locator("main").inner_text()
    guest.page.get_by_role("link", name="Leave").click()
    guest.page.get_by_role("button", name="Leave").click()
    guest.go("/dossiers/shut/members/")
    assert guest.page.get_by_role("heading", level=1).inner_text() == "There is no such page"
