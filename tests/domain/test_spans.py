"""The stretches in which a pledge is in force: what the stages say, reading by reading."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.domain import status
from tracker.domain.facts import Move
from tracker.domain.spans import Span, spans
from tracker.domain.stated import Window
from tracker.domain.transitions import Stage

from . import make

TICK = timedelta(microseconds=1)


def only(*found: Span) -> Span:
    assert len(found) == 1
    return found[0]


def test_two_readings_two_stretches_and_which_is_adopted() -> None:
    facts = make.pledge(
        make.reading("kyiv", start="2025-03-18 Europe/Kyiv", duration="P30D", rule="exclusive"),
        make.reading("moscow", start="2025-03-18 Europe/Moscow", duration="P30D", rule="inclusive"),
        adoptions=(make.adopt("moscow"),),
    )
    kyiv, moscow = spans(facts)
    assert kyiv.start.earliest == make.at("2025-03-17T22:00Z")
    assert kyiv.start.latest == make.at("2025-03-18T22:00Z")
    assert kyiv.end == Window(make.at("2025-04-17T21:00Z"), make.at("2025-04-17T21:00Z"))
    assert moscow.start.earliest == make.at("2025-03-17T21:00Z")
    assert moscow.end == Window(make.at("2025-04-16T21:00Z"), make.at("2025-04-16T21:00Z"))
    assert (kyiv.is_adopted, moscow.is_adopted) == (False, True)
    assert (kyiv.zone, moscow.zone) == ("Europe/Kyiv", "Europe/Moscow")


def test_a_positive_act_stays_owed_past_its_end() -> None:
    facts = make.pledge(make.reading(start="2025-03-18 UTC", duration="P5D"), act="withdraw")
    assert only(*spans(facts)).end is None


def test_a_person_ends_it_and_a_renewal_begins_another() -> None:
    term = make.reading(start="2025-03-01 UTC", duration="P30D", rule="inclusive")
    ended = make.move("stage", Stage.TERMINATED, "2025-03-10T12:00Z")
    one = only(*spans(make.pledge(term, moves=(ended,))))
    assert one.end == Window(make.at("2025-03-10T12:00Z"), make.at("2025-03-10T12:00Z"))
    before = make.move("stage", Stage.NEVER_ENTERED, "2025-02-01T00:00Z")
    assert spans(make.pledge(term, moves=(before,))) == ()
    link = make.link("renewed", start="2025-05-01 UTC", duration="P3D", rule="inclusive")
    first, second = spans(make.pledge(term, extensions=(link,)))
    assert (first.number, second.number) == (0, 1)
    assert second.start.earliest == make.at("2025-05-01")
    assert second.end is not None
    assert second.end.latest == make.at("2025-05-04")


def test_a_withdrawn_pledge_and_one_without_a_start_have_none() -> None:
    assert spans(make.pledge(make.reading(duration="P5D"))) == ()
    gone = make.pledge(make.reading(start="2025-03-01 UTC"), withdrawn=make.at("2025-04-01"))
    assert spans(gone) == ()


def test_a_reading_that_was_set_aside_says_until_when_it_stood() -> None:
    facts = make.pledge(make.reading(start="2025-03-01 UTC", set_aside=make.at("2025-03-05")))
    assert only(*spans(facts)).stands_until == make.at("2025-03-05")


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(1, 28), st.integers(0, 40)), min_size=1, max_size=3),
    st.none() | st.integers(1, 60),
    st.integers(0, 90),
)
def test_in_force_at_an_instant_means_within_a_stretch(
    terms: list[tuple[int, int]], ended_on: int | None, day: int
) -> None:
    """With all facts public from the beginning, as the stages go by what is public."""
    readings = [
        make.reading(
            f"r{n}", start=f"2025-03-{start:02} UTC", duration=f"P{length}D", rule="inclusive"
        )
        for n, (start, length) in enumerate(terms)
    ]
    first = make.at("2025-03-01")
    moves: tuple[Move, ...] = ()
    if ended_on is not None:
        when = (first + timedelta(days=ended_on)).strftime("%Y-%m-%dT%H:%MZ")
        moves = (make.move("stage", Stage.TERMINATED, when),)
    facts = make.pledge(*readings, moves=moves)
    found = spans(facts)
    for at in (first + timedelta(days=day) - TICK, first + timedelta(days=day)):
        assessed = status.evaluate(facts, at=at)
        starts = [span.start.earliest for span in found]
        ends = [span.end.latest for span in found if span.end is not None]
        # While none is adopted the earliest start starts and the latest end ends.
        is_in_force = bool(found) and min(starts) <= at < max(ends)
        assert (assessed.stage is Stage.IN_FORCE) is is_in_force
