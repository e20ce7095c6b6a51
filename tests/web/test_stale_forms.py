"""A session that ended while one typed: after signing in one has it back, and nobody else has.

Each browser is a client of its own; tokens against forgery are checked as they are outside tests.
"""

import re
import time
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth
from django.test import Client

from tests.web.test_facts import Fields
from tracker.models import Draft, LedgerEntry, Trigger, User

from . import house

pytestmark = pytest.mark.django_db
NEW = "/dossiers/open/facts/trigger/new/"
TYPED = {"title": "Handover", "kind": "other", "public": "2026-03-01 UTC"}


class Browser:
    """A browser that keeps cookies and sends the token of the page that it is on."""

    def __init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.page = ""

    def get(self, url: str) -> str:
        return self._shown(self.client.get(url, follow=True))

    def post(self, url: str, data: dict[str, Any]) -> str:
        return self._shown(self.client.post(url, self.with_token(data), follow=True))

    def with_token(self, data: dict[str, Any]) -> dict[str, Any]:
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.page)
        return data | ({"csrfmiddlewaretoken": found[1]} if found else {})

    def _shown(self, answer: Any) -> str:
        self.page = answer.content.decode()
        self.status = answer.status_code
        chain = getattr(answer, "redirect_chain", [])
        self.url = chain[-1][0] if chain else ""
        return self.page

    def form(self, url: str) -> dict[str, Any]:
        self.get(url)
        return self.with_token(Fields(self.page).sent)

    def sign_in(self, name: str, *, then: str = "/") -> str:
        if not self.page or 'name="password"' not in self.page:
            self.get(f"/sign-in/?next={then}")
        sent = Fields(self.page).sent
        who = {"login": f"{name}@example.org", "password": house.PASSWORD}
        return self.post("/sign-in/", sent | who)


@pytest.fixture
def browser(alice: User, bob: User) -> Browser:
    found = Browser()
    found.sign_in("alice")
    return found


def end_session(browser: Browser) -> None:
    browser.client.cookies.pop("sessionid")


def entered() -> int:
    return LedgerEntry.objects.filter(noun="trigger").count()


def test_what_was_typed_is_shown_again_after_signing_in_and_entered_when_sent(
    browser: Browser,
) -> None:
    form, before = browser.form(NEW) | TYPED, entered()
    end_session(browser)
    browser.client.post(NEW, form)
    shown = browser.post(NEW, form)
    assert browser.url.startswith("/sign-in/?next=")
    assert "What you typed is kept" in shown
    assert "Handover" not in shown
    again = browser.sign_in("alice")
    assert browser.url == f"{NEW}?draft={Draft.objects.get().uid}"
    assert 'value="Handover"' in again
    assert "Your draft of" in again
    assert entered() == before
    browser.post(NEW, Fields(again).sent)
    assert Trigger.objects.filter(title="Handover").count() == 1
    assert not Draft.objects.filter(sent_at=None).exists()


def test_whoever_else_signs_in_at_that_browser_gets_nothing_of_it(browser: Browser) -> None:
    house.person("carol", open="analyst")
    form = browser.form(NEW) | TYPED
    end_session(browser)
    browser.post(NEW, form)
    shown = browser.sign_in("carol")
    assert browser.url.startswith(NEW)
    assert "Handover" not in shown
    assert "Handover" not in browser.get("/drafts/")
    assert Trigger.objects.filter(title="Handover").count() == 0
    elsewhere = Browser()
    elsewhere.sign_in("alice")
    assert 'value="Handover"' in elsewhere.get(NEW)


