"""The forms of an import: its file, how that is read, what its columns mean, why it is undone."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tracker.actions.imports import NEW
from tracker.documents.csv_tables import DELIMITERS, ENCODINGS
from tracker.domain.errors import DomainError
from tracker.domain.facts import Subject
from tracker.domain.importing import NOT_STATED, Plan
from tracker.models.party import KINDS
from tracker.web.choices import PARTY, Choices
from tracker.words import LABELS, isolated

from .facts import EntryForm
from .fields import (
    NONE,
    Choice,
    Many,
    Radios,
    Reference,
    References,
    StatedTime,
    Text,
    Tick,
    Zone,
    refused,
)

NOBODY = "-"  # what a select sends for “not stated”
NAME = "name-"  # begins the field of a party's name
MOST_NAMES = 200  # that are asked about on one page
_ORDERS = (
    ("", _("as the table itself tells")),
    ("day", _("the day stands first: 03/04/2025 is 3 April")),
    ("month", _("the month stands first: 03/04/2025 is 4 March")),
)
_SERIALS = (
    ("", _("dates are no numbers")),
    ("1900", _("from 1900, as Excel and LibreOffice do")),
    ("1904", _("from 1904, as old Excel for Mac did")),
)
_SEPARATORS = {
    ",": _("a comma"),
    ";": _("a semicolon"),
    "\t": _("a tab"),
    "|": _("a vertical bar"),
}


class _Form(forms.Form):
    def add_refusal(self, error: DomainError) -> None:
        name = error.field if error.field in self.fields else None
        self.add_error(name, refused(error))


class UploadForm(_Form):
    dossier = forms.ChoiceField(label=_("Dossier"))
    file = forms.FileField(
        label=_("Table"),
        help_text=_(
            "A CSV file of up to 10 MB and 20,000 rows, whose first line names its columns."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
        allow_empty_file=True,
    )

    def __init__(self, *args: Any, dossiers: Mapping[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["dossier"]
        field.choices = list(dossiers.items())


class ReadForm(_Form):
    """How the bytes of the file are read. ``samples``: how each encoding would show it."""

    encoding = forms.ChoiceField(
        label=_("Its letters are encoded in"), required=False, widget=Radios
    )
    delimiter = forms.ChoiceField(
        label=_("Its cells are separated by"), required=False, widget=Radios
    )

    def __init__(self, *args: Any, samples: Iterable[tuple[str, str]] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        told = dict(samples)
        encodings: Any = self.fields["encoding"]
        encodings.choices = [
            ("", gettext("what the file itself tells")),
            *(
                (name, f"{name}: {isolated(told[name])}" if told.get(name) else name)
                for name in ("utf-8", "utf-16", *ENCODINGS)
            ),
        ]
        delimiters: Any = self.fields["delimiter"]
        delimiters.choices = [
            ("", gettext("what the file itself tells")),
            *((one, _SEPARATORS[one]) for one in DELIMITERS),
        ]


class _Column(forms.ChoiceField):
    """One column of the table."""

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label=label, **{"required": False, **options})


class _Columns(forms.MultipleChoiceField):
    """Several columns of the table, in its order."""

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label=label, widget=Many(label), **{"required": False, **options})


class PlanForm(EntryForm):
    """What the columns mean. ``names``: of the parties that the mapped columns name, how often."""

    sections = (
        (
            _("When"),
            ("start", "end", "zone", "zone_is_stated", "zone_column"),
            False,
        ),
        (
            _("How its times are written"),
            ("start_clock", "end_clock", "order", "serials", "time_precision"),
            True,
        ),
        (_("What"), ("description", "subject", "subject_all"), False),
        (_("Where"), ("place", "place_precision"), False),
        (
            _("Who, and against what"),
            ("actor", "actor_all", "target", "target_all", "claimants", "claimants_all"),
            False,
        ),
        (
            _("From where"),
            ("source", "public", "public_column", "own_id", "reference"),
            False,
        ),
    )

    start = _Column(
        _("When it occurred, or began"),
        required=True,
        error_messages={"required": _("Which column says when it occurred is missing.")},
    )
    start_clock = _Column(_("Its time of day"), help_text=_("Where that has a column of its own."))
    end = _Column(_("When it ended"))
    end_clock = _Column(_("The time of day at which it ended"))
    zone = Zone(
        _("The clocks by which its times count"),
        help_text=_("Such as Kyiv or Europe/Kyiv. Needed unless a column, or each time, says it."),
    )
    zone_is_stated = Tick(
        _("Whoever made the table states that zone"),
        help_text=_("Else it is entered as assumed: ?Europe/Kyiv."),
    )
    zone_column = _Column(_("Or the column that names the zone"))
    order = forms.ChoiceField(
        label=_("In dates of numbers"), choices=_ORDERS, required=False, widget=Radios
    )
    serials = forms.ChoiceField(
        label=_("Days that a spreadsheet counts"), choices=_SERIALS, required=False, widget=Radios
    )
    time_precision = _Column(
        _("How precisely the time is known"), help_text=_("1: the day, 2: its week, 3: its month.")
    )
    description = _Columns(
        _("What is alleged"),
        required=True,
        error_messages={"required": _("Which columns say what is alleged is missing.")},
        help_text=_("Of several columns each is named: “model: …; launched: …”."),
    )
    subject = _Column(_("What it is about"))
    subject_all = Choice(
        _("Or, of all of them, it is about"),
        "subject",
        Subject,
        required=False,
        help_text=_("Left open, it is entered as not stated."),
    )
    place = _Columns(_("Place"), help_text=_("Of several columns they stand one after the other."))
    place_precision = _Column(_("How precisely the place is known"))
    actor = _Column(_("Alleged actor"))
    actor_all = Reference(
        _("Or, of all of them, the alleged actor is"),
        PARTY,
        help_text=_("Where the column says nothing. Left open, it is entered as not stated."),
    )
    target = _Columns(_("Target"))
    target_all = Text(_("Or, of all of them, the target is"), max_length=300)
    claimants = _Column(_("Claimed by"), help_text=_("Several stand between semicolons."))
    claimants_all = References(_("Or, all of them are claimed by"), PARTY)
    source = Reference(
        _("The source that the table is"),
        "source",
        required=True,
        error_messages={"required": _("Which source the table is is missing.")},
        help_text=_("One source of this dossier for all rows; enter it first if it is not there."),
    )
    public = StatedTime(_("Public since"), help_text=_("When the table was published, say."))
    public_column = _Column(_("Or the column that says since when each is public"))
    own_id = _Column(
        _("The column with an identity of their own"),
        help_text=_("A row is then known again by it, also in a later edition of the table."),
    )
    reference = _Columns(_("Kept in the note"), help_text=_("Sources, addresses, tags."))

    def __init__(
        self,
        *args: Any,
        choices: Choices,
        plan: Plan,
        header: Sequence[str],
        names: Mapping[str, int],
        **options: Any,
    ) -> None:
        self.plan, self.header = plan, tuple(header)
        initial = {name: _shown(value) for name, value in plan.as_json().items()}
        super().__init__(
            *args, choices=choices, initial=initial | options.pop("initial", {}), **options
        )
        del self.fields["once"], self.fields["seen"]
        for field in self.fields.values():
            if isinstance(field, _Column):
                field.choices = [NONE, *((name, name) for name in header)]
            elif isinstance(field, _Columns):
                field.choices = [(name, name) for name in header]
        self.names = list(names.items())[:MOST_NAMES]
        self.left_names = max(len(names) - MOST_NAMES, 0)
        for number, (name, times) in enumerate(self.names):
            self.fields[f"{NAME}{number}"] = self._name_field(name, times)

    def _name_field(self, name: str, times: int) -> forms.ChoiceField:
        words = gettext("“%(name)s” (%(times)s times)") % {"name": isolated(name), "times": times}
        kinds = [
            (
                f"{NEW}{kind}:{name}",
                gettext("a new party: %(kind)s") % {"kind": LABELS["party_kind"][kind]},
            )
            for kind in KINDS
        ]
        field = forms.ChoiceField(
            label=words,
            required=False,
            choices=[
                ("", gettext("Choose one")),
                (NOBODY, gettext("not stated: its name is kept in the note")),
                *self.offered.offered(PARTY),
                (gettext("Entered with the import"), kinds),
            ],
        )
        given = self.plan.names.get(name)
        if given is not None:
            field.initial = given or NOBODY
        return field

    @property
    def asked_names(self) -> list[Any]:
        """The fields of the names, those of which nobody has said who they are first."""
        fields = [self[f"{NAME}{number}"] for number in range(len(self.names))]
        return sorted(fields, key=lambda one: bool(one.value()))

    @property
    def laid_out(self) -> list[Any]:
        """Without the names, which have a section of their own."""
        found = super().laid_out
        for section in found:
            section.fields[:] = [one for one in section.fields if not one.name.startswith(NAME)]
        return [section for section in found if section.fields]

    def settled(self) -> Plan:
        """The plan as it was sent."""
        data = self.cleaned_data
        made: dict[str, Any] = {}
        for name, value in self.plan.as_json().items():
            if name in ("names", "skip"):
                made[name] = value
            elif name not in data:
                continue
            elif isinstance(value, (tuple, list)):
                made[name] = tuple(data[name] or ())
            else:
                made[name] = data[name] or (False if isinstance(value, bool) else "")
        names = dict(self.plan.names)
        for number, (name, _times) in enumerate(self.names):
            given = data.get(f"{NAME}{number}", "")
            if given:
                names[name] = NOT_STATED if given == NOBODY else given
            else:
                names.pop(name, None)
        made["names"] = names
        return Plan.of(made)


def _shown(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


class UndoForm(_Form):
    reason = Text(_("Why it is undone"), long=True, rows=3, required=True, max_length=2000)


class MatchForm(_Form):
    """Why the chosen incidents bear on their pledges."""

    reason = Text(_("Why they bear on them"), long=True, rows=2, required=True, max_length=2000)
