"""What an event has to do with a pledge: exact at every boundary, and about what is not known."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain import stated
from tracker.domain.matching import (
    About,
    Alliances,
    Event,
    Lies,
    Match,
    Spell,
    Suspended,
    Suspension,
    Undertaking,
    Where,
    Whose,
    about,
    event_window,
    lies,
    match,
    matches,
    suspensions,
    where,
    whose,
)
from tracker.domain.spans import Span
from tracker.domain.stated import Window

TICK = timedelta(microseconds=1)


def window(text: str, until: str = "") -> Window:
    found, _no_zone = event_window(stated.parse(text), stated.parse(until) if until else None)
    assert found is not None
    return found


def point(text: str) -> Window:
    at = stated.parse_instant(text)
    return Window(at, at)


def span(start: str, end: str = "", *, reading: str = "r", **more: object) -> Span:
    return Span(reading, 0, point(start), point(end) if end else None, **more)  # type: ignore[arg-type]


# The halt of 18 March for 30 days: by Moscow's clocks and by Kyiv's, the day of the start counted.
MOSCOW = span("2025-03-17T21:00Z", "2025-04-16T21:00Z", reading="moscow")
KYIV = span("2025-03-17T22:00Z", "2025-04-17T21:00Z", reading="kyiv")


@pytest.mark.parametrize(
    ("when", "by_moscow", "by_kyiv"),
    [
        ("2025-03-17 23:59 Europe/Moscow", Lies.BEFORE, Lies.BEFORE),
        ("2025-03-18 00:00 Europe/Moscow", Lies.WITHIN, Lies.BEFORE),
        ("2025-03-18 00:00 Europe/Kyiv", Lies.WITHIN, Lies.WITHIN),
        ("2025-04-16 23:59 Europe/Kyiv", Lies.WITHIN, Lies.WITHIN),
        ("2025-04-17 00:00 Europe/Kyiv", Lies.AFTER, Lies.WITHIN),
        ("2025-04-18 00:00 Europe/Kyiv", Lies.AFTER, Lies.AFTER),
        # A day lies where all of it does.
        ("2025-03-18 Europe/Kyiv", Lies.WITHIN, Lies.WITHIN),
        ("2025-03-18 Europe/Moscow", Lies.WITHIN, Lies.PARTLY),
        ("2025-04-17 Europe/Kyiv", Lies.AFTER, Lies.WITHIN),
        ("2025-04-17 Europe/Moscow", Lies.AFTER, Lies.WITHIN),
        ("2025-04-17 UTC", Lies.AFTER, Lies.PARTLY),
        ("2025-04-16 UTC", Lies.PARTLY, Lies.WITHIN),
        ("2025-03 Europe/Kyiv", Lies.PARTLY, Lies.PARTLY),
        ("2025-03-17 23h Europe/Moscow", Lies.BEFORE, Lies.BEFORE),
        ("2025-03-18 00h Europe/Moscow", Lies.WITHIN, Lies.BEFORE),
    ],
)
def test_by_each_reading_to_the_instant(when: str, by_moscow: Lies, by_kyiv: Lies) -> None:
    assert (lies(window(when), MOSCOW), lies(window(when), KYIV)) == (by_moscow, by_kyiv)


def test_what_lasts_across_a_boundary_lies_partly_in_the_term() -> None:
    night = window("2025-03-17 20:00 Europe/Kyiv", "2025-03-18 06:00 Europe/Kyiv")
    assert lies(night, KYIV, is_lasting=True) is Lies.PARTLY
    until_then = window("2025-03-17 20:00 Europe/Kyiv", "2025-03-18 00:00 Europe/Kyiv")
    assert lies(until_then, KYIV, is_lasting=True) is Lies.BEFORE
    to_the_end = window("2025-04-17 20:00 Europe/Kyiv", "2025-04-18 00:00 Europe/Kyiv")
    assert lies(to_the_end, KYIV, is_lasting=True) is Lies.WITHIN


def test_a_term_is_half_open_to_the_microsecond() -> None:
    end = stated.parse_instant("2025-04-17T21:00Z")
    assert lies(Window(end - TICK, end - TICK), KYIV) is Lies.WITHIN
    assert lies(Window(end, end), KYIV) is Lies.AFTER
    start = KYIV.start.earliest
    assert lies(Window(start - TICK, start - TICK), KYIV) is Lies.BEFORE
    assert lies(Window(start, start), KYIV) is Lies.WITHIN


def test_a_day_without_a_zone_takes_fifty_hours() -> None:
    found, is_without = event_window(stated.parse("2025-04-17"), None)
    assert is_without
    assert found == Window(
        stated.parse_instant("2025-04-16T10:00Z"), stated.parse_instant("2025-04-18T12:00Z")
    )
    assert lies(found, MOSCOW) is Lies.PARTLY
    assert lies(found, KYIV) is Lies.PARTLY


def test_what_is_unknown_has_no_window_and_no_match() -> None:
    assert event_window(stated.parse("unknown"), None) == (None, False)
    pledge = Undertaking("P", "russia", "energy_infrastructure", spans=(KYIV,))
    assert match(Event("e", None, actor="russia"), pledge, Alliances()) is None


WHEN = window("2025-03-20 18:00 Europe/Kyiv")


def spell(since: str = "", until: str = "") -> Spell:
    def of(text: str) -> Window | None:
        return stated.window(stated.parse(text)) if text else None

    return Spell("league", of(since), of(until))


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (spell("2025-03-01 UTC"), Whose.MEMBER),
        (spell("2025-03-01 UTC", "2025-03-21 UTC"), Whose.MEMBER),
        (spell("2025-03-21 UTC"), None),
        (spell("2025-03-01 UTC", "2025-03-19 UTC"), None),
        # It was in it on that day, at some hour or other.
        (spell("2025-03-20 UTC"), Whose.PERHAPS_MEMBER),
        (spell("2025-03-01 UTC", "2025-03-20 UTC"), Whose.PERHAPS_MEMBER),
        (spell(), Whose.PERHAPS_MEMBER),
    ],
)
def test_an_actor_answers_for_a_coalition_while_it_is_a_member(
    one: Spell, told: Whose | None
) -> None:
    alliances = Alliances(spells={"alpha": [one]})
    assert whose("alpha", "league", WHEN, alliances) is told


def test_nothing_rolls_up_from_a_coalition_to_its_members() -> None:
    alliances = Alliances(spells={"alpha": [spell("2025-03-01 UTC")]})
    assert whose("league", "alpha", WHEN, alliances) is None


def test_parties_that_were_merged_are_one() -> None:
    alliances = Alliances(same={"rf": "russia", "bund": "league"}, spells={"russia": [
        Spell("bund", stated.window(stated.parse("2025-01 UTC")), None)]})  # fmt: skip
    assert whose("rf", "russia", WHEN, alliances) is Whose.PLEDGOR
    assert whose("russia", "rf", WHEN, alliances) is Whose.PLEDGOR
    assert whose("rf", "league", WHEN, alliances) is Whose.MEMBER
    assert whose("ukraine", "russia", WHEN, alliances) is None
    assert whose("", "russia", WHEN, alliances) is Whose.UNKNOWN


def test_subjects_are_compared_and_not_guessed() -> None:
    assert about("energy_infrastructure", "energy_infrastructure") is About.SAME
    assert about("", "energy_infrastructure") is About.UNKNOWN
    assert about("civilians", "other") is About.OPEN
    assert about("other", "civilians") is About.OPEN
    assert about("civilians", "energy_infrastructure") is None


def test_places_are_compared_by_name_alone() -> None:
    assert where("Kherson, Ukraine", "Ukraine") is Where.NAMED
    assert where("Kherson", "Ukraine") is Where.NOT_NAMED
    assert where("Sumy oblast", "Kharkiv oblast") is Where.NOT_NAMED
    assert where("", "Ukraine") is Where.UNKNOWN
    assert where("Kherson", " ") is Where.EVERYWHERE
    assert where("48.1, 37.2", "Area 37") is Where.NOT_NAMED


def test_a_match_says_what_lies_where_by_each_reading() -> None:
    pledge = Undertaking("P", "russia", "energy_infrastructure", "Ukraine", (MOSCOW, KYIV))
    event = Event("e", window("2025-03-18 00:00 Europe/Moscow"), actor="russia", place="Ukraine")
    found = match(event, pledge, Alliances())
    assert found is not None
    assert {one.reading: one.lies for one in found.places} == {
        "moscow": Lies.WITHIN,
        "kyiv": Lies.BEFORE,
    }
    assert not found.is_whole
    assert (found.whose, found.about, found.where) == (Whose.PLEDGOR, About.UNKNOWN, Where.NAMED)
    after = Event("e", window("2025-04-19 Europe/Kyiv"), actor="russia")
    assert match(after, pledge, Alliances()) is None


def test_windows_of_start_and_end_are_told() -> None:
    unsure = Span(
        "r",
        0,
        window("2025-03-18 Europe/Kyiv"),
        Window(
            stated.parse_instant("2025-04-16T21:00Z"), stated.parse_instant("2025-04-17T21:00Z")
        ),
    )
    pledge = Undertaking("P", "russia", "other", spans=(unsure,))
    for when, told in (
        ("2025-03-18 12:00 Europe/Kyiv", (True, False)),
        ("2025-03-19 12:00 Europe/Kyiv", (False, False)),
        ("2025-04-17 12:00 Europe/Kyiv", (False, True)),
    ):
        found = match(Event("e", window(when)), pledge, Alliances())
        assert found is not None
        place = found.places[0]
        assert (place.lies, (place.in_start, place.in_end)) == (Lies.WITHIN, told)


def test_a_reading_that_had_fallen_by_then_makes_no_match() -> None:
    fallen = span("2025-03-17T22:00Z", stands_until=stated.parse_instant("2025-03-19T00:00Z"))
    pledge = Undertaking("P", "russia", "other", spans=(fallen,))
    assert match(Event("e", window("2025-03-20 UTC")), pledge, Alliances()) is None
    earlier = match(Event("e", window("2025-03-18 12:00 UTC")), pledge, Alliances())
    assert earlier is not None
    beside = Undertaking("P", "russia", "other", spans=(fallen, KYIV))
    found = match(Event("e", window("2025-03-20 UTC")), beside, Alliances())
    assert found is not None
    assert {one.reading: one.has_fallen for one in found.places} == {"r": True, "kyiv": False}


DAYS = st.integers(0, 40)
ACTORS = st.sampled_from(["", "a", "b", "c", "league"])
BASE = datetime(2025, 1, 1, tzinfo=UTC)


@st.composite
def pledges(draw: st.DrawFn) -> Undertaking:
    spans = []
    for number in range(draw(st.integers(0, 3))):
        start = BASE + timedelta(days=draw(DAYS))
        length = draw(st.none() | st.integers(0, 20))
        end = None if length is None else start + timedelta(days=length)
        spans.append(Span(str(number), 0, Window(start, start), Window(end, end) if end else None))
    subject = draw(st.sampled_from(["civilians", "other"]))
    return Undertaking("", draw(ACTORS.filter(bool)), subject, spans=tuple(spans))


@st.composite
def events(draw: st.DrawFn) -> Event:
    start = BASE + timedelta(days=draw(DAYS))
    end = start + timedelta(days=draw(st.integers(0, 3)))
    lies = draw(st.none() | st.just(Window(start, end)))
    return Event("", lies, is_lasting=draw(st.booleans()), actor=draw(ACTORS))


@given(st.lists(events(), max_size=6), st.lists(pledges(), max_size=8))
def test_one_walk_finds_what_comparing_each_with_each_finds(
    some: list[Event], others: list[Undertaking]
) -> None:
    alliances = Alliances(
        same={"c": "b"},
        spells={"a": [Spell("league", Window(BASE, BASE), None)]},
    )
    named = [Event(str(n), e.lies, e.is_lasting, actor=e.actor) for n, e in enumerate(some)]
    held = [Undertaking(str(n), p.pledgor, p.subject, spans=p.spans) for n, p in enumerate(others)]
    each = [match(event, pledge, alliances) for event in named for pledge in held]
    walked: list[Match] = list(matches(named, held, alliances))
    assert sorted(walked, key=repr) == sorted(filter(None, each), key=repr)


# --- suspensions

HALTED = Suspended(window("2025-04-05T06:00Z"), window("2025-04-06T18:00Z"))


@pytest.mark.parametrize(
    ("when", "is_sure"),
    [
        ("2025-04-05T05:59Z", None),
        ("2025-04-05T06:00Z", True),
        ("2025-04-06T17:59Z", True),
        ("2025-04-06T18:00Z", None),
        ("2025-04-05 UTC", False),
        ("2025-04-06 UTC", False),
        ("2025-04-07 UTC", None),
    ],
)
def test_an_event_in_a_suspension_says_so_from_its_start_to_its_end(
    when: str, is_sure: bool | None
) -> None:
    found = list(suspensions(window(when), "", [HALTED]))
    assert [one.is_sure for one in found] == ([] if is_sure is None else [is_sure])


def test_a_day_that_ends_with_the_suspension_lies_in_it() -> None:
    whole = Suspended(window("2025-04-05 UTC"), point("2025-04-06T00:00Z"))
    (found,) = suspensions(window("2025-04-05 UTC"), "", [whole])
    assert found.is_sure
    assert list(suspensions(window("2025-04-06 UTC"), "", [whole])) == []
    assert list(suspensions(window("2025-04-04 UTC"), "", [whole])) == []


def test_where_only_the_day_of_the_end_is_known_that_day_is_not_sure() -> None:
    """The clock ends it with that day's beginning; nobody knows that it did."""
    until = Suspended(window("2025-04-05 UTC"), window("2025-04-06 UTC"))
    (found,) = suspensions(window("2025-04-06T10:00Z"), "", [until])
    assert not found.is_sure
    (still,) = suspensions(window("2030-01-01T00:00Z"), "", [Suspended(window("2025-04-05 UTC"))])
    assert still.is_sure


