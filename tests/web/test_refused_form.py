"""A form that is refused: its title, where the focus goes, and that nothing typed is lost."""

import re
from pathlib import Path

import pytest
from django.test import Client

from tracker.models import User
from tracker.web import nouns

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
SUMMARY = 'include "components/error_summary.html"'

pytestmark = pytest.mark.usefixtures("open_house")


def pages_with_a_summary() -> list[Path]:
    """The filter's summary is a part of the board, whose title says it."""
    found = (path for path in sorted(TEMPLATES.rglob("*.html")) if SUMMARY in path.read_text())
    return [TEMPLATES / "board.html" if path.stem == "filter" else path for path in found]


@pytest.mark.parametrize("path", pages_with_a_summary(), ids=lambda path: path.stem)
def test_a_page_with_a_summary_says_error_first_in_its_title(path: Path) -> None:
    title = re.search(r"{% block title %}(.*)", path.read_text())
    assert title is not None
    assert re.match(r'{% if [\w. ]+ %}{% translate "Error" %}: {% endif %}', title[1])


def test_the_summary_takes_the_focus_and_is_announced(client: Client, alice: User) -> None:
    shown = client.post("/sign-in/", {"login": "", "password": ""}).content.decode()
    tag = re.search(r'<div class="error-summary"[^>]*>', shown)
    assert tag is not None
    assert {'role="alert"', 'tabindex="-1"', "autofocus"} <= set(re.split(r"[\s>]+", tag[0]))
    assert "<title>Error: Sign in" in shown
    assert shown.count("autofocus") == 1
    assert "autofocus" not in client.get("/sign-in/").content.decode()


@pytest.mark.parametrize("noun", [name for name, one in nouns.TABLE.items() if one.enter])
def test_no_control_cuts_what_is_pasted(member: Client, noun: str) -> None:
    assert "maxlength" not in member.get(f"/dossiers/open/facts/{noun}/new/").content.decode()


@pytest.mark.parametrize("address", ["/sign-in/", "/new-password/"])
def test_nor_do_the_forms_of_signing_in(client: Client, address: str) -> None:
    shown = client.get(address).content.decode()
    assert 'type="email"' in shown
    assert "maxlength" not in shown


@pytest.mark.parametrize("address", ["/account/", "/account/password/", "/account/e-mail/"])
def test_nor_those_of_the_account(member: Client, address: str) -> None:
    shown = member.get(address, follow=True).content.decode()
    assert "<form" in shown
    assert "maxlength" not in shown


def test_a_text_that_is_too_long_is_refused_with_both_numbers_and_kept(member: Client) -> None:
    page = "/dossiers/open/facts/trigger/new/"
    long = "x" * 299 + "yz"
    answer = member.post(page, {"title": long, "kind": "other", "public": "2026-03-01 UTC"})
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert f'value="{long}"' in shown
    said = re.search(r'<a href="#id_title">([^<]*)</a>', shown)
    assert said is not None
    assert "300" in said[1]
    assert "301" in said[1]
    fits = {"title": long[:300], "kind": "other", "public": "2026-03-01 UTC"}
    assert member.post(page, fits).status_code == 302


def test_an_address_that_is_too_long_is_refused_and_kept(client: Client) -> None:
    long = "x" * 320 + "@example.org"
    answer = client.post("/sign-in/", {"login": long, "password": "a password"})
    assert answer.status_code == 422
    assert f'value="{long}"' in answer.content.decode()
