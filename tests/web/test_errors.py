"""Every refusal as it really arises: a page that helps, or its fragment for a script's request."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.core.ratelimit import respond_429
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from tracker.config import urls
from tracker.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from tracker.models import User
from tracker.web import refusals
from tracker.web.pages import SignedIn, writes

HTMX = {"HX-Request": "true", "HX-Target": "older", "HX-Current-URL": "http://testserver/here/"}
CONFLICT = Conflict("Ann amended it at noon.", mend="Look at hers first.")


def raising(error: Exception) -> Callable[[HttpRequest], HttpResponse]:
    def view(request: HttpRequest) -> HttpResponse:
        raise error

    return view


@writes
def not_allowed(request: SignedIn) -> HttpResponse:
    raise NotAllowed("Only owners may.", mend="Ask Ann.")


urlpatterns = [
    path("suspicious/", raising(SuspiciousOperation("odd"))),
    path("denied/", raising(PermissionDenied())),
    path("conflict/", raising(CONFLICT)),
    path("bare/", raising(Conflict(""))),
    path("invalid/", raising(Invalid("<b>10</b> is no day.", field="day"))),
    path("missing/", raising(NotFound("There is no pledge SECRET."))),
    path("owners/", not_allowed),
    path("boom/", raising(ZeroDivisionError("broken"))),
    path("busy/", raising(OperationalError("database is locked"))),
    path("often/", respond_429),
    path("", include("tracker.config.urls")),
]
handler400, handler403, handler404 = urls.handler400, urls.handler403, urls.handler404
handler429, handler500 = urls.handler429, urls.handler500
pytestmark = pytest.mark.urls(__name__)

# How each arises (method, address, what is sent), its status and what its page says.
ARISE: list[tuple[str, str, dict[str, Any], int, str]] = [
    ("get", "/", {"headers": {"host": "elsewhere.example"}}, 400, "could not be understood"),
    ("get", "/suspicious/", {}, 400, "could not be understood"),
    ("get", "/denied/", {}, 403, "your role does not allow it"),
    ("get", "/no/such/page/", {}, 404, "to its members alone"),
    ("get", "/pledges/NOTHING/", {}, 404, "to its members alone"),
    ("get", "/missing/", {}, 404, "to its members alone"),
    ("post", "/", {}, 405, "does not take what was sent"),
    ("put", "/sign-in/", {}, 405, "does not take what was sent"),
    ("get", "/conflict/", {}, 409, "Ann amended it at noon."),
    ("get", "/bare/", {}, 409, "Somebody else changed this since you read it, or you did"),
    ("get", "/invalid/", {}, 422, "&lt;b&gt;10&lt;/b&gt; is no day."),
    ("get", "/often/", {}, 429, "Try again in a minute"),
    ("get", "/boom/", {}, 500, "has been written to the log"),
    ("get", "/busy/", {}, 503, "most likely not saved"),
]
each = pytest.mark.parametrize(("method", "address", "sent", "status", "says"), ARISE)


def asked(method: str, address: str, *, client: Client | None = None, **sent: Any) -> HttpResponse:
    one = client or Client()
    one.raise_request_exception = False
    response: HttpResponse = getattr(one, method)(address, **sent)
    return response


@each
@pytest.mark.usefixtures("db")
def test_each_says_what_happened_and_what_to_do(
    method: str, address: str, sent: dict[str, Any], status: int, says: str
) -> None:
    response = asked(method, address, **sent)
    shown = response.content.decode()
    assert response.status_code == status
    assert says in shown
    assert "<!DOCTYPE html>" in shown
    assert shown.count("<h1>") == 1
    assert 'class="masthead"' in shown
    assert f'<p class="eyebrow">{status}</p>' in shown
    assert 'href="/">To the board' in shown
    assert "no-store" in response["Cache-Control"]


@each
@pytest.mark.usefixtures("db")
def test_a_script_gets_the_same_words_for_the_message_area(
    method: str, address: str, sent: dict[str, Any], status: int, says: str
) -> None:
    headers = {**sent.get("headers", {}), **HTMX}
    response = asked(method, address, **{**sent, "headers": headers})
    shown = response.content.decode().strip()
    assert response.status_code == status
    assert says in shown
    assert shown.startswith('<div class="error-summary"')
    assert 'role="alert"' in shown
    assert "<h1>" not in shown
    assert response["HX-Retarget"] == "#messages"
    assert {"HX-Request", "HX-Target"} <= set(response["Vary"].split(", "))
    assert "no-store" in response["Cache-Control"]


def test_what_was_sent_is_too_long(settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    response = asked("post", "/sign-in/", data={"email": "x" * 200})
    assert response.status_code == 413
    assert "send less" in response.content.decode()


def test_too_many_fields_are_not_understood(settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 2
    response = asked("post", "/sign-in/", data={"a": "1", "b": "2", "c": "3"})
    assert response.status_code == 400


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_form_from_elsewhere_has_expired(headers: dict[str, str]) -> None:
    client = Client(enforce_csrf_checks=True)
    response = asked("post", "/sign-in/", client=client, data={"email": "a"}, headers=headers)
    assert response.status_code == 403
    assert "The form has expired" in response.content.decode()


def test_503_says_when_to_come_again(db: None) -> None:
    assert asked("get", "/busy/")["Retry-After"] == "15"


def test_405_keeps_what_may_be_sent(db: None) -> None:
    assert asked("post", "/")["Allow"] == "GET, HEAD"


def test_404_tells_nobody_what_is_not_there(db: None) -> None:
    nothing = asked("get", "/nothing/").content.replace(b"nothing", b"missing")
    assert asked("get", "/missing/").content == nothing


def test_whoever_has_signed_in_is_told_why_not(stranger: Client) -> None:
    response = asked("get", "/owners/", client=stranger)
    assert response.status_code == 403
    assert "Only owners may." in response.content.decode()
    assert "Ask Ann." in response.content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_script_is_sent_to_sign_in_as_a_whole_page_and_back_to_where_it_ran(method: str) -> None:
    assert asked(method, "/owners/").status_code == 302
    response = asked(method, "/owners/", headers=HTMX)
    assert response.status_code == 204
    assert response["HX-Redirect"] == "/sign-in/?next=/here/"
    assert "Location" not in response


def test_500_asks_nothing_of_the_database() -> None:
    """Without the database fixture any query fails; the cookie would make one find the person."""
    client = Client()
    client.cookies["sessionid"] = "someone"
    response = asked("get", "/boom/", client=client)
    assert response.status_code == 500
    assert "on our side" in response.content.decode()


def test_500_stands_when_the_templates_are_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusals, "render_to_string", raising(RuntimeError("no template")))
    response = asked("get", "/boom/")
    assert response.status_code == 500
    assert "<h1>Something went wrong on our side</h1>" in response.content.decode()


def test_who_is_signed_in_keeps_the_masthead(member: Client, alice: User) -> None:
    shown = asked("get", "/conflict/", client=member).content.decode()
    assert alice.name in shown
    assert "Sign out" in shown


@pytest.mark.usefixtures("db")
def test_a_moment_that_cannot_be_is_a_fragment_for_a_script() -> None:
    page = asked("get", "/?at=tomorrow")
    assert page.status_code == 422
    assert 'name="at"' in page.content.decode()
    part = asked("get", "/?at=tomorrow", headers=HTMX)
    assert part.status_code == 422
    assert part["HX-Retarget"] == "#messages"
    assert "</html>" not in part.content.decode()


def test_pages_are_at_hand_for_every_kind_of_refusal() -> None:
    assert set(refusals.PAGES.values()) <= set(refusals.WORDS)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/dossiers/a%00b/", "/pledges/a%00b/", "/parties/%00/"])
def test_an_address_that_no_database_takes_is_an_address_that_is_not_there(
    client: Client, address: str
) -> None:
    assert client.get(address).status_code == 404
