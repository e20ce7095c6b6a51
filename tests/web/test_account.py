"""The page of one's own account, and what it leads to: who sees it, what it changes and says."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth
from django.core import mail
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client, override_settings
from django.urls import reverse

from tracker.actions import sealing, users
from tracker.models import PEOPLE, LedgerEntry, User
from tracker.selectors import ledger

from . import house

pytestmark = pytest.mark.usefixtures("open_house")

NEW = "another horse, another battery"
Fire = Callable[..., Any]


@pytest.fixture
def fire(django_capture_on_commit_callbacks: Any) -> Fire:
    """Sends what waits for a commit, which a test's transaction never reaches."""

    def run(client: Client, address: str, typed: dict[str, str]) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(address, typed)

    return run


@pytest.fixture
def sure(alice: User) -> Client:
    """Alice, who has just shown that it is her."""
    client = Client()
    client.force_login(alice)
    answer = client.post("/account/again/?next=/account/", {"password": house.PASSWORD})
    assert answer.headers["Location"] == "/account/"
    return client


def said(client: Client) -> str:
    return client.get("/account/").content.decode()


def entered() -> list[str]:
    found = LedgerEntry.objects.filter(chain__name=PEOPLE, action__startswith="sign_ins.")
    return list(found.order_by("seq").values_list("action", flat=True))


def code(secret: str, *, steps: int = 0) -> str:
    counter = int(time.time()) // 30 + steps
    return str(auth.format_hotp_value(auth.hotp_value(secret, counter)))


def with_app(user: User) -> str:
    secret: str = auth.generate_totp_secret()
    auth.TOTP.activate(user, secret)
    return secret


# --- the page


def test_it_shows_how_one_signs_in(member: Client, alice: User) -> None:
    shown = said(member)
    for words in ("Alice", alice.email, "Add a passkey", "Set up an app", "Change the password"):
        assert words in shown
    assert "Recovery codes" not in shown
    assert '<a href="/account/" aria-current="page">Account</a>' in shown


@pytest.mark.parametrize(
    "address",
    [
        "/account/",
        "/account/e-mail/",
        "/account/password/",
        "/account/password/first/",
        "/account/again/",
        "/account/again/code/",
        "/account/again/passkey/",
        "/account/factors/",
        "/account/app/",
        "/account/app/picture.svg",
        "/account/app/remove/",
        "/account/recovery-codes/",
        "/account/recovery-codes/new/",
        "/account/recovery-codes/recovery-codes.txt",
        "/account/passkeys/",
        "/account/passkeys/add/",
        "/account/passkeys/1/",
        "/account/passkeys/1/remove/",
    ],
)
def test_who_has_not_signed_in_is_asked_to(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 302
    assert response.headers["Location"] == f"/sign-in/?next={address}"
    assert client.post(address).headers.get("Location", "/sign-in/").startswith("/sign-in/")


def test_the_name_is_ones_own_to_change(member: Client, alice: User) -> None:
    assert member.post("/account/", {"name": "  Alice   B.  "}).status_code == 302
    alice.refresh_from_db()
    assert alice.name == "Alice B."
    assert "Your name is saved." in said(member)
    assert entered() == ["sign_ins.rename"]
    member.post("/account/", {"name": "Alice B."})
    assert entered() == ["sign_ins.rename"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 201, "a\x00b"])
def test_a_name_that_cannot_be_is_refused(member: Client, alice: User, name: str) -> None:
    response = member.post("/account/", {"name": name})
    assert response.status_code == 422
    assert "error-summary" in response.content.decode()
    alice.refresh_from_db()
    assert alice.name == "Alice"


