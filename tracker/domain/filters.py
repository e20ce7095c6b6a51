"""Which pledges a view lists: a filter as a pure predicate over what is loaded of a pledge.

``selectors/filters.py`` says the same in SQL; a test proves that they agree. Must not live here:
how a filter is typed or shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields

from .errors import Invalid

MOST_VALUES = 100


@dataclass(frozen=True, slots=True)
class Filter:
    """Each field lists the values of which one must hold; empty: any. ``text``: every word of it.

    ``party`` is matched in the ``role`` pledgor, beneficiary, or either where none is named.
    """

    dossier: tuple[str, ...] = ()
    party: tuple[str, ...] = ()
    role: tuple[str, ...] = ()
    act: tuple[str, ...] = ()
    subject: tuple[str, ...] = ()
    stage: tuple[str, ...] = ()
    flag: tuple[str, ...] = ()
    analyst: tuple[str, ...] = ()
    text: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not any(getattr(self, one.name) for one in fields(self))


@dataclass(frozen=True, slots=True)
class Watched:
    """What of a pledge a filter looks at. Parties by slug, the analyst by opaque id.

    ``text``: title, scope, area and reference, as entered.
    """

    dossier: str
    pledgor: str
    act: str
    subject: str
    stage: str
    text: str
    beneficiaries: frozenset[str] = field(default_factory=frozenset)
    flags: frozenset[str] = field(default_factory=frozenset)
    analyst: str = ""


def parse(given: Mapping[str, Sequence[str]]) -> Filter:
    """A filter from lists of texts by name. Raises Invalid for a name that there is none of."""
    names = {one.name for one in fields(Filter)}
    for name, values in given.items():
        if name not in names:
            raise Invalid(
                f"There is no filter “{name}”.",
                field=name,
                mend=f"Use: {', '.join(sorted(names))}.",
            )
        if len(values) > MOST_VALUES:
            raise Invalid(
                f"{len(values)} values are too many.",
                field=name,
                mend=f"Use {MOST_VALUES} at most.",
            )
    kept = {name: tuple(v for v in values if v) for name, values in given.items()}
    return Filter(**kept)


def matches(wanted: Filter, pledge: Watched) -> bool:
    """Whether the view lists the pledge."""
    in_role = {
        "pledgor": frozenset({pledge.pledgor}),
        "beneficiary": pledge.beneficiaries,
    }
    parties = frozenset().union(*(in_role[r] for r in wanted.role or in_role if r in in_role))
    folded = pledge.text.casefold()
    return (
        _one(wanted.dossier, {pledge.dossier})
        and _one(wanted.party, parties)
        and _one(wanted.act, {pledge.act})
        and _one(wanted.subject, {pledge.subject})
        and _one(wanted.stage, {pledge.stage})
        and _one(wanted.flag, pledge.flags)
        and _one(wanted.analyst, {pledge.analyst})
        and all(word.casefold() in folded for text in wanted.text for word in text.split())
    )


def _one(wanted: tuple[str, ...], held: frozenset[str] | set[str]) -> bool:
    return not wanted or not held.isdisjoint(wanted)
