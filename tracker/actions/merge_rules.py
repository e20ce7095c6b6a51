"""The rules of what was merged: no chains, and nothing new about a pledge that is another one."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db import models

from tracker.domain.errors import Invalid
from tracker.models import Entered, Party, Pledge

State = dict[str, Any]
COLUMN = "merged_into"


def party(row: Entered, state: State) -> None:
    """What stays is not merged itself, and what goes has nothing merged into it."""
    assert isinstance(row, Party)
    into = row.merged_into
    if into is None:
        return
    if into.pk == row.pk:
        raise Invalid("It is this very party.", field=COLUMN, mend="Choose another.")
    if into.merged_into is not None:
        raise Invalid(
            f"“{into.name}” is itself merged into “{into.merged_into.name}”.",
            field=COLUMN,
            mend=f"Choose “{into.merged_into.name}”.",
        )
    for other in Party.objects.filter(merged_into=row.pk).order_by("slug") if row.pk else ():
        raise Invalid(
            f"“{other.name}” is merged into it.",
            field=COLUMN,
            mend=f"Merge “{into.name}” into “{row.name}” instead, or take that merge back first.",
        )


def not_about_a_merged_one(row: Entered, many: Iterable[Any], changed: Collection[str]) -> None:
    """What is entered about a pledge, or hung on it, is so on the one that it was merged into."""
    for name in changed:
        column = row._meta.get_field(name)
        if (
            name != COLUMN
            and isinstance(column, models.ForeignKey)
            and column.related_model is Pledge
        ):
            _refuse(name, getattr(row, name))
    for name, others in many:
        if name in changed and row._meta.get_field(name).related_model is Pledge:
            for one in others:
                _refuse(name, one)


def _refuse(name: str, pledge: Pledge | None) -> None:
    if pledge is not None and pledge.merged_into is not None:
        raise Invalid(
            f"“{pledge.ref}” was merged into “{pledge.merged_into.ref}”.",
            field=name,
            mend=f"Name “{pledge.merged_into.ref}”.",
        )