# --- password and address


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(
    member: Client, alice: User, fire: Fire
) -> None:
    other = Client()
    other.force_login(alice)
    before = member.session.session_key
    response = fire(
        member,
        "/account/password/",
        {"oldpassword": house.PASSWORD, "password1": NEW, "password2": NEW},
    )
    assert (response.status_code, response.headers["Location"]) == (302, "/account/")
    assert "Your password is changed." in said(member)
    assert member.session.session_key != before
    assert other.get("/account/").status_code == 302
    assert entered() == ["sign_ins.change_password"]
    (message,) = mail.outbox
    assert (message.to, message.subject) == ([alice.email], "How you sign in was changed")
    assert "Your password was changed." in message.body
    assert "http://testserver/new-password/" in message.body
    assert ledger.problem(PEOPLE) is None


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"oldpassword": "wrong", "password1": NEW, "password2": NEW}, "not your password"),
        ({"oldpassword": house.PASSWORD, "password1": "short", "password2": "short"}, "too short"),
        ({"oldpassword": house.PASSWORD, "password1": NEW, "password2": "other"}, "same password"),
        ({}, "Enter a new password."),
    ],
)
def test_a_password_that_does_not_do_is_refused(
    member: Client, alice: User, typed: dict[str, str], words: str
) -> None:
    response = member.post("/account/password/", typed)
    assert response.status_code == 422
    assert words in response.content.decode()
    alice.refresh_from_db()
    assert alice.check_password(house.PASSWORD)
    assert entered() == []


def test_guessing_the_password_in_a_stolen_session_is_braked(member: Client) -> None:
    typed = {"oldpassword": "wrong", "password1": NEW, "password2": NEW}
    found = [member.post("/account/password/", typed).status_code for _ in range(7)]
    assert found == [422] * 5 + [429] * 2
    again = [member.post("/account/again/", {"password": "wrong"}) for _ in range(7)]
    assert [response.status_code for response in again] == [422] * 5 + [429] * 2
    assert "Try again in 5 minutes." in again[-1].content.decode()


def test_an_address_changes_when_it_is_confirmed(sure: Client, alice: User, fire: Fire) -> None:
    typed = {"email": "New@Example.org", "action_add": "1"}
    assert fire(sure, "/account/e-mail/", typed).status_code == 302
    alice.refresh_from_db()
    assert alice.email == "alice@example.org"
    (asked,) = mail.outbox
    assert asked.to == ["new@example.org"]
    assert "new@example.org" in sure.get("/account/e-mail/").content.decode()
    found = re.search(r"http://testserver(/confirm-address/\S+)", str(asked.body))
    assert found is not None
    elsewhere = Client()
    assert "Confirm the address" in elsewhere.get(found[1]).content.decode()
    alice.refresh_from_db()
    assert alice.email == "alice@example.org"
    assert fire(elsewhere, found[1], {}).status_code == 302
    alice.refresh_from_db()
    assert alice.email == "new@example.org"
    rows = EmailAddress.objects.filter(user=alice).values_list("email", "verified", "primary")
    assert list(rows) == [("new@example.org", True, True)]
    assert entered() == ["sign_ins.change_address"]
    told = mail.outbox[1]
    assert told.to == ["alice@example.org"]
    assert "address of your account was changed" in told.body
    assert elsewhere.get(found[1]).status_code == 404


def test_a_new_address_asks_who_it_is_and_goes_on_from_there(
    member: Client, alice: User, fire: Fire
) -> None:
    asked = member.post("/account/e-mail/", {"email": "new@example.org", "action_add": "1"})
    assert asked.headers["Location"] == "/account/again/?next=%2Faccount%2Fe-mail%2F"
    assert not EmailAddress.objects.filter(user=alice, verified=False).exists()
    assert member.post(asked.headers["Location"], {"password": "wrong"}).status_code == 422
    fire(member, asked.headers["Location"], {"password": house.PASSWORD})
    assert EmailAddress.objects.get(user=alice, verified=False).email == "new@example.org"
    assert mail.outbox[0].to == ["new@example.org"]


def test_the_address_of_somebody_else_cannot_be_had(
    sure: Client, alice: User, bob: User, fire: Fire
) -> None:
    """It is not said whose it is; the link, which only that person gets, does nothing."""
    assert (
        fire(sure, "/account/e-mail/", {"email": bob.email, "action_add": "1"}).status_code == 302
    )
    found = re.search(r"http://testserver(/confirm-address/\S+)", str(mail.outbox[0].body))
    assert found is not None
    assert "Another account has this address" in Client().get(found[1]).content.decode()
    Client().post(found[1])
    alice.refresh_from_db()
    assert alice.email == "alice@example.org"
    assert entered() == []


@pytest.mark.parametrize("email", ["", "alice", "alice@example.org"])
def test_an_address_that_does_not_do_is_refused(sure: Client, email: str) -> None:
    response = sure.post("/account/e-mail/", {"email": email, "action_add": "1"})
    assert response.status_code == 422


