"""The finer points of a term's chain: zones of links, windows, starts that are not known."""

from datetime import timedelta
from typing import Any

import pytest

from tests.domain.make import at, link, pledge, reading
from tracker.domain import alerts, status
from tracker.domain.chain import Segment, moved_by, wall_length
from tracker.domain.facts import Base, ClockStop, OpenEnd, Reading
from tracker.domain.stated import Window
from tracker.domain.transitions import Stage

WHEN = "2025-06-02"
UNDATED = reading("r", base=Base(trigger="unknown"), duration="P10D", zone="Asia/Tokyo")
TEN = reading("r", start="2025-06-01 UTC", duration="P10D", rule="inclusive")


def last(told: Reading, *links: Any, when: str = WHEN, **more: Any) -> Segment:
    found = status.evaluate(pledge(told, extensions=links, **more), at=at(when))
    return found.terms[0].segments[-1]


def end(segment: Segment) -> tuple[str, str]:
    assert segment.end is not None, segment
    return tuple(t.strftime("%m-%dT%H:%M") for t in (segment.end.earliest, segment.end.latest))  # type: ignore[return-value]


def test_a_link_is_counted_in_its_own_zone_else_in_the_readings() -> None:
    tokyo = reading("r", start="2025-06-01 Asia/Tokyo", duration="P10D", rule="inclusive")
    assert end(last(tokyo, link("extended", end="2025-06-20", rule="through"))) == (
        ("06-20T15:00",) * 2
    )
    own = link("extended", end="2025-06-20", rule="through", zone="Europe/Kyiv")
    assert end(last(tokyo, own)) == (("06-20T21:00",) * 2)


def test_a_calendar_shift_keeps_the_wall_clock_of_the_readings_zone() -> None:
    kyiv = reading("r", start="2025-03-01 Europe/Kyiv", duration="P10D", rule="inclusive")
    shifted = last(kyiv, link("extended", duration="P30D"))  # over the change of 30 March
    assert end(shifted) == (("04-09T21:00",) * 2)
    elapsed = last(kyiv, link("extended", duration="PT720H"))
    assert end(elapsed) == (("04-09T22:00",) * 2)


def test_a_bare_end_without_a_rule_is_a_window_and_a_shift_keeps_it() -> None:
    wide = link("extended", end="2025-06-20 UTC")
    assert end(last(TEN, wide)) == ("06-20T00:00", "06-21T00:00")
    assert end(last(TEN, wide, link("extended", 2, duration="P2D"))) == (
        "06-22T00:00",
        "06-23T00:00",
    )


@pytest.mark.parametrize("kind", ["renewed", "revived"])
@pytest.mark.parametrize(
    ("rule", "expected"),
    [("inclusive", "06-17T00:00"), ("exclusive", "06-18T00:00"), ("elapsed", "06-17T12:00")],
)
def test_a_new_stretch_counts_from_its_own_start(kind: str, rule: str, expected: str) -> None:
    opened = link(kind, start="2025-06-12 12:00 UTC", duration="P5D", rule=rule)
    segment = last(TEN, opened)
    assert segment.start == at("2025-06-12T12:00Z")
    assert end(segment) == (expected, expected)
    assert segment.nominal == timedelta(days=5)


def test_a_renewal_without_a_start_goes_on_from_the_end() -> None:
    assert end(last(TEN, link("renewed", duration="P5D"))) == (("06-16T00:00",) * 2)
    counted = last(TEN, link("renewed", duration="P5D", rule="exclusive"))
    assert end(counted) == (("06-17T00:00",) * 2)


def test_a_revival_without_a_start_begins_with_its_acceptance() -> None:
    plain = link("revived", accepted="2025-06-14T06:00Z", duration="P5D")
    segment = last(TEN, plain, when="2025-06-15")
    assert segment.start == at("2025-06-14T06:00Z")
    assert end(segment) == (("06-19T06:00",) * 2)


def test_a_renewal_without_an_end_is_open() -> None:
    segment = last(TEN, link("renewed", start="2025-06-15 UTC"))
    assert segment.end is None
    assert segment.open_end is OpenEnd.NOT_STATED


def test_an_end_replaces_even_one_that_could_not_be_computed() -> None:
    segment = last(UNDATED, link("extended", end="2025-06-20", rule="until"))
    assert end(segment) == (("06-19T15:00",) * 2)
    assert not segment.missing
    still = last(UNDATED, link("extended", duration="P5D"))
    assert still.end is None
    assert still.missing


def test_a_new_stretch_starts_a_pledge_whose_first_start_is_unknown() -> None:
    opened = link("renewed", start="2025-06-15 UTC", duration="P2D", rule="inclusive")
    facts = pledge(UNDATED, extensions=(opened,))
    assert last(UNDATED, opened).start == at("2025-06-15")
    assert status.evaluate(facts, at=at("2025-06-14")).stage is not Stage.IN_FORCE


@pytest.mark.parametrize(
    ("kind", "more", "words"),
    [
        ("extended", {}, "neither an end nor a duration"),
        ("extended", {"end": "unknown"}, "not known"),
        ("renewed", {"end": "unknown"}, "not known"),
    ],
)
def test_a_link_that_cannot_be_computed_says_why(
    kind: str, more: dict[str, str], words: str
) -> None:
    assert words in last(TEN, link(kind, **more)).missing  # type: ignore[arg-type]


def test_links_have_lengths_of_their_own() -> None:
    assert last(TEN, link("extended", end="2025-06-12 UTC", rule="through")).nominal == timedelta(2)
    assert last(TEN, link("shortened", duration="P3D")).nominal == timedelta(days=7)
    assert last(TEN, link("shortened", end="2025-06-05 UTC", rule="until")).nominal == timedelta(4)
    assert last(TEN, link("tacit")).nominal is None
    assert last(
        TEN, link("renewed", start="2025-06-15 UTC", end="2025-06-18 UTC", rule="until")
    ).nominal == timedelta(days=3)


