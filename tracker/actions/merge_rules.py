"""The rules of what was merged: no chains, and nothing new about a pledge that is another one."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db import models

from tracker.domain.errors import Invalid
from tracker.domain.sentences import _
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
        raise Invalid(_("It is this very party."), field=COLUMN, mend=_("Choose another."))
    if into.merged_into is not None:
        raise Invalid(
            _(
                "“{into}” is itself merged into “{merged_into}”.",
                into=into.name,
                merged_into=into.merged_into.name,
            ),
            field=COLUMN,
            mend=_("Choose “{merged_into}”.", merged_into=into.merged_into.name),
        )
    for other in Party.objects.filter(merged_into=row.pk).order_by("slug") if row.pk else ():
        raise Invalid(
            _("“{other}” is merged into it.", other=other.name),
            field=COLUMN,
            mend=_(
                "Merge “{into}” into “{row}” instead, or take that merge back first.",
                into=into.name,
                row=row.name,
            ),
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
            _(
                "“{pledge}” was merged into “{merged_into}”.",
                pledge=pledge.ref,
                merged_into=pledge.merged_into.ref,
            ),
            field=name,
            mend=_("Name “{merged_into}”.", merged_into=pledge.merged_into.ref),
        )
