"""Signing in and out: back to where one was, words for each refusal, nothing told to guessers."""

import re
from typing import Any

import pytest
from allauth.account import urls as account_urls
from allauth.mfa import urls as mfa_urls
from django.core import mail
from django.test import Client, override_settings
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from tracker.actions import sign_ins
from tracker.models import User

from . import house

pytestmark = pytest.mark.usefixtures("open_house")

NEW = "another horse, another battery"


def sign_in(client: Client, email: str, password: str, **more: Any) -> tuple[int, str, str]:
    typed = {"login": email, "password": password} | more
    response = client.post("/sign-in/", typed)
    return response.status_code, response.content.decode(), response.headers.get("Location", "")


def is_in(client: Client) -> bool:
    return client.get("/dossiers/shut/").status_code == 200


def test_the_page_asks_and_takes(client: Client, alice: User) -> None:
    shown = client.get("/sign-in/?next=/dossiers/shut/")
    assert shown.status_code == 200
    assert 'name="next" value="/dossiers/shut/"' in shown.content.decode()
    assert "no-store" in shown.headers["Cache-Control"]
    status, _, to = sign_in(client, "Alice@Example.org", house.PASSWORD, next="/dossiers/shut/")
    assert (status, to) == (302, "/dossiers/shut/")
    assert is_in(client)


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "https://localhost/x", ""],
)
def test_nobody_is_sent_elsewhere(client: Client, alice: User, wanted: str) -> None:
    assert sign_in(client, alice.email, house.PASSWORD, next=wanted)[::2] == (302, "/")
    assert client.get("/sign-in/", {"next": wanted}).headers["Location"] == "/"
    after = client.post("/sign-out/", {"next": wanted})
    assert after.headers["Location"] == "/"


def test_a_refusal_keeps_what_was_typed_but_the_password(client: Client, alice: User) -> None:
    status, shown, _ = sign_in(client, "alice@example.org", "wrong password")
    assert status == 422
    assert "do not fit" in shown
    assert "error-summary" in shown
    assert 'value="alice@example.org"' in shown
    assert "wrong password" not in shown


def test_an_unknown_person_and_a_deactivated_one_are_refused_in_the_same_words(
    client: Client, alice: User, bob: User
) -> None:
    bob.is_active = False
    bob.save()
    answers = {
        re.sub(r"(alice|bob|nobody)@|value=\"\w{64}\"", "", shown)
        for status, shown, _ in (
            sign_in(Client(), "alice@example.org", "wrong"),
            sign_in(Client(), "nobody@example.org", "wrong"),
            sign_in(Client(), "bob@example.org", "wrong"),
            sign_in(Client(), "bob@example.org", house.PASSWORD),
        )
        if status == 422
    }
    assert len(answers) == 1
    assert "do not fit" in answers.pop()


def test_a_deactivated_users_session_ends_at_once(member: Client, alice: User) -> None:
    assert is_in(member)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert not is_in(member)
    assert member.get("/account/").headers["Location"].startswith("/sign-in/")


@pytest.mark.parametrize(
    ("email", "words"),
    [("", "Enter your e-mail address."), ("alice", "Enter an e-mail address such as")],
)
def test_each_field_says_what_is_wrong(client: Client, email: str, words: str) -> None:
    status, shown, _ = sign_in(client, email, "")
    assert status == 422
    assert words in shown
    assert "Enter your password." in shown
    assert 'href="#id_login"' in shown
    assert 'aria-invalid="true"' in shown


def test_somebody_signed_in_needs_no_form(member: Client) -> None:
    response = member.get("/sign-in/?next=/dossiers/shut/")
    assert (response.status_code, response.headers["Location"]) == (302, "/dossiers/shut/")


def test_signing_out_takes_a_post(member: Client) -> None:
    assert member.get("/sign-out/").status_code == 200
    assert is_in(member)
    assert member.post("/sign-out/").status_code == 302
    assert not is_in(member)


def test_both_forms_are_safe_from_other_sites(alice: User) -> None:
    client = Client(enforce_csrf_checks=True)
    for address in ("/sign-in/", "/sign-out/", "/new-password/"):
        response = client.post(address, {"login": alice.email, "password": house.PASSWORD})
        assert response.status_code == 403
        assert "The form has expired" in response.content.decode()


def test_the_session_gets_a_new_key_and_careful_cookies(client: Client, alice: User) -> None:
    client.get("/sign-in/")
    session = client.session
    session["was"] = "here"
    session.save()
    client.cookies["sessionid"] = before = str(session.session_key)
    sign_in(client, alice.email, house.PASSWORD)
    assert client.session.session_key != before
    for name in ("sessionid", "known"):
        cookie = client.cookies[name]
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert alice.email not in client.cookies["known"].value


# --- only what is wanted is served


def patterns(found: list[URLPattern | URLResolver], before: str = "") -> list[tuple[str, str]]:
    all_of: list[tuple[str, str]] = []
    for one in found:
        if isinstance(one, URLResolver):
            all_of += patterns(one.url_patterns, f"{before}{one.pattern}")
        else:
            all_of.append((str(one.name), f"{before}{one.pattern}"))
    return all_of


def test_nothing_else_of_allauth_is_served(client: Client) -> None:
    ours = dict(patterns(get_resolver().url_patterns))
    theirs = patterns([*account_urls.urlpatterns, *mfa_urls.urlpatterns])
    unwanted = {name for name, _ in theirs} - set(ours)
    assert unwanted == {
        "account_signup",
        "account_inactive",
        "account_email_verification_sent",
        "account_confirm_login_code",
    }
    for name in unwanted:
        with pytest.raises(NoReverseMatch):
            reverse(name)
    plain = [route for _, route in theirs if not re.search(r"[<(^]", route)]
    assert len(plain) > 15
    for route in plain:
        for prefix in ("", "accounts/", "auth/", "account/", "mfa/", "2fa/"):
            if f"{prefix}{route}" not in ours.values():
                assert client.get(f"/{prefix}{route}").status_code == 404, route


