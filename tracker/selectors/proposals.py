"""Proposed changes: listed, counted, and found.

Must not live here: writes, words, what a proposal comes to by now (steps.py), what the ledger holds
of it (proposed.py).
"""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from tracker.domain.access import Role, Viewer, ranks
from tracker.domain.proposals import Standing
from tracker.models import Proposal, ProposedStep

Row = tuple[str, str]  # noun and key


def found(uid: str) -> Proposal | None:
    """The proposal of that opaque id; None also for what is no such id."""
    try:
        UUID(uid)
    except ValueError:
        return None
    rows = Proposal.objects.select_related("dossier", "by", "decided_by")
    return rows.filter(uid=uid).first()


def listed(viewer: Viewer, *, is_open: bool, dossier: str = "", by: str = "") -> QuerySet[Proposal]:
    """Those of the dossiers in which the viewer enters facts: open ones the oldest first, decided
    ones the latest first.
    """
    rows = Proposal.objects.select_related("dossier", "by", "decided_by").filter(
        _within(viewer, Role.ANALYST)
    )
    if dossier:
        rows = rows.filter(dossier__slug=dossier)
    if by:
        rows = rows.filter(by__uid=by)
    if is_open:
        return rows.filter(standing=Standing.OPEN).order_by("made_at", "pk")
    return rows.exclude(standing=Standing.OPEN).order_by("-decided_at", "-pk")


def dossiers(viewer: Viewer) -> list[tuple[str, str]]:
    """Slug and title of the dossiers in which there are proposals that the viewer may look at."""
    rows = Proposal.objects.filter(_within(viewer, Role.ANALYST))
    told = rows.order_by("dossier__title").values_list("dossier__slug", "dossier__title")
    return list(told.distinct())


def waiting(viewer: Viewer) -> int:
    """How many open ones the viewer may decide. No query for who is no reviewer anywhere."""
    return to_decide(viewer).count()


def to_decide(viewer: Viewer) -> QuerySet[Proposal]:
    """The open ones that the viewer may decide."""
    reviews = set(ranks(Role.REVIEWER)) & set(viewer.roles.values())
    if viewer.uid is None or not (viewer.is_site_admin or reviews):
        return Proposal.objects.none()
    rows = Proposal.objects.filter(_within(viewer, Role.REVIEWER), standing=Standing.OPEN)
    return rows.exclude(by__uid=viewer.uid)


def number_open(dossier: str) -> int:
    return Proposal.objects.filter(dossier__slug=dossier, standing=Standing.OPEN).count()


def _within(viewer: Viewer, least: Role) -> Q:
    if viewer.is_site_admin:
        return Q()
    slugs = [slug for slug, role in viewer.roles.items() if role in ranks(least)]
    return Q(dossier__slug__in=slugs)


def open_about(dossier: str, *, pledge: str = "", row: Row | None = None) -> list[Proposal]:
    """The open ones that bear on a pledge, or that change a row, the oldest first. One query."""
    steps = ProposedStep.objects.filter(
        proposal__dossier__slug=dossier, proposal__standing=Standing.OPEN
    )
    if row is not None:
        steps = steps.filter(noun=row[0], key=row[1])
    steps = steps.select_related("proposal__by").defer("columns", "reason", "proposal__typed")
    found: dict[int, Proposal] = {}
    for step in steps.order_by("proposal__made_at", "proposal_id"):
        if not pledge or pledge in step.pledges:
            found[step.proposal_id] = step.proposal
    return list(found.values())


def confirmed_by(chain: str, keys: Iterable[str]) -> dict[int, Proposal]:
    """By number of the ledger's entry the proposal that it was confirmed from. One query."""
    steps = ProposedStep.objects.filter(chain=chain, key__in=list(keys), entry__isnull=False)
    steps = steps.select_related("proposal__decided_by").defer("columns", "proposal__typed")
    return {step.entry: step.proposal for step in steps if step.entry is not None}
