"""Signing in and out: back to where one was, a brake on guessing, and words for each refusal."""

import pytest
from django.test import Client

from tracker.models import User
from tracker.web import attempts

from . import house

pytestmark = pytest.mark.usefixtures("open_house")


def sign_in(client: Client, **typed: str) -> tuple[int, str, str]:
    response = client.post("/sign-in/", typed)
    return response.status_code, response.content.decode(), response.headers.get("Location", "")


def test_the_page_asks_and_takes(client: Client, alice: User) -> None:
    shown = client.get("/sign-in/?next=/dossiers/shut/")
    assert shown.status_code == 200
    assert 'name="next" value="/dossiers/shut/"' in shown.content.decode()
    status, _, to = sign_in(
        client, email="Alice@Example.org", password=house.PASSWORD, next="/dossiers/shut/"
    )
    assert (status, to) == (302, "/dossiers/shut/")
    assert client.get("/dossiers/shut/").status_code == 200


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""]
)
def test_nobody_is_sent_elsewhere(client: Client, alice: User, wanted: str) -> None:
    status, _, to = sign_in(client, email=alice.email, password=house.PASSWORD, next=wanted)
    assert (status, to) == (302, "/")


def test_a_refusal_keeps_what_was_typed_but_the_password(client: Client, alice: User) -> None:
    status, shown, _ = sign_in(client, email="alice@example.org", password="wrong password")
    assert status == 422
    assert "do not fit" in shown
    assert 'value="alice@example.org"' in shown
    assert "wrong password" not in shown


def test_an_unknown_person_is_refused_in_the_same_words(client: Client, alice: User) -> None:
    _, known, _ = sign_in(client, email="alice@example.org", password="wrong")
    _, unknown, _ = sign_in(client, email="nobody@example.org", password="wrong")
    assert "do not fit" in known
    assert "do not fit" in unknown


@pytest.mark.parametrize(
    ("email", "words"),
    [("", "Enter your e-mail address."), ("alice", "Enter an e-mail address such as")],
)
def test_each_field_says_what_is_wrong(client: Client, email: str, words: str) -> None:
    status, shown, _ = sign_in(client, email=email, password="")
    assert status == 422
    assert words in shown
    assert "Enter your password." in shown
    assert 'href="#id_email"' in shown
    assert 'aria-invalid="true"' in shown


def test_guessing_is_braked_for_the_person(client: Client, alice: User) -> None:
    for _ in range(attempts.PER_PERSON):
        assert sign_in(client, email=alice.email, password="wrong")[0] == 422
    status, shown, _ = sign_in(client, email=alice.email, password=house.PASSWORD)
    assert status == 429
    assert "quarter of an hour" in shown
    assert sign_in(client, email="else@example.org", password="wrong")[0] == 422


def test_a_success_ends_the_count(client: Client, alice: User) -> None:
    for _ in range(attempts.PER_PERSON - 1):
        sign_in(client, email=alice.email, password="wrong")
    assert sign_in(client, email=alice.email, password=house.PASSWORD)[0] == 302
    client.post("/sign-out/")
    assert sign_in(client, email=alice.email, password="wrong")[0] == 422


def test_somebody_signed_in_needs_no_form(member: Client) -> None:
    response = member.get("/sign-in/?next=/dossiers/shut/")
    assert (response.status_code, response.headers["Location"]) == (302, "/dossiers/shut/")


def test_signing_out_takes_a_post(member: Client) -> None:
    assert member.get("/sign-out/").status_code == 200
    assert member.get("/dossiers/shut/").status_code == 200
    assert member.post("/sign-out/").status_code == 302
    assert member.get("/dossiers/shut/").status_code == 404


def test_both_forms_are_safe_from_other_sites(alice: User) -> None:
    client = Client(enforce_csrf_checks=True)
    for address in ("/sign-in/", "/sign-out/"):
        response = client.post(address, {"email": alice.email, "password": house.PASSWORD})
        assert response.status_code == 403
        assert "The form has expired" in response.content.decode()
