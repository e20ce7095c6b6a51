"""How long findings last in a dossier: a share of the cadence for each grade, in a table."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tracker.domain import freshness
from tracker.domain.errors import DomainError
from tracker.domain.freshness import CREDIBILITY, LEAST, RELIABILITY, WHOLE
from tracker.models import Dossier
from tracker.selectors.freshness import Preview
from tracker.words import LABELS

from .facts import FactForm
from .fields import refused

DIGITS = 3


class CurveInput(forms.Widget):
    """A table of numbers: a row for each reliability, a column for each credibility."""

    template_name = "verifications/curve_input.html"
    use_fieldset = True

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        typed: Mapping[str, str] = value if isinstance(value, Mapping) else {}
        described = context["widget"]["attrs"].get("aria-describedby", "")
        context["widget"] |= {
            "columns": [(n, LABELS["credibility"][str(n)]) for n in CREDIBILITY],
            "rows": [
                (
                    letter,
                    LABELS["reliability"][letter],
                    [
                        (f"{letter}{n}", f"{name}_{letter}{n}", typed.get(f"{letter}{n}", ""))
                        for n in CREDIBILITY
                    ],
                )
                for letter in RELIABILITY
            ],
            "described": described,
            "least": LEAST,
            "whole": WHOLE,
        }
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, str]:
        return {
            f"{letter}{n}": str(data.get(f"{name}_{letter}{n}") or "").strip()
            for letter in RELIABILITY
            for n in CREDIBILITY
        }

    def id_for_label(self, id_: str) -> str:
        return ""


class CurveField(forms.Field):
    """What each grade covers of a cadence, in percent; cleaned as a dossier keeps it."""

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label=label, widget=CurveInput(), **options)

    def prepare_value(self, value: Any) -> Any:
        """By grade, as it is shown. Kept curves come by row, typed ones by grade already."""
        if isinstance(value, Mapping) and set(value) - set(RELIABILITY):
            return value
        rows = freshness.curve(value).rows
        return {f"{letter}{n}": str(share) for letter, row in rows for n, share in row}

    def clean(self, value: Any) -> Any:
        typed: Mapping[str, str] = value
        found: dict[str, list[int]] = {}
        for letter in RELIABILITY:
            found[letter] = [self._share(f"{letter}{n}", typed) for n in CREDIBILITY]
        try:
            return freshness.kept(found)
        except DomainError as error:
            raise refused(error) from error

    def _share(self, grade: str, typed: Mapping[str, str]) -> int:
        text = typed.get(grade, "").removesuffix("%").strip()
        if not (text.isascii() and text.isdigit() and len(text) <= DIGITS):
            said = gettext(
                "%(grade)s: write a whole number of percent from %(least)s to %(whole)s."
            )
            raise forms.ValidationError(
                said % {"grade": grade, "least": LEAST, "whole": WHOLE}, code="number"
            )
        return int(text)


class FreshnessForm(FactForm):
    """``preview``: what the curve that was typed would change, once that was asked for."""

    model = Dossier
    below = "verifications/freshness_preview.html"
    preview: Preview | None = None

    freshness = CurveField(
        _("What a finding of each grade covers, in percent of the cadence"),
        help_text=_("A worse grade covers as much as the better one beside it, or less."),
    )
