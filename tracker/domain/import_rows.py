"""From the rows of a table to incidents, by a plan that says what each column means.

Whatever the plan says of the whole table (a zone, an actor, a source) stands in each row's note.
Must not live here: what a plan may leave open (importing.py), rules of the register, doubles that
are in it already.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from . import cell_times, stated
from .errors import DomainError, Invalid, Unclear
from .facts import Subject
from .importing import Plan, digest, split_names
from .likeness import plain
from .sentences import _
from .stated import Precision

WEEK = timedelta(days=6)
PLACE, DESCRIPTION, TARGET = 300, 20_000, 300  # characters
# ACLED's codes, which are also what other tables of events use.
TIME_PRECISION = {"1": "day", "2": "week", "3": "month"}
GEO_PRECISION = {
    "1": "exact place",
    "2": "near a place, or a part of a region",
    "3": "region, told by a place in it",
}
_TOTALS = frozenset(["total", "totals", "sum", "grand total", "итого", "всего", "усього", "всього"])


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a line cannot be entered, and how to mend it. ``column`` blank: all of the line."""

    line: int
    column: str
    message: str
    mend: str


@dataclass(frozen=True, slots=True)
class Draft:
    """An incident as it would be entered: its columns in the ledger's shape.

    ``identity``: by what a double is known; ``content``: what it says, so that another version of
    one with the same identity is noticed. ``remarks``: what was read by a rule.
    """

    line: int
    columns: Mapping[str, Any]
    identity: str
    content: str
    remarks: tuple[str, ...] = ()


@dataclass(slots=True)
class Reading:
    """What came of a table. ``doubles``: by line, the earlier line that says the same."""

    drafts: list[Draft] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    doubles: dict[int, int] = field(default_factory=dict)
    skipped: list[int] = field(default_factory=list)


