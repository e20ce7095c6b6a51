"""Deriving what the clock does: a pledge's phases, and the flags that have become true.

Derived rows are computed again, never edited; they are not in the ledger.
"""

from collections.abc import Iterable
from datetime import datetime

from tracker.domain.status import Flag as DomainFlag
from tracker.domain.status import Phase as DomainPhase
from tracker.domain.status import trajectory
from tracker.models import Dossier, Flag, Phase, Pledge
from tracker.selectors import rows
from tracker.selectors.facts import all_pledge_facts


def rebuild(*, dossier: Dossier, refs: Iterable[str], at: datetime) -> None:
    """Write the trajectories of these pledges anew, under the facts of now.

    What was due by ``at`` counts as noticed: the flags are brought in line in the same transaction.
    """
    wanted = set(refs)
    if not wanted:
        return
    facts = all_pledge_facts(rows.tables(dossier))
    pledges = Pledge.objects.filter(ref__in=wanted).in_bulk(field_name="ref")
    Phase.objects.filter(pledge__in=pledges.values()).delete()
    made: list[Phase] = []
    for ref, pledge in sorted(pledges.items()):
        phases = trajectory(facts[ref])
        made += [_row(pledge, phase, at) for phase in phases]
        bring_in_line(pledge=pledge, phases=phases, at=at)
    Phase.objects.bulk_create(made)


def _row(pledge: Pledge, phase: DomainPhase, at: datetime) -> Phase:
    return Phase(
        pledge=pledge,
        from_at=phase.start,
        until_at=phase.until,
        stage=phase.stage or "",
        overlays=list(phase.overlays),
        flags=[[f.kind, f.subject, f.link, f.lead, f.since.isoformat()] for f in phase.flags],
        noticed_at=at if phase.start <= at else None,
    )


def raised_by(phases: Iterable[DomainPhase], at: datetime) -> dict[DomainFlag, datetime | None]:
    """Every flag that became true by ``at``, with the instant by ``at`` at which it was cleared."""
    found: dict[DomainFlag, datetime | None] = {}
    for phase in phases:
        if phase.start > at:
            break
        ends = phase.until if phase.until is not None and phase.until <= at else None
        for flag in phase.flags:
            found[flag] = ends
    return found


def bring_in_line(*, pledge: Pledge, phases: Iterable[DomainPhase], at: datetime) -> int:
    """Make the pledge's flag rows say what its phases say at ``at``; how many were new.

    A flag that the facts of now no longer bear out is withdrawn, not deleted.
    """
    due = raised_by(phases, at)
    held = {DomainFlag(f.kind, f.subject, f.link, f.lead, f.since): f for f in pledge.flags.all()}
    new = [
        Flag(
            pledge=pledge,
            kind=flag.kind,
            subject=flag.subject,
            link=flag.link,
            lead=flag.lead,
            since=flag.since,
            noticed_at=at,
            cleared_at=cleared,
        )
        for flag, cleared in due.items()
        if flag not in held
    ]
    changed = []
    for flag, row in held.items():
        cleared = due.get(flag)
        withdrawn = None if flag in due else row.withdrawn_at or at
        if (row.cleared_at, row.withdrawn_at) != (cleared, withdrawn):
            row.cleared_at, row.withdrawn_at = cleared, withdrawn
            changed.append(row)
    Flag.objects.bulk_create(new)
    Flag.objects.bulk_update(changed, ["cleared_at", "withdrawn_at"])
    return len(new)