@pytest.mark.parametrize(
    ("place", "areas", "said"),
    [
        ("Kherson", ("Kherson", "Sumy"), Where.NAMED),
        ("Kharkiv", ("Kherson", "Sumy"), Where.NOT_NAMED),
        ("", ("Kherson",), Where.UNKNOWN),
        ("Kharkiv", (), Where.EVERYWHERE),
    ],
)
def test_a_suspension_of_areas_says_what_its_place_has_to_do_with_them(
    place: str, areas: tuple[str, ...], said: Where
) -> None:
    halted = Suspended(HALTED.start, HALTED.end, areas)
    (found,) = suspensions(window("2025-04-05T12:00Z"), place, [halted])
    assert found == Suspension(areas, is_sure=True, where=said)


def test_a_match_that_lies_in_a_suspension_is_still_one_and_stands_lower() -> None:
    at = Event("e", window("2025-04-05T12:00Z"), actor="russia", place="Kherson")
    plain = Undertaking("P", "russia", "energy_infrastructure", spans=(MOSCOW,))
    free = match(at, plain, Alliances())
    assert free is not None
    for areas, is_suspended in (((), True), (("Kherson",), True), (("Sumy",), False)):
        halted = Suspended(HALTED.start, HALTED.end, areas)
        found = match(at, replace(plain, suspended=(halted,)), Alliances())
        assert found is not None
        assert found.is_suspended is is_suspended
        assert (found.strength < free.strength) is is_suspended
