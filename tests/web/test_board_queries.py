"""How often the board asks the database: at most so often, whatever is asked for, and by whom."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import kept
from tracker.actions import merges, pledges
from tracker.models import BoardLine, Draft, Party, Pledge, User

from . import house

pytestmark = [pytest.mark.usefixtures("open_house"), pytest.mark.both]
MOST = 12  # of them four say who the visitor is and what they may see, three fill the filter
ASKED = (
    "",
    "dossier=open",
    "party=alpha",
    "party=alpha&role=pledgor",
    "party=beta&role=beneficiary",
    "act=halt",
    "subject=civilians",
    "stage=in_force",
    "flag=verification_due",
    "band=later",
    "band=later&band=7d",
    "tag=river",
    "text=fire",
    "analyst={analyst}",
    "dossier=open&party=alpha&party=beta&act=halt&subject=civilians&text=fire&tag=river",
)
LISTED = ("", "sort=changed", "sort=unchecked", "sort=ref", "page=2&sort=ref", "at=2026-03-06")


def many() -> None:
    """The open house with alice in it, and a board of several pages."""
    house.open_and_shut()
    alice = house.person("alice", open="analyst", shut="analyst")
    house.more_pledges("open", 60)
    for row in Pledge.objects.filter(dossier__slug="open"):
        pledges.amend(row=row, analyst=alice, tags=["River"], by=None, at=house.AT)


@pytest.fixture
def open_house(db: None, _now: None) -> None:
    kept.begin_with("board of many", many)


@pytest.fixture
def alice(open_house: None) -> User:
    return User.objects.get(email="alice@example.org")


def asked(client: Client, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as seen:
        response = client.get(address)
    assert response.status_code == 200, address
    return [one["sql"] for one in seen]


def addresses(alice: User) -> Iterator[str]:
    for filtered in ASKED:
        for listed in LISTED:
            yield f"/?{filtered}&{listed}".format(analyst=alice.uid)


def test_of_every_filter_in_every_order(client: Client, member: Client, alice: User) -> None:
    member.get("/?text=fire")  # the first in a process looks whether the index of words is there
    for address in addresses(alice):
        assert len(asked(member, address)) <= MOST, address
        if "analyst" not in address:
            assert len(asked(client, address)) <= MOST - len(("session", "user", "roles")), address


def test_for_a_reviewer_with_drafts_while_one_party_is_another(member: Client, alice: User) -> None:
    house.load("parties:\n  alfa: {name: Alfa, kind: state}")
    alfa, alpha = Party.objects.get(slug="alfa"), Party.objects.get(slug="alpha")
    merges.merge_parties(row=alpha, into=alfa, reason="One party.", by=alice, at=house.AT)
    alice.is_site_admin = True
    alice.save()
    Draft.objects.create(by=alice, address="/", window="w", begun_at=house.AT, saved_at=house.AT)
    shown = member.get("/").content.decode()
    assert "You have a draft" in shown
    assert "<span>Alfa</span>" in shown
    assert "<span>Alpha</span>" not in shown
    for address in addresses(alice):
        most = MOST + ("at=" in address)  # since when the parties are one
        assert len(asked(member, address)) <= most, address


def test_one_more_until_the_sweep_has_noticed_what_began(member: Client, alice: User) -> None:
    late = BoardLine.objects.filter(pledge__ref="OPEN-MORE-1")
    before = {address: asked(member, address) for address in ("/", "/?sort=ref", "/?band=later")}
    late.update(until_at=house.AT - timedelta(minutes=1))
    for address, held in before.items():
        assert len(asked(member, address)) == len(held) + 1
    shown = member.get("/?sort=ref").content.decode()
    assert "OPEN-MORE-1" in shown
