"""Properties of ``evaluate`` on any facts: total, order-free, constant until it changes."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import example, given
from hypothesis import strategies as st

from tracker.domain import status
from tracker.domain.bands import Shelf, shelf_of
from tracker.domain.durations import Duration
from tracker.domain.facts import (
    ACCOUNT_FIELDS,
    Account,
    Act,
    Adoption,
    Base,
    ClockStop,
    Condition,
    ConditionKind,
    Count,
    Deadline,
    Extension,
    Failure,
    Incident,
    LinkKind,
    Move,
    OpenEnd,
    PledgeFacts,
    Reading,
    Rule,
    Stance,
    Suspension,
    Trigger,
    Verification,
)
from tracker.domain.freshness import DEFAULT, Curve
from tracker.domain.stated import Precision, Stated, Window
from tracker.domain.status import Assessment, Phase
from tracker.domain.transitions import FINDINGS, MOVES, Compliance, Stage

T = TypeVar("T")
ZONES = sorted(available_timezones())
KEYS = ("a", "b", "c")

zones = st.sampled_from(ZONES)
some_zone = st.one_of(st.none(), zones)
instants = st.datetimes(
    datetime(1990, 1, 1),
    datetime(2040, 12, 31),
    timezones=st.just(UTC),
).map(lambda t: t.replace(microsecond=0, second=0))
maybe = st.one_of(st.none(), instants)
keys = st.sampled_from(KEYS)
durations = st.builds(
    Duration,
    months=st.integers(0, 3),
    days=st.integers(0, 90),
    elapsed=st.sampled_from([timedelta(), timedelta(), timedelta(hours=30)]),
) | st.just(Duration(months=12 * 9000))
maybe_duration = st.one_of(st.none(), durations)


@st.composite
def stated_times(draw: st.DrawFn) -> Stated:
    local = draw(instants).replace(tzinfo=None)
    precision = draw(st.sampled_from(list(Precision)))
    return Stated(
        None if precision is Precision.UNKNOWN else local, precision, draw(some_zone), False
    )


maybe_stated = st.one_of(st.none(), stated_times())


def times() -> dict[str, Any]:
    return {"public": instants, "recorded": maybe, "withdrawn": st.one_of(st.none(), maybe)}


def moves(*machines: str) -> st.SearchStrategy[tuple[Move, ...]]:
    targets = [(m.machine.value, m.to) for m in MOVES if m.machine in machines]
    return st.lists(
        st.builds(
            lambda target, **more: Move(machine=target[0], to=target[1], **more),
            st.sampled_from(targets),
            key=st.uuids().map(str),
            effective=instants,
            **times(),
        ),
        max_size=3,
    ).map(tuple)


bases = st.one_of(
    st.none(),
    st.builds(Base, trigger=keys, offset=maybe_duration),
    st.builds(Base, deadline=keys, offset=maybe_duration),
)
readings = st.builds(
    Reading,
    key=st.uuids().map(str),
    start=maybe_stated,
    base=bases,
    start_fixed=st.booleans(),
    duration=maybe_duration,
    rule=st.one_of(st.none(), st.sampled_from(list(Rule))),
    end=maybe_stated,
    end_trigger=st.one_of(st.none(), st.none(), keys),
    open_end=st.one_of(st.none(), st.sampled_from(list(OpenEnd))),
    zone=some_zone,
    set_aside=maybe,
    **times(),
)


def several(made: st.SearchStrategy[T], most: int = 3) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(made, max_size=most).map(tuple)


def unique(made: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple({fact.key: fact for fact in made}.values())


@st.composite
def adopted(draw: st.DrawFn, told: Sequence[Reading]) -> tuple[Adoption, ...]:
    if not told:
        return ()
    one = st.builds(
        Adoption,
        key=st.uuids().map(str),
        reading=st.sampled_from([r.key for r in told]),
        **times(),
    )
    return draw(several(one, 2))


@st.composite
def with_readings(draw: st.DrawFn, /, kind: type[Any], **more: Any) -> Any:
    told = draw(several(readings, 2))
    made = {name: draw(value) for name, value in {**times(), **more}.items()}
    return kind(readings=told, adoptions=draw(adopted(told)), **made)


conditions = st.builds(
    Condition,
    key=st.uuids().map(str),
    kind=st.sampled_from(list(ConditionKind)),
    due=st.one_of(st.none(), instants.map(lambda t: Window(t, t + timedelta(days=1)))),
    moves=moves("condition", "binding", "release"),
    extension=st.one_of(st.none(), keys),
    **times(),
)
extensions = st.builds(
    Extension,
    key=keys,
    order=st.integers(1, 3),
    kind=st.sampled_from(list(LinkKind)),
    start=maybe_stated,
    end=maybe_stated,
    duration=maybe_duration,
    rule=st.one_of(st.none(), st.sampled_from(list(Rule))),
    zone=some_zone,
    retroactive=st.booleans(),
    moves=moves("extension"),
    **times(),
)


@st.composite
def curves(draw: st.DrawFn) -> Curve:
    """Any that is monotone in both directions."""
    rows: list[tuple[int, ...]] = []
    for _ in range(6):
        row: list[int] = []
        for place in range(6):
            most = min([100, *row[-1:], *(rows[-1][place : place + 1] if rows else [])])
            row.append(draw(st.integers(1, most)))
        rows.append(tuple(row))
    return Curve(tuple(rows))


grades = st.sampled_from([("", 0), ("A", 1), ("B", 2), ("E", 4), ("F", 6)])


@st.composite
def findings(draw: st.DrawFn) -> Verification:
    reliability, credibility = draw(grades)
    made = {name: draw(value) for name, value in times().items()}
    return Verification(
        key=draw(keys),
        finding=draw(st.sampled_from(sorted(FINDINGS))),
        period_start=draw(instants),
        period_end=draw(instants),
        is_final=draw(st.booleans()),
        reliability=reliability,
        credibility=credibility,
        cites=draw(st.one_of(st.none(), keys)),
        **made,
    )


@st.composite
def pledges(draw: st.DrawFn) -> PledgeFacts:
    told = draw(several(readings))
    key = st.uuids().map(str)
    return PledgeFacts(
        key="P",
        public=draw(instants),
        withdrawn=draw(st.one_of(st.none(), st.none(), st.none(), maybe)),
        act=draw(st.sampled_from(list(Act))),
        readings=told,
        adoptions=draw(adopted(told)),
        accounts=draw(
            several(
                st.builds(
                    Account,
                    key=key,
                    stances=st.dictionaries(
                        st.sampled_from(ACCOUNT_FIELDS), st.sampled_from(list(Stance)), max_size=3
                    ),
                    **times(),
                )
            )
        ),
        triggers=unique(draw(several(with_readings(Trigger, key=keys)))),
        deadlines=unique(draw(several(with_readings(Deadline, key=keys, moves=moves("deadline"))))),
        extensions=unique(draw(several(extensions))),
        clock_stops=draw(
            several(st.builds(ClockStop, key=key, start=instants, end=maybe, **times()), 2)
        ),
        suspensions=draw(
            several(
                st.builds(
                    Suspension,
                    key=key,
                    start=instants,
                    end=maybe,
                    areas=several(st.sampled_from(["north", "south"]), 2),
                    **times(),
                ),
                2,
            )
        ),
        conditions=draw(several(conditions)),
        moves=draw(moves("stage")),
        verifications=unique(draw(several(findings()))),
        freshness=draw(st.one_of(st.just(DEFAULT), curves())),
        incidents=draw(
            several(
                st.builds(Incident, key=key, occurred=instants, moves=moves("incident"), **times())
            )
        ),
        counts=draw(
            several(
                st.builds(Count, key=key, number=st.integers(0, 9), period_end=maybe, **times()),
                2,
            )
        ),
        failures=draw(
            several(
                st.builds(
                    Failure,
                    key=key,
                    on=keys,
                    what=st.just("breached"),
                    effective=instants,
                    until=maybe,
                    **times(),
                ),
                2,
            )
        ),
        cadence=draw(maybe_duration),
        leads=draw(st.one_of(st.none(), several(st.timedeltas(timedelta(), timedelta(days=40))))),
    )


def compared(found: Assessment | Phase) -> tuple[Any, ...]:
    return found.stage, found.overlays, found.flags


def shuffled(facts: PledgeFacts, seed: int) -> PledgeFacts:
    random = Random(seed)
    changed: dict[str, Any] = {}
    for name in PledgeFacts.__dataclass_fields__:
        value = getattr(facts, name)
        if isinstance(value, tuple) and name != "leads":
            items = list(value)
            random.shuffle(items)
            changed[name] = tuple(items)
    return replace(facts, **changed)


@given(pledges(), instants)
def test_total_and_constant_until_the_next_change(facts: PledgeFacts, at: datetime) -> None:
    found = status.evaluate(facts, at=at)
    following = found.next_change_at
    if following is None:
        for later in (timedelta(seconds=1), timedelta(days=40), timedelta(days=9000)):
            assert compared(status.evaluate(facts, at=at + later)) == compared(found)
        return
    assert following > at
    middle = at + (following - at) / 2
    for still in (middle, following - timedelta(microseconds=1)):
        assert compared(status.evaluate(facts, at=still)) == compared(found)
    assert compared(status.evaluate(facts, at=following)) != compared(found)


@given(pledges(), instants, st.integers(0, 99))
def test_the_order_of_facts_is_nothing(facts: PledgeFacts, at: datetime, seed: int) -> None:
    assert status.evaluate(shuffled(facts, seed), at=at) == status.evaluate(facts, at=at)


@given(pledges(), instants, zones)
def test_one_instant_is_the_same_in_any_zone(facts: PledgeFacts, at: datetime, zone: str) -> None:
    assert status.evaluate(facts, at=at.astimezone(ZoneInfo(zone))) == status.evaluate(facts, at=at)


def shelf(phase: status.Phase, at: datetime) -> Shelf:
    outlook = phase.outlook
    ends_at = outlook.ends.latest if outlook.ends else None
    return shelf_of(phase.stage, ends_at=ends_at, warns_at=outlook.warns_at, at=at)


OUTLOOK = [f.name for f in fields(status.Outlook) if f.name != "terms"]
NEVER_LISTED = PledgeFacts(
    key="P",
    public=datetime(2000, 1, 1, tzinfo=UTC),
    withdrawn=datetime(2000, 1, 1, tzinfo=UTC),
    act=Act.HALT,
)


@example(NEVER_LISTED, [datetime(2001, 1, 1, tzinfo=UTC)])
@given(pledges(), st.lists(instants, min_size=1, max_size=5))
def test_phases_are_what_evaluate_answers(facts: PledgeFacts, moments: list[datetime]) -> None:
    phases = status.trajectory(facts)
    assert phases[0].start == facts.public
    assert phases[-1].until is None
    for earlier, later in pairwise(phases):
        assert earlier.until == later.start
        assert replace(earlier, start=later.start, until=later.until) != later
    borders = [p.start for p in (*phases[:3], *phases[-3:])]
    ticks = [b + timedelta(microseconds=d) for b in borders for d in (-1, 0, 1)]
    for at in [*moments, *ticks]:
        holding = next((p for p in phases if p.start <= at and (not p.until or at < p.until)), None)
        found = status.evaluate(facts, at=at)
        if holding is None:
            assert not found.is_listed
        else:
            assert compared(found) == compared(holding)
            assert {name: getattr(found, name) for name in OUTLOOK} == {
                name: getattr(holding.outlook, name) for name in OUTLOOK
            }
            assert [t.reading.key for t in found.terms] == [
                t.reading for t in holding.outlook.terms
            ]
            assert [t.end for t in found.terms] == [t.end for t in holding.outlook.terms]
            assert shelf(holding, at) == shelf(holding, holding.start)
            others = [p.start for p in phases if p.start > at and compared(p) != compared(found)]
            assert found.next_change_at == min(others, default=None)


@given(pledges(), instants)
def test_facts_that_are_not_public_yet_change_nothing(facts: PledgeFacts, at: datetime) -> None:
    """Cutting away what the public learns only later gives the same stage, overlays and flags."""

    def known(fact: Any) -> Any:
        kept: dict[str, Any] = {}
        for name in fact.__dataclass_fields__:
            value = getattr(fact, name)
            if isinstance(value, tuple) and value and hasattr(value[0], "public"):
                kept[name] = tuple(known(v) for v in value if v.public <= at)
        if fact.withdrawn is not None and fact.withdrawn > at:
            kept["withdrawn"] = None
        return replace(fact, **kept)

    cut = known(facts)
    assert compared(status.evaluate(cut, at=at)) == compared(status.evaluate(facts, at=at))


@given(pledges(), instants)
def test_no_flag_is_dated_before_its_pledge_or_after_now(facts: PledgeFacts, at: datetime) -> None:
    found = status.evaluate(facts, at=at)
    for flag in found.flags:
        assert facts.public <= flag.since <= at
    if not found.is_listed:
        assert not found.flags


@given(pledges(), instants)
def test_what_the_clock_may_not_do(facts: PledgeFacts, at: datetime) -> None:
    """Only halts, refrains and allows expire; compliance comes from verifications alone."""
    found = status.evaluate(facts, at=at)
    if not facts.act.expires:
        assert found.stage is not Stage.EXPIRED
    if found.stage is Stage.EXPIRED:
        assert found.ends is not None
        assert found.ends.latest <= at
    if not facts.verifications:
        assert found.compliance is Compliance.NOT_ASSESSED
    if not any(m.to == found.stage for m in facts.moves):
        assert found.stage in {
            None,
            Stage.ANNOUNCED,
            Stage.AWAITING_CONDITIONS,
            Stage.AWAITING_TRIGGER,
            Stage.SCHEDULED,
            Stage.IN_FORCE,
            Stage.EXPIRED,
        }


@given(pledges(), instants)
def test_the_envelope_spans_the_standing_ends(facts: PledgeFacts, at: datetime) -> None:
    found = status.evaluate(facts, at=at)
    ends = [t.end for t in found.terms if t.is_standing and t.end is not None]
    if not ends:
        assert found.envelope is None
        return
    assert found.envelope == Window(min(e.earliest for e in ends), max(e.latest for e in ends))
    if found.ends is not None:
        assert found.envelope.earliest <= found.ends.latest <= found.envelope.latest


@given(pledges(), instants)
def test_in_short_it_is_what_the_whole_evaluation_says(facts: PledgeFacts, at: datetime) -> None:
    found, brief = status.evaluate(facts, at=at), status.briefly(facts, at=at)
    assert brief.stage == found.stage
    if found.is_listed:
        assert brief.warns_at == found.warns_at
        assert brief.ends_at == (found.ends.latest if found.ends else None)
