"""An invitation's page: whoever has the link, as whom, and what can still be done."""

import logging
from datetime import timedelta

import pytest
from django.contrib.auth import get_user
from django.test import Client

from tracker import clock
from tracker.actions import departures, invitations
from tracker.domain.members import INVITED_FOR
from tracker.models import Dossier, Invitation, Membership, User

from . import house

pytestmark = pytest.mark.usefixtures("open_house")
TICK = timedelta(microseconds=1)
JOIN = {"name": "New Person", "password": house.PASSWORD, "again": house.PASSWORD}


def invited(email: str = "new@example.org", role: str = "analyst") -> tuple[Invitation, str]:
    row, token = invitations.invite(
        dossier=Dossier.objects.get(slug="shut"), email=email, role=role, by=None, at=house.AT
    )
    return row, f"/invitations/{token}/"


def test_looking_never_accepts_and_nothing_is_kept(client: Client, bob: User) -> None:
    _, address = invited(bob.email)
    client.force_login(bob)
    for method in (client.get, client.head):
        response = method(address)
        assert response.status_code == 200
        assert "no-store" in response.headers["Cache-Control"]
        assert response.headers["Referrer-Policy"] == "same-origin"
    assert client.put(address).status_code == 405
    assert not Membership.objects.filter(user=bob).exists()


def test_somebody_new_makes_an_account_and_is_signed_in(client: Client) -> None:
    _, address = invited()
    shown = client.get(address).content.decode()
    assert "There is no account with new@example.org yet" in shown
    assert "Talks of SHUT" in shown
    response = client.post(address, JOIN)
    assert (response.status_code, response.headers["Location"]) == (302, "/dossiers/shut/")
    made = User.objects.get(email="new@example.org")
    assert (made.name, made.check_password(house.PASSWORD)) == ("New Person", True)
    assert Membership.objects.get(user=made).role == "analyst"
    assert client.get("/dossiers/shut/").status_code == 200


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"name": " "}, "name", "Enter your name."),
        ({"name": "n" * 201}, "name", "at most 200"),
        ({"password": "", "again": ""}, "password", "Enter a password."),
        ({"password": "short", "again": "short"}, "password", "at least 12"),
        ({"password": "new@example.org", "again": "new@example.org"}, "password", "too similar"),
        ({"password": "New Person 1", "again": "New Person 1"}, "password", "too similar"),
        ({"again": "something else"}, "again", "not the same"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(
    client: Client, typed: dict[str, str], field: str, words: str
) -> None:
    _, address = invited()
    response = client.post(address, JOIN | typed)
    shown = response.content.decode()
    assert response.status_code == 422
    assert words in shown
    assert f'href="#id_{field}"' in shown
    assert house.PASSWORD not in shown
    assert not User.objects.filter(email="new@example.org").exists()


def test_an_account_signs_in_first_and_comes_back(client: Client, bob: User) -> None:
    _, address = invited(bob.email)
    shown = client.get(address).content.decode()
    assert "Sign in with it first" in shown
    assert f'href="/sign-in/?next={address.replace("/", "%2F")}"' in shown
    assert client.post(address, JOIN).status_code == 200  # nothing is made over an account
    bob.refresh_from_db()
    assert bob.name == "Bob"
    client.force_login(bob)
    assert ">Accept<" in client.get(address).content.decode()
    response = client.post(address)
    assert (response.status_code, response.headers["Location"]) == (302, "/dossiers/shut/")
    assert Membership.objects.get(user=bob).role == "analyst"
    again = client.get(address)  # the same person, the letter once more
    assert (again.status_code, again.headers["Location"]) == (302, "/dossiers/shut/")


def test_somebody_else_is_told_so_and_can_sign_out(client: Client, bob: User, alice: User) -> None:
    _, address = invited("new@example.org")
    client.force_login(bob)
    shown = client.get(address).content.decode()
    assert "You are signed in as bob@example.org; the invitation is for new@example.org" in shown
    client.post(address, JOIN)
    assert not Membership.objects.filter(user=bob).exists()
    assert not User.objects.filter(email="new@example.org").exists()
    response = client.post(address, {"deed": "sign_out"})
    assert (response.status_code, response.headers["Location"]) == (302, address)
    assert not get_user(client).is_authenticated
    assert "There is no account" in client.get(address).content.decode()


def test_an_account_that_was_deactivated_meanwhile_is_told_whom_to_ask(
    client: Client, bob: User
) -> None:
    _, address = invited(bob.email)
    departures.deactivate(user=bob, successors={}, by=None, at=house.AT, reason="Left")
    shown = client.get(address).content.decode()
    assert "deactivated" in shown
    client.post(address, JOIN)
    assert not Membership.objects.filter(user=bob).exists()


@pytest.mark.parametrize(
    ("what", "status", "words"),
    [
        ("unknown", 404, "There is no invitation with this address"),
        ("revoked", 410, "It was revoked"),
        ("used", 410, "accepted already"),
        ("expired", 410, "It has expired"),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_that_has_ended_says_what_to_do(
    client: Client,
    bob: User,
    monkeypatch: pytest.MonkeyPatch,
    what: str,
    status: int,
    words: str,
    method: str,
) -> None:
    row, address = invited(bob.email)
    match what:
        case "unknown":
            address = "/invitations/none/"
        case "revoked":
            invitations.revoke(row=row, by=None, at=house.AT)
        case "used":
            invitations.accept(row=row, user=bob, at=house.AT)
        case "expired":
            monkeypatch.setattr(clock, "now", lambda: house.AT + INVITED_FOR)
    before = User.objects.count()
    response = getattr(client, method)(address, JOIN)
    shown = response.content.decode()
    assert response.status_code == status
    assert words in shown
    assert what == "used" or "Ask the person who invited you" in shown
    assert "Talks of SHUT" not in shown
    assert "no-store" in response.headers["Cache-Control"]
    assert User.objects.count() == before


@pytest.mark.parametrize(("early", "status"), [(TICK, 200), (timedelta(), 410)])
def test_it_ends_at_its_instant(
    client: Client, monkeypatch: pytest.MonkeyPatch, early: timedelta, status: int
) -> None:
    row, address = invited()
    monkeypatch.setattr(clock, "now", lambda: row.expires_at - early)
    assert client.get(address).status_code == status


def test_the_page_is_safe_from_other_sites(bob: User) -> None:
    _, address = invited(bob.email)
    client = Client(enforce_csrf_checks=True)
    client.force_login(bob)
    assert client.post(address).status_code == 403
    assert not Membership.objects.filter(user=bob).exists()


def test_no_log_tells_the_token(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    _, address = invited()
    with caplog.at_level(logging.INFO):
        client.get(address)
        client.post(address, JOIN | {"name": ""})
    requests = [r for r in caplog.records if r.name == "tracker.request"]
    assert len(requests) == 2
    assert all("/invitations/<str:token>/" in str(r.msg) for r in requests)
    assert address.split("/")[2] not in "".join(str(r.msg) for r in requests)
