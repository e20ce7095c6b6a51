"""What the ledger holds of proposals: what was proposed, by whom, and what became of it."""

from collections.abc import Iterable
from typing import Any

from django.db.models import prefetch_related_objects

from tracker.models import Proposal, ProposedStep

from .rows import State


def state(row: Proposal) -> State:
    """Reads the steps, and who decided."""
    return states([row])[str(row.uid)]


def states(proposals: Iterable[Proposal]) -> dict[str, State]:
    """Proposals by opaque id. What was typed is not among it: the steps say what it came to."""
    found = list(proposals)
    prefetch_related_objects(found, "steps", "by", "decided_by")
    return {str(row.uid): _state(row) for row in found}


def _state(row: Proposal) -> State:
    steps = sorted(row.steps.all(), key=lambda step: step.order)
    return {
        "title": row.title,
        "by": str(row.by.uid),
        "standing": str(row.standing),
        "decided_by": str(row.decided_by.uid) if row.decided_by is not None else None,
        "why": row.why,
        "steps": [_step(step) for step in steps],
    }


def _step(step: ProposedStep) -> dict[str, Any]:
    return {
        "chain": step.chain,
        "noun": step.noun,
        "key": step.key,
        "is_new": step.is_new,
        "action": step.action,
        "reason": step.reason,
        "columns": step.columns,
        "seen": step.seen,
        "entry": step.entry,
    }
