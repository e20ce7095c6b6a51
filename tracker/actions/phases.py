"""Deriving what the clock does: a pledge's phases, and the flags that have become true.

Derived rows are computed again, never edited; they are not in the ledger.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Q

from tracker.domain.causes import STAGE_CHANGED, Cause
from tracker.domain.stated import Window
from tracker.domain.status import Flag as DomainFlag
from tracker.domain.status import Phase as DomainPhase
from tracker.domain.status import ReadingTerm, trajectory
from tracker.domain.transitions import Stage
from tracker.models import BoardLine, Dossier, Flag, Phase, Pledge, StalePledge
from tracker.selectors import narrow
from tracker.selectors.facts import all_pledge_facts

from . import alerts, board_lines, reviews, term_spans
from .board_lines import Standing

BATCH = 500
STALE_BATCH = 100
# Of a pledge, what its line of the board keeps.
OF_LINES = ("dossier", "pledgor", "analyst", "act", "subject")
Raised = dict[DomainFlag, datetime | None]


class Begun(NamedTuple):
    """Of a phase as it is written, what raises flags."""

    start: datetime
    until: datetime | None
    flags: tuple[DomainFlag, ...]


def rebuild(
    *, dossier: Dossier, refs: Iterable[str], at: datetime, authors: Collection[int] = ()
) -> None:
    """Write the trajectories of these pledges anew, under the facts of now.

    Of a stage that the edit changed its ``authors`` are not told: they know.

    What was due by ``at`` counts as noticed: the flags are brought in line in the same transaction,
    which holds the pledges' rows, so that no sweep works on them meanwhile.
    """
    wanted = set(refs)
    if not wanted:
        return
    rows_of = Pledge.objects.filter(ref__in=wanted).order_by("pk").select_for_update(no_key=True)
    held = list(rows_of)
    for start in range(0, len(held), BATCH):
        _rebuild(dossier, held[start : start + BATCH], at, authors)


def _rebuild(
    dossier: Dossier, held: Sequence[Pledge], at: datetime, authors: Collection[int]
) -> None:
    """The same for some pledges, whose rows are held: as many as memory has room for."""
    pledges = {pledge.ref: pledge for pledge in held}
    facts = all_pledge_facts(narrow.of_pledges(dossier, [pledge.pk for pledge in held]))
    made: list[Phase] = []
    raised: dict[int, Raised] = {}
    ahead: dict[int, set[DomainFlag]] = {}
    stages: dict[int, str] = {}
    lines: list[BoardLine] = []
    for ref, pledge in sorted(pledges.items()):
        phases = trajectory(facts[ref])
        written = [_row(pledge, phase, at) for phase in phases]
        made += written
        lines.append(board_lines.line(pledge, [board_lines.standing(row) for row in written], at))
        raised[pledge.pk] = raised_by(phases, at)
        ahead[pledge.pk] = {flag for phase in phases for flag in phase.flags if flag.since > at}
        stages[pledge.pk] = str(stage_at(phases, at) or "")
    pks = {pledge.pk for pledge in pledges.values()}
    _bring_in_line(
        _raised(_begun(pks, at), at), at, by_edit=False
    )  # what was due under the old facts first
    before = _stages(pks, at)
    Phase.objects.filter(pledge__in=pks).delete()
    Phase.objects.bulk_create(made)
    board_lines.write(lines)
    StalePledge.objects.filter(pledge__in=pks).delete()
    term_spans.write((pledge, facts[ref]) for ref, pledge in pledges.items())
    merged = {pledge.pk for pledge in pledges.values() if pledge.merged_into_id is not None}
    _bring_in_line(raised, at, by_edit=True, ahead=ahead, merged=merged)
    alerts.drop_of_merged(merged, at=at)
    alerts.owe(
        [
            Cause(pk, STAGE_CHANGED, at, stage)
            for pk, stage in stages.items()
            if before.get(pk) and stage and before[pk] != stage
        ],
        at=at,
        by_edit=True,
        but=authors,
    )


def mark_all(*, at: datetime) -> int:
    """Mark every pledge, so that the sweep derives it anew; how many there are."""
    every = Pledge.objects.order_by("pk").values_list("pk", flat=True)
    marked = [StalePledge(pledge_id=pk, asked_at=at) for pk in every]
    StalePledge.objects.bulk_create(marked, ignore_conflicts=True, batch_size=1000)
    return len(marked)


def mark_of(dossier: Dossier, *, at: datetime) -> None:
    """Mark the pledges of a dossier whose rules have changed, in one statement."""
    pledges, stale = Pledge._meta.db_table, StalePledge._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {stale} (pledge_id, asked_at)"  # noqa: S608 - names of tables alone
            f" SELECT id, %s FROM {pledges} WHERE dossier_id = %s"
            " ON CONFLICT (pledge_id) DO NOTHING",
            [connection.ops.adapt_datetimefield_value(at), dossier.pk],
        )


def rebuild_stale(*, at: datetime) -> int:
    """One batch of pledges that were marked, derived anew; how many there were."""
    with transaction.atomic():
        marked = StalePledge.objects.order_by("pk").select_related("pledge__dossier")
        if connection.features.has_select_for_update_skip_locked:
            marked = marked.select_for_update(skip_locked=True, of=("self",))
        by_dossier: dict[int, tuple[Dossier, list[str]]] = {}
        for one in marked[:STALE_BATCH]:
            pledge = one.pledge
            by_dossier.setdefault(pledge.dossier_id, (pledge.dossier, []))[1].append(pledge.ref)
        for dossier, refs in by_dossier.values():
            rebuild(dossier=dossier, refs=refs, at=at)
        return sum(len(refs) for _, refs in by_dossier.values())


def notice(*, at: datetime) -> int:
    """One batch of pledges with phases that have begun and that nobody has noticed; how many.

    Workers share the work: where the database can, each skips what another holds, an edit too,
    and the first to come takes a pledge with all that is due of it. Phases that were derived under
    another version of a pledge's facts are not believed: they are derived anew. The number of
    queries does not depend on the batch's size.
    """
    with transaction.atomic():
        due = (
            Phase.objects.filter(from_at__lte=at, noticed_at=None)
            .select_related("pledge")
            .only("pledge_version", *(f"pledge__{name}" for name in ("version", *OF_LINES)))
            .order_by("from_at")
        )
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True, no_key=True, of=("self", "pledge"))
        claimed = {phase.pledge_id: phase for phase in due[:BATCH]}
        if not claimed:
            return 0
        stale = {pk for pk, one in claimed.items() if one.pledge_version != one.pledge.version}
        StalePledge.objects.bulk_create(
            [StalePledge(pledge_id=pk, asked_at=at) for pk in sorted(stale)], ignore_conflicts=True
        )
        begun = _begun(set(claimed) - stale, at)
        _bring_in_line(_raised(begun, at), at, by_edit=False)
        board_lines.write(
            board_lines.line(claimed[pk].pledge, phases, at) for pk, phases in begun.items()
        )
        Phase.objects.filter(pledge__in=claimed, from_at__lte=at, noticed_at=None).update(
            noticed_at=at
        )
        return len(claimed)


def _begun(pledges: set[int], at: datetime) -> dict[int, list[Standing]]:
    """The phases as written that have begun by ``at``; pledges without any are left out."""
    begun: dict[int, list[Standing]] = {}
    held = Phase.objects.filter(pledge__in=pledges, from_at__lte=at).order_by("from_at")
    for pledge, *columns in held.values_list("pledge_id", *board_lines.PHASE_COLUMNS):
        begun.setdefault(pledge, []).append(Standing(*columns))
    return begun


def _raised(begun: Mapping[int, Iterable[Standing]], at: datetime) -> dict[int, Raised]:
    """What these phases have raised by ``at``."""
    return {
        pledge: raised_by(
            [Begun(one.start, one.until, tuple(map(_flag, one.flags))) for one in phases], at
        )
        for pledge, phases in begun.items()
    }


def _stages(pledges: set[int], at: datetime) -> dict[int, str]:
    """The stage of each pledge at ``at``, as the phases say that are written."""
    holding = Phase.objects.filter(pledge__in=pledges, from_at__lte=at).filter(
        Q(until_at=None) | Q(until_at__gt=at)
    )
    return dict(holding.values_list("pledge_id", "stage"))


def stage_at(phases: Iterable[DomainPhase], at: datetime) -> Stage | None:
    holding = (p for p in phases if p.start <= at and (p.until is None or at < p.until))
    return next((p.stage for p in holding), None)


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
        open_conditions=outlook.open_conditions,
        verified_until=outlook.verified_until,
        ended=outlook.ended,
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


def _flag(kept: Sequence[str]) -> DomainFlag:
    kind, subject, link, lead, since = kept
    return DomainFlag(kind, subject, link, lead, datetime.fromisoformat(since))


def raised_by(phases: Iterable[DomainPhase | Begun], at: datetime) -> Raised:
    """Every flag that became true by ``at``, with the instant by ``at`` at which it was cleared."""
    found: Raised = {}
    for phase in phases:
        if phase.start > at:
            break
        ends = phase.until if phase.until is not None and phase.until <= at else None
        for flag in phase.flags:
            found[flag] = ends
    return found


def _bring_in_line(
    raised: Mapping[int, Raised],
    at: datetime,
    *,
    by_edit: bool,
    ahead: Mapping[int, Collection[DomainFlag]] | None = None,
    merged: Collection[int] = (),
) -> None:
    """Make the pledges' flag rows say what their phases say at ``at``.

    A new one is owed to whom it concerns. One that the facts of now no longer bear out is
    withdrawn, not deleted, and who was told of it gets a correction. One that a clock raised which
    was ahead of this one stands, unless it is not ``ahead`` either (None: the facts are the same).
    Of ``merged`` pledges nobody gets a correction: what was told is so, of the one that stays.
    """
    held: dict[int, dict[DomainFlag, Flag]] = {pledge: {} for pledge in raised}
    for row in Flag.objects.filter(pledge__in=raised):
        flag = DomainFlag(row.kind, row.subject, row.link, row.lead, row.since)
        held[row.pledge_id][flag] = row
    new: list[Flag] = []
    changed: list[Flag] = []
    withdrawn: list[Flag] = []
    borne_out: list[Flag] = []
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
                is_backfilled=by_edit and alerts.is_history(flag.since, at),
            )
            for flag, cleared in due.items()
            if flag not in held[pledge]
        ]
        for flag, row in held[pledge].items():
            if flag.since > at and (ahead is None or flag in ahead[pledge]):
                continue
            cleared = due.get(flag)
            gone = None if flag in due else row.withdrawn_at or at
            if gone is not None and row.withdrawn_at is None:
                withdrawn.append(row)
            elif gone is None and row.withdrawn_at is not None:
                borne_out.append(row)
            if (row.cleared_at, row.withdrawn_at) != (cleared, gone):
                row.cleared_at, row.withdrawn_at = cleared, gone
                changed.append(row)
    Flag.objects.bulk_create(new)
    Flag.objects.bulk_update(changed, ["cleared_at", "withdrawn_at"])
    alerts.owe_for(new, at=at, by_edit=by_edit)
    reviews.raise_for(new, at=at, by_edit=by_edit)
    alerts.correct([flag for flag in withdrawn if flag.pledge_id not in merged], at=at)
    alerts.bear_out(borne_out, at=at)
