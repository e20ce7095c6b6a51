"""Deriving what the clock does: a pledge's phases, and the flags that have become true.

Derived rows are computed again, never edited; they are not in the ledger.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from tracker.domain.stated import Window
from tracker.domain.status import Flag as DomainFlag
from tracker.domain.status import Phase as DomainPhase
from tracker.domain.status import ReadingTerm, trajectory
from tracker.models import Dossier, Flag, Phase, Pledge
from tracker.selectors import rows
from tracker.selectors.facts import all_pledge_facts

from . import alerts

BATCH = 500
Raised = dict[DomainFlag, datetime | None]


def rebuild(*, dossier: Dossier, refs: Iterable[str], at: datetime) -> None:
    """Write the trajectories of these pledges anew, under the facts of now.

    What was due by ``at`` counts as noticed: the flags are brought in line in the same transaction.
    """
    wanted = set(refs)
    if not wanted:
        return
    facts = all_pledge_facts(rows.tables(dossier))
    pledges = Pledge.objects.filter(ref__in=wanted).in_bulk(field_name="ref")
    made: list[Phase] = []
    raised: dict[int, Raised] = {}
    for ref, pledge in sorted(pledges.items()):
        phases = trajectory(facts[ref])
        made += [_row(pledge, phase, at) for phase in phases]
        raised[pledge.pk] = raised_by(phases, at)
    held = _begun({pledge.pk for pledge in pledges.values()}, at)
    _bring_in_line(held, at, by_edit=False)  # what was due under the old facts comes first
    Phase.objects.filter(pledge__in=pledges.values()).delete()
    Phase.objects.bulk_create(made)
    _bring_in_line(raised, at, by_edit=True)


def notice(*, at: datetime) -> int:
    """One batch of phases that have begun and that nobody has noticed; how many there were.

    Workers share the work: where the database can, each skips what another holds. The number of
    queries does not depend on the batch's size.
    """
    with transaction.atomic():
        due = Phase.objects.filter(from_at__lte=at, noticed_at=None).order_by("from_at", "pk")
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        claimed = list(due[:BATCH])
        if not claimed:
            return 0
        raised = _begun({phase.pledge_id for phase in claimed}, at)
        _bring_in_line(raised, at, by_edit=False)
        Phase.objects.filter(pk__in=[phase.pk for phase in claimed]).update(noticed_at=at)
        return len(claimed)


def _begun(pledges: set[int], at: datetime) -> dict[int, Raised]:
    """What the phases as written have raised by ``at``; pledges without phases are left out."""
    begun: dict[int, list[DomainPhase]] = {}
    for row in Phase.objects.filter(pledge__in=pledges, from_at__lte=at).order_by("from_at"):
        begun.setdefault(row.pledge_id, []).append(_phase(row))
    return {pledge: raised_by(phases, at) for pledge, phases in begun.items()}


def _row(pledge: Pledge, phase: DomainPhase, at: datetime) -> Phase:
    outlook = phase.outlook
    return Phase(
        pledge=pledge,
        pledge_version=pledge.version,
        from_at=phase.start,
        until_at=phase.until,
        stage=phase.stage or "",
        overlays=list(phase.overlays),
        flags=[[f.kind, f.subject, f.link, f.lead, f.since.isoformat()] for f in phase.flags],
        compliance=outlook.compliance,
        starts_at=outlook.starts.earliest if outlook.starts else None,
        ends_at=outlook.ends.latest if outlook.ends else None,
        warns_at=outlook.warns_at,
        earliest_end=outlook.envelope.earliest if outlook.envelope else None,
        latest_end=outlook.envelope.latest if outlook.envelope and not outlook.is_open else None,
        is_open=outlook.is_open,
        adopted=outlook.adopted or "",
        terms=[_term(term) for term in outlook.terms],
        noticed_at=at if phase.start <= at else None,
    )


def _term(term: ReadingTerm) -> dict[str, Any]:
    """A reading's term as a row keeps it; instants in UTC."""
    return {
        "reading": term.reading,
        "is_standing": term.is_standing,
        "start": _window(term.start),
        "end": _window(term.end),
        "zone": term.zone,
        "is_open": term.is_open,
        "awaiting": term.awaiting,
    }


def _window(window: Window | None) -> list[str] | None:
    return [window.earliest.isoformat(), window.latest.isoformat()] if window else None


def _phase(row: Phase) -> DomainPhase:
    return DomainPhase(
        start=row.from_at,
        until=row.until_at,
        stage=None,
        overlays=(),
        flags=tuple(
            DomainFlag(kind, subject, link, lead, datetime.fromisoformat(since))
            for kind, subject, link, lead, since in row.flags
        ),
    )


def raised_by(phases: Iterable[DomainPhase], at: datetime) -> Raised:
    """Every flag that became true by ``at``, with the instant by ``at`` at which it was cleared."""
    found: Raised = {}
    for phase in phases:
        if phase.start > at:
            break
        ends = phase.until if phase.until is not None and phase.until <= at else None
        for flag in phase.flags:
            found[flag] = ends
    return found


def _bring_in_line(raised: Mapping[int, Raised], at: datetime, *, by_edit: bool) -> None:
    """Make the pledges' flag rows say what their phases say at ``at``.

    A flag that the facts of now no longer bear out is withdrawn, not deleted. A new one is owed
    to whom it concerns.
    """
    held: dict[int, dict[DomainFlag, Flag]] = {pledge: {} for pledge in raised}
    for row in Flag.objects.filter(pledge__in=raised):
        flag = DomainFlag(row.kind, row.subject, row.link, row.lead, row.since)
        held[row.pledge_id][flag] = row
    new: list[Flag] = []
    changed: list[Flag] = []
    for pledge, due in raised.items():
        new += [
            Flag(
                pledge_id=pledge,
                kind=flag.kind,
                subject=flag.subject,
                link=flag.link,
                lead=flag.lead,
                since=flag.since,
                noticed_at=at,
                cleared_at=cleared,
            )
            for flag, cleared in due.items()
            if flag not in held[pledge]
        ]
        for flag, row in held[pledge].items():
            cleared = due.get(flag)
            withdrawn = None if flag in due else row.withdrawn_at or at
            if (row.cleared_at, row.withdrawn_at) != (cleared, withdrawn):
                row.cleared_at, row.withdrawn_at = cleared, withdrawn
                changed.append(row)
    Flag.objects.bulk_create(new)
    alerts.owe(flags=new, at=at, by_edit=by_edit)
    Flag.objects.bulk_update(changed, ["cleared_at", "withdrawn_at"])
