"""Signing in with e-mail and password."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class SignIn(forms.Form):
    """What was typed, cleaned; whether it fits anybody is for the view to ask."""

    email = forms.EmailField(
        label=_("E-mail"),
        error_messages={
            "required": _("Enter your e-mail address."),
            "invalid": _("Enter an e-mail address such as name@example.org."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        error_messages={"required": _("Enter your password.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["maxlength"] = 320

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip()