class _Reader:
    """One table by one plan."""

    def __init__(self, plan: Plan, header: Sequence[str], *, file_name: str, at: datetime) -> None:
        self.plan, self.file_name, self.today = plan, file_name, at.date()
        self.at = {name: place for place, name in enumerate(header)}
        self.order = plan.order
        self.manner = plan.manner
        self.times: dict[tuple[str, str, str], str] = {}

    def draft(self, line: int, cells: Sequence[str]) -> Draft:
        """Raises _Flawed with the column that is wrong."""
        plan = self.plan
        remarks: list[str] = []
        notes = [f"Imported from {self.file_name}, line {line}."]
        zone = self._zone(cells)
        start = self._time("start", plan.start, plan.start_clock, cells, zone)
        end = ""
        if plan.end and (self._cell(plan.end, cells) or self._cell(plan.end_clock, cells)):
            end = self._time("end", plan.end, plan.end_clock, cells, zone)
        start, end, told = self._by_precision(start, end, cells)
        notes += told
        for one in (start, end):
            if one and (told_of := cell_times.note_of(one)):
                remarks.append(told_of)
                notes.append(told_of)
        if zone and not plan.zone_column:
            said = "stated by its makers" if plan.zone_is_stated else "not stated, assumed"
            notes.append(f"Time zone: {zone}, {said}.")
        actor, claimants = self._parties(cells, notes)
        subject = self._subject(cells)
        if not subject:
            notes.append("Subject not stated.")
        description = self._description(cells)
        for name in plan.reference:
            if cell := self._cell(name, cells):
                notes.append(f"{name}: {cell}")
        columns = {
            "occurred": start,
            "occurred_until": end,
            "place": self._short("place", plan.place, cells, PLACE),
            "place_precision": self._precision_of_place(cells),
            "actor": actor,
            "target": plan.target_all or self._short("target", plan.target, cells, TARGET),
            "claimants": claimants,
            "subject": subject,
            "description": description,
            "sources": [plan.source],
            "public": self._public(cells, zone),
            "note": "\n".join(notes),
        }
        content = digest(columns[name] for name in _SAID)
        own = self._cell(plan.own_id, cells)
        identity = digest(("own", plan.own_id.casefold(), own)) if own else content
        return Draft(line, columns, identity, content, tuple(remarks))

    def _cell(self, name: str, cells: Sequence[str]) -> str:
        return cells[self.at[name]].strip() if name in self.at else ""

    def _zone(self, cells: Sequence[str]) -> str:
        plan = self.plan
        if not plan.zone_column:
            return plan.zone
        cell = self._cell(plan.zone_column, cells)
        if not cell:
            raise _Flawed(plan.zone_column, _("The time zone is missing."), _("Fill it in."))
        with _at_column(plan.zone_column):
            return cell_times.zone_of(cell)

    def _time(self, name: str, column: str, clock: str, cells: Sequence[str], zone: str) -> str:
        cell, own = self._cell(column, cells), self._cell(clock, cells)
        key = (cell, own, zone)
        if key not in self.times:
            if plain(cell) in _TOTALS:
                raise _Flawed(
                    column,
                    _("“{cell}” is no date: this looks like a line of totals.", cell=cell),
                    _("Leave it out."),
                )
            with _at_column(column):
                self.times[key] = cell_times.read(
                    cell,
                    self.manner,
                    clock=own,
                    zone=zone,
                    is_assumed=not self.plan.zone_column and not self.plan.zone_is_stated,
                )
        return self.times[key]

    def _by_precision(
        self, start: str, end: str, cells: Sequence[str]
    ) -> tuple[str, str, list[str]]:
        """By a column that says how precisely the date is known: a day, its week, its month."""
        column = self.plan.time_precision
        code = self._cell(column, cells)
        if not column or not code:
            return start, end, []
        kind = TIME_PRECISION.get(code.removesuffix(".0"), code.casefold())
        if kind not in TIME_PRECISION.values():
            raise _Flawed(
                column,
                _("“{code}” is no precision of a time.", code=code),
                _("It is 1 (day), 2 (week) or 3 (month)."),
            )
        if kind == "day":
            return start, end, []
        found = stated.parse(start)
        day = found.day
        assert day is not None
        if kind == "month":
            month = replace(found, local=_midnight(day.replace(day=1)), precision=Precision.MONTH)
            return str(month), "", ["Known to the month only."]
        first, last = day - WEEK, min(day + WEEK, max(self.today, day))
        told = f"Known to the week only, about {day.isoformat()}: some day of this span."
        return self._on(found, first), self._on(found, last), [told]

    @staticmethod
    def _on(found: stated.Stated, day: date) -> str:
        return str(replace(found, local=_midnight(day), precision=Precision.DAY))

    def _public(self, cells: Sequence[str], zone: str) -> str:
        plan = self.plan
        if not plan.public_column:
            return plan.public
        cell = self._cell(plan.public_column, cells)
        if not cell and plan.public:
            return plan.public
        return self._time("public", plan.public_column, "", cells, zone)

    def _parties(self, cells: Sequence[str], notes: list[str]) -> tuple[str | None, list[str]]:
        plan = self.plan
        actor = plan.actor_all
        if name := self._cell(plan.actor, cells):
            actor = self._party(plan.actor, name, notes)
        if not actor:
            notes.append("Actor not stated.")
        claimants = list(plan.claimants_all)
        named = split_names(self._cell(plan.claimants, cells))
        claimants += [self._party(plan.claimants, name, notes) for name in named]
        return actor or None, sorted({*claimants} - {""})

    def _party(self, column: str, name: str, notes: list[str]) -> str:
        if name not in self.plan.names:
            raise _Flawed(
                column, _("Which party “{name}” is is not said.", name=name), _("Choose it below.")
            )
        slug = self.plan.names[name]
        if not slug:
            notes.append(f"{column} in the table: {name}.")
        return slug

    def _subject(self, cells: Sequence[str]) -> str:
        plan = self.plan
        cell = self._cell(plan.subject, cells)
        if not cell:
            return plan.subject_all
        word = plain(cell).replace(" ", "_")
        if word not in set(Subject):
            known = ", ".join(str(one).replace("_", " ") for one in Subject)
            raise _Flawed(
                plan.subject,
                _("“{cell}” is no subject here.", cell=cell),
                _("Use one of: {known}.", known=known),
            )
        return word

    def _short(self, name: str, columns: Sequence[str], cells: Sequence[str], most: int) -> str:
        text = ", ".join(dict.fromkeys(c for one in columns if (c := self._cell(one, cells))))
        text = " ".join(text.split())
        if len(text) > most:
            raise _Flawed(
                columns[-1],
                _(
                    "The {name} has {text} characters, at most {most} fit.",
                    name=name,
                    text=len(text),
                    most=most,
                ),
                _("Map fewer columns to it, or shorten it."),
            )
        return text

    def _precision_of_place(self, cells: Sequence[str]) -> str:
        cell = self._cell(self.plan.place_precision, cells)
        return GEO_PRECISION.get(cell.removesuffix(".0"), cell)[:PLACE]

    def _description(self, cells: Sequence[str]) -> str:
        columns = self.plan.description
        if len(columns) == 1:
            text = self._cell(columns[0], cells)
        else:
            said = ((name, self._cell(name, cells)) for name in columns)
            text = "; ".join(f"{name}: {cell}" for name, cell in said if cell)
        if not text:
            raise _Flawed(
                columns[0],
                _("What is alleged is missing."),
                _("Fill it in, or map another column."),
            )
        if len(text) > DESCRIPTION:
            raise _Flawed(
                columns[-1],
                _(
                    "What is alleged has {text:,} characters, at most {description:,} fit.",
                    text=len(text),
                    description=DESCRIPTION,
                ),
                _("Map fewer columns to it, or shorten it."),
            )
        return text


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min)