def test_there_is_no_sign_up(client: Client) -> None:
    from tracker.web.adapters import AccountAdapter

    request = client.get("/sign-in/").wsgi_request
    assert AccountAdapter().is_open_for_signup(request) is False
    for address in ("/sign-up/", "/signup/", "/account/signup/", "/accounts/signup/"):
        assert client.post(address, {"email": "x@example.org"}).status_code == 404


# --- a new password by mail


def ask(client: Client, email: str, *, fire: Any) -> str:
    with fire(execute=True):
        response = client.post("/new-password/", {"email": email})
    assert (response.status_code, response.headers["Location"]) == (302, "/new-password/sent/")
    return client.get("/new-password/sent/").content.decode()


def link_in(message: Any) -> str:
    found = re.search(r"http://testserver(/\S+)", message.body)
    assert found is not None, message.body
    return found[1]


def html_of(message: Any) -> str:
    return str(message.alternatives[0][0])


def test_a_link_sets_a_new_password_once(
    client: Client, alice: User, django_capture_on_commit_callbacks: Any
) -> None:
    elsewhere = Client()
    elsewhere.force_login(alice)
    ask(client, "Alice@example.org", fire=django_capture_on_commit_callbacks)
    (message,) = mail.outbox
    assert message.to == [alice.email]
    assert message.subject == "A new password"
    link = link_in(message)
    html = html_of(message)
    assert link in html
    assert "<script" not in html

    page = client.get(link, follow=True)
    assert page.status_code == 200
    address = page.redirect_chain[-1][0]
    assert link not in page.content.decode()
    refused = client.post(address, {"password1": "short", "password2": "short"})
    assert refused.status_code == 422
    assert "error-summary" in refused.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post(address, {"password1": NEW, "password2": NEW})
    assert (done.status_code, done.headers["Location"]) == (302, "/new-password/set/")
    assert not is_in(elsewhere)
    assert "was changed" in mail.outbox[1].subject

    assert client.get(link, follow=True).status_code == 404
    assert "does not work any more" in client.get(link, follow=True).content.decode()
    assert sign_in(client, alice.email, house.PASSWORD)[0] == 422
    assert sign_in(client, alice.email, NEW)[0] == 302


def test_known_and_unknown_addresses_are_answered_alike(
    alice: User, bob: User, django_capture_on_commit_callbacks: Any
) -> None:
    bob.is_active = False
    bob.save()
    answers = {
        ask(Client(), email, fire=django_capture_on_commit_callbacks)
        for email in (alice.email, "nobody@example.org", bob.email)
    }
    assert len(answers) == 1
    assert [m.subject for m in mail.outbox] == [
        "A new password",
        "No account has this address",
        "No account has this address",
    ]


def test_who_was_reset_by_an_administrator_sets_a_password_by_mail(
    client: Client, alice: User, django_capture_on_commit_callbacks: Any
) -> None:
    sign_ins.reset(user=alice, by=None, at=house.AT, reason="Lost.")
    assert sign_in(client, alice.email, house.PASSWORD)[0] == 422
    ask(client, alice.email, fire=django_capture_on_commit_callbacks)
    address = client.get(link_in(mail.outbox[0]), follow=True).redirect_chain[-1][0]
    client.post(address, {"password1": NEW, "password2": NEW})
    assert sign_in(client, alice.email, NEW)[0] == 302


def test_mail_that_cannot_be_sent_is_no_fault_of_the_visitor(
    client: Client, alice: User, django_capture_on_commit_callbacks: Any
) -> None:
    with override_settings(EMAIL_BACKEND="tests.web.test_sign_in.NoServer"):
        ask(client, alice.email, fire=django_capture_on_commit_callbacks)


class NoServer:
    def __init__(self, **options: Any) -> None:
        pass

    def send_messages(self, messages: list[Any]) -> int:
        raise OSError("no server")


def test_a_link_asked_for_too_often_says_when(client: Client, alice: User) -> None:
    for _ in range(3):
        assert client.post("/new-password/", {"email": alice.email}).status_code == 302
    response = client.post("/new-password/", {"email": alice.email})
    assert response.status_code == 429
    assert "Try again in 10 minutes." in response.content.decode()
    assert 590 <= int(response.headers["Retry-After"]) <= 600
    assert client.post("/new-password/", {"email": "else@example.org"}).status_code == 302


def test_an_address_that_is_none_is_refused(client: Client) -> None:
    response = client.post("/new-password/", {"email": "alice"})
    assert response.status_code == 422
    assert "Enter an e-mail address such as" in response.content.decode()


@pytest.mark.parametrize("who", ["zzzzzzzzzzzzz", "zzzzzzzzzzzzzzzzz", "0"])
def test_a_link_that_was_made_up_is_none(client: Client, who: str) -> None:
    for response in (client.get(f"/new-password/{who}-x/"), client.post(f"/new-password/{who}-x/")):
        assert response.status_code == 404


def test_keys_of_links_are_not_logged(
    client: Client, alice: User, caplog: pytest.LogCaptureFixture
) -> None:
    from tracker.config.requestlog import _told

    for address in ("/new-password/1-abc-def/", "/confirm-address/abc:def/"):
        request = client.get(address).wsgi_request
        assert "abc" not in _told(request)
    assert _told(client.get("/dossiers/open/").wsgi_request) == "/dossiers/open/"
