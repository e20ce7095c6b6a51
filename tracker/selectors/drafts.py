"""Drafts: one's own, never anybody else's. Those that were sent or discarded are not among them."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models

from tracker.models import Draft, User

from .rows import iso

Typed = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Held:
    """How much somebody has in drafts; ``size`` in bytes."""

    number: int
    size: int


def of(user: User) -> "models.QuerySet[Draft]":
    """Latest first."""
    return Draft.objects.filter(by=user, sent_at=None, discarded_at=None).order_by(
        "-saved_at", "-pk"
    )


def listed(user: User) -> list[Draft]:
    """The same without what was typed, which may be long."""
    return list(of(user).defer("typed"))


def at_address(user: User, address: str) -> list[Draft]:
    """One's drafts of one form, latest first, without what was typed."""
    return list(of(user).filter(address=address).defer("typed"))


def discarded(user: User, uid: UUID) -> Draft | None:
    found = Draft.objects.filter(by=user, uid=uid, sent_at=None, discarded_at__isnull=False)
    return found.defer("typed").first()


def number(user: User) -> int:
    return of(user).count()


def held(user: User) -> Held:
    found = of(user).aggregate(number=models.Count("pk"), size=models.Sum("size"))
    return Held(found["number"], found["size"] or 0)


def typed(draft: Draft) -> Typed:
    """What was typed, field by field, as a browser sends it."""
    found: Typed = json.loads(draft.typed) if draft.typed else {}
    return found


def everything(user: User) -> list[dict[str, Any]]:
    """All that is held of somebody's typing, for a copy of one's own data."""
    rows = Draft.objects.filter(by=user, sent_at=None).order_by("pk")
    return [
        {
            "form": row.address,
            "title": row.title,
            "begun_at": iso(row.begun_at),
            "saved_at": iso(row.saved_at),
            "discarded_at": iso(row.discarded_at) if row.discarded_at else None,
            "typed": typed(row),
        }
        for row in rows
    ]
