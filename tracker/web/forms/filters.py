"""The form of a filter, and of a view that is saved: what is asked for, and under what name."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from tracker.domain.filters import KNOWN, NAMES, Filter, parse, refusals
from tracker.selectors.filters import Nameable
from tracker.web.filters import WORDS, Given, given
from tracker.words import LABELS

from .fields import Many, Text, Tick
from .watching import WatchingForm

NONE_THERE = {
    "dossier": _("There is no dossier “%(value)s” that you may see."),
    "party": _("There is no party “%(value)s”."),
    "analyst": _("There is no analyst “%(value)s” that you may see."),
    "tag": _("There is no tag “%(value)s” on a pledge that you may see."),
}


class Folded(Many):
    """Folded however few there are, since a filter has many such; an empty one asks nothing."""

    FEW = 0
    NONE_IS_ANY = True


class FilterForm(WatchingForm):
    """What is asked for by name, as an address has it. ``wanted``: the filter, once it is valid.

    ``sent`` None: shown with what stands in ``asked``, and not judged. ``keep``: what stands
    already stays, whether it may be named or not.
    """

    text = Text(
        LABELS["filter"]["text"],
        help_text=_("Each word is looked for in title, scope, area and reference."),
    )

    def __init__(
        self,
        asked: Given,
        names: Nameable,
        *,
        sent: QueryDict | None = None,
        keep: Mapping[str, Any] | None = None,
    ) -> None:
        self.asked, self.names, self.keep = asked, names, keep or {}
        self.wanted = Filter()
        shown: dict[str, Any] = {**asked, "text": " ".join(asked.get("text", ()))}
        if len(asked.get("role", ())) == 1:
            shown["role"] = asked["role"][0]
        else:
            shown.pop("role", None)
        super().__init__(None if sent is None else self._data(shown, sent), initial=shown)
        for name, label in LABELS["filter"].items():
            if name == "role":
                choices = [("", _("either")), *self._offered(name)]
                self.fields[name] = forms.ChoiceField(label=label, required=False, choices=choices)
            elif name != "text":
                self.fields[name] = forms.MultipleChoiceField(
                    label=label,
                    required=False,
                    choices=self._offered(name),
                    widget=Folded(label),
                )

    def _data(self, shown: Mapping[str, Any], sent: QueryDict) -> QueryDict:
        data = sent.copy()
        for name in NAMES:
            value = shown.get(name, [])
            data.setlist(name, [value] if isinstance(value, str) else value)
        return data

    def _offered(self, name: str) -> list[tuple[str, Any]]:
        """What there is to choose from, and whatever was chosen: nothing typed is lost."""
        known: Mapping[str, Any] = (
            {value: LABELS[WORDS[name]][value] for value in KNOWN[name]}
            if name in WORDS
            else getattr(self.names, name)
        )
        typed = dict.fromkeys(self.asked.get(name, ()))
        return [*known.items(), *[(value, f"“{value}”") for value in typed if value not in known]]

    def clean(self) -> None:
        for name, refusal in NONE_THERE.items():
            known = {*getattr(self.names, name), *self.keep.get(name, ())}
            for value in self.asked.get(name, ()):
                if value not in known:
                    self.add_error(name, str(refusal) % {"value": value})
        found = list(refusals(self.asked))
        for error in found:
            if error.field not in self.errors:
                self.add_refusal(error)
        if not found:
            self.wanted = parse(self.asked)


class ViewForm(FilterForm):
    """A view: its name, whether its link is for others, and what it lists."""

    name = Text(_("Name"), required=True, help_text=_("Such as: Overdue on the northern front."))
    is_shared = Tick(
        _("Whoever has the link may open it"),
        help_text=_("It lists only what they may see themselves. Its link cannot be guessed."),
    )
    field_order = ("name", "is_shared")

    def __init__(
        self,
        names: Nameable,
        sent: QueryDict | None,
        *,
        initial: Mapping[str, Any],
        keep: Mapping[str, Any] | None = None,
    ) -> None:
        asked = given(sent) if sent is not None else initial
        super().__init__(
            {name: list(asked[name]) for name in NAMES if name in asked},
            names,
            sent=sent,
            keep=keep,
        )
        self.initial.update({name: initial[name] for name in initial if name not in NAMES})

    def columns(self) -> dict[str, Any]:
        """What an action takes."""
        return {
            "name": self.cleaned_data["name"],
            "is_shared": self.cleaned_data["is_shared"],
            "filters": self.wanted.given,
        }