def test_a_change_of_address_can_be_withdrawn(sure: Client, alice: User, fire: Fire) -> None:
    fire(sure, "/account/e-mail/", {"email": "new@example.org", "action_add": "1"})
    fire(sure, "/account/e-mail/", {"email": "new@example.org", "action_remove": "1"})
    assert not EmailAddress.objects.filter(user=alice, verified=False).exists()
    assert "withdrawn" in said(sure)


# --- the authenticator app


def test_an_app_is_set_up_with_the_code_that_it_shows(
    sure: Client, alice: User, fire: Fire
) -> None:
    shown = sure.get("/account/app/").content.decode()
    found = re.search(r"data-secret>([A-Z2-7 ]+)<", shown)
    assert found is not None
    secret = found[1].replace(" ", "")
    picture = sure.get("/account/app/picture.svg")
    assert picture.headers["Content-Type"] == "image/svg+xml"
    assert picture.content.startswith(b"<?xml")
    assert set(picture.headers["Content-Security-Policy"].split("; ")) == {
        "default-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'none'",
    }
    assert "no-store" in picture.headers["Cache-Control"]

    wrong = sure.post("/account/app/", {"code": "000000"})
    assert wrong.status_code == 422
    assert "does not fit" in wrong.content.decode()
    assert secret in wrong.content.decode().replace(" ", "")

    done = fire(sure, "/account/app/", {"code": code(secret)})
    assert done.headers["Location"] == "/account/recovery-codes/"
    assert entered() == ["sign_ins.add_totp", "sign_ins.make_recovery_codes"]
    assert "An authenticator app was set up." in mail.outbox[0].body
    assert sure.get("/account/app/picture.svg").status_code == 404
    again = half_way(alice).post("/sign-in/code/", {"code": code(secret)})
    assert again.status_code == 422
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored


def test_the_codes_are_shown_once_and_can_be_kept_as_a_file(
    sure: Client, alice: User, fire: Fire
) -> None:
    with_app(alice)
    assert fire(sure, "/account/recovery-codes/new/", {}).status_code == 302
    assert "New recovery codes were made." in mail.outbox[0].body
    shown = sure.get("/account/recovery-codes/").content.decode()
    codes = re.findall(r"<code>(\d{8})</code>", shown)
    assert len(set(codes)) == 10
    kept = sure.get("/account/recovery-codes/recovery-codes.txt")
    assert kept.headers["Content-Type"].startswith("text/plain")
    assert "attachment" in kept.headers["Content-Disposition"]
    assert re.findall(r"^\d{8}$", kept.content.decode(), re.MULTILINE) == codes
    again = sure.get("/account/recovery-codes/").content.decode()
    assert not any(one in again for one in codes)
    assert "10 are left." in again
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert not any(one in stored for one in codes)
    assert "10 are left." in said(sure)

    other = Client()
    other.force_login(alice)
    other.post("/account/again/", {"password": house.PASSWORD})
    assert other.get("/account/recovery-codes/recovery-codes.txt").status_code == 404


def test_no_codes_without_a_second_factor(sure: Client) -> None:
    assert sure.get("/account/recovery-codes/").status_code == 404
    assert sure.post("/account/recovery-codes/new/").status_code == 422


def test_removing_the_app_takes_the_codes_along(sure: Client, alice: User, fire: Fire) -> None:
    with_app(alice)
    RecoveryCodes.activate(alice)
    assert sure.get("/account/app/remove/").status_code == 200
    assert fire(sure, "/account/app/remove/", {}).headers["Location"] == "/account/"
    assert not Authenticator.objects.filter(user=alice).exists()
    assert entered() == ["sign_ins.remove_totp"]
    assert "was removed" in mail.outbox[0].body


@pytest.mark.parametrize(
    "address", ["/account/app/", "/account/app/remove/", "/account/recovery-codes/new/"]
)
def test_what_changes_how_one_signs_in_asks_again_who_it_is(
    member: Client, alice: User, address: str
) -> None:
    if "remove" in address:
        with_app(alice)
    for response in (member.get(address), member.post(address)):
        assert response.headers["Location"].startswith("/account/again/?next=")


# --- signing in with it


