"""Finishing a review: what the person found who looked."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tracker.domain.errors import DomainError

from .fields import Text, refused


class ReviewForm(forms.Form):
    """One of several on a page: its prefix is the number of its task."""

    note = Text(
        _("What you found"),
        long=True,
        rows=2,
        required=True,
        max_length=2000,
        help_text=_("Members see it beside the pledge, with your name."),
        error_messages={"required": _("Say in a sentence what you found.")},
    )

    def add_refusal(self, error: DomainError) -> None:
        """Show a rule's refusal at the field that it names, else above them all."""
        self.add_error(error.field if error.field in self.fields else None, refused(error))
