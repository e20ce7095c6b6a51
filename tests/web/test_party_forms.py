"""Parties and spells in coalitions are entered by whoever enters facts somewhere."""

import pytest
from django.test import Client

from tracker.models import CoalitionMember, LedgerEntry, Party

pytestmark = pytest.mark.usefixtures("open_house")
TYPED = {"name": "The League", "kind": "coalition", "aliases": "League\r\nThe Six"}


def test_an_analyst_enters_and_amends_a_party(member: Client) -> None:
    answer = member.post("/parties/new/", TYPED)
    assert answer["Location"] == "/parties/the-league/"
    league = Party.objects.get(slug="the-league")
    assert league.aliases == ["League", "The Six"]
    page = "/parties/the-league/edit/"
    seen = member.get(page).context["form"].initial["seen"]
    assert member.post(page, TYPED | {"iso": "??", "seen": seen}).status_code == 422
    assert member.post(page, TYPED | {"name": "A League", "seen": seen}).status_code == 302
    clash = member.post(page, TYPED | {"name": "B League", "seen": seen})
    assert clash.status_code == 409
    assert "A League" in clash.content.decode()
    assert Party.objects.get(slug="the-league").name == "A League"


def test_a_party_joins_leaves_and_comes_back(member: Client) -> None:
    member.post("/parties/new/", TYPED)
    page = "/parties/the-league/members/"
    assert member.get(f"{page}new/").status_code == 200
    assert member.post(f"{page}new/", {"member": ""}).status_code == 422
    assert member.post(f"{page}new/", {"member": "the-league"}).status_code == 422
    for since in ("2020-01 UTC", "2024-01 UTC"):
        assert member.post(f"{page}new/", {"member": "alpha", "since": since}).status_code == 302
    first, second = CoalitionMember.objects.order_by("pk")
    assert (first.since, second.since) == ("2020-01 UTC", "2024-01 UTC")
    edit = f"{page}{first.key}/"
    seen = member.get(edit).context["form"].initial["seen"]
    left = {"member": "alpha", "since": first.since, "until": "2022-01 UTC", "seen": seen}
    assert member.post(edit, left).status_code == 302
    assert member.post(edit, left | {"until": "2021-01 UTC"}).status_code == 409
    shown = Client().get("/parties/the-league/").content.decode()
    assert shown.count(">Alpha</a>") == 2
    assert "Jan 2022" in shown or "January 2022" in shown
    assert "The League" in Client().get("/parties/alpha/").content.decode()
    assert member.get("/parties/alpha/members/none/").status_code == 404


def test_others_may_only_look(client: Client, stranger: Client, member: Client) -> None:
    member.post("/parties/new/", TYPED)
    pages = ("/parties/new/", "/parties/alpha/edit/", "/parties/the-league/members/new/")
    before = LedgerEntry.objects.count()
    for page in pages:
        assert client.get(page)["Location"] == f"/sign-in/?next={page}"
        assert stranger.get(page).status_code == 403
        assert stranger.post(page, TYPED).status_code == 403
    assert LedgerEntry.objects.count() == before
    assert "/edit/" not in stranger.get("/parties/alpha/").content.decode()
    assert member.get("/parties/none/edit/").status_code == 404
