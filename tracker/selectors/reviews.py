"""Reviews that are asked, each with the chain behind it: what failed, and what rests on it.

A constant number of queries for a page of them. Must not live here: words, finishing (actions).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from tracker.domain.access import Role, Viewer, ranks
from tracker.domain.causes import FAILED
from tracker.models import (
    Condition,
    Dependency,
    Flag,
    Move,
    Phase,
    Pledge,
    Reciprocation,
    ReviewTask,
)

Subject = tuple[int, str]  # a dossier, and what failed in it: a condition's key or a pledge's ref
Cause = tuple[int, str, datetime]


@dataclass(frozen=True, slots=True)
class Tie:
    """That one pledge rests on another. ``how``: reciprocates, rests_on or condition."""

    how: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Resting:
    """A pledge that rests on the task's, at once (``depth`` 1) or by others."""

    pledge: Pledge
    depth: int


@dataclass(frozen=True, slots=True)
class Behind:
    """What the pledge that failed rested on itself, and that had failed before it."""

    pledge: Pledge | None
    condition: Condition | None
    subject: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Review:
    """One task. ``pledge_failed`` or ``condition``: what failed, and how it stands now.

    ``behind``: what had failed before that, the latest first. ``ties``: why the task's pledge rests
    on it; ``resting``: what rests on the task's pledge, and on that in turn; where a chain comes
    back to a pledge that is named already, it ends. ``gone_at``: since when its cause is no longer
    true.
    """

    task: ReviewTask
    pledge_failed: Pledge | None
    condition: Condition | None
    stage: str
    compliance: str
    judged: str
    behind: tuple[Behind, ...]
    ties: tuple[Tie, ...]
    resting: tuple[Resting, ...]
    gone_at: datetime | None


def asked(viewer: Viewer, *, is_done: bool) -> QuerySet[ReviewTask]:
    """Those of the dossiers in which the viewer may judge; done ones the last first."""
    found = ReviewTask.objects.select_related("pledge__dossier", "pledge__analyst", "done_by")
    # Tasks are few beside pledges: each is asked for its own, and no database walks all pledges.
    its = Pledge.objects.filter(pk=OuterRef("pledge"), merged_into=None)
    if not viewer.is_site_admin:
        mine = [slug for slug, role in viewer.roles.items() if role in ranks(Role.ANALYST)]
        its = its.filter(dossier__slug__in=mine)
    found = found.filter(Exists(its))
    if is_done:
        return found.exclude(done_at=None).order_by("-done_at", "-pk")
    return found.filter(done_at=None).order_by("since", "pk")


def of_pledge(ref: str) -> list[ReviewTask]:
    """All of one pledge, the latest first."""
    found = ReviewTask.objects.filter(pledge__ref=ref).select_related("done_by")
    return list(found.order_by("-since", "-pk"))


@dataclass(frozen=True)
class _Loaded:
    """``on``, ``under``: by pledge those that it rests on, and those that rest on it."""

    pledges: Mapping[Subject, Pledge]
    conditions: Mapping[Subject, Condition]
    judged: Mapping[int, str]
    phases: Mapping[int, Phase]
    rows: Mapping[int, Pledge]
    ties: Mapping[tuple[int, int], list[Tie]] = field(default_factory=dict)
    under: Mapping[int, list[int]] = field(default_factory=dict)
    failures: Mapping[int, list[Flag]] = field(default_factory=dict)
    gone: Mapping[Cause, datetime] = field(default_factory=dict)


def told(tasks: Iterable[ReviewTask], *, at: datetime) -> list[Review]:
    """The same tasks with what stands behind them at ``at``."""
    found = list(tasks)
    if not found:
        return []
    loaded = _load(found, at)
    return [_review(task, loaded) for task in found]


def _load(tasks: Iterable[ReviewTask], at: datetime) -> _Loaded:
    asking = {task.pledge_id: task.pledge for task in tasks}
    dossiers = {pledge.dossier_id for pledge in asking.values()}
    ties, under = _ties(dossiers)
    above: dict[int, list[int]] = {}
    for pledge, on in ties:
        above.setdefault(pledge, []).append(on)
    failures = _failures(_reached(asking, above))
    subjects = {task.subject for task in tasks}
    subjects |= {flag.subject for flags in failures.values() for flag in flags}
    conditions = {
        (row.dossier_id, row.key): row
        for row in Condition.objects.filter(dossier__in=dossiers, key__in=subjects)
    }
    wanted = Q(ref__in=subjects) | Q(pk__in=_reached(asking, under))
    rows = {row.pk: row for row in Pledge.objects.filter(wanted, dossier__in=dossiers)}
    pledges = {(row.dossier_id, row.ref): row for row in rows.values()}
    failed = {pledges[one].pk for one in _subjects(tasks) if one in pledges}
    current = Phase.objects.filter(pledge__in=failed, from_at__lte=at).filter(
        Q(until_at=None) | Q(until_at__gt=at)
    )
    return _Loaded(
        pledges=pledges,
        conditions=conditions,
        judged=_judged([row.pk for row in conditions.values()], at),
        phases={phase.pledge_id: phase for phase in current},
        rows=rows,
        ties=ties,
        under=under,
        failures=failures,
        gone=_gone(asking),
    )


def _subjects(tasks: Iterable[ReviewTask]) -> list[Subject]:
    return [(task.pledge.dossier_id, task.subject) for task in tasks]


def _reached(start: Iterable[int], edges: Mapping[int, Collection[int]]) -> set[int]:
    """All that is reached from these, themselves included. A cycle is walked once."""
    found, waiting = set(start), list(start)
    while waiting:
        for following in edges.get(waiting.pop(), ()):
            if following not in found:
                found.add(following)
                waiting.append(following)
    return found


