"""The field in which an instrument is chosen, or named anew: it is then entered with the pledge.

A select, and below it what an instrument cannot do without. Nothing here writes.
"""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext

from tracker.models.instrument import FORMS, KINDS
from tracker.words import LABELS

from .fields import Reference

TITLE, KIND, FORM = "_new_title", "_new_kind", "_new_form"
LONGEST = 300


@dataclass(frozen=True, slots=True)
class NewInstrument:
    """An instrument that is to be entered. ``beside``: what was chosen at the same time."""

    title: str
    kind: str = ""
    form: str = ""
    beside: str = ""


class InstrumentSelect(forms.Select):
    template_name = "components/instrument_select.html"
    may_create = False

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        chosen = super().value_from_datadict(data, files, name)
        title, kind, form = (
            str(data.get(f"{name}{part}") or "").strip() for part in (TITLE, KIND, FORM)
        )
        return NewInstrument(title, kind, form, str(chosen or "")) if title else chosen

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        new = value if isinstance(value, NewInstrument) else NewInstrument("")
        chosen = new.beside if new.title else value
        context: dict[str, Any] = super().get_context(name, chosen, attrs)
        identity = context["widget"]["attrs"].get("id", name)
        return context | {
            "may_create": self.may_create,
            "new": new,
            "is_open": bool(new.title) or not any(key for key, _words in self.choices),
            "new_name": name,
            "new_id": identity,
            "kinds": [("", gettext("Choose one")), *LABELS["instrument_kind"].items()],
            "forms": [("", gettext("Choose one")), *LABELS["form"].items()],
        }


class InstrumentReference(Reference):
    """One instrument of the dossier: chosen, or named anew."""

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label, "instrument", widget=InstrumentSelect(), **options)

    def clean(self, value: Any) -> Any:
        if not isinstance(value, NewInstrument):
            return super().clean(value)
        if value.beside:
            said = gettext("One is chosen and a new one is named. Leave out one of them.")
            raise forms.ValidationError(said)
        if len(value.title) > LONGEST:
            said = gettext("The title has %(n)s characters, at most %(most)s fit.")
            raise forms.ValidationError(said % {"n": len(value.title), "most": LONGEST})
        if value.kind not in KINDS or value.form not in FORMS:
            said = gettext("Of which kind “%(title)s” is, or its form, is missing. Choose both.")
            raise forms.ValidationError(said % {"title": value.title})
        return value
