"""A table of incidents that is to be imported: its file kept, its columns mapped, and what would
come of it as that stands.

Must not live here: what a cell means (domain/import_rows.py); entering it (import_runs.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction

from tracker.documents import csv_tables
from tracker.documents.csv_tables import Table
from tracker.documents.values import LARGEST
from tracker.domain import import_rows, importing, known_tables
from tracker.domain.errors import Conflict, DomainError, Invalid, Unclear
from tracker.domain.import_rows import Draft, Problem
from tracker.domain.importing import Plan
from tracker.domain.likeness import plain
from tracker.domain.sentences import _
from tracker.models import (
    Dossier,
    Incident,
    IncidentImport,
    User,
)
from tracker.models import incident_import as standing
from tracker.selectors import imports as selectors
from tracker.selectors.imports import Called, Known

from . import many

NEW = "+"  # begins what stands for a party that is to be entered: +kind:name
LONGEST_NAME = 255


@dataclass(frozen=True, slots=True)
class Double:
    """A line that was entered before. ``is_changed``: it has an id of its own and says something
    else now.
    """

    line: int
    known: Known
    is_changed: bool


@dataclass(slots=True)
class Preview:
    """What would come of an import as it stands. ``refused``: why nothing of the file can be read;
    ``gaps`` and ``asked``: what the plan leaves open, by field.
    """

    plan: Plan
    table: Table | None = None
    refused: DomainError | None = None
    gaps: dict[str, str] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)
    drafts: list[Draft] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    within: dict[int, int] = field(default_factory=dict)
    before: list[Double] = field(default_factory=list)
    skipped: list[int] = field(default_factory=list)

    @property
    def may_enter(self) -> bool:
        return bool(self.drafts) and not (self.refused or self.gaps or self.asked or self.problems)

    @property
    def unnamed(self) -> list[str]:
        """Names of parties of which nobody has said who they are."""
        return [name for name in self.names if name not in self.plan.names]


def make(
    *, dossier: Dossier, content: bytes, file_name: str, by: User, at: datetime
) -> IncidentImport:
    """Keep the file, with what its header meant last time, or suggests. Raises Invalid on ``file``
    for one that is no table at all.
    """
    if len(content) > LARGEST:
        raise Invalid(
            _("The file has {number:.1f} MB.", number=len(content) / 1000000),
            field="file",
            mend=_("At most {number} MB are taken: split it.", number=LARGEST // 1000000),
        )
    plan = Plan()
    try:
        table = csv_tables.read(content)
        plan = _first_plan(dossier, table)
    except Unclear:  # it is asked on the import's page
        pass
    except Invalid as error:
        raise Invalid(error.message, field="file", mend=error.mend) from error
    return IncidentImport.objects.create(
        dossier=dossier,
        file_name=file_name[:LONGEST_NAME] or "table.csv",
        sha256=sha256(content).hexdigest(),
        size=len(content),
        content=content,
        plan=plan.as_json(),
        by=by,
        made_at=at,
    )


def _first_plan(dossier: Dossier, table: Table) -> Plan:
    saved = selectors.mapping(dossier, importing.header_key(table.header))
    return Plan.of(saved.plan) if saved is not None else known_tables.proposed(table.header)


def read_as(*, row: IncidentImport, encoding: str, delimiter: str) -> None:
    """How its bytes are to be read; what its columns mean begins anew. Raises Invalid, Conflict."""
    with transaction.atomic():
        held = held_as(row, standing.OPEN)
        if (held.encoding, held.delimiter) == (encoding, delimiter):
            return
        table = csv_tables.read(selectors.content(held), encoding=encoding, delimiter=delimiter)
        held.encoding, held.delimiter = encoding, delimiter
        held.plan = _first_plan(held.dossier, table).as_json()
        held.save(update_fields=["encoding", "delimiter", "plan"])


def left_open(plan: Plan, table: Table) -> dict[str, str]:
    """What a plan of this table has to say before anything can be read by it, by field."""
    found = importing.gaps(plan)
    if plan.start:
        found |= importing.asked(plan, table.header, [one.cells for one in table.rows])
    return found


def settle(*, row: IncidentImport, plan: Plan) -> None:
    """What its columns mean. Raises Conflict once it is entered."""
    with transaction.atomic():
        held = held_as(row, standing.OPEN)
        held.plan, held.told = plan.as_json(), {}
        held.save(update_fields=["plan", "told"])


def preview(*, row: IncidentImport, at: datetime, asks_rules: bool = True) -> Preview:
    """What would be entered at ``at``, checked by every rule; nothing is written.

    ``asks_rules`` False: whoever enters it asks them.
    """
    plan = Plan.of(row.plan)
    found = Preview(plan)
    try:
        content = selectors.content(row)
        found.table = csv_tables.read(content, encoding=row.encoding, delimiter=row.delimiter)
    except DomainError as error:
        found.refused = error
        return found
    table = found.table
    cells = [one.cells for one in table.rows]
    called = selectors.parties()
    found.names = importing.names_in(plan, table.header, cells)
    found.plan = plan = _with_known(plan, found.names, called)
    found.gaps = importing.gaps(plan)
    found.asked = importing.asked(plan, table.header, cells) if plan.start else {}
    skip = set(plan.skip)
    found.problems = [
        Problem(flaw.line, flaw.column, flaw.message, flaw.mend)
        for flaw in table.flaws
        if flaw.line not in skip
    ]
    if found.gaps or found.asked:
        return found
    try:
        _read(row, found, at, asks_rules=asks_rules)
    except DomainError as error:
        found.refused = error
    return found


def _with_known(plan: Plan, names: Mapping[str, int], called: Called) -> Plan:
    """Names that are a party's own, or an alias, need no answer."""
    known = importing.known_as(called.names)
    found = {name: known[folded] for name in names if (folded := plain(name)) in known}
    return replace(plan, names={**found, **plan.names})


