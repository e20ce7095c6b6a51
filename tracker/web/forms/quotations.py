"""Quotations in forms: their place in the source's text is found, asked for, or said to be wanting.

Must not live here: how a quotation is found (domain/quotations.py).
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from tracker.actions.accounts import OF_IT
from tracker.domain import quotations
from tracker.domain.errors import Invalid
from tracker.domain.quotations import Place, Searched

from .facts import EntryForm, FactForm
from .fields import Grade, Reference, StatedTime, Text, Tick

QUOTED = ("source", "quotation", "is_paraphrase", "place")
OFFERED = 20  # places to choose from; whose quotation has more is asked for a longer one
SHOWN = 60  # code points around each of them
MARKED_AS = ("pledge", "account", "condition", "position")


class PassageField(forms.CharField):
    """A place in a text as ``start:end``; hidden until there are several to choose from.

    What cannot be read is no place: then the quotation is looked for in the whole text.
    """

    def __init__(self) -> None:
        attrs = {"autocomplete": "off"}
        super().__init__(
            label=_("Place in the text"), required=False, widget=forms.HiddenInput(attrs=attrs)
        )

    def clean(self, value: Any) -> Place | None:
        start, _colon, end = str(super().clean(value) or "").partition(":")
        if not (start.isdecimal() and end.isdecimal() and len(value) < 40):
            return None
        return Place(int(start), int(end))

    def prepare_value(self, value: Any) -> Any:
        return f"{value['start']}:{value['end']}" if isinstance(value, Mapping) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (self.prepare_value(initial) or "") != (data or "")


def locate(form: EntryForm, source: Mapping[str, Any], names: tuple[str, ...]) -> None:
    """Turn the cleaned place into the register's, or have the form say why there is none.

    ``names`` are those of the fields for ``QUOTED``.
    """
    _source, quotation, is_paraphrase, place = names
    text = str(source.get("snapshot") or "")
    said = str(form.cleaned_data.get(quotation) or "")
    hint = form.cleaned_data.get(place)
    form.cleaned_data[place] = None
    if not text or not said.strip():
        return
    if form.cleaned_data.get(is_paraphrase):
        form.cleaned_data[place] = _passage(text, hint)
        return
    searched = Searched(text)
    found = searched.find(said, hint)
    if len(found) == 1:
        form.cleaned_data[place] = found[0].state
    elif found:
        ask_which(form, place, text, found)
    else:
        form.add_error(quotation, not_found(searched, said, may_paraphrase=True))


def _passage(text: str, hint: Place | None) -> dict[str, Any] | None:
    """The passage that was put in other words, if one was selected."""
    try:
        return quotations.placed(text, hint.start, hint.end).state if hint else None
    except Invalid:
        return None


def not_found(searched: Searched, said: str, *, may_paraphrase: bool) -> str:
    """That the text does not have these words, how far it has them, and how to mend it."""
    first = searched.first_words(said)
    if first:
        shown = first if len(first) <= SHOWN else f"…{first[-SHOWN:]}"
        wrong = gettext("The source’s text has “%(words)s”, but what follows is not there.") % {
            "words": shown
        }
    else:
        wrong = gettext("These words are not in the source’s text.")
    mend = gettext("Copy them from it; where you left words out within a paragraph, put […].")
    if may_paraphrase:
        mend += " " + gettext("If these are your words, tick that it is a paraphrase.")
    return f"{wrong} {mend}"


def ask_which(form: forms.Form, name: str, text: str, found: list[Place]) -> None:
    """Make the field a choice among the places, each with what stands around it."""
    if len(found) > OFFERED:
        words = gettext("The text has these words in too many places. Quote more of it.")
        form.add_error(name, words)
    else:
        said = ngettext(
            "The text has these words %(count)s time. Say which is meant.",
            "The text has these words %(count)s times. Say which is meant.",
            len(found),
        )
        form.add_error(name, said % {"count": len(found)})
    shown = found[:OFFERED]
    choices = [(f"{p.start}:{p.end}", _surroundings(text, p)) for p in shown]
    field, bound = form.fields[name], form[name]
    field.widget = forms.RadioSelect(choices=choices)
    field.required = True
    bound.label = gettext("Which of these places")


def _surroundings(text: str, place: Place) -> Any:
    before = text[max(0, place.start - SHOWN) : place.start]
    after = text[place.end : place.end + SHOWN]
    said = text[place.start : place.end]
    if len(said) > 2 * SHOWN:
        said = f"{said[:SHOWN]} […] {said[-SHOWN:]}"
    return format_html(
        '<bdi class="around">{}{}<mark>{}</mark>{}{}</bdi>',
        "…" if place.start > SHOWN else "",
        before,
        said,
        after,
        "…" if place.end + SHOWN < len(text) else "",
    )


class QuoteForm(forms.Form):
    """A passage of a text, pasted or typed, and what it is."""

    quotation = Text(
        _("The passage"),
        long=True,
        rows=3,
        required=True,
        help_text=_("Pasted, or typed. Its first and last words are enough, with … between them."),
    )
    place = PassageField()
    noun = forms.ChoiceField(
        label=_("This is"),
        choices=[(noun, noun) for noun in MARKED_AS],
        widget=forms.HiddenInput(),
        error_messages={"required": _("Say what it is: one of the four buttons.")},
    )

    def __init__(self, *args: Any, text: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.text = text

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        said = str(found.get("quotation") or "")
        hint, found["place"] = found.get("place"), None
        if not said.strip() and "quotation" not in self.errors:
            self.add_error("quotation", self.fields["quotation"].error_messages["required"])
        elif said.strip():
            searched = Searched(self.text)
            spots = searched.find(said, hint)
            if not spots:
                self.add_error("quotation", not_found(searched, said, may_paraphrase=False))
            elif len(spots) > 1:
                ask_which(self, "place", self.text, spots)
            else:
                found["place"] = spots[0]
        return found


class QuotedForm(FactForm):
    """The part of a form that enters a thing with the account of it: what the source says.

    It is put before the form of a noun by ``quoted``. Its source is that of the passage.
    """

    source: Mapping[str, Any]
    source_key: str

    account_quotation = Text(
        _("Quotation"),
        long=True,
        required=True,
        help_text=_("Word for word, as the source has it."),
    )
    account_place = PassageField()
    account_is_paraphrase = Tick(_("This is a paraphrase and no quotation"))
    account_credibility = Grade()
    account_speaker = Text(_("Who says it"), max_length=300)
    account_party = Reference(_("Party spoken for"), "party")
    account_said = StatedTime(_("Said"))

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        locate(self, self.source, tuple(f"{OF_IT}{name}" for name in QUOTED))
        return found

    def columns(self) -> dict[str, Any]:
        found = super().columns()
        return {name: value for name, value in found.items() if not name.startswith(OF_IT)}

    def account_columns(self) -> dict[str, Any]:
        """The account in the ledger's shape: it asserts that there is such a thing."""
        told = {
            name.removeprefix(OF_IT): value
            for name, value in self.cleaned_data.items()
            if name.startswith(OF_IT)
        }
        public = self.cleaned_data["public"]
        return told | {"source": self.source_key, "public": public, "existence": "asserts"}

    def _field_of(self, column: str) -> str:
        if column.startswith(OF_IT) and column not in self.fields:
            column = column.removeprefix(OF_IT)
        return super()._field_of(column)


SECTION = (
    _("What the source says of it"),
    tuple(f for f in QuotedForm.base_fields if f.startswith(OF_IT)),
    False,
)


@cache
def quoted(form: type[FactForm]) -> type[QuotedForm]:
    """The form of a noun that also asks for the account in which the thing was read."""
    own: dict[str, Any] = {
        "model": form.model,
        "dated": form.dated,
        "sections": (SECTION, *form.sections),
    }
    return type(f"Quoted{form.__name__}", (QuotedForm, form), own)
