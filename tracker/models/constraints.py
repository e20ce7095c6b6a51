"""The forms that constraints of the nouns take. Names are filled in per noun by Django."""

from collections.abc import Iterable
from enum import StrEnum

from django.db.models import CheckConstraint, Q


def choices(words: type[StrEnum] | Iterable[str]) -> list[tuple[str, str]]:
    """Choices of a column from an enumeration of the domain, its value doubling as the label."""
    return [(str(word), str(word).replace("_", " ")) for word in words]


def one_of(
    field: str, words: type[StrEnum] | Iterable[str], *, blank: bool = False
) -> CheckConstraint:
    """The column holds one of its words (or is blank, where that is allowed)."""
    known = [str(word) for word in words] + ([""] if blank else [])
    return CheckConstraint(
        condition=Q(**{f"{field}__in": known}), name=f"%(class)s_{field}_is_known"
    )


def filled(*fields: str) -> tuple[CheckConstraint, ...]:
    """None of these texts is blank."""
    return tuple(
        CheckConstraint(condition=~Q(**{field: ""}), name=f"%(class)s_{field}_is_filled")
        for field in fields
    )


def exactly_one(name: str, *fields: str) -> CheckConstraint:
    """Exactly one of these references is given."""
    condition = Q()
    for field in fields:
        condition |= Q(**{f"{other}__isnull": other != field for other in fields})
    return CheckConstraint(condition=condition, name=f"%(class)s_{name}")


def between(field: str, least: int, most: int) -> CheckConstraint:
    """The number lies between both, inclusive."""
    return CheckConstraint(
        condition=Q(**{f"{field}__gte": least, f"{field}__lte": most}),
        name=f"%(class)s_{field}_is_in_range",
    )


def both_or_neither(field: str, other: str) -> CheckConstraint:
    """Two texts are given together or left out together."""
    return CheckConstraint(
        condition=Q(**{field: "", other: ""}) | (~Q(**{field: ""}) & ~Q(**{other: ""})),
        name=f"%(class)s_{field}_comes_with_{other}",
    )
