"""Which pledges look alike: the same pledgor, act and subject, in terms that may overlap."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.doubles import LIKELY, Promise, Span, alike, reach
from tracker.domain.merging import Merged

MADE = datetime(2025, 3, 18, tzinfo=UTC)
DAY, TICK = timedelta(days=1), timedelta(microseconds=1)
ONE = Promise("alpha", "halt", "civilians", MADE, Span(MADE, MADE + 30 * DAY))

instants = st.integers(-400, 400).map(lambda n: MADE + n * DAY)
spans = st.builds(Span, st.none() | instants, st.none() | instants, st.booleans())
promises = st.builds(
    Promise,
    pledgor=st.sampled_from(("alpha", "beta")),
    act=st.sampled_from(("halt", "allow")),
    subject=st.just("civilians"),
    made=instants,
    span=spans,
)


def at(start: datetime | None, end: datetime | None = None, **more: bool) -> Promise:
    return replace(ONE, span=Span(start, end, **more))


@given(promises, promises)
def test_the_order_of_the_two_is_nothing(one: Promise, other: Promise) -> None:
    assert alike(one, other) is alike(other, one)


@given(promises)
def test_each_is_like_itself_and_its_span_is_never_blank(one: Promise) -> None:
    assert alike(one, one)
    start, end = reach(one)
    assert start < end


@given(promises, promises)
def test_another_pledgor_act_or_subject_is_never_alike(one: Promise, other: Promise) -> None:
    for apart in (
        replace(other, pledgor="gamma"),
        replace(other, act="release"),
        replace(other, subject="media"),
    ):
        assert not alike(one, apart)


def test_terms_that_touch_do_not_overlap() -> None:
    end = MADE + 30 * DAY
    assert not alike(ONE, at(end, end + DAY))
    assert alike(ONE, at(end - TICK, end + DAY))
    assert not alike(ONE, at(MADE - DAY, MADE))
    assert alike(ONE, at(MADE - DAY, MADE + TICK))


def test_one_without_an_end_overlaps_whatever_comes() -> None:
    later = MADE + 4000 * DAY
    assert alike(at(MADE, is_open=True), at(later, later + DAY))
    assert not alike(at(MADE, is_open=True), at(MADE - DAY, MADE))


@pytest.mark.parametrize("sign", [1, -1])
def test_of_terms_that_are_not_known_it_counts_when_they_were_made(sign: int) -> None:
    unknown = replace(ONE, span=Span())
    for apart, expected in ((LIKELY - TICK, True), (LIKELY, False), (LIKELY + TICK, False)):
        assert alike(unknown, replace(unknown, made=MADE + sign * apart)) is expected


def test_a_term_that_is_not_known_runs_from_when_it_was_made() -> None:
    unknown = replace(ONE, span=Span())
    assert reach(unknown) == (MADE, MADE + LIKELY)
    assert alike(unknown, at(MADE + LIKELY - TICK, MADE + LIKELY + DAY))
    assert not alike(unknown, at(MADE + LIKELY, MADE + LIKELY + DAY))
    assert not alike(unknown, at(MADE - DAY, MADE))


def test_what_is_known_of_a_term_counts() -> None:
    end = MADE + 10 * DAY
    assert reach(at(None, end)) == (MADE, end)
    assert reach(at(None, MADE)) == (MADE - LIKELY, MADE)  # it ended when it was told of
    assert reach(at(end, None)) == (end, end + LIKELY)
    assert reach(at(end, MADE)) == (end, end + LIKELY)  # no end of that start


def test_what_was_merged_is_one() -> None:
    merged = Merged({"b": "a", "c": "a", "x": "y"})
    assert [merged.of(slug) for slug in "abcxyz"] == ["a", "a", "a", "y", "y", "z"]
    assert merged.same("b") == merged.same("a") == {"a", "b", "c"}
    assert merged.same("z") == {"z"}
    assert merged.widened(("c", "z")) == ("c", "a", "b", "z")
    assert merged.widened(()) == ()
