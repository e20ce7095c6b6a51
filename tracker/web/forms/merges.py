"""Saying that two parties, or two pledges of a dossier, are one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .facts import EntryForm
from .fields import Reference, Text

THIS, OTHER = "this", "other"


class MergePartiesForm(EntryForm):
    """The field that names the other party is called as the ledger's column is."""

    merged_into = Reference(
        _("It is the same as"),
        "party",
        required=True,
        help_text=_("That one stays. Its name is shown wherever this one is named."),
    )
    reason = Text(_("Why they are one"), long=True, rows=3, required=True, max_length=2000)


class MergePledgesForm(EntryForm):
    """``previewed``: of which pair, in which order, the page showed what would move."""

    other = Reference(_("The same pledge as"), "pledge", required=True)
    stays = forms.ChoiceField(
        label=_("Which one stays"), choices=(), initial=OTHER, widget=forms.RadioSelect()
    )
    reason = Text(_("Why they are one"), long=True, rows=3, required=True, max_length=2000)
    previewed = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, ref: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.ref = ref
        stays: Any = self.fields["stays"]
        stays.choices = ((OTHER, _("the other one")), (THIS, _("this one: %s") % ref))
        offered: Any = self.fields["other"]
        offered.fill([one for one in self.offered.offered("pledge") if one[0] != ref])

    @property
    def is_chosen(self) -> bool:
        """Whether it says which two: what would move can be shown before a reason is given."""
        return self.is_bound and {"other", "stays"}.isdisjoint(self.errors)

    @property
    def pair(self) -> tuple[str, str]:
        """Which goes and which stays."""
        other = str(self.cleaned_data["other"])
        return (other, self.ref) if self.cleaned_data["stays"] == THIS else (self.ref, other)

    def _field_of(self, column: str) -> str:
        return {"into": "other"}.get(column, super()._field_of(column))
