"""Signing in in Chromium: app, passkey, both lost; without scripts; nothing for axe to find."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth
from playwright.sync_api import CDPSession, Page

from tests.web import house

from .checks import problems
from .conftest import Visit, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@dataclass(slots=True)
class Device:
    """A virtual authenticator of the browser."""

    session: CDPSession
    id: str

    def keys(self) -> int:
        found: dict[str, Any] = self.session.send(
            "WebAuthn.getCredentials", {"authenticatorId": self.id}
        )
        return len(found["credentials"])

    def lose(self) -> None:
        self.session.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": self.id})


def device(page: Page) -> Device:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made: dict[str, Any] = session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return Device(session, made["authenticatorId"])


def code(secret: str, *, steps: int = 0) -> str:
    """A code of now, or of a step beside it, since each counts once."""
    counter = int(time.time()) // 30 + steps
    return str(auth.format_hotp_value(auth.hotp_value(secret, counter)))


def password(found: Visit, then: str) -> None:
    found.go("/sign-in/?next=/account/")
    found.page.get_by_label("E-mail").fill("alice@example.org")
    found.page.get_by_label("Password").fill(house.PASSWORD)
    found.page.get_by_role("button", name="Sign in", exact=True).click()
    found.page.wait_for_url(found.base + then)


def sign_out(found: Visit) -> None:
    found.page.get_by_role("button", name="Sign out").click()
    found.page.wait_for_url(found.base + "/")


def sure(found: Visit) -> None:
    """Shows once more who it is, where that is asked for."""
    if "/account/again/" in found.page.url:
        found.page.get_by_label("Password").fill(house.PASSWORD)
        found.page.get_by_role("button", name="Go on").click()


def set_up_app(found: Visit, *, see: Callable[[], None] = lambda: None) -> tuple[str, list[str]]:
    """The secret that was shown, and the recovery codes, where some were made."""
    page = found.page
    page.get_by_role("link", name="Set up an app").click()
    sure(found)
    page.wait_for_url(found.base + "/account/app/")
    picture = page.locator(".totp-picture")
    assert picture.evaluate("(it) => it.complete && it.naturalWidth > 0")
    see()
    secret = page.locator("[data-secret]").inner_text().replace(" ", "")
    page.get_by_label("Code").fill(code(secret))
    page.get_by_role("button", name="Set up").click()
    page.wait_for_url(re.compile(r"/account/(recovery-codes/|)$"))
    codes = page.locator(".codes code").all_inner_texts()
    see()
    found.go("/account/")
    return secret, codes


def add_passkey(found: Visit, name: str, *, alone: bool = True) -> None:
    page = found.page
    page.get_by_role("link", name="Add a passkey").click()
    sure(found)
    page.get_by_label("Name").fill(name)
    page.get_by_label("Let it sign me in by itself").set_checked(alone)
    page.get_by_role("button", name="Add").click()
    page.wait_for_url(re.compile(r"/account/(recovery-codes/)?$"))
    found.go("/account/")
    assert page.get_by_text(name, exact=True).first.is_visible()


def test_an_app_is_set_up_and_asked_for(visit: Visitor) -> None:
    found = visit()
    seen: list[str] = []
    password(found, "/account/")
    secret, codes = set_up_app(found, see=lambda: seen.extend(problems(found)))
    assert len(codes) == 10
    assert "10 are left." in found.page.locator("main").inner_text()
    sign_out(found)
    password(found, "/sign-in/code/")
    seen += problems(found)
    found.page.get_by_label("Code").fill(code(secret, steps=1))
    found.page.get_by_role("button", name="Go on").click()
    found.page.wait_for_url(found.base + "/account/")
    assert seen + found.complaints == []


def test_a_passkey_signs_in_by_itself(visit: Visitor) -> None:
    found = visit()
    key = device(found.page)
    password(found, "/account/")
    add_passkey(found, "Telephone")
    assert key.keys() == 1
    sign_out(found)
    found.go("/sign-in/?next=/dossiers/shut/")
    found.page.get_by_role("button", name="Sign in with a passkey").click()
    found.page.wait_for_url(found.base + "/dossiers/shut/")
    assert "Talks of SHUT" in found.page.locator("h1").inner_text()
    # And again, to say who it is.
    found.go("/account/again/passkey/?next=/account/password/")
    found.page.get_by_role("button", name="Use a passkey").click()
    found.page.wait_for_url(found.base + "/account/password/")
    assert found.complaints == []


def test_a_passkey_comes_after_the_password_where_that_was_chosen(visit: Visitor) -> None:
    found = visit()
    device(found.page)
    password(found, "/account/")
    add_passkey(found, "Key on the desk", alone=False)
    assert "after the password" in found.page.locator("main").inner_text()
    sign_out(found)
    password(found, "/sign-in/code/")
    found.page.get_by_role("button", name="Use a passkey").click()
    found.page.wait_for_url(found.base + "/account/")
    assert found.complaints == []


def test_a_device_without_a_passkey_says_so_and_the_page_stays(visit: Visitor) -> None:
    found = visit()
    device(found.page)
    found.go("/sign-in/")
    found.page.get_by_role("button", name="Sign in with a passkey").click()
    told = found.page.get_by_text("The device gave no passkey")
    told.wait_for()
    assert problems(found) == []
    assert found.page.get_by_role("button", name="Sign in with a passkey").is_enabled()


@pytest.mark.both
def test_both_are_lost_and_a_recovery_code_leads_to_new_ones(visit: Visitor) -> None:
    found = visit()
    page = found.page
    lost = device(page)
    password(found, "/account/")
    _, codes = set_up_app(found)
    add_passkey(found, "Old telephone")
    sign_out(found)
    lost.lose()

    password(found, "/sign-in/code/")
    page.get_by_label("Code").fill(codes[0])
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url(found.base + "/account/")
    assert "9 are left." in page.locator("main").inner_text()
    page.get_by_role("link", name="Remove Old telephone").click()
    sure(found)
    page.get_by_role("button", name="Remove the passkey").click()
    page.wait_for_url(found.base + "/account/")
    page.get_by_role("link", name="Remove the app").click()
    page.get_by_role("button", name="Remove the app").click()
    page.wait_for_url(found.base + "/account/")
    assert "Set up an app" in page.locator("main").inner_text()

    device(page)
    secret, new_codes = set_up_app(found)
    assert len(new_codes) == 10
    assert not set(new_codes) & set(codes)
    add_passkey(found, "New telephone")
    sign_out(found)
    password(found, "/sign-in/code/")
    page.get_by_label("Code").fill(codes[1])
    page.get_by_role("button", name="Go on").click()
    page.get_by_text("does not fit").first.wait_for()
    page.get_by_label("Code").fill(code(secret, steps=1))
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url(found.base + "/account/")
    sign_out(found)
    found.go("/sign-in/?next=/account/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(found.base + "/account/")
    assert found.complaints == []


def test_without_scripts_password_and_app_are_offered(visit: Visitor) -> None:
    found = visit(java_script_enabled=False)
    password(found, "/account/")
    page = found.page
    page.get_by_role("link", name="Set up an app").click()
    sure(found)
    secret = page.locator("[data-secret]").inner_text().replace(" ", "")
    page.get_by_label("Code").fill(code(secret))
    page.get_by_role("button", name="Set up").click()
    with page.expect_download() as kept:
        page.get_by_role("link", name="Save them as a file").click()
    assert kept.value.suggested_filename == "recovery-codes.txt"
    sign_out(found)
    found.go("/sign-in/")
    assert not page.get_by_role("button", name="Sign in with a passkey").is_visible()
    password(found, "/sign-in/code/")
    assert not page.get_by_role("button", name="Use a passkey").is_visible()
    page.get_by_label("Code").fill(code(secret, steps=1))
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url(found.base + "/account/")


PAGES = ("/sign-in/", "/new-password/", "/new-password/sent/", "/new-password/set/")
WRONG_LINKS = ("/new-password/1-wrong/", "/confirm-address/wrong/")
OWN = (
    "/account/",
    "/account/password/",
    "/account/e-mail/",
    "/account/again/",
    "/account/again/code/",
    "/account/again/passkey/",
    "/account/passkeys/add/",
    "/account/recovery-codes/",
    "/account/recovery-codes/new/",
    "/account/app/remove/",
)


def test_every_page_in_light_and_wide_and_in_dark_and_narrow(visit: Visitor) -> None:
    seen: list[str] = []
    wide, narrow = visit(width=1280, scheme="light"), visit(width=360, scheme="dark")
    for found in (wide, narrow):
        for path in (*PAGES, *WRONG_LINKS):
            found.go(path)
            seen += problems(found)
        found.go("/sign-in/")
        found.page.get_by_role("button", name="Sign in", exact=True).click()
        assert found.page.locator(".error-summary").is_visible()
        seen += problems(found)
    device(wide.page)
    password(wide, "/account/")
    secret, _ = set_up_app(wide)
    add_passkey(wide, "A telephone with a rather long name, to see whether it wraps")
    password(narrow, "/sign-in/code/")
    seen += problems(narrow)
    narrow.page.get_by_label("Code").fill(code(secret, steps=1))
    narrow.page.get_by_role("button", name="Go on").click()
    narrow.page.wait_for_url(narrow.base + "/account/")
    narrow.go("/account/again/")
    sure(narrow)
    for found in (wide, narrow):
        found.go("/account/")
        links = [
            found.page.get_by_role("link", name=name).first.get_attribute("href") or ""
            for name in ("Rename", "Remove A telephone")
        ]
        for path in (*OWN, *links):
            found.go(path)
            assert path.split("?")[0] in found.page.url
            seen += problems(found)
    assert seen + wide.complaints + narrow.complaints == []
