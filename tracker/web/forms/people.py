"""Forms about people: inviting, roles, joining, leaving, and what site administrators do."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.contrib.auth.password_validation import (
    password_validators_help_texts,
    validate_password,
)
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tracker.domain.access import Role
from tracker.domain.errors import DomainError
from tracker.models import User
from tracker.selectors.memberships import Duty
from tracker.words import label

from .fields import Text, refused

FOR_GOOD = _("The ledger keeps this for good: name nobody in it.")
NOBODY = "-"


class PersonForm(forms.Form):
    def add_refusal(self, error: DomainError) -> None:
        """Show a rule's refusal at the field that it names, else above them all."""
        self.add_error(error.field if error.field in self.fields else None, refused(error))


def email() -> forms.EmailField:
    return forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        error_messages={
            "required": _("Enter an e-mail address."),
            "invalid": _("Enter an e-mail address such as name@example.org."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )


def role() -> forms.ChoiceField:
    listed = [(str(r), f"{label('role', r)} · {label('role_means', r)}") for r in Role]
    return forms.ChoiceField(label=_("Role"), choices=listed)


def why(*, required: bool = True) -> Text:
    return Text(
        _("Reason"),
        required=required,
        max_length=500,
        help_text=FOR_GOOD,
        error_messages={"required": _("Say why.")},
    )


class InviteForm(PersonForm):
    email = email()
    role = role()

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip().lower()


class RoleForm(PersonForm):
    role = role()
    reason = why(required=False)


class WhyForm(PersonForm):
    reason = why()


class LeaveForm(PersonForm):
    reason = why(required=False)


class JoinForm(PersonForm):
    """What somebody who was invited is asked for; ``email`` is the address that was invited."""

    name = Text(
        _("Your name"),
        required=True,
        max_length=200,
        help_text=_("Members of your dossiers see it beside what you enter."),
        error_messages={"required": _("Enter your name.")},
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=320,
        error_messages={"required": _("Enter a password.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("The same password again"),
        strip=False,
        max_length=320,
        error_messages={"required": _("Enter the password again.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.email = email
        self.fields["password"].help_text = " ".join(password_validators_help_texts())
        self.fields["name"].widget.attrs["autocomplete"] = "name"

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        password, again = found.get("password"), found.get("again")
        if password and again and password != again:
            self.add_error("again", gettext("This is not the same as the first one."))
        if password:
            try:
                validate_password(password, User(email=self.email, name=found.get("name", "")))
            except ValidationError as error:
                self.add_error("password", error)
        return found


class SearchForm(forms.Form):
    """Not bound to a POST: what cannot be read is left out of the search."""

    q = forms.CharField(label=_("Name or e-mail"), required=False, max_length=254)
    kind = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("", _("Everybody")),
            ("admins", _("Site administrators")),
            ("inactive", _("Deactivated")),
            ("erasure", _("Asking for erasure")),
        ],
    )


class HandoverForm(PersonForm):
    """Who takes over: one for all dossiers, or one for each."""

    def __init__(self, *args: Any, duties: Iterable[Duty], **options: Any) -> None:
        super().__init__(*args, **options)
        self.duties = [duty for duty in duties if duty.pledges or duty.is_told_last]
        everybody: dict[str, str] = {}
        for duty in self.duties:
            everybody |= duty.successors
        if len(self.duties) > 1:
            self.fields["everywhere"] = forms.ChoiceField(
                label=_("Takes over in all dossiers"),
                required=False,
                choices=[("", gettext("Nobody")), *by_name(everybody)],
                help_text=_("Where that person is at least an analyst, unless you choose below."),
            )
        for duty in self.duties:
            first = gettext("As chosen for all") if len(self.duties) > 1 else gettext("Nobody")
            more = [(NOBODY, gettext("Nobody"))] if len(self.duties) > 1 else []
            self.fields[f"in_{duty.dossier.slug}"] = forms.ChoiceField(
                label=gettext("Takes over in %(dossier)s") % {"dossier": duty.dossier.title},
                required=False,
                choices=[("", first), *more, *by_name(duty.successors)],
                help_text=" ".join(_of(duty)),
            )
        self.fields["reason"] = why()

    def successors(self) -> dict[str, str]:
        """The opaque id of who takes over, by slug; a dossier without one is left out."""
        found = {}
        for duty in self.duties:
            slug = duty.dossier.slug
            chosen = self.cleaned_data.get(f"in_{slug}") or self.cleaned_data.get("everywhere")
            if chosen and chosen in duty.successors:
                found[slug] = chosen
        return found


def _of(duty: Duty) -> Iterator[str]:
    """What is to be taken over in one dossier, in words."""
    if duty.pledges:
        refs = ", ".join(pledge.ref for pledge in duty.pledges)
        yield gettext("Pledges: %(refs)s") % {"refs": refs}
    if duty.is_told_last:
        yield gettext("Is told there of what nobody acknowledges.")


def by_name(people: dict[str, str]) -> list[tuple[str, str]]:
    return sorted(people.items(), key=lambda one: one[1].casefold())