def test_with_a_second_factor(browser: Browser, alice: User) -> None:
    secret = auth.generate_totp_secret()
    auth.TOTP.activate(alice, secret)
    form = browser.form(NEW) | TYPED
    end_session(browser)
    browser.post(NEW, form)
    asked = browser.sign_in("alice")
    assert browser.url.startswith("/sign-in/code/")
    assert "Handover" not in asked
    code = auth.format_hotp_value(auth.hotp_value(secret, int(time.time()) // 30))
    shown = browser.post("/sign-in/code/", {"code": code})
    assert browser.url.startswith(NEW)
    assert 'value="Handover"' in shown


def test_also_when_a_new_password_elsewhere_ended_the_session(
    browser: Browser, alice: User
) -> None:
    form = browser.form(NEW) | TYPED
    alice.set_password("another correct horse")
    alice.save()
    shown = browser.post(NEW, form)
    assert browser.url.startswith("/sign-in/")
    assert "What you typed is kept" in shown
    sent = Fields(browser.page).sent
    who = {"login": alice.email, "password": "another correct horse"}
    assert 'value="Handover"' in browser.post("/sign-in/", sent | who)


def test_a_sign_in_in_another_tab_makes_the_token_stale_and_loses_nothing(
    browser: Browser,
) -> None:
    form, before = browser.form(NEW) | TYPED, entered()
    browser.page = ""
    end_session(browser)
    browser.sign_in("alice")
    answer = browser.client.post(NEW, form, follow=True)
    shown = answer.content.decode()
    assert answer.redirect_chain[-1][0].startswith(NEW)
    assert "Nothing was entered: you signed in anew" in shown
    assert 'value="Handover"' in shown
    assert entered() == before


def test_a_sign_in_of_somebody_else_in_another_tab(browser: Browser) -> None:
    house.person("carol", open="analyst")
    form, before = browser.form(NEW) | TYPED, entered()
    browser.page = ""
    end_session(browser)
    browser.sign_in("carol")
    answer = browser.client.post(NEW, form)
    shown = answer.content.decode()
    assert answer.status_code == 403
    assert "Somebody else has signed in here" in shown
    assert "Handover" not in shown
    assert "Handover" not in browser.get("/drafts/")
    assert entered() == before
    assert Draft.objects.get().by.name == "Alice"


def test_the_button_save_as_draft_when_the_session_has_ended(browser: Browser) -> None:
    form = browser.form(NEW) | TYPED
    end_session(browser)
    shown = browser.post("/drafts/save/", form)
    assert "What you typed is kept" in shown
    assert 'value="Handover"' in browser.sign_in("alice")


def test_the_script_is_only_sent_to_sign_in(browser: Browser) -> None:
    form = browser.form(NEW) | TYPED
    end_session(browser)
    answer = browser.client.post("/drafts/save/", form, headers={"Accept": "application/json"})
    assert answer.status_code == 302
    assert Draft.objects.count() == 0


def test_the_script_is_refused_with_a_stale_token_and_keeps_nothing(browser: Browser) -> None:
    form = browser.form(NEW) | TYPED
    browser.page = ""
    end_session(browser)
    browser.sign_in("alice")
    answer = browser.client.post("/drafts/save/", form, headers={"Accept": "application/json"})
    assert answer.status_code == 403
    assert Draft.objects.count() == 0
    token = browser.client.get("/drafts/state/").json()["token"]
    again = form | {"csrfmiddlewaretoken": token}
    saved = browser.client.post("/drafts/save/", again, headers={"Accept": "application/json"})
    assert saved.json()["state"] == "saved"


def test_without_a_stamp_of_ours_nothing_is_kept_for_anybody(browser: Browser, alice: User) -> None:
    form = browser.form(NEW) | TYPED
    end_session(browser)
    for stamp in ("", "x", form["draft_of"][0][:-1]):
        answer = browser.client.post(NEW, form | {"draft_of": stamp})
        assert answer.status_code == 302
    assert Draft.objects.count() == 0
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.post(NEW, TYPED).status_code == 403


def test_nothing_is_kept_for_who_may_not_sign_in_any_more(browser: Browser, alice: User) -> None:
    form = browser.form(NEW) | TYPED
    alice.is_active = False
    alice.save()
    assert "could not be kept" in browser.post(NEW, form)
    assert Draft.objects.count() == 0


def test_a_stamp_has_an_end(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    form = browser.form(NEW) | TYPED
    end_session(browser)
    monkeypatch.setattr("django.core.signing.time.time", lambda: 4e9)
    assert browser.client.post(NEW, form).status_code == 302
    assert Draft.objects.count() == 0
