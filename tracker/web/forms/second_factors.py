"""allauth's forms of second factors, in our words: codes, passkeys.

A passkey's answer comes in a hidden field, so what is wrong with it is said of the whole form.
"""

from typing import Any, ClassVar

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as codes
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as passkeys
from allauth.mfa.webauthn.internal import auth
from django import forms
from django.core.cache import cache
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from tracker.web.adapters import WRONG_PASSKEY

from .sign_in import Worded

# A code of the step before and of the one after is taken too: no code may count twice in all that.
CODE_SECONDS = 120
NAME_LENGTH = 60
CODE_WANTED = _("Enter a code.")
MALFORMED = (AttributeError, KeyError, RecursionError, TypeError, ValueError)


def use_up(user_id: int, code: str) -> None:
    """A code of an authenticator app counts once. Raises ValidationError for one that has."""
    digits = "".join(code.split())
    if not cache.add(f"totp-used:{user_id}:{digits}", 1, CODE_SECONDS):
        raise get_adapter().validation_error("incorrect_code")


class _Coded(Worded):
    labels: ClassVar = {"code": _("Code")}
    helps: ClassVar = {
        "code": _("Six digits from your authenticator app, or one of your recovery codes.")
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        field.error_messages["required"] = CODE_WANTED
        field.widget.attrs["inputmode"] = "numeric"

    def clean_code(self) -> str:
        code = str(super().clean_code())  # type: ignore[misc]
        found: Authenticator = getattr(self, "authenticator", None)
        if found is not None and found.type == Authenticator.Type.TOTP:
            use_up(found.user_id, code)
        return code


class Code(_Coded, codes.AuthenticateForm):  # type: ignore[misc]
    pass


class CodeAgain(_Coded, codes.ReauthenticateForm):  # type: ignore[misc]
    pass


class FirstCode(_Coded, ActivateTOTPForm):  # type: ignore[misc]
    helps: ClassVar = {"code": _("The six digits that the app shows now.")}

    def clean_code(self) -> str:
        code = super().clean_code()
        use_up(self.user.pk, code)
        return code


class _Answered(Worded):
    """What a device is said to have answered may be anything: all that is no answer is wrong."""

    def full_clean(self) -> None:
        super().full_clean()
        if "credential" in self.errors:
            for error in self.errors.pop("credential").as_data():
                is_braked = error.code == "too_many_login_attempts"
                said = error.message if is_braked else WRONG_PASSKEY
                self.add_error(None, forms.ValidationError(said, code=error.code))

    def _clean_fields(self) -> None:
        try:
            super()._clean_fields()  # type: ignore[misc]
        except MALFORMED:
            self.add_error("credential", forms.ValidationError(WRONG_PASSKEY, code="malformed"))


class AddPasskey(_Answered, passkeys.AddWebAuthnForm):  # type: ignore[misc]
    labels: ClassVar = {"name": _("Name"), "passwordless": _("Let it sign me in by itself")}
    helps: ClassVar = {
        "name": _("To tell it from others: “Telephone”, “Key on the desk”."),
        "passwordless": _(
            "Without password and code. The device asks for a fingerprint, a face or a PIN."
        ),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].initial = True
        self.fields["name"].validators.append(MaxLengthValidator(NAME_LENGTH))

    def clean_name(self) -> str:
        return str(self.cleaned_data["name"]).strip() or str(_("Passkey"))

    def clean(self) -> dict[str, Any]:
        try:
            return super().clean() or {}
        except MALFORMED as error:
            raise forms.ValidationError(WRONG_PASSKEY, code="malformed") from error


class RenamePasskey(Worded, passkeys.EditWebAuthnForm):  # type: ignore[misc]
    labels: ClassVar = {"name": _("Name")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].error_messages["required"] = _("Enter a name.")
        self.fields["name"].validators.append(MaxLengthValidator(NAME_LENGTH))


class Passkey(_Answered, passkeys.AuthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class PasskeyAgain(_Answered, passkeys.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class PasskeyAlone(_Answered, passkeys.LoginWebAuthnForm):  # type: ignore[misc]
    def clean_credential(self) -> Any:
        """A passkey that stands for all factors must have asked for PIN, finger or face.

        The challenge of a second step did not ask for that, and lies under the same name.
        """
        state = auth.get_state() or {}
        if state.get("user_verification") != "required":
            raise forms.ValidationError(WRONG_PASSKEY, code="unverified")
        return super().clean_credential()
