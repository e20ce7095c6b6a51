"""The sheet of keyboard shortcuts: a page for everybody, and the part that opens above another."""

import re
from pathlib import Path

import pytest
from django.test import Client

pytestmark = pytest.mark.usefixtures("open_house")
SHEET = {"HX-Request": "true", "HX-Target": "keys-sheet"}
TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


def named(shown: str) -> set[str]:
    """The keys that the sheet tells of."""
    rows = re.findall(r"<dt>(.*?)</dt>", shown)
    return {" ".join(re.findall(r"<kbd>(.)</kbd>", row)) for row in rows}


def test_the_page_tells_what_each_visitor_has_use_for(client: Client, member: Client) -> None:
    shown = client.get("/keys/").content.decode()
    assert "<h1>Keyboard shortcuts</h1>" in shown
    assert named(shown) == {"g b", "g d", "/", "j", "k", "o", "?"}
    assert named(member.get("/keys/").content.decode()) == named(shown) | {
        "g v", "g a", "g q", "n", "e",
    }  # fmt: skip
    assert "They need scripts" in shown


def test_the_part_is_the_sheet_alone(client: Client) -> None:
    answer = client.get("/keys/", headers=SHEET)
    shown = answer.content.decode()
    assert "<html" not in shown
    assert '<div class="keys" id="keys-sheet">' in shown
    assert "They need scripts" not in shown
    assert "HX-Target" in answer["Vary"]


def test_every_key_that_links_have_is_on_the_sheet(member: Client) -> None:
    used = {
        keys
        for path in TEMPLATES.rglob("*.html")
        for keys in re.findall(r'data-keys="([^"]+)"', path.read_text())
    }
    assert used == {"g b", "g d", "g v", "g a", "g q", "/", "n", "e"}
    assert used <= named(member.get("/keys/").content.decode())


def test_the_footer_of_every_page_leads_to_it(client: Client) -> None:
    for address in ("/", "/pledges/OPEN-HALT/", "/no/such/page/", "/sign-in/"):
        assert 'href="/keys/" data-keys-sheet' in client.get(address).content.decode()


def test_whoever_enters_facts_gets_to_a_new_pledge_from_the_board_and_from_a_pledge(
    client: Client, member: Client, stranger: Client
) -> None:
    assert 'href="/pledges/new/" data-keys="n"' in member.get("/").content.decode()
    pledge = "/pledges/OPEN-HALT/"
    from_there = 'href="/pledges/new/?dossier=open" data-keys="n"'
    assert from_there in member.get(pledge).content.decode()
    for visitor in (client, stranger):
        assert from_there not in visitor.get(pledge).content.decode()
        assert "/pledges/new/" not in visitor.get("/").content.decode()
