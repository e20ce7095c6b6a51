"""A passkey that signs in by itself: what it must have asked for, and what is no answer."""

import pytest
from allauth.core import context
from allauth.mfa.webauthn.forms import LoginWebAuthnForm
from allauth.mfa.webauthn.internal import auth
from django.test import Client, RequestFactory

from tracker.web.forms.second_factors import PasskeyAlone

pytestmark = pytest.mark.usefixtures("open_house")
PAGE = "/sign-in/passkey/"
KEY = "mfa.webauthn.state"


def test_the_challenge_asks_for_pin_finger_or_face(client: Client) -> None:
    client.get(PAGE, headers={"accept": "application/json"})
    assert client.session[KEY]["user_verification"] == "required"


@pytest.mark.parametrize(("verification", "holds"), [("preferred", False), ("required", True)])
def test_the_challenge_of_a_second_step_does_not_do(
    verification: str, holds: bool, rf: RequestFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It asked for less: whoever holds a stolen key could answer it."""
    asked: list[object] = []

    def fits(form: LoginWebAuthnForm) -> str:
        asked.append(form)
        return "{}"

    monkeypatch.setattr(LoginWebAuthnForm, "clean_credential", fits)
    monkeypatch.setattr(auth, "begin_authentication", lambda *_: {})
    request = rf.post(PAGE)
    request.session = {KEY: {"user_verification": verification}}  # type: ignore[assignment]
    with context.request_context(request):
        PasskeyAlone({"credential": '{"id": "one"}'}).is_valid()
    assert bool(asked) is holds


@pytest.mark.parametrize("answer", ["", "[" * 100_000, "{}", "null", "\x00", "1e999"])
def test_what_is_no_answer_signs_nobody_in_and_breaks_nothing(client: Client, answer: str) -> None:
    client.get(PAGE, headers={"accept": "application/json"})
    assert client.post(PAGE, {"credential": answer}).status_code in (302, 422)
    assert "_auth_user_id" not in client.session
