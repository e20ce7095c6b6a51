"""What the entry forms of all nouns have in common. What a noun asks for is in its own module.

A form cleans to the columns of the ledger's shape and writes nothing.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.forms import BoundField
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from tracker.domain.errors import DomainError
from tracker.models import Entered
from tracker.web.choices import PARTY, Choices
from tracker.words import label

from .fields import (
    SAYS,
    TIME_WAYS,
    About,
    Asking,
    Reference,
    References,
    StatedTime,
    Text,
    refused,
)
from .instrument_fields import InstrumentReference
from .party_fields import PartyReference, PartyReferences

Sections = Sequence[tuple[Any, Sequence[str], bool]]
NOT_COLUMNS = ("key", "about", "why", "seen", "once")
SEQ_DIGITS = 19  # fewer fit into a column of the database


@dataclass(frozen=True, slots=True)
class Section:
    """Fields that belong together. A folded one is open when something in it is filled or wrong.

    ``is_paired``: each second field says more of the one before it.
    """

    legend: str
    fields: list[BoundField]
    is_folded: bool
    is_open: bool
    is_paired: bool = False


def public(label: Any = None, **options: Any) -> StatedTime:
    """When a fact could first be known: every fact has such a time."""
    return StatedTime(label or _("Public since"), required=True, **options)


def note() -> Text:
    return Text(_("Note"), long=True, rows=2)


class EntryForm(forms.Form):
    """A form about one row of the register: entering it, amending it, or saying what became of it.

    ``seen`` is the number of the row's last ledger entry when the form was made. ``once`` is the
    form's own name, so that one that is sent twice does once what it does.
    """

    # (legend, names of its fields, whether it is folded); what no section names comes first.
    sections: ClassVar[Sections] = ()
    below: ClassVar[str] = ""  # a template drawn below its fields

    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput())

    def __init__(self, *args: Any, choices: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offered = choices
        self.fields["once"] = forms.CharField(
            required=False,
            max_length=40,
            initial=secrets.token_urlsafe(16),
            widget=forms.HiddenInput(attrs={"autocomplete": "off"}),
        )
        for name, field in self.fields.items():
            given = self.initial.get(name)
            if isinstance(field, (PartyReference, PartyReferences)):
                field.know(dict(choices.of(PARTY)), choices.aliases, choices.merged)
                field.widget.may_create = False
            if isinstance(field, About):
                field.fill(self._owners(field.nouns, str(given or "")))
            elif isinstance(field, References):
                field.fill(choices.offered(field.of, keep=given or ()))
            elif isinstance(field, Reference):
                field.fill(choices.offered(field.of, keep=(given,) if given else ()))

    def _owners(self, nouns: Sequence[str], given: str) -> list[tuple[str, list[tuple[str, str]]]]:
        _noun, _colon, kept = given.partition(":")
        return [
            (
                label("nouns", noun),
                [(f"{noun}:{k}", words) for k, words in self.offered.of(noun, keep=(kept,))],
            )
            for noun in nouns
        ]

    @property
    def parts(self) -> Sequence["EntryForm"]:
        """The forms that it is made of: this one alone."""
        return (self,)

    @property
    def time_ways(self) -> Sequence[tuple[str, Any]]:
        """How a time is written, with what that means, if the form asks for one."""
        asks = any(isinstance(field, StatedTime) for field in self.fields.values())
        return TIME_WAYS if asks else ()

    @property
    def laid_out(self) -> list[Section]:
        """The visible fields in their sections."""
        named = {name for _legend, names, _folded in self.sections for name in names}
        first = [f for f in self.visible_fields() if f.name not in named | {"why"}]
        found = [Section("", first, is_folded=False, is_open=True)]
        for legend, names, is_folded in self.sections:
            fields = [self[n] for n in names if n in self.fields and not self[n].is_hidden]
            filled = any(f.errors or f.value() not in (None, "", [], False) for f in fields)
            if fields:
                paired = any(field.name.startswith(SAYS) for field in fields)
                found.append(
                    Section(str(legend), fields, is_folded, not is_folded or filled, paired)
                )
        if "why" in self.fields:
            found.append(Section("", [self["why"]], is_folded=False, is_open=True))
        return found

    def add_refusal(self, error: DomainError) -> None:
        """Show a rule's refusal at the field that it names, else above them all."""
        name = self._field_of(error.field or "")
        if name:
            self.add_error(name, refused(error))
        else:
            self.add_error(None, refused(error))

    def saw(self, seq: int) -> bool:
        """Whether it was made on top of that entry of the ledger, as far as it says."""
        return str(self.data.get("seen", "0") or "0") == str(seq)

    def see(self, seq: int) -> None:
        """From now on the form was made on top of the ledger's entry ``seq``."""
        data: Any = self.data
        sent = data.copy()
        sent["seen"] = str(seq)
        self.data = sent

    def seen_seq(self) -> int:
        """The ledger's entry on top of which it says that it was made; 0: it says none."""
        text = str(self.data.get("seen") or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < SEQ_DIGITS else 0

    def fill_in(self, data: QueryDict) -> None:
        """Show what was typed before, as it was typed: nothing of it is judged yet."""
        self.data, self.is_bound = data, True
        self._errors, self.cleaned_data = ErrorDict(), {}

    def _field_of(self, column: str) -> str:
        if column in self.fields:
            return column
        about = self.fields.get("about")
        if isinstance(about, About) and column in about.nouns:
            return "about"
        if column in ("ref", "slug") and "key" in self.fields:
            return "key"
        return ""


class FactForm(EntryForm):
    """Entering or amending a row of a noun. ``is_new``: the row does not exist yet.

    Of an amendment ``seen`` tells that it was made already: it needs no ``once``.
    """

    model: ClassVar[type[Entered]]
    dated: ClassVar[Sequence[str]] = ()  # fields of a new row that begin with this instant

    def __init__(self, *args: Any, is_new: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.is_new = is_new
        if is_new:
            for field in self.fields.values():
                if isinstance(field, (PartyReference, PartyReferences, InstrumentReference)):
                    field.widget.may_create = True
            del self.fields["seen"]
        else:
            del self.fields["once"]
            self.fields.pop("key", None)
            for name, field in self.fields.items():
                if isinstance(field, Asking):
                    field.kept = str(self.initial.get(name) or "")
            self.fields["why"] = Text(
                _("Why this change"), help_text=_("Goes into the history with it."), max_length=500
            )

    @classmethod
    def initial_of(cls, state: Mapping[str, Any]) -> dict[str, Any]:
        """What the form shows of a row as it stands."""
        found = dict(state)
        about = cls.base_fields.get("about")
        if isinstance(about, About):
            noun = next((n for n in about.nouns if state.get(n)), "")
            found["about"] = f"{noun}:{state[noun]}" if noun else ""
        return found

    def changes(self) -> dict[str, Any]:
        """What an ``amend`` is given: the columns, the reason, and what its author had read.

        A form that does not say what it saw is taken to have seen nothing.
        """
        seen = self.cleaned_data["seen"] or 0
        return self.columns() | {"why": self.cleaned_data["why"], "seen": seen}

    def merge(self, before: Mapping[str, Any], now: Mapping[str, Any], *, seq: int) -> None:
        """Take over what somebody else changed since ``before`` and nobody typed anew here.

        Sent once more, the form is on top of the ledger's entry ``seq``.
        """
        was, newer = self.initial_of(before), self.initial_of(now)
        data: Any = self.data
        sent = data.copy()
        for name, field in self.fields.items():
            then = _sent(field, was.get(name))
            if _sent(field, sent.getlist(name)) == then:
                sent.setlist(name, _sent(field, newer.get(name)))
        sent["seen"] = str(seq)
        self.data = sent

    def read_leniently(self, before: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
        """The columns that were typed, and as text the fields that cannot be read yet; instead of
        those the columns have what ``before`` had.
        """
        data: Any = self.data
        sent, was = data.copy(), self.initial_of(before)
        sent["why"] = ""  # about the change, and no column
        unread = {}
        trial = self._trial(sent)
        for name in trial.errors:
            if name in self.fields:
                field = self.fields[name]
                unread[name] = "\n".join(sent.getlist(name))
                sent.setlist(name, _sent(field, was.get(name)))
        trial = self._trial(sent)
        return (trial.columns() if trial.is_valid() else {}), unread

    def _trial(self, data: Any) -> "FactForm":
        return type(self)(data, choices=self.offered, is_new=self.is_new, initial=self.initial)

    @classmethod
    def about_nouns(cls) -> tuple[str, ...]:
        about = cls.base_fields["about"]
        assert isinstance(about, About)
        return about.nouns

    @classmethod
    def labels(cls) -> dict[str, Any]:
        """What each column is called, for the pages that show a row or compare two states of it."""
        found: dict[str, Any] = {n: f.label for n, f in cls.base_fields.items()}
        about = cls.base_fields.get("about")
        if isinstance(about, About):
            found |= {noun: label("noun", noun) for noun in about.nouns}
        return found

    def columns(self) -> dict[str, Any]:
        """The entered columns in the ledger's shape."""
        found = {n: v for n, v in self.cleaned_data.items() if n not in NOT_COLUMNS}
        about = self.fields.get("about")
        if isinstance(about, About):
            noun, _colon, key = str(self.cleaned_data["about"]).partition(":")
            found |= {n: key if n == noun else None for n in about.nouns}
        return found


def _sent(field: forms.Field, value: Any) -> list[str]:
    """A value as a browser sends it: nothing, one text, or several."""
    if not isinstance(value, list) or not isinstance(field, forms.MultipleChoiceField):
        value = field.prepare_value(value)
    if value is True:
        return ["on"]
    values = value if isinstance(value, list) else [value]
    texts = [str(v).replace("\r\n", "\n") for v in values if v not in (None, "", False)]
    return sorted(texts)


class WithdrawForm(EntryForm):
    """A fact no longer holds, from a public time on. It stays in the register."""

    when = StatedTime(_("From when on it no longer holds"), required=True)
    reason = Text(_("Why it is withdrawn"), long=True, rows=3, required=True, max_length=2000)

    def _field_of(self, column: str) -> str:
        return {"withdrawn_at": "when", "withdrawn_reason": "reason"}.get(column, "")


class WhyForm(EntryForm):
    """A deed that takes a reason and nothing else."""

    reason = Text(_("Why"), long=True, rows=3, required=True, max_length=2000)


def key_field(help_text: Any, *, is_reference: bool = False) -> forms.CharField:
    """The short name of a row in addresses and references."""
    return forms.CharField(
        label=_("Reference") if is_reference else _("Short name"),
        required=False,
        max_length=100 if is_reference else 250,
        help_text=help_text,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


REFERENCE = _(
    "For addresses and mails, such as UA-ENERGY-RU. It cannot be changed later. Blank: one is made."
)
SHORT_NAME = _("Letters, digits, hyphens; for addresses. Left blank, it is made from the title.")
