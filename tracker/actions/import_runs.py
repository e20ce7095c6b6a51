"""What is done with an import: asked for, confirmed, entered or taken back, as a whole.

What is large waits until a task drains it; what is small is done while whoever asks waits. Must not
live here: what an import would make (imports.py); entering rows (many.py).
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog
from django.db import connection, transaction
from django.db.models import F

from tracker.documents import csv_tables
from tracker.domain import importing
from tracker.domain.errors import Conflict, DomainError, Invalid
from tracker.domain.import_rows import Draft
from tracker.domain.importing import Plan
from tracker.domain.likeness import plain
from tracker.domain.sentences import _
from tracker.models import ColumnMapping, ImportedRow, Incident, IncidentImport, Party, User
from tracker.models import incident_import as standing
from tracker.selectors import imports as selectors

from . import bulk_rows, four_eyes, ledger, many, parties, record
from .imports import NEW, Preview, held_as, key_of, preview
from .verbs import free_key

log = structlog.get_logger("tracker.imports")
ACTION, UNDO_ACTION = "incidents.import", "incidents.withdraw"
AT_ONCE = 1_000  # rows that are entered while whoever asks for it waits
MOST_ATTEMPTS = 3


def ask(*, row: IncidentImport, by: User, at: datetime) -> None:
    """It is to be entered: at once where it is short, else by the task; in a dossier with four eyes
    once somebody else has confirmed it. Raises Invalid while something is wrong with it, Conflict
    when it is not open any more.
    """
    found = preview(row=row, at=at)
    _check(found)
    waits = standing.PROPOSED if row.dossier.four_eyes else standing.QUEUED
    _stand(row, standing.OPEN, waits, asked_by=by, asked_at=at, number=len(found.drafts))
    if waits == standing.QUEUED and len(found.drafts) <= AT_ONCE:
        run(row=row, at=at)


def _check(found: Preview) -> None:
    if found.refused is not None:
        raise found.refused
    left = [*found.gaps.items(), *found.asked.items()]
    if left:
        raise Invalid(left[0][1], field=left[0][0], mend=_("Say it first."))
    if found.problems:
        first = found.problems[0]
        raise Invalid(
            _("Line {line}: {message}", line=first.line, message=first.message),
            mend=_("Mend all lines first, or leave them out."),
        )
    if not found.drafts:
        raise Invalid(
            _("There is nothing to enter: every row is a double or left out."),
            mend=_("Choose another file."),
        )


def confirm(*, row: IncidentImport, by: User, at: datetime) -> None:
    """A second person agrees, whom ``domain/access.py`` lets: it is entered, or taken back."""
    waits = {
        standing.PROPOSED: standing.QUEUED,
        standing.UNDO_PROPOSED: standing.UNDO_QUEUED,
    }.get(row.standing)
    if waits is None:
        raise Conflict(
            _("There is nothing to confirm any more."), mend=_("Look at it as it stands now.")
        )
    _stand(row, row.standing, waits, confirmed_by=by)
    if row.number <= AT_ONCE:
        run(row=row, at=at)


def decline(*, row: IncidentImport) -> None:
    """It is not to be entered, or taken back, as it stands; whoever asked may say so too."""
    back = {
        standing.PROPOSED: standing.OPEN,
        standing.UNDO_PROPOSED: standing.ENTERED,
    }.get(row.standing)
    if back is None:
        raise Conflict(
            _("There is nothing to decline any more."), mend=_("Look at it as it stands now.")
        )
    _stand(row, row.standing, back, asked_by=None, asked_at=None)


def ask_undo(*, row: IncidentImport, reason: str, by: User, at: datetime) -> None:
    """Take back what it entered, but for what somebody has used since. Raises Invalid without a
    reason, Conflict when it is not entered.
    """
    if not reason.strip():
        raise Invalid(_("Why it is undone is missing."), field="reason", mend=_("Say why."))
    waits = standing.UNDO_PROPOSED if row.dossier.four_eyes else standing.UNDO_QUEUED
    _stand(
        row,
        standing.ENTERED,
        waits,
        asked_by=by,
        asked_at=at,
        undo_reason=reason.strip(),
        confirmed_by=None,
    )
    if waits == standing.UNDO_QUEUED and row.number <= AT_ONCE:
        run(row=row, at=at)


def _stand(row: IncidentImport, before: str, after: str, **columns: Any) -> None:
    """Raises Conflict when somebody else was quicker."""
    changed = IncidentImport.objects.filter(pk=row.pk, standing=before).update(
        standing=after, attempts=0, told={}, **columns
    )
    if not changed:
        raise Conflict(_("This import has moved on."), mend=_("Look at it as it stands now."))
    row.standing, row.told = after, {}
    for name, value in columns.items():
        setattr(row, name, value)


def drain(*, at: datetime) -> int:
    """Enter, or take back, what waits, one import after the other; how many there were. Any number
    of workers share them. One at which a worker died three times is given up, and says so.
    """
    done = 0
    while (row := _claimed()) is not None:
        if row.attempts > MOST_ATTEMPTS:
            _back(row, _("It was begun three times and never ended."))
        else:
            run(row=row, at=at)
        done += 1
    return done


def _claimed() -> IncidentImport | None:
    """The one that waits longest and that nobody holds; it counts one more attempt."""
    with transaction.atomic():
        waiting = IncidentImport.objects.filter(standing__in=standing.WAITING).defer("content")
        if connection.features.has_select_for_update_skip_locked:
            waiting = waiting.select_for_update(skip_locked=True, of=("self",))
        row = waiting.order_by("asked_at", "pk").first()
        if row is not None:
            IncidentImport.objects.filter(pk=row.pk).update(attempts=F("attempts") + 1)
            row.attempts += 1
    return row


def run(*, row: IncidentImport, at: datetime) -> None:
    """Do what it waits for, in one transaction; what a rule refuses is told on its page."""
    try:
        with transaction.atomic(), _as_confirmed(row):
            held = held_as(row, *standing.WAITING)
            if held.standing == standing.QUEUED:
                _enter(held, at)
            else:
                _undo(held, at)
    except Conflict:
        pass  # somebody else did it meanwhile
    except DomainError as error:
        _back(row, str(error))
        log.info("import refused", uid=str(row.uid), why=str(error))
    row.refresh_from_db()


def _as_confirmed(row: IncidentImport) -> Any:
    """What a second person confirmed counts at once; all else is asked as ever."""
    return four_eyes.direct() if row.confirmed_by_id is not None else transaction.atomic()


def _back(row: IncidentImport, why: str) -> None:
    for before, after in (
        (standing.QUEUED, standing.OPEN),
        (standing.UNDO_QUEUED, standing.ENTERED),
    ):
        IncidentImport.objects.filter(pk=row.pk, standing=before).update(
            standing=after, told={"refused": why}, attempts=0
        )


def _enter(row: IncidentImport, at: datetime) -> None:
    row.plan = _with_new_parties(row, at).as_json()
    ledger.lock(row.dossier.slug)  # so that no double comes in between
    found = preview(row=row, at=at, asks_rules=False)
    _check(found)
    assert found.table is not None
    with record.batch(at=at):
        made = many.enter(
            Incident,
            [many.New(key_of(row, one), one.columns, _reason(row, one)) for one in found.drafts],
            dossier=row.dossier,
            by=row.asked_by,
            at=at,
            action=ACTION,
        )
    bulk_rows.insert(
        ImportedRow,
        (
            ImportedRow(
                by_import=row,
                dossier=row.dossier,
                incident=incident,
                line=draft.line,
                identity=draft.identity,
                content=draft.content,
            )
            for draft, incident in zip(found.drafts, made, strict=True)
        ),
    )
    assert row.asked_by is not None
    ColumnMapping.objects.update_or_create(
        dossier=row.dossier,
        header=importing.header_key(found.table.header),
        defaults={
            "plan": found.plan.for_another_file().as_json(),
            "by": row.asked_by,
            "saved_at": at,
        },
    )
    row.standing, row.entered_at, row.number = standing.ENTERED, at, len(made)
    row.plan = found.plan.as_json()
    row.told = {
        "entered": len(made),
        "doubles": len(found.within) + len(found.before),
        "skipped": len(found.skipped),
    }
    row.save(update_fields=["standing", "entered_at", "number", "plan", "told"])


def _reason(row: IncidentImport, draft: Draft) -> str:
    who = f", confirmed by {row.confirmed_by.uid}" if row.confirmed_by is not None else ""
    return f"Import {row.uid}: {row.file_name}, line {draft.line}{who}."


def _with_new_parties(row: IncidentImport, at: datetime) -> Plan:
    """Enters each party that the plan names anew and the table has, once, and names it so."""
    plan = Plan.of(row.plan)
    if not any(slug.startswith(NEW) for slug in plan.names.values()):
        return plan
    table = csv_tables.read(selectors.content(row), encoding=row.encoding, delimiter=row.delimiter)
    there = importing.names_in(plan, table.header, (one.cells for one in table.rows))
    known = importing.known_as(selectors.parties().names)
    made: dict[str, str] = {}
    names = dict(plan.names)
    for name, slug in plan.names.items():
        if not slug.startswith(NEW) or name not in there:
            continue
        kind, _colon, called = slug.removeprefix(NEW).partition(":")
        if plain(called) in known:  # somebody entered it meanwhile
            made.setdefault(slug, known[plain(called)])
        if slug not in made:
            made[slug] = free_key(Party, None, called)
            parties.register(
                slug=made[slug],
                name=called,
                kind=kind,
                by=row.asked_by,
                at=at,
                reason=f"Named in the import {row.uid}.",
            )
        names[name] = made[slug]
    return replace(plan, names=names)


def _undo(row: IncidentImport, at: datetime) -> None:
    kept = selectors.used(row)
    left = selectors.unused(row, kept)
    for one in left:
        one.incident.dossier = row.dossier
    with record.batch(at=at):
        many.withdraw_as_never_held(
            [one.incident for one in left],
            dossier=row.dossier,
            reason=f"Import undone: {row.undo_reason}",
            by=row.asked_by,
            at=at,
            action=UNDO_ACTION,
        )
    for some in many.batches([one.pk for one in left]):
        ImportedRow.objects.filter(pk__in=some).update(is_undone=True)
    row.standing, row.undone_at = standing.UNDONE, at
    row.told = {"withdrawn": len(left), "kept": len(kept)}
    row.save(update_fields=["standing", "undone_at", "told"])
