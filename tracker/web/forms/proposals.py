"""Declining a proposal: the reason that its author reads."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tracker.domain.errors import DomainError

from .fields import Text, refused


class DeclineForm(forms.Form):
    why = Text(
        _("Why it is declined"),
        long=True,
        rows=3,
        required=True,
        max_length=2000,
        help_text=_("Its author reads it, and the ledger keeps it."),
        error_messages={"required": _("Say why, so that its author can mend it.")},
    )

    def add_refusal(self, error: DomainError) -> None:
        """Show a rule's refusal at the field that it names, else above them all."""
        self.add_error(error.field if error.field in self.fields else None, refused(error))
