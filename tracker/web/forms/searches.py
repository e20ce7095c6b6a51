"""The form of the search: words, and of which kind what they find is."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tracker.domain.searching import LONGEST, sought
from tracker.models.passage import KINDS

from .fields import Text


class SearchForm(forms.Form):
    """``words``: what is looked for, folded, once it is valid."""

    q = Text(
        _("Words to look for"),
        help_text=_(
            "All of them must occur. Words between quotation marks are looked for together."
        ),
    )
    kind = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.words: tuple[str, ...] = ()
        self.fields["q"].widget.input_type = "search"

    def clean_q(self) -> str:
        typed: str = self.cleaned_data["q"]
        if len(typed) > LONGEST:
            raise forms.ValidationError(
                gettext("%(length)s characters are too many. Use %(most)s at most.")
                % {"length": len(typed), "most": LONGEST}
            )
        self.words = sought(typed)
        if typed and not self.words:
            raise forms.ValidationError(gettext("There is no letter or sign to look for in this."))
        return typed

    def clean_kind(self) -> str:
        kind: str = self.cleaned_data["kind"]
        if kind and kind not in KINDS:
            raise forms.ValidationError(gettext("There is no kind “%(kind)s”.") % {"kind": kind})
        return kind
