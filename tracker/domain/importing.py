"""What each column of a table of incidents means: a plan, and what it leaves open.

A plan is what a person decided: nothing that the table leaves open is guessed. Must not live here:
what comes of a row (import_rows.py), bytes (documents/csv_tables.py), rules of the register.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from typing import Any

from . import cell_times
from .cell_times import Manner
from .likeness import plain
from .sentences import _

NOT_STATED = ""  # of a name: nobody is entered for it
_ENDS_WITH_OFFSET = re.compile(r":\d\d(?:\.\d+)?\s*[+-]\d\d:?\d\d$")


@dataclass(frozen=True, slots=True)
class Plan:
    """Which columns say what; of what is the same for all rows, what it is.

    ``names``: by each name that the table has for a party, its slug, or blank: not stated.
    ``skip``: lines that somebody chose to leave out. ``public``: since when all of it is public;
    blank where ``public_column`` says so.
    """

    start: str = ""
    start_clock: str = ""
    end: str = ""
    end_clock: str = ""
    time_precision: str = ""
    order: str = ""
    serials: str = ""
    zone: str = ""
    zone_column: str = ""
    zone_is_stated: bool = False
    place: tuple[str, ...] = ()
    place_precision: str = ""
    actor: str = ""
    actor_all: str = ""
    target: tuple[str, ...] = ()
    target_all: str = ""
    claimants: str = ""
    claimants_all: tuple[str, ...] = ()
    subject: str = ""
    subject_all: str = ""
    description: tuple[str, ...] = ()
    reference: tuple[str, ...] = ()
    own_id: str = ""
    source: str = ""
    public: str = ""
    public_column: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    skip: tuple[int, ...] = ()

    @property
    def manner(self) -> Manner:
        return Manner(self.order, self.serials)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Plan":
        """As it was kept; what this release does not know is left out."""
        known = {name: kept[name] for name in cls.__dataclass_fields__ if name in kept}
        made: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in known.items()
        }
        return cls(**made)

    def for_another_file(self) -> "Plan":
        """What of it is true of any table with the same header."""
        return replace(self, skip=(), public="", source="")


def names_in(plan: Plan, header: Sequence[str], rows: Iterable[Sequence[str]]) -> dict[str, int]:
    """The names of parties that the mapped columns have, the most frequent first."""
    places = {name: at for at, name in enumerate(header)}
    found: dict[str, int] = {}
    single, several = places.get(plan.actor), places.get(plan.claimants)
    for row in rows:
        named = [row[single]] if single is not None else []
        if several is not None:
            named += split_names(row[several])
        for name in named:
            if name.strip():
                found[name.strip()] = found.get(name.strip(), 0) + 1
    return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))


def split_names(cell: str) -> list[str]:
    """The parties of a cell that may name several, between semicolons."""
    return [one.strip() for one in cell.split(";") if one.strip()]


def known_as(names: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Slugs by folded name, alias and slug; a name that two parties have is nobody's."""
    found: dict[str, str] = {}
    twice: set[str] = set()
    for slug, called in names.items():
        for name in {plain(one) for one in (slug, *called)} - {""}:
            if found.setdefault(name, slug) != slug:
                twice.add(name)
    return {name: slug for name, slug in found.items() if name not in twice}


def gaps(plan: Plan) -> dict[str, str]:
    """What the plan leaves open that has to be said before anything can be read, by field."""
    found: dict[str, str] = {}
    if not plan.start:
        found["start"] = _("Which column says when it occurred is missing.")
    if not plan.description:
        found["description"] = _("Which columns say what is alleged is missing.")
    if not plan.source:
        found["source"] = _("Which source the table is is missing.")
    if not plan.public and not plan.public_column:
        found["public"] = _("Since when this is public is missing.")
    return found


def asked(plan: Plan, header: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, str]:
    """What only a person can tell of this table's times, by field. Empty: all is said."""
    at = {name: place for place, name in enumerate(header)}
    columns = [name for name in (plan.start, plan.end, plan.public_column) if name in at]
    cells = [row[at[name]] for name in columns for row in rows]
    found: dict[str, str] = {}
    told = cell_times.survey(cells)
    if told.has_both_orders:
        found["order"] = _(
            "Some dates have the day first and others the month. Have the "
            "table write dates as 2025-03-18."
        )
    elif told.asks_order and not plan.order:
        found["order"] = _("Dates such as 03/04/2025 can be meant in two ways. Say which.")
    if told.asks_serials and not plan.serials:
        found["serials"] = _("Dates are numbers, as spreadsheets count days. Say from when.")
    if not plan.zone and not plan.zone_column and _lacks_zone(cells):
        found["zone"] = _("The table states no time zone. Say by which clocks it counts.")
    return found


def _lacks_zone(cells: Iterable[str]) -> bool:
    """Whether some time of them counts by clocks that are not named with it."""
    return any(
        (text := cell_times.cleaned(cell))
        and not text.endswith(("Z", "UTC", "GMT"))
        and not _ENDS_WITH_OFFSET.search(text)
        for cell in cells
    )


def header_key(header: Sequence[str]) -> str:
    """By what a saved mapping is recognised: the names of the columns, whatever their order."""
    return digest(sorted(plain(name) for name in header))


def digest(parts: Iterable[Any]) -> str:
    """By what two texts are known to say alike, whatever their spaces and capitals."""
    text = "\x1f".join(" ".join(str(part or "").casefold().split()) for part in parts)
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
