"""Short ways to write facts by hand in the tests of the rules."""

from datetime import datetime, timedelta
from typing import Any

from tracker.domain import durations, stated, status
from tracker.domain.facts import (
    Act,
    Adoption,
    Base,
    Condition,
    ConditionKind,
    Extension,
    LinkKind,
    Move,
    PledgeFacts,
    Reading,
    Rule,
    Verification,
)
from tracker.domain.status import Assessment
from tracker.domain.transitions import Stage

EARLY = "2000-01-01"


def at(text: str) -> datetime:
    return stated.parse_instant(text)


def reading(
    key: str = "r",
    *,
    start: str | None = None,
    duration: str | None = None,
    rule: str | None = None,
    end: str | None = None,
    base: Base | None = None,
    public: str = EARLY,
    **more: Any,
) -> Reading:
    return Reading(
        key=key,
        public=at(public),
        start=stated.parse(start) if start else None,
        base=base,
        duration=durations.parse(duration) if duration else None,
        rule=Rule(rule) if rule else None,
        end=stated.parse(end) if end else None,
        **more,
    )


def pledge(*readings: Reading, act: str = "halt", public: str = EARLY, **more: Any) -> PledgeFacts:
    return PledgeFacts(key="P", public=at(public), act=Act(act), readings=readings, **more)


def adopt(key: str, public: str = EARLY, **more: Any) -> Adoption:
    return Adoption(key=f"adopt-{key}-{public}", public=at(public), reading=key, **more)


def move(machine: str, to: str, effective: str, public: str | None = None, **more: Any) -> Move:
    return Move(
        key=f"{machine}-{to}-{effective}",
        public=at(public or effective),
        machine=machine,
        to=to,
        effective=at(effective),
        **more,
    )


def link(
    kind: str,
    order: int = 1,
    *,
    accepted: str | None = EARLY,
    start: str | None = None,
    end: str | None = None,
    duration: str | None = None,
    rule: str | None = None,
    zone: str | None = None,
    retroactive: bool = False,
    public: str = EARLY,
) -> Extension:
    return Extension(
        key=f"x{order}",
        public=at(public),
        order=order,
        kind=LinkKind(kind),
        start=stated.parse(start) if start else None,
        end=stated.parse(end) if end else None,
        duration=durations.parse(duration) if duration else None,
        rule=Rule(rule) if rule else None,
        zone=zone,
        retroactive=retroactive,
        moves=(move("extension", "accepted", accepted),) if accepted else (),
    )


def precondition(key: str = "c", *moves: Move, binding: bool = True, **more: Any) -> Condition:
    marks = (move("binding", "binding", EARLY),) if binding else ()
    return Condition(
        key=key,
        public=at(EARLY),
        kind=ConditionKind.ENTRY_PRECONDITION,
        moves=(*marks, *moves),
        **more,
    )


def verification(
    start: str, end: str, *, finding: str = "held", public: str | None = None, **more: Any
) -> Verification:
    return Verification(
        key=f"v-{end}",
        public=at(public or end),
        finding=finding,
        period_start=at(start),
        period_end=at(end),
        **more,
    )


TICK = timedelta(microseconds=1)
SECOND = timedelta(seconds=1)

RUSSIA_IN = reading(
    "ru-in",
    start="2025-03-18 Europe/Moscow",
    duration="P30D",
    rule="inclusive",
    public="2025-03-17T21:00Z",
)
RUSSIA_EX = reading(
    "ru-ex",
    start="2025-03-18 Europe/Moscow",
    duration="P30D",
    rule="exclusive",
    public="2025-03-17T21:00Z",
)
UKRAINE_IN = reading(
    "ua-in",
    start="2025-03-25 Europe/Kyiv",
    duration="P30D",
    rule="inclusive",
    public="2025-03-24T22:00Z",
)
UKRAINE_EX = reading(
    "ua-ex",
    start="2025-03-25 Europe/Kyiv",
    duration="P30D",
    rule="exclusive",
    public="2025-03-24T22:00Z",
)
FOUR = (RUSSIA_IN, RUSSIA_EX, UKRAINE_IN, UKRAINE_EX)
TEN = reading(start="2025-06-01 UTC", duration="P10D", rule="inclusive")  # to 2025-06-11T00Z


def halt(*readings: Reading, **more: Any) -> PledgeFacts:
    return pledge(*readings, public="2025-03-17T21:00Z", **more)


def seen(facts: PledgeFacts, when: str | datetime) -> Assessment:
    return status.evaluate(facts, at=at(when) if isinstance(when, str) else when)


def kinds(found: Assessment) -> set[str]:
    return {f.kind for f in found.flags}


def flag(found: Assessment, kind: str) -> list[tuple[str, str, str]]:
    return sorted((f.subject, f.link, f.lead) for f in found.flags if f.kind == kind)


def stages(facts: PledgeFacts) -> list[tuple[str, Stage | None]]:
    """The trajectory as (instant, stage), where the stage changes."""
    found: list[tuple[str, Stage | None]] = []
    for phase in status.trajectory(facts):
        if not found or found[-1][1] != phase.stage:
            found.append((phase.start.strftime("%Y-%m-%dT%H:%MZ"), phase.stage))
    return found