def test_a_term_is_as_long_as_the_wall_clock_says() -> None:
    over = Window(at("2025-03-31T21:00Z"), at("2025-03-31T21:00Z"))
    assert wall_length(at("2025-03-29T22:00Z"), over, "Europe/Kyiv") == timedelta(days=2)
    assert wall_length(at("2025-03-29T22:00Z"), over, None) == timedelta(days=1, hours=23)
    assert wall_length(None, over, "UTC") is None
    assert wall_length(at("2025-04-29"), over, "UTC") == timedelta()
    assert wall_length(at("2025-04-29"), over, None) == timedelta()


def stop(start: str, end: str | None, key: str = "s") -> ClockStop:
    return ClockStop(
        key=key, public=at("2025-05-01"), start=at(start), end=at(end) if end else None
    )


def test_a_stop_counts_only_from_the_start_of_the_stretch() -> None:
    early = (stop("2025-05-20", "2025-06-03"),)
    assert end(last(TEN, clock_stops=early, when="2025-06-04")) == (("06-13T00:00",) * 2)
    before = (stop("2025-05-20", "2025-05-25"),)
    assert end(last(TEN, clock_stops=before)) == (("06-11T00:00",) * 2)


def test_a_stop_moves_both_ends_of_a_window() -> None:
    wide = reading("r", start="2025-06-01 UTC", duration="PT48H", rule="elapsed")
    moved = last(wide, clock_stops=(stop("2025-06-02", "2025-06-02T06:00Z"),), when="2025-06-03")
    assert end(moved) == ("06-03T06:00", "06-04T06:00")


def test_while_stopped_even_an_extended_term_has_no_end() -> None:
    stops = (stop("2025-06-02", "2025-06-04"),)
    to = link("extended", end="2025-06-20 UTC", rule="until")
    assert last(TEN, to, clock_stops=stops, when="2025-06-03").stopped
    assert last(TEN, to, clock_stops=stops, when="2025-06-03").end is None
    by = link("extended", duration="P5D")
    assert end(last(TEN, by, clock_stops=stops, when="2025-06-05")) == (("06-18T00:00",) * 2)


def test_a_clock_that_will_stop_for_good_leaves_no_end() -> None:
    segment = last(TEN, clock_stops=(stop("2025-06-05", None),))
    assert segment.end is None
    assert segment.stopped


def test_an_end_beyond_the_calendar_is_said() -> None:
    long = (stop("2025-06-05", "2025-06-06"),)
    far = reading("r", end="9990-12-30 UTC", rule="until")
    assert last(far, clock_stops=long, when="2025-06-07").end is not None
    assert "calendar" in last(TEN, link("extended", duration="P9000Y")).missing


def test_each_link_is_a_step_of_the_explanation() -> None:
    links = (
        link("extended", 1, duration="P5D"),
        link("renewed", 2, start="2025-06-20 UTC", end="2025-06-25 UTC", rule="until"),
        link("tacit", 3),
    )
    found = status.evaluate(pledge(TEN, extensions=links), at=at(WHEN))
    told = [(s.words, s.instant) for s in found.terms[0].steps[-3:]]
    assert told == [
        ("Extended by P5D", at("2025-06-16")),
        ("Renewed to 2025-06-25 UTC", at("2025-06-25")),
        ("Continued tacitly, without an end", None),
    ]
    assert found.terms[0].steps[-1].because == "extension x3"


def test_where_each_link_moved_the_end_is_read_from_the_explanation() -> None:
    links = (
        link("extended", 1, duration="P5D"),
        link("renewed", 2, start="2025-06-20 UTC", end="2025-06-25 UTC", rule="until"),
        link("tacit", 3),
    )
    stop = ClockStop(key="s", public=at("2025-06-01"), start=at("2025-06-02"), end=at("2025-06-03"))
    steps = (
        status.evaluate(pledge(TEN, extensions=links, clock_stops=(stop,)), at=at("2025-06-04"))
        .terms[0]
        .steps
    )
    assert moved_by(steps, "x1") == (at("2025-06-12"), at("2025-06-17")), "after the stop"
    assert moved_by(steps, "x2") == (at("2025-06-17"), at("2025-06-25"))
    assert moved_by(steps, "x3") == (at("2025-06-25"), None)
    assert moved_by(steps, "x4") is None
    undated = status.evaluate(pledge(UNDATED, extensions=links[:1]), at=at(WHEN)).terms[0].steps
    assert moved_by(undated, "x1") == (None, None)


@pytest.mark.parametrize(
    ("nominal", "expected"),
    [
        (None, timedelta(days=7)),
        (timedelta(hours=12), timedelta(hours=6)),
        (timedelta(hours=24), timedelta(hours=6)),
        (timedelta(hours=30), timedelta(hours=7.5)),
        (timedelta(days=20), timedelta(days=5)),
        (timedelta(days=28), timedelta(days=7)),
        (timedelta(days=400), timedelta(days=7)),
    ],
)
def test_the_cadence_is_a_quarter_within_bounds(
    nominal: timedelta | None, expected: timedelta
) -> None:
    assert alerts.cadence(nominal) == expected


def test_thirty_days_ahead_only_of_terms_over_a_year() -> None:
    day = timedelta(days=1)
    assert 30 * day not in alerts.lead_times(365 * day)
    assert 30 * day in alerts.lead_times(366 * day)
    assert alerts.lead_times(None) == ()
