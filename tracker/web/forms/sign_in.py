"""allauth's forms of the account, in our words: signing in, passwords, the address; and the name.

Must not live here: codes and passkeys (second_factors.py), any check of a password.
"""

from typing import Any, ClassVar

from allauth.account import forms as theirs
from allauth.account.adapter import get_adapter
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

EMAIL = _("E-mail")
WANTED = {
    "login": _("Enter your e-mail address."),
    "email": _("Enter an e-mail address."),
    "password": _("Enter your password."),
    "oldpassword": _("Enter your password of now."),
    "password1": _("Enter a new password."),
    "password2": _("Enter the new password once more."),
}
NOT_AN_ADDRESS = _("Enter an e-mail address such as name@example.org.")
LONG = _("At least 12 characters: four words that do not belong together are good.")


class Worded(forms.Form):
    """Labels and help of ours, no placeholders, and a message that names what is wanted."""

    labels: ClassVar[dict[str, Any]] = {}
    helps: ClassVar[dict[str, Any]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.labels.get(name, field.label)
            field.help_text = self.helps.get(name, "")
            field.widget.attrs.pop("placeholder", None)
            if name in WANTED:
                field.error_messages["required"] = WANTED[name]
            if isinstance(field, forms.EmailField):
                field.error_messages["invalid"] = NOT_AN_ADDRESS
                field.widget.attrs["autocapitalize"] = "none"


class SignIn(Worded, theirs.LoginForm):  # type: ignore[misc]
    labels: ClassVar = {"login": EMAIL, "password": _("Password")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username webauthn"


class Password(Worded, theirs.ReauthenticateForm):  # type: ignore[misc]
    labels: ClassVar = {"password": _("Password")}


class _Twice(Worded):
    labels: ClassVar = {
        "oldpassword": _("Password of now"),
        "password1": _("New password"),
        "password2": _("New password once more"),
    }
    helps: ClassVar = {"password1": LONG}


class ChangePassword(_Twice, theirs.ChangePasswordForm):  # type: ignore[misc]
    pass


class SetPassword(_Twice, theirs.SetPasswordForm):  # type: ignore[misc]
    pass


class NewPassword(_Twice, theirs.ResetPasswordKeyForm):  # type: ignore[misc]
    pass


class AskForPassword(Worded, theirs.ResetPasswordForm):  # type: ignore[misc]
    """A letter goes out whether or not there is an account: the answer, and how long it takes, tell
    nobody which.
    """

    labels: ClassVar = {"email": EMAIL}

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        if self.users:
            return str(super().save(request, **kwargs))
        email = str(self.cleaned_data["email"])
        get_adapter().send_mail("account/email/unknown_account", email, {})
        return email


class NewAddress(Worded, theirs.AddEmailForm):  # type: ignore[misc]
    labels: ClassVar = {"email": _("New e-mail address")}


class Name(forms.Form):
    """The name that others see."""

    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        help_text=_("Members of your dossiers see it beside what you enter."),
        error_messages={"required": _("Enter the name that others know.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
