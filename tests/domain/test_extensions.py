"""Extensions, clock stops and suspensions, each at its boundaries."""

from typing import Any

import pytest

from tests.domain.make import (
    RUSSIA_IN,
    TEN,
    TICK,
    at,
    flag,
    halt,
    link,
    move,
    pledge,
    seen,
    stages,
)
from tracker.domain import stated
from tracker.domain.facts import (
    ClockStop,
    Condition,
    ConditionKind,
    Suspension,
)
from tracker.domain.transitions import Stage

# Extensions and clock stops


@pytest.mark.parametrize(
    ("links", "changes"),
    [
        (  # a duration shifts the end, an end replaces it
            [link("extended", duration="P5D")],
            [("2025-06-16T00:00Z", Stage.EXPIRED)],
        ),
        (
            [link("extended", end="2025-06-20 UTC", rule="through")],
            [("2025-06-21T00:00Z", Stage.EXPIRED)],
        ),
        (
            [link("extended", duration="P5D"), link("extended", 2, duration="P1M")],
            [("2025-07-16T00:00Z", Stage.EXPIRED)],
        ),
        ([link("shortened", duration="P3D")], [("2025-06-08T00:00Z", Stage.EXPIRED)]),
        (
            [link("shortened", end="2025-06-05 UTC", rule="until")],
            [("2025-06-05T00:00Z", Stage.EXPIRED)],
        ),
        ([link("tacit")], []),
        (  # renewed with its own start: expired in the gap
            [link("renewed", start="2025-06-15 UTC", duration="P2D", rule="inclusive")],
            [
                ("2025-06-11T00:00Z", Stage.EXPIRED),
                ("2025-06-15T00:00Z", Stage.IN_FORCE),
                ("2025-06-17T00:00Z", Stage.EXPIRED),
            ],
        ),
        (  # renewed without a gap bridges
            [link("renewed", start="2025-06-11 UTC", duration="P2D", rule="inclusive")],
            [("2025-06-13T00:00Z", Stage.EXPIRED)],
        ),
        (  # revived from its acceptance on
            [link("revived", accepted="2025-06-14", end="2025-06-20 UTC", rule="until")],
            [
                ("2025-06-11T00:00Z", Stage.EXPIRED),
                ("2025-06-14T00:00Z", Stage.IN_FORCE),
                ("2025-06-20T00:00Z", Stage.EXPIRED),
            ],
        ),
        ([link("extended", accepted=None, duration="P5D")], [("2025-06-11T00:00Z", Stage.EXPIRED)]),
    ],
)
def test_links_of_the_chain(links: list[Any], changes: list[tuple[str, Stage]]) -> None:
    facts = pledge(TEN, extensions=tuple(links))
    in_force = [("2025-06-01T00:00Z", Stage.IN_FORCE), *changes]
    assert stages(facts)[1:] == in_force


def test_an_extension_is_seen_from_its_acceptance() -> None:
    late = link("extended", accepted="2025-06-13", duration="P5D")
    assert stages(pledge(TEN, extensions=(late,)))[1:] == [
        ("2025-06-01T00:00Z", Stage.IN_FORCE),
        ("2025-06-11T00:00Z", Stage.EXPIRED),
        ("2025-06-13T00:00Z", Stage.IN_FORCE),
        ("2025-06-16T00:00Z", Stage.EXPIRED),
    ]


def test_a_revived_term_leaves_its_gap_unless_it_is_retroactive() -> None:
    plain = link("revived", accepted="2025-06-14", end="2025-06-20 UTC", rule="until")
    back = link(
        "revived", accepted="2025-06-14", end="2025-06-20 UTC", rule="until", retroactive=True
    )
    gap = seen(pledge(TEN, extensions=(plain,)), "2025-06-15").terms[0].segments
    assert [(s.start, s.end and s.end.latest) for s in gap] == [
        (at("2025-06-01"), at("2025-06-11")),
        (at("2025-06-14"), at("2025-06-20")),
    ]
    whole = seen(pledge(TEN, extensions=(back,)), "2025-06-15").terms[0].segments
    assert [(s.start, s.end and s.end.latest) for s in whole] == [
        (at("2025-06-01"), at("2025-06-20"))
    ]