def half_way(user: User) -> Client:
    client = Client()
    typed = {"login": user.email, "password": house.PASSWORD, "next": "/dossiers/shut/"}
    response = client.post("/sign-in/", typed)
    assert response.headers["Location"] == "/sign-in/code/"
    assert client.get("/dossiers/shut/").status_code == 404
    return client


def test_a_code_is_asked_for_after_the_password_and_counts_once(alice: User) -> None:
    secret = with_app(alice)
    client = half_way(alice)
    assert client.get("/sign-in/").headers["Location"] == "/sign-in/code/"
    assert client.get("/sign-in/code/").status_code == 200
    wrong = client.post("/sign-in/code/", {"code": "000000"})
    assert (wrong.status_code, "does not fit" in wrong.content.decode()) == (422, True)
    now = code(secret)
    done = client.post("/sign-in/code/", {"code": f"{now[:3]} {now[3:]}"})
    assert (done.status_code, done.headers["Location"]) == (302, "/dossiers/shut/")
    assert client.get("/dossiers/shut/").status_code == 200
    replayed = half_way(alice).post("/sign-in/code/", {"code": now})
    assert replayed.status_code == 422


@pytest.mark.parametrize(("steps", "status"), [(-2, 422), (-1, 302), (1, 302), (2, 422)])
def test_a_clock_may_be_a_step_off(alice: User, steps: int, status: int) -> None:
    secret = with_app(alice)
    # Not at the very end of a step, where it would end meanwhile.
    time.sleep(max(0.0, time.time() % 30 - 28.5) * 2)
    response = half_way(alice).post("/sign-in/code/", {"code": code(secret, steps=steps)})
    assert response.status_code == status


def test_a_code_that_was_used_stays_used_while_it_would_fit(alice: User) -> None:
    secret = with_app(alice)
    now = code(secret)
    assert half_way(alice).post("/sign-in/code/", {"code": now}).status_code == 302
    cache.delete(f"allauth.mfa.totp.used?user={alice.pk}&code={now}")  # its 30 seconds are over
    assert half_way(alice).post("/sign-in/code/", {"code": now}).status_code == 422


def test_guessing_codes_is_braked(alice: User) -> None:
    secret = with_app(alice)
    client = half_way(alice)
    found = [client.post("/sign-in/code/", {"code": "000000"}) for _ in range(7)]
    assert [response.status_code for response in found] == [422] * 5 + [429] * 2
    assert "Try again in 5 minutes." in found[-1].content.decode()
    assert found[-1].headers["Retry-After"] == "300"
    assert half_way(alice).post("/sign-in/code/", {"code": code(secret)}).status_code == 429


def test_a_recovery_code_gets_one_in_once(alice: User) -> None:
    with_app(alice)
    codes = RecoveryCodes.activate(alice).get_unused_codes()
    client = half_way(alice)
    assert client.post("/sign-in/code/", {"code": codes[3]}).status_code == 302
    assert "9 are left." in said(client)
    assert half_way(alice).post("/sign-in/code/", {"code": codes[3]}).status_code == 422
    assert half_way(alice).post("/sign-in/code/", {"code": codes[4]}).status_code == 302


def test_who_starts_again_is_nobody(alice: User) -> None:
    with_app(alice)
    client = half_way(alice)
    assert client.post("/sign-out/", {"next": "/sign-in/"}).headers["Location"] == "/sign-in/"
    assert client.get("/sign-in/").status_code == 200
    assert client.get("/sign-in/code/").headers["Location"] == "/sign-in/"


def test_who_has_lost_all_factors_meanwhile_begins_again(alice: User) -> None:
    with_app(alice)
    client = half_way(alice)
    Authenticator.objects.filter(user=alice).delete()
    assert client.get("/sign-in/code/").headers["Location"] == "/sign-in/"
    assert client.get("/sign-in/").status_code == 200
    assert client.get("/dossiers/shut/").status_code == 404


def test_who_is_half_way_begins_again_after_a_new_password(alice: User) -> None:
    secret = with_app(alice)
    client = half_way(alice)
    users.set_password(user=alice, password="another long good phrase", by=None, at=house.AT)
    response = client.post("/sign-in/code/", {"code": code(secret)})
    assert response.headers["Location"] == "/sign-in/"
    assert client.get("/account/").status_code == 302


def test_a_deactivated_user_half_way_does_not_get_in(alice: User) -> None:
    secret = with_app(alice)
    client = half_way(alice)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    client.post("/sign-in/code/", {"code": code(secret)})
    assert client.get("/dossiers/shut/").status_code == 404


