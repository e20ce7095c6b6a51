"""What allauth leaves to us: who may sign in and how often, our words, our letters, the seal on
second factors. Its views are routed in sign_in_urls.py.
"""

import secrets
from base64 import b32encode
from functools import partial
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core.internal.httpkit import get_client_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib import messages
from django.contrib.auth import authenticate
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from tracker.actions import sealing
from tracker.mail import letters
from tracker.models import User

from . import attempts
from .pages import site

NAME = _("Register of commitments")

# What is said on the next page, by the name that allauth has for it. All else is left unsaid.
SAID = {
    "account/messages/password_changed.txt": _("Your password is changed."),
    "account/messages/password_set.txt": _("Your password is set."),
    "account/messages/email_confirmation_sent.txt": _(
        "A message is on its way to the new address. Follow the link in it to confirm."
    ),
    "account/messages/email_confirmed.txt": _("Your new e-mail address is in use."),
    "account/messages/email_confirmation_failed.txt": _(
        "That address could not be confirmed: another account has it."
    ),
    "account/messages/email_deleted.txt": _("The change of address is withdrawn."),
    "mfa/messages/totp_activated.txt": _("Your authenticator app is set up."),
    "mfa/messages/totp_deactivated.txt": _("Your authenticator app is removed."),
    "mfa/messages/webauthn_added.txt": _("Your passkey is added."),
    "mfa/messages/webauthn_removed.txt": _("The passkey is removed."),
}
# Letters that are asked for, and those that tell of a change.
LETTERS = {
    "account/email/password_reset_key": "new_password",
    "account/email/unknown_account": "no_account",
    "account/email/email_confirmation": "confirm_address",
}
CHANGES = {
    "account/email/password_changed": _("Your password was changed."),
    "account/email/password_reset": _("A new password was set by a link that was sent to you."),
    "account/email/password_set": _("A password was set."),
    "account/email/email_changed": _("The e-mail address of your account was changed."),
    "mfa/email/totp_activated": _("An authenticator app was set up."),
    "mfa/email/totp_deactivated": _("The authenticator app was removed."),
    "mfa/email/webauthn_added": _("A passkey was added."),
    "mfa/email/webauthn_removed": _("A passkey was removed."),
    "mfa/email/recovery_codes_generated": _("New recovery codes were made."),
}
BEGUN_WITH = "begun_with"
WRONG_CODE = _("This code does not fit. Codes change every 30 seconds and count once.")
WRONG_PASSKEY = _("This passkey is not known here. Sign in in another way.")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("This e-mail and password do not fit. Check both."),
        "enter_current_password": _("This is not your password. Check it and try again."),
        "incorrect_password": _("This is not your password. Check it and try again."),
        "duplicate_email": _("This is your address already. Enter another one."),
        "too_many_login_attempts": _("Too many codes have failed. Try again in 5 minutes."),
        "rate_limited": _("Too many codes have failed. Try again in 5 minutes."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """Only the script of the sign-in page is answered in JSON; all else is pages."""
        match = request.resolver_match
        return (
            match is not None
            and match.url_name == "mfa_login_webauthn"
            and request.headers.get("Accept") == "application/json"
        )

    def is_safe_url(self, url: str) -> bool:
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={self.request.get_host()}, require_https=self.request.is_secure()
        )

    def get_client_ip(self, request: HttpRequest) -> str:
        return str(get_client_ip(request) or "unknown")

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        self._taken = attempts.take(request, credentials["email"])

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Who it is; None for a wrong password and for who may not sign in any more, alike."""
        self.pre_authenticate(request, **credentials)
        user = authenticate(request, **credentials)
        AuthenticationBackend.unstash_authenticated_user()
        if not isinstance(user, User):
            return None
        for usage in self._taken:
            usage.rollback()
        # A sign-in that waits for its second factor ends with the password it was begun with.
        request.session[BEGUN_WITH] = user.get_session_auth_hash()
        return user

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        attempts.forget(request, credentials["email"])

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """Only a passkey leads here: as if it were not known."""
        self.add_message(request, messages.ERROR, message=str(WRONG_PASSKEY))
        return HttpResponseRedirect(reverse("account_login"))

    def post_login(self, request: HttpRequest, user: User, **more: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **more)
        attempts.remember(response, user.email)
        return response

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account")

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        return reverse("account" if self.request.user.is_authenticated else "account_login")

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        said = message or SAID.get(message_template or "")
        if said:
            messages.add_message(request, level, str(said), extra_tags=extra_tags)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A letter of ours, sent once what it tells of is stored. A failure to send is logged."""
        name = LETTERS.get(template_prefix, "sign_in_changed")
        if name == "sign_in_changed" and template_prefix not in CHANGES:
            return
        given = context | {
            "what": CHANGES.get(template_prefix, ""),
            "site": site(self.request),
        }
        transaction.on_commit(partial(letters.send, name, to=email, context=given), robust=True)


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": WRONG_CODE}

    def encrypt(self, text: str) -> str:
        return sealing.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """What no key opens fits no code."""
        lost = b32encode(secrets.token_bytes(20)).decode()
        return sealing.unseal(encrypted_text) or lost

    def get_totp_issuer(self) -> str:
        return str(NAME)

    def generate_authenticator_name(self, user: User, type: Any) -> str:  # noqa: A002
        return ""

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return entity | {"name": str(NAME)}