def test_each_link_has_its_own_lead_times() -> None:
    facts = pledge(TEN, extensions=(link("extended", duration="PT24H"),))
    assert flag(seen(facts, at("2025-06-12") - TICK), "due_soon") == [
        ("r", "x1", "1h"),
        ("r", "x1", "6h"),
    ]


def test_an_extension_waits_for_its_binding_condition() -> None:
    held = Condition(
        key="c",
        public=at("2000-01-01"),
        kind=ConditionKind.EXTENSION_CONDITION,
        extension="x1",
        moves=(move("binding", "binding", "2000-01-01"), move("condition", "met", "2025-06-05")),
    )
    facts = pledge(TEN, extensions=(link("extended", duration="P5D"),), conditions=(held,))
    before, after = seen(facts, at("2025-06-05") - TICK), seen(facts, "2025-06-05")
    assert before.ends is not None
    assert before.ends.latest == at("2025-06-11")
    assert after.ends is not None
    assert after.ends.latest == at("2025-06-16")


def stop(start: str, end: str | None, key: str = "s") -> ClockStop:
    return ClockStop(key=key, public=at(start), start=at(start), end=at(end) if end else None)


def test_a_stopped_clock_keeps_the_remaining_time() -> None:
    facts = halt(RUSSIA_IN, clock_stops=(stop("2025-04-01T06:00Z", "2025-04-02T18:00Z"),))
    assert seen(facts, at("2025-04-01T06:00Z") - TICK).ends is not None
    stopped = seen(facts, "2025-04-01T06:00Z")
    assert stopped.ends is None
    assert stopped.overlays == ("clock_stopped",)
    assert stopped.stage is Stage.IN_FORCE
    running = seen(facts, "2025-04-02T18:00Z")
    assert running.ends == stated.Window(at("2025-04-18T09:00Z"), at("2025-04-18T09:00Z"))
    assert stages(facts)[-1] == ("2025-04-18T09:00Z", Stage.EXPIRED)


def test_a_stop_without_an_end_never_expires() -> None:
    facts = halt(RUSSIA_IN, clock_stops=(stop("2025-04-01", None),))
    assert stages(facts) == [("2025-03-17T21:00Z", Stage.IN_FORCE)]


def test_overlapping_stops_count_once_and_stops_after_the_end_do_not() -> None:
    stops = (
        stop("2025-06-02", "2025-06-04"),
        stop("2025-06-03", "2025-06-05", "t"),
        stop("2025-06-20", "2025-06-25", "u"),
    )
    assert stages(pledge(TEN, clock_stops=stops))[-1] == ("2025-06-14T00:00Z", Stage.EXPIRED)


def test_stop_then_extension() -> None:
    facts = pledge(
        TEN,
        clock_stops=(stop("2025-06-02", "2025-06-03"), stop("2025-06-13", "2025-06-14", "t")),
        extensions=(link("extended", duration="P5D"),),
    )
    assert stages(facts)[-1] == ("2025-06-18T00:00Z", Stage.EXPIRED)


# Suspension


def test_a_suspension_does_not_stop_the_clock() -> None:
    whole = Suspension(
        key="s", public=at("2025-06-02"), start=at("2025-06-03"), end=at("2025-06-05")
    )
    area = Suspension(key="a", public=at("2025-06-02"), start=at("2025-06-04"), areas=("Kherson",))
    facts = pledge(TEN, suspensions=(whole, area))
    assert seen(facts, at("2025-06-03") - TICK).overlays == ()
    assert seen(facts, "2025-06-03").overlays == ("suspended",)
    assert seen(facts, "2025-06-04").overlays == ("suspended", "suspended:Kherson")
    assert seen(facts, "2025-06-05").overlays == ("suspended:Kherson",)
    assert stages(facts)[-1] == ("2025-06-11T00:00Z", Stage.EXPIRED)
    assert seen(facts, "2025-06-11").overlays == ()