def test_who_has_no_password_sets_one_after_a_code(alice: User, fire: Fire) -> None:
    secret = with_app(alice)
    alice.set_unusable_password()
    alice.save()
    client = Client()
    client.force_login(alice)
    assert "Set a password" in said(client)
    assert client.get("/account/password/").headers["Location"] == "/account/password/first/"
    new = {"password1": NEW, "password2": NEW}
    asked = fire(client, "/account/password/first/", new)
    assert asked.headers["Location"] == "/account/again/code/?next=/account/password/first/"
    assert NEW not in str(dict(client.session))
    back = client.post(asked.headers["Location"], {"code": code(secret)})
    assert back.headers["Location"] == "/account/password/first/"
    refused = fire(client, "/account/password/first/", {"password1": "short"})
    assert refused.status_code == 422
    assert fire(client, "/account/password/first/", new).headers["Location"] == "/account/"
    assert entered() == ["sign_ins.change_password"]
    alice.refresh_from_db()
    assert alice.check_password(NEW)


def test_a_new_password_by_mail_does_not_get_past_the_code(alice: User, fire: Fire) -> None:
    with_app(alice)
    client = Client()
    fire(client, "/new-password/", {"email": alice.email})
    found = re.search(r"http://testserver(/new-password/\S+)", str(mail.outbox[0].body))
    assert found is not None
    address = client.get(found[1], follow=True).redirect_chain[-1][0]
    client.post(address, {"password1": NEW, "password2": NEW})
    assert entered() == ["sign_ins.change_password"]
    answer = client.post("/sign-in/", {"login": alice.email, "password": NEW})
    assert answer.headers["Location"] == "/sign-in/code/"


# --- passkeys, as far as no browser is needed


def test_a_passkey_that_is_none_is_refused(client: Client, sure: Client, alice: User) -> None:
    asked = client.get("/sign-in/passkey/", headers={"Accept": "application/json"}).json()
    public = asked["request_options"]["publicKey"]
    assert public["rpId"] == "testserver"
    assert public["userVerification"] == "required"
    for credential in ("", "{}", "[]", '{"id": "x"}', "no json"):
        response = client.post("/sign-in/passkey/", {"credential": credential}, follow=True)
        assert response.redirect_chain == [("/sign-in/", 302)]
        assert "not known here" in response.content.decode()
        added = sure.post("/account/passkeys/add/", {"credential": credential, "name": "x"})
        assert added.status_code == 422
    assert sure.get("/account/passkeys/add/").status_code == 200


def test_anothers_passkey_is_not_there(sure: Client, bob: User) -> None:
    other = Authenticator.objects.create(user=bob, type="webauthn", data={"name": "Key"})
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        assert sure.get(reverse(name, args=(other.pk,))).status_code == 404
        assert sure.post(reverse(name, args=(other.pk,)), {"name": "Mine"}).status_code == 404
    assert Authenticator.objects.get(pk=other.pk).data["name"] == "Key"


# --- what is stored is sealed


def test_a_former_key_still_opens_what_it_sealed(alice: User) -> None:
    secret = with_app(alice)
    RecoveryCodes.activate(alice)
    from django.conf import settings

    former = settings.SECRET_KEY
    with override_settings(SECRET_KEY="n" * 50, SECRET_KEY_FALLBACKS=[former]):
        assert half_way(alice).post("/sign-in/code/", {"code": code(secret)}).status_code == 302
        call_command("resealsecrets")
    cache.clear()
    with override_settings(SECRET_KEY="n" * 50):
        assert half_way(alice).post("/sign-in/code/", {"code": code(secret)}).status_code == 302
    cache.clear()
    # No key is left that opens it: no code fits, and the page does not break.
    assert half_way(alice).post("/sign-in/code/", {"code": code(secret)}).status_code == 422
    with pytest.raises(CommandError, match="No key opens 2"):
        call_command("resealsecrets")


def test_a_seal_is_not_the_text_and_differs_each_time() -> None:
    assert sealing.seal("key") != sealing.seal("key")
    assert "key" not in sealing.seal("key")
    assert sealing.unseal(sealing.seal("key")) == "key"
    assert sealing.unseal("torn") is None
