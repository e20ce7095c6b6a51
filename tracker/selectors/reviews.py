"""Reviews that are asked, each with the chain behind it: what failed, and what rests on it.

A constant number of queries for a page of them. Must not live here: words, finishing (actions).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q, QuerySet

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
class Review:
    """One task. ``pledge_failed`` or ``condition``: what failed, and how it stands now.

    ``ties``: why the task's pledge rests on that; ``resting``: what rests on the task's pledge.
    ``gone_at``: since when its cause is no longer true.
    """

    task: ReviewTask
    pledge_failed: Pledge | None
    condition: Condition | None
    stage: str
    compliance: str
    judged: str
    ties: tuple[Tie, ...]
    resting: tuple[Pledge, ...]
    gone_at: datetime | None


def asked(viewer: Viewer, *, is_done: bool) -> QuerySet[ReviewTask]:
    """Those of the dossiers in which the viewer may judge; done ones the last first."""
    found = ReviewTask.objects.select_related("pledge__dossier", "pledge__analyst", "done_by")
    found = found.filter(pledge__merged_into=None)
    if not viewer.is_site_admin:
        mine = [slug for slug, role in viewer.roles.items() if role in ranks(Role.ANALYST)]
        found = found.filter(pledge__dossier__slug__in=mine)
    if is_done:
        return found.exclude(done_at=None).order_by("-done_at", "-pk")
    return found.filter(done_at=None).order_by("since", "pk")


def of_pledge(ref: str) -> list[ReviewTask]:
    """All of one pledge, the latest first."""
    found = ReviewTask.objects.filter(pledge__ref=ref).select_related("done_by")
    return list(found.order_by("-since", "-pk"))


@dataclass(frozen=True)
class _Loaded:
    pledges: Mapping[Subject, Pledge]
    conditions: Mapping[Subject, Condition]
    judged: Mapping[int, str]
    phases: Mapping[int, Phase]
    ties: Mapping[tuple[int, int], list[Tie]] = field(default_factory=dict)
    resting: Mapping[int, list[Pledge]] = field(default_factory=dict)
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
    subjects = {task.subject for task in tasks}
    dossiers = {pledge.dossier_id for pledge in asking.values()}
    conditions = {
        (row.dossier_id, row.key): row
        for row in Condition.objects.filter(dossier__in=dossiers, key__in=subjects)
    }
    pledges = {
        (row.dossier_id, row.ref): row
        for row in Pledge.objects.filter(dossier__in=dossiers, ref__in=subjects)
    }
    failed = {row.pk for row in pledges.values()}
    current = Phase.objects.filter(pledge__in=failed, from_at__lte=at).filter(
        Q(until_at=None) | Q(until_at__gt=at)
    )
    ties, resting = _ties(set(asking), failed)
    return _Loaded(
        pledges=pledges,
        conditions=conditions,
        judged=_judged([row.pk for row in conditions.values()], at),
        phases={phase.pledge_id: phase for phase in current},
        ties=ties,
        resting=resting,
        gone=_gone(asking),
    )


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
    asking: set[int], failed: set[int]
) -> tuple[dict[tuple[int, int], list[Tie]], dict[int, list[Pledge]]]:
    """By (pledge, the one it rests on) why; and by pledge those that rest on it."""
    ties: dict[tuple[int, int], list[Tie]] = {}
    resting: dict[int, dict[int, None]] = {}
    wanted = asking | failed

    def tie(pledge: int, on: int, how: Tie) -> None:
        ties.setdefault((pledge, on), []).append(how)
        if on in asking:
            resting.setdefault(on, {})[pledge] = None

    for pledge, on in Reciprocation.objects.filter(reciprocated__in=wanted).values_list(
        "pledge_id", "reciprocated_id"
    ):
        tie(pledge, on, Tie("reciprocates"))
    links = Dependency.objects.filter(on_pledge__in=wanted, kind="rests_on", withdrawn_at="")
    for pledge, on, reason in links.values_list("pledge_id", "on_pledge_id", "reason"):
        tie(pledge, on, Tie("rests_on", reason))
    named = Condition.objects.filter(
        depends_on_pledge__in=wanted, pledge__isnull=False, withdrawn_at=""
    )
    for of, on_, text in named.values_list("pledge_id", "depends_on_pledge_id", "text"):
        tie(of, on_, Tie("condition", text))
    others = Pledge.objects.in_bulk({pk for found in resting.values() for pk in found})
    return ties, {
        pk: sorted((others[one] for one in found), key=lambda row: row.ref)
        for pk, found in resting.items()
    }


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
        ties=tuple(loaded.ties.get((task.pledge_id, failed.pk), ())) if failed is not None else (),
        resting=tuple(loaded.resting.get(task.pledge_id, ())),
        gone_at=loaded.gone.get((task.pledge_id, task.subject, task.since)),
    )


def task(viewer: Viewer, pk: str) -> ReviewTask | None:
    """One that the viewer may finish, or has been finished; None: there is no such one."""
    if not (pk.isdecimal() and len(pk) < 16):
        return None
    found = ReviewTask.objects.select_related("pledge__dossier").filter(pk=pk).first()
    if found is None:
        return None
    role = viewer.roles.get(found.pledge.dossier.slug)
    return found if viewer.is_site_admin or role in ranks(Role.ANALYST) else None
