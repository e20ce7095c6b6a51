"""What was withdrawn, or is not public yet, has a page that says so; what rests on it is marked."""

from typing import Any

import pytest
from django.test import Client

from tests.actions import house as made_house
from tracker.actions import dossiers, memberships, pledges, sources
from tracker.models import User

from . import house

SINCE = "2025-04-20T12:00Z"


@pytest.fixture
def made(alice: User) -> made_house.Made:
    found = made_house.full("case")
    memberships.grant(dossier=found.dossier, user=alice, role="analyst", **found.how())
    return found


def text(client: Client, url: str, **query: str) -> str:
    answer = client.get(url, query)
    assert answer.status_code == 200, url
    return answer.content.decode()


def test_a_withdrawn_pledge_says_since_when_and_why(member: Client, made: made_house.Made) -> None:
    pledges.withdraw(row=made.pledge, when=SINCE, reason="Entered twice", **made.how())
    shown = text(member, "/pledges/case-1/")
    assert "was withdrawn from the register" in shown
    assert "Entered twice" in shown
    assert "/dossiers/case/facts/pledge/case-1/" in shown
    before = text(member, "/pledges/case-1/", at="2025-04-20T11:59:59Z")
    assert "was withdrawn from the register" not in before
    assert "?at=2025-04-20T11:59:59Z" in shown
    assert "Where it stands" in before
    at_it = text(member, "/pledges/case-1/", at=SINCE)
    assert "was withdrawn from the register" in at_it
    assert "Entered twice" not in text(member, "/")
    details = text(member, "/dossiers/case/facts/pledge/case-1/")
    assert "withdrawn" in details


def test_a_stranger_learns_nothing_of_it(client: Client, made: made_house.Made) -> None:
    pledges.withdraw(row=made.pledge, when=SINCE, reason="Entered twice", **made.how())
    assert client.get("/pledges/case-1/").status_code == 404
    assert client.get("/pledges/case-9/").status_code == 404


def test_one_to_come_is_for_the_members(
    member: Client, client: Client, made: made_house.Made
) -> None:
    made_house.pledged(made, "case-7", public="2030-01-01T00:00Z")
    shown = text(member, "/pledges/case-7/")
    assert "not shown at that time" in shown
    assert "2030" in shown
    dossiers.amend(row=made.dossier, is_public=True, **made.how())
    assert client.get("/pledges/case-7/").status_code == 404
    assert client.get("/pledges/case-1/").status_code == 200


def test_what_rests_on_a_withdrawn_source_is_marked(member: Client, made: made_house.Made) -> None:
    page = "/sources/case/readout/"
    assert "Enter an account" in text(member, page)
    assert "source withdrawn" not in text(member, "/pledges/case-1/")
    sources.withdraw(row=made.source, when=SINCE, reason="A forgery", **made.how())
    shown = text(member, page)
    assert "A forgery" in shown
    assert "Enter an account" not in shown
    assert "source withdrawn" in text(member, "/pledges/case-1/")
    assert "source withdrawn" not in text(member, "/pledges/case-1/", at="2025-04-20T11:59:59Z")


def test_stored_controls_of_direction_end_with_the_text(member: Client, made: Any) -> None:
    pledges.amend(row=made.pledge, title="Halt\u202e\u2069 strikes", **made.how())
    shown = text(member, "/pledges/case-1/")
    title = shown.partition("<title>")[2].partition("</title>")[0]
    assert title.startswith("\u2068Halt\u202e strikes\u2069")
    assert house.PASSWORD not in shown