# What two rows must say alike to be one, where none has an identity of its own.
_SAID = ("occurred", "occurred_until", "place", "actor", "target", "subject", "description")


class _Flawed(Exception):
    def __init__(self, column: str, message: str, mend: str) -> None:
        super().__init__(message)
        self.column, self.message, self.mend = column, message, mend


class _at_column:  # noqa: N801 - a context, read as words
    """What is refused within is so on that column."""

    def __init__(self, column: str) -> None:
        self.column = column

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Unclear):
            raise _Flawed(self.column, error.message, _("Answer it above.")) from error
        if isinstance(error, DomainError):
            raise _Flawed(self.column, error.message, error.mend) from error


def read(
    plan: Plan,
    header: Sequence[str],
    rows: Iterable[tuple[int, Sequence[str]]],
    *,
    file_name: str,
    at: datetime,
) -> Reading:
    """Every row by the plan. Raises Invalid when the plan names a column that the table has not."""
    _check_columns(plan, header)
    rows = list(rows)
    if not plan.order:
        place = {name: number for number, name in enumerate(header)}
        columns = [n for n in (plan.start, plan.end, plan.public_column) if n in place]
        told = cell_times.survey(cells[place[name]] for name in columns for _line, cells in rows)
        plan = replace(plan, order=told.order)
    reader = _Reader(plan, header, file_name=file_name, at=at)
    found = Reading()
    skip = set(plan.skip)
    first: dict[str, int] = {}
    for line, cells in rows:
        if line in skip:
            found.skipped.append(line)
            continue
        try:
            draft = reader.draft(line, cells)
        except _Flawed as error:
            found.problems.append(Problem(line, error.column, error.message, error.mend))
            continue
        if draft.identity in first:
            found.doubles[line] = first[draft.identity]
            continue
        first[draft.identity] = line
        found.drafts.append(draft)
    return found


def _check_columns(plan: Plan, header: Collection[str]) -> None:
    for name, value in plan.as_json().items():
        if name in COLUMN_FIELDS:
            for one in value if isinstance(value, (tuple, list)) else (value,):
                if one and one not in header:
                    raise Invalid(
                        _("The table has no column “{one}”.", one=one),
                        field=name,
                        mend=_("Choose another."),
                    )


COLUMN_FIELDS = (
    "start",
    "start_clock",
    "end",
    "end_clock",
    "time_precision",
    "zone_column",
    "place",
    "place_precision",
    "actor",
    "target",
    "claimants",
    "subject",
    "description",
    "reference",
    "own_id",
    "public_column",
)
