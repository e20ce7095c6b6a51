"""What the columns of well-known tables of incidents mean, and what names of columns suggest.

A first proposal, shown to whoever imports: nothing of it counts before that. Must not live here:
what a plan does (importing.py).
"""

import re
from collections.abc import Collection, Sequence

from .importing import Plan
from .likeness import plain

ACLED = frozenset(["event_id_cnty", "event_date"])
# The Ukrainian air force's reports as a table: waves of one weapon each, without a zone, an actor
# or what they were aimed at.
WAVES = frozenset(["time_start", "time_end", "model", "launch_place", "launched", "destroyed"])

_START = frozenset(
    re.split(
        r"\|",
        "date|datetime|date time|event date|incident date|occurred|start|start date|time start"
        "|timestamp|when|дата",
    )
)
_END = frozenset(["end", "end date", "time end", "date end", "until"])
_CLOCK = frozenset(["time", "hour", "время", "час"])
_ZONE = frozenset(["timezone", "time zone", "tz", "zone"])
_PLACE = frozenset(
    re.split(
        r"\|",
        "admin1|admin2|admin3|city|country|district|lat|latitude|lng|location|lon|longitude"
        "|oblast|place|region|settlement|town",
    )
)
_ACTOR = frozenset(["actor1", "actor", "alleged actor", "perpetrator", "attacker", "side"])
_TARGET = frozenset(["target", "actor2", "object", "victim", "target type"])
_CLAIMANT = frozenset(["claimant", "claimants", "claimed by", "reported by"])
_SAYS = frozenset(
    ["notes", "description", "what", "event", "text", "summary", "details", "alleged"]
)
_REFERENCE = frozenset(["source", "sources", "url", "link", "address", "reference"])
_ID = frozenset(["event id cnty", "event id", "id", "uid", "incident id", "own id", "hc id"])
_SUBJECT = frozenset(["subject"])


def proposed(header: Sequence[str]) -> Plan:
    """The plan that the names of the columns suggest."""
    lower = {name.strip().casefold(): name for name in reversed(header)}
    if lower.keys() >= ACLED:
        return _acled(lower)
    if lower.keys() >= WAVES:
        return _waves(lower)
    return _by_names(header)


def _acled(has: dict[str, str]) -> Plan:
    def some(*names: str) -> tuple[str, ...]:
        return tuple(has[name] for name in names if name in has)

    def one(name: str) -> str:
        return has.get(name, "")

    return Plan(
        start=one("event_date"),
        time_precision=one("time_precision"),
        place=some("location", "admin2", "admin1", "country", "latitude", "longitude"),
        place_precision=one("geo_precision"),
        actor=one("actor1"),
        target=some("actor2", "civilian_targeting"),
        description=some("event_type", "sub_event_type", "fatalities", "notes"),
        reference=some("source", "source_scale", "tags"),
        own_id=one("event_id_cnty"),
    )


def _waves(has: dict[str, str]) -> Plan:
    said = (
        *("model", "launched", "destroyed", "not_reach_goal", "still_attacking", "launch_place"),
        *("num_hit_location", "num_fall_fragment_location", "affected region"),
        *("destroyed_details", "launched_details", "launch_place_details"),
    )
    return Plan(
        start=has["time_start"],
        end=has["time_end"],
        place=tuple(has[name] for name in ("target",) if name in has),
        target=tuple(has[name] for name in ("target_main",) if name in has),
        description=tuple(has[name] for name in said if name in has),
        reference=tuple(has[name] for name in ("source",) if name in has),
    )


def _by_names(header: Sequence[str]) -> Plan:
    called = [(plain(name.replace("_", " ")), name) for name in header]

    def every(known: Collection[str]) -> tuple[str, ...]:
        return tuple(name for said, name in called if said in known)

    def first(known: Collection[str]) -> str:
        return next(iter(every(known)), "")

    start = first(_START)
    has_clock = "time" in plain(start.replace("_", " "))
    return Plan(
        start=start,
        start_clock="" if has_clock or not start else first(_CLOCK),
        end=first(_END),
        zone_column=first(_ZONE),
        place=every(_PLACE),
        actor=first(_ACTOR),
        target=every(_TARGET),
        claimants=first(_CLAIMANT),
        subject=first(_SUBJECT),
        description=every(_SAYS),
        reference=every(_REFERENCE),
        own_id=first(_ID),
    )
