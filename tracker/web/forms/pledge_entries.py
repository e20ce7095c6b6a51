"""A pledge with its first account, its first reading and the adoption of that, in one form.

Each part is the form that it has elsewhere, less what the others say already. A part in which
nothing is filled in is not entered. Nothing here writes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.forms import BoundField
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tracker.domain.errors import DomainError
from tracker.domain.facts import Rule, Stance
from tracker.models.reading import PROVENANCE
from tracker.web.choices import Choices
from tracker.words import LABELS

from .accounts import AccountForm
from .facts import EntryForm, Section
from .fields import Choice, StatedTime, Ticks
from .pledges import PledgeForm
from .readings import AdoptForm, ReadingForm

AS_PLEDGE = _("Blank: when the pledge was first told.")
PARTS = ("pledge", "account", "reading", "adopt")


class Part(EntryForm):
    """A part that is entered once something in it is filled in, besides when it became public."""

    @property
    def is_filled(self) -> bool:
        return self.is_bound and any(
            field.field.has_changed(field.field.initial, field.data)
            for field in self
            if field.name not in ("public", "once", "seen")
            and not field.field.widget.value_omitted_from_data(self.data, {}, field.html_name)
        )

    def full_clean(self) -> None:
        """In a part in which nothing is filled in nothing is wrong."""
        super().full_clean()
        if self.is_bound and not self.is_filled:
            self._errors = ErrorDict()

    @property
    def is_open(self) -> bool:
        """Whether it is shown unfolded: something is filled in, or was given with the address."""
        return self.is_filled or bool(self.errors) or any(self.initial.values())


def _public() -> StatedTime:
    return StatedTime(_("Public since"), help_text=AS_PLEDGE)


class FirstAccountForm(AccountForm, Part):
    """The account of the pledge that is entered with it, which it therefore need not name.

    That it asserts the pledge goes without saying: what it says field by field is unfolded where
    there is more.
    """

    public = _public()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("about", "key"):
            del self.fields[name]

    @property
    def laid_out(self) -> list[Section]:
        return [
            replace(one, is_folded=True, is_open=any(map(self._says_more, one.fields)))
            if one.is_paired
            else one
            for one in super().laid_out
        ]

    def _says_more(self, field: BoundField) -> bool:
        said = field.value() not in (None, "", Stance.SILENT.value)
        return bool(field.errors) or (said and field.name != "existence")


class FirstReadingForm(ReadingForm, Part):
    """What it has from the first account is ticked: that one has no key yet."""

    sections = (
        ReadingForm.sections[0],
        ReadingForm.sections[1],
        ReadingForm.sections[2],
        (_("Where each part is from"), ("from_account", "assumption"), False),
        (_("More"), ("speaker", "public", "note"), True),
    )

    public = _public()
    from_account = forms.MultipleChoiceField(
        label=_("The account above states"),
        required=False,
        choices=[(name, LABELS["field"][name.removesuffix("_account")]) for name in PROVENANCE],
        widget=Ticks(),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("about", "key", "start_deadline", *PROVENANCE):
            del self.fields[name]

    def columns(self) -> dict[str, Any]:
        found = super().columns()
        found.pop("from_account")
        return found

    @property
    def stated_by_account(self) -> list[str]:
        return list(self.cleaned_data.get("from_account") or ())


class FirstAdoptionForm(AdoptForm, Part):
    """The reading above is chosen; where its rule is not stated, which of the two is."""

    public = StatedTime(
        _("From when on it is adopted"), help_text=_("Blank: as of when the reading is public.")
    )
    rule = Choice(
        _("Which count, where the reading states none"),
        "rule",
        (Rule.INCLUSIVE, Rule.EXCLUSIVE, Rule.THROUGH, Rule.UNTIL),
        required=False,
    )
    field_order = ("reason", "rule", "public", "note")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.fields["seen"]

    @property
    def laid_out(self) -> list[Section]:
        return [Section("", list(self.visible_fields()), is_folded=False, is_open=True)]


class PledgeEntry:
    """The parts as one form: valid when each filled one is; a rule's refusal goes to the part that
    was being written (``writing``).
    """

    shows_term = True

    def __init__(
        self, data: Any = None, *, choices: Choices, initial: Mapping[str, Mapping[str, Any]]
    ) -> None:
        self.offered = choices
        self.is_bound = data is not None

        def options(part: str) -> dict[str, Any]:
            return {"choices": choices, "prefix": part, "initial": initial.get(part)}

        self.pledge = PledgeForm(data, is_new=True, **options("pledge"))
        self.account = FirstAccountForm(data, is_new=True, **options("account"))
        self.reading = FirstReadingForm(data, is_new=True, **options("reading"))
        self.adopt = FirstAdoptionForm(data, **options("adopt"))
        for part in (self.account, self.reading):
            del part.fields["once"]
        self.writing: EntryForm = self.pledge

    @property
    def parts(self) -> Sequence[EntryForm]:
        """Those that are entered, in their order: the pledge, and what is filled in besides."""
        others = (self.account, self.reading, self.adopt)
        return [self.pledge, *(part for part in others if part.is_filled)]

    @property
    def data(self) -> Any:
        return self.pledge.data

    @property
    def cleaned_data(self) -> dict[str, Any]:
        """That of the pledge, whose token is the whole form's."""
        return {name: self.pledge.cleaned_data[name] for name in ("once", "key", "title")}

    def fill_in(self, data: QueryDict) -> None:
        """Show what was typed before, as it was typed: nothing of it is judged yet."""
        self.is_bound = True
        for part in (self.pledge, self.account, self.reading, self.adopt):
            part.fill_in(data)

    def is_valid(self) -> bool:
        if not self.is_bound:
            return False
        valid = [part.is_valid() for part in self.parts]
        return self._fit_together() and all(valid)

    def _fit_together(self) -> bool:
        if self.adopt.is_filled and not self.reading.is_filled:
            said = gettext("There is no reading to adopt. Enter one above, or leave this blank.")
            self.adopt.add_error(None if "reason" not in self.adopt.fields else "reason", said)
            return False
        if self.reading.is_filled and not self.account.is_filled:
            named = self.reading.cleaned_data.get("from_account")
            if named:
                said = gettext("No account is entered above that could state it. Untick it.")
                self.reading.add_error("from_account", said)
                return False
        return True

    @property
    def errors(self) -> bool:
        return self.is_bound and any(part.errors for part in self.parts)

    def non_field_errors(self) -> list[str]:
        return [str(error) for part in self.parts for error in part.non_field_errors()]

    def __iter__(self) -> Iterator[BoundField]:
        for part in self.parts:
            yield from part

    @property
    def time_ways(self) -> Any:
        return self.pledge.time_ways

    def add_refusal(self, error: DomainError) -> None:
        self.writing.add_refusal(error)