def _read(row: IncidentImport, found: Preview, at: datetime, *, asks_rules: bool) -> None:
    table = found.table
    assert table is not None
    lines = [(one.line, one.cells) for one in table.rows]
    read = import_rows.read(found.plan, table.header, lines, file_name=row.file_name, at=at)
    found.within, found.skipped = read.doubles, [*read.skipped, *_skipped_flaws(found)]
    known = selectors.known(row.dossier, [draft.identity for draft in read.drafts])
    fresh = []
    for draft in read.drafts:
        before = known.get(draft.identity)
        if before is None:
            fresh.append(draft)
        else:
            found.before.append(Double(draft.line, before, before.content != draft.content))
    found.problems += read.problems
    if not asks_rules:
        found.drafts = fresh
        return
    desk = many.Desk(
        Incident, row.dossier, at=at, states=[_without_new(draft.columns) for draft in fresh]
    )
    for draft in fresh:
        try:
            desk.prepared(many.New(key_of(row, draft), _without_new(draft.columns)))
        except DomainError as error:
            column = _column(found.plan, error.field or "")
            found.problems.append(Problem(draft.line, column, error.message, error.mend))
        else:
            found.drafts.append(draft)
    found.problems.sort(key=lambda one: one.line)


def _skipped_flaws(found: Preview) -> list[int]:
    assert found.table is not None
    skip = set(found.plan.skip)
    return [flaw.line for flaw in found.table.flaws if flaw.line in skip]


def _column(plan: Plan, name: str) -> str:
    """The column of the table that a column of an incident is from, as far as one can say."""
    own = {"occurred": plan.start, "occurred_until": plan.end or plan.start}.get(name)
    return own if own is not None else name


def _without_new(columns: Mapping[str, Any]) -> dict[str, Any]:
    """For checking: a party that is still to be entered is there once it is."""
    claimants = [one for one in columns["claimants"] if not one.startswith(NEW)]
    actor = columns["actor"]
    return {
        **columns,
        "actor": None if actor and actor.startswith(NEW) else actor,
        "claimants": claimants,
    }


def key_of(row: IncidentImport, draft: Draft) -> str:
    return f"import.{row.uid.hex[:12]}.{draft.line}"


def held_as(row: IncidentImport, *standings: str) -> IncidentImport:
    """The row, held until the transaction ends. Raises Conflict when it stands otherwise by now."""
    held = (
        IncidentImport.objects.select_for_update()
        .defer("content")
        .select_related(None)
        .get(pk=row.pk)
    )
    if held.standing not in standings:
        raise Conflict(_("This import has moved on."), mend=_("Look at it as it stands now."))
    return held


def skip_problems(plan: Plan, problems: Sequence[Problem]) -> Plan:
    """The plan without the lines with which something is wrong."""
    return replace(plan, skip=tuple(sorted({*plan.skip, *(one.line for one in problems)})))