def _failures(pledges: Collection[int]) -> dict[int, list[Flag]]:
    """What had failed beneath each of these, the latest first; what was withdrawn never did."""
    flags = Flag.objects.filter(pledge__in=pledges, kind=FAILED, withdrawn_at=None)
    found: dict[int, list[Flag]] = {}
    for flag in flags.order_by("-since", "subject"):
        found.setdefault(flag.pledge_id, []).append(flag)
    return found


def _judged(conditions: Collection[int], at: datetime) -> dict[int, str]:
    """How each condition stands by the last judgement that holds."""
    made = Move.objects.filter(
        condition__in=conditions,
        machine__in=("condition", "release"),
        withdrawn_at="",
        effective_instant__lte=at,
        public_instant__lte=at,
    )
    ordered = made.order_by("effective_instant", "public_instant", "pk")
    return dict(ordered.values_list("condition_id", "to"))


def _ties(
    dossiers: Collection[int],
) -> tuple[dict[tuple[int, int], list[Tie]], dict[int, list[int]]]:
    """By (pledge, the one it rests on) why; and by pledge those that rest on it, by reference."""
    ties: dict[tuple[int, int], list[Tie]] = {}
    under: dict[int, dict[int, None]] = {}

    def tie(pledge: int, on: int, how: Tie) -> None:
        ties.setdefault((pledge, on), []).append(how)
        under.setdefault(on, {})[pledge] = None

    answers = Reciprocation.objects.filter(pledge__dossier__in=dossiers).order_by("pledge__ref")
    for pledge, on in answers.values_list("pledge_id", "reciprocated_id"):
        tie(pledge, on, Tie("reciprocates"))
    links = Dependency.objects.filter(dossier__in=dossiers, kind="rests_on", withdrawn_at="")
    columns = ("pledge_id", "on_pledge_id", "reason")
    for pledge, on, reason in links.order_by("pledge__ref").values_list(*columns):
        tie(pledge, on, Tie("rests_on", reason))
    named = Condition.objects.filter(
        dossier__in=dossiers,
        depends_on_pledge__isnull=False,
        pledge__isnull=False,
        withdrawn_at="",
    )
    columns = ("pledge_id", "depends_on_pledge_id", "text")
    for of, on_, text in named.order_by("pledge__ref").values_list(*columns):
        tie(of, on_, Tie("condition", text))
    return ties, {pk: list(found) for pk, found in under.items()}


def _gone(pledges: Collection[int]) -> dict[Cause, datetime]:
    flags = Flag.objects.filter(pledge__in=pledges, kind=FAILED).values_list(
        "pledge_id", "subject", "since", "cleared_at", "withdrawn_at"
    )
    return {
        (pledge, subject, since): gone
        for pledge, subject, since, cleared, withdrawn in flags
        if (gone := withdrawn or cleared) is not None
    }


def _review(task: ReviewTask, loaded: _Loaded) -> Review:
    subject = (task.pledge.dossier_id, task.subject)
    condition, failed = loaded.conditions.get(subject), loaded.pledges.get(subject)
    phase = loaded.phases.get(failed.pk) if failed is not None else None
    return Review(
        task=task,
        pledge_failed=failed,
        condition=condition,
        stage=phase.stage if phase is not None else "",
        compliance=phase.compliance if phase is not None else "",
        judged=loaded.judged.get(condition.pk, "") if condition is not None else "",
        behind=tuple(_behind(failed, task, loaded)) if failed is not None else (),
        ties=tuple(loaded.ties.get((task.pledge_id, failed.pk), ())) if failed is not None else (),
        resting=tuple(_resting(task, failed, loaded)),
        gone_at=loaded.gone.get((task.pledge_id, task.subject, task.since)),
    )


def _behind(failed: Pledge, task: ReviewTask, loaded: _Loaded) -> Iterator[Behind]:
    """From what failed back to what failed first; none comes twice, nor the task's own pledge."""
    named, waiting = {failed.pk, task.pledge_id}, [(failed, task.since)]
    while waiting:
        pledge, before = waiting.pop(0)
        for flag in loaded.failures.get(pledge.pk, ()):
            subject = (pledge.dossier_id, flag.subject)
            further = loaded.pledges.get(subject)
            if flag.since > before or (further is not None and further.pk in named):
                continue
            yield Behind(further, loaded.conditions.get(subject), flag.subject, flag.since)
            if further is not None:
                named.add(further.pk)
                waiting.append((further, flag.since))


def _resting(task: ReviewTask, failed: Pledge | None, loaded: _Loaded) -> Iterator[Resting]:
    """What rests on the task's pledge, and on that in turn, each where it is met first."""
    named = {task.pledge_id} | ({failed.pk} if failed is not None else set())
    waiting = [(task.pledge_id, 1)]
    while waiting:
        pledge, depth = waiting.pop()
        fresh = [pk for pk in loaded.under.get(pledge, ()) if pk not in named and pk in loaded.rows]
        named.update(fresh)
        yield from (Resting(loaded.rows[pk], depth) for pk in fresh)
        waiting += [(pk, depth + 1) for pk in reversed(fresh)]


def task(viewer: Viewer, pk: str) -> ReviewTask | None:
    """One that the viewer may finish, or has been finished; None: there is no such one."""
    if not (pk.isdecimal() and len(pk) < 16):
        return None
    found = ReviewTask.objects.select_related("pledge__dossier").filter(pk=pk).first()
    if found is None:
        return None
    role = viewer.roles.get(found.pledge.dossier.slug)
    return found if viewer.is_site_admin or role in ranks(Role.ANALYST) else None
