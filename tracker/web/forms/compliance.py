"""Between which days compliance is shown."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tracker.domain.errors import DomainError

from .fields import refused

FIRST_YEAR, LAST_YEAR = 1000, 9990


def _in_calendar(day: date) -> None:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise forms.ValidationError(_("This year lies outside the calendar."))


class RangeForm(forms.Form):
    """Two days; what is left blank is chosen by what there is."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, label in (("from", _("From")), ("to", _("To"))):
            self.fields[name] = forms.DateField(
                label=label,
                required=False,
                input_formats=["%Y-%m-%d"],
                help_text=_("Such as 2025-03-18."),
                widget=forms.DateInput(attrs={"autocomplete": "off"}, format="%Y-%m-%d"),
                validators=[_in_calendar],
                error_messages={"invalid": _("Write a day as 2025-03-18.")},
            )

    @property
    def range(self) -> tuple[date | None, date | None]:
        if not self.is_bound:
            return None, None
        return self.cleaned_data["from"], self.cleaned_data["to"]

    def refuse(self, error: DomainError) -> None:
        """Show at its field why these days cannot be shown."""
        self.is_valid()
        self.add_error(error.field if error.field in self.fields else None, refused(error))
