"""The headers that every answer carries: pages, refusals, redirects, parts and files."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponseBase
from django.test import Client

from tracker.config import environment

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
PAGES = [
    ("get", "/", 200),
    ("get", "/pledges/OPEN-HALT/", 200),
    ("get", "/sign-in/", 200),
    ("get", "/readyz", 503),
    ("get", "/no/such/page/", 404),
    ("get", "/?at=tomorrow", 422),
    ("get", "/dossiers/open", 301),
    ("post", "/", 405),
    ("post", "/sign-in/", 422),
    ("get", "/static/icon.svg", 200),
    ("get", "/static/css/main.css", 200),
    ("get", "/static/vendor/htmx-2.0.10.min.js", 200),
]


def policy(response: HttpResponseBase) -> dict[str, list[str]]:
    """The content security policy: directive → its sources."""
    parts = [part.split() for part in response["Content-Security-Policy"].split(";")]
    return {part[0]: part[1:] for part in parts if part}


def check(response: HttpResponseBase) -> None:
    for name, value in ALWAYS.items():
        assert response.headers.get(name) == value, (response.status_code, name)
    assert "camera=()" in response["Permissions-Policy"]
    assert "publickey-credentials-get=(self)" in response["Permissions-Policy"]
    found = policy(response)
    assert found["default-src"] == ["'none'"]
    assert found["base-uri"] == ["'none'"]
    assert found["frame-ancestors"] == ["'none'"]
    for directive in ("script-src", "style-src", "img-src", "connect-src", "form-action"):
        assert found[directive] == ["'self'"], directive
    assert "unsafe" not in response["Content-Security-Policy"]
    assert "report-only" not in str(response.headers).lower()


@pytest.mark.parametrize(("method", "address", "status"), PAGES)
@pytest.mark.usefixtures("open_house")
def test_every_kind_of_answer_carries_them(
    method: str, address: str, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.web.health._broker", lambda: "ok")
    response = getattr(Client(), method)(address)
    assert response.status_code == status
    check(response)
    response.close()  # a file is served as a stream


@pytest.mark.usefixtures("open_house")
def test_so_do_parts_and_what_members_see(member: Client) -> None:
    htmx = {"HX-Request": "true", "HX-Target": "older"}
    check(member.get("/dossiers/shut/"))
    check(member.get("/pledges/SHUT-HALT/?before=5", headers=htmx))
    check(member.get("/sign-in/"))  # a redirect: they have signed in
    check(member.post("/sign-out/"))


def test_a_broken_page_carries_them(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("tracker.web.moments._query", broken)
    monkeypatch.setattr("tracker.selectors.access.viewer", broken)
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 500
    check(response)


@pytest.mark.parametrize(
    "address", ["/", "/dossiers/shut/", "/pledges/OPEN-HALT/", "/sign-out/", "/no/such/page/"]
)
def test_nothing_that_members_see_is_kept(member: Client, address: str) -> None:
    kept = member.get(address)["Cache-Control"]
    assert "no-store" in kept
    assert "private" in kept


def test_what_anybody_sees_is_asked_for_anew(client: Client, open_house: None) -> None:
    response = client.get("/")
    assert response["Cache-Control"] == "private, no-cache"
    assert "sessionid" not in response.cookies
    assert "csrftoken" not in response.cookies


def test_anonymous_pages_say_nothing_of_a_token_and_signed_in_ones_hand_it_to_htmx(
    client: Client, member: Client
) -> None:
    assert "X-CSRFToken" not in client.get("/").content.decode()
    assert """hx-headers='{"X-CSRFToken": \"""" in member.get("/").content.decode()


IN_PRODUCTION = """
import django
from django.test import Client, override_settings

django.setup()
plain_files = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
with override_settings(STORAGES=plain_files):
    ours, others = {"host": "tracker.example.org"}, {"host": "elsewhere.example"}
    for response in (
        Client().get("/no/such/", headers=ours),
        Client().get("/no/such/", headers=ours, secure=True),
        Client().get("/", headers=others, secure=True),
    ):
        got = response.headers
        told = [got.get(name, "-") for name in ("Location", "Strict-Transport-Security")]
        held = [name in got for name in ("Content-Security-Policy", "Permissions-Policy")]
        print(response.status_code, *told, *held, sep="|")
"""


def test_production_is_https_alone_and_remembered_as_such(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", IN_PRODUCTION],
        env={
            **{k: v for k, v in os.environ.items() if k in ("PATH", "HOME")},
            "DJANGO_SETTINGS_MODULE": "tracker.config.settings",
            "TRACKER_DATA_DIR": str(tmp_path),
            "TRACKER_MODE": "production",
            "SECRET_KEY": "kH7-ge93jsPq0vRt5ZyWxBnLc2MdFa8uE6oXi1QsTzYbNr4KpVw",
            "ALLOWED_HOSTS": "tracker.example.org",
            "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
            "REDIS_URL": "redis://127.0.0.1:1/0",
            "EMAIL_URL": "smtp://127.0.0.1:1",
        },
        cwd=environment.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.splitlines() == [
        "301|https://tracker.example.org/no/such/|-|True|True",
        "404|-|max-age=31536000; includeSubDomains; preload|True|True",
        "400|-|max-age=31536000; includeSubDomains; preload|True|True",
    ], done.stderr[-2000:]


def test_cookies_are_out_of_scripts_and_other_sites_reach() -> None:
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.CSRF_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SAMESITE == settings.CSRF_COOKIE_SAMESITE == "Lax"
