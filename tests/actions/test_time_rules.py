"""What cannot be in time is refused at its column: observed ahead, ended before its start."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils.text import slugify

from tests import kept
from tests.actions.house import AT, PUBLIC, Made, bare, pledged
from tracker.actions import (
    clock_stops,
    conditions,
    counts,
    extensions,
    incidents,
    moves,
    readings,
    verifications,
)
from tracker.domain.errors import Invalid

pytestmark = pytest.mark.django_db
TICK = timedelta(seconds=1)
NOW = "2025-06-01T09:00Z"  # AT, as stated
TODAY, TOMORROW = "2025-06-01 UTC", "2025-06-02 UTC"


@pytest.fixture
@kept.once
def made() -> Made:
    found = bare()
    found.rows["one"] = pledged(found)
    return found


def verify(made: Made, *, at: Any = AT, **columns: Any) -> Any:
    given = {"period_start": PUBLIC, "period_end": TODAY, **columns}
    return verifications.record(
        pledge=made.one, finding="held", reasoning="r", public=NOW, by=None, at=at, **given
    )


def report(made: Made, occurred: str, *, at: Any = AT, **columns: Any) -> Any:
    given = {"occurred": occurred, "public": PUBLIC, **columns}
    key = slugify(f"{occurred} {at}")
    return incidents.report(
        dossier=made.dossier, key=key, description="Shot", by=None, at=at, **given
    )


def count(made: Made, *, at: Any = AT, **columns: Any) -> Any:
    given = {"period_start": PUBLIC, "period_end": TODAY, **columns}
    return counts.record(
        dossier=made.dossier,
        claimant=made.beta,
        of="violations",
        number=3,
        source=made.source,
        public=PUBLIC,
        by=None,
        at=at,
        **given,
    )


def test_what_was_observed_may_last_to_this_instant_and_no_further(made: Made) -> None:
    report(made, NOW)
    with pytest.raises(Invalid, match="lies ahead") as refused:
        report(made, NOW, at=AT - TICK)
    assert refused.value.field == "occurred"


def test_a_day_that_has_begun_may_be_named_and_tomorrow_may_not(made: Made) -> None:
    for enter in (verify, count):
        enter(made)
        with pytest.raises(Invalid, match="lies ahead") as refused:
            enter(made, period_end=TOMORROW)
        assert refused.value.field == "period_end"
    # The first instant of that day in Kyiv is three hours earlier than in UTC.
    verify(made, period_end="2025-06-02 Europe/Kyiv", at=AT + timedelta(hours=12))
    with pytest.raises(Invalid, match="lies ahead"):
        verify(made, period_end="2025-06-02 Europe/Kyiv", at=AT + timedelta(hours=12) - TICK)


def test_a_judgement_of_what_happened_lies_behind(made: Made) -> None:
    condition = conditions.add(
        on=made.one, kind="continuing", text="T", public=PUBLIC, **made.how()
    )
    for on, to in ((condition, "met"), (report(made, TODAY), "unsubstantiated")):
        given: dict[str, Any] = {"on": on, "to": to, "public": NOW, "reason": "r", "by": None}
        with pytest.raises(Invalid, match="lies ahead") as refused:
            moves.make(effective=TOMORROW, at=AT, **given)
        assert refused.value.field == "effective"
        moves.make(effective=TODAY, at=AT, **given)


def test_a_stage_may_be_moved_as_of_a_day_to_come(made: Made) -> None:
    readings.add(of=made.one, start=PUBLIC, duration="P2Y", public=PUBLIC, **made.how())
    moves.make(
        on=made.one,
        to="withdrawn",
        effective=TOMORROW,
        public=NOW,
        reason="Announced.",
        **made.how(),
    )


@pytest.mark.parametrize(
    ("start", "end", "is_refused"),
    [
        ("2025-03-18 UTC", "2025-03-17 UTC", True),
        ("2025-03-18 UTC", "2025-03-18 UTC", False),
        ("2025-03-18T18:00Z", "2025-03-18T17:59Z", True),
        ("2025-03-18T18:00Z", "2025-03-18 UTC", False),  # the day may end after it
        ("2025-03-18 Asia/Tokyo", "2025-03-17 America/New_York", False),
        ("2025-03-18T18:00Z", "2025-03-18T18:00Z", True),  # it would not last at all
        ("2025-03-18T18:00Z", "2025-03-18T18:01Z", False),
        ("2025-03 UTC", "2025-03-01 UTC", False),
        ("2025-03 UTC", "2025-02-28 UTC", True),
    ],
)
def test_a_reading_does_not_end_before_it_starts(
    made: Made, start: str, end: str, is_refused: bool
) -> None:
    def add() -> object:
        return readings.add(
            of=made.one, start=start, end=end, rule="through", public=PUBLIC, **made.how()
        )

    if not is_refused:
        assert add()
        return
    with pytest.raises(Invalid, match="before it starts") as refused:
        add()
    assert refused.value.field == "end"


def test_until_a_date_is_its_first_instant(made: Made) -> None:
    def add(start: str, **columns: Any) -> object:
        given = {"end": "2025-03-18 UTC", "public": PUBLIC, **columns, **made.how()}
        return readings.add(of=made.one, start=start, **given)

    with pytest.raises(Invalid, match="before it starts"):
        add("2025-03-18T10:00Z", rule="until")
    assert add("2025-03-18T10:00Z", rule="through")


def test_an_end_without_a_zone_is_in_that_of_the_start(made: Made) -> None:
    assert readings.add(
        of=made.one,
        start="2025-03-18 00:00 America/New_York",
        end="2025-03-18 02:00",
        public=PUBLIC,
        **made.how(),
    )


def test_a_period_lasts_to_the_end_of_its_last_day(made: Made) -> None:
    assert verify(made, period_start="2025-05-31T10:00Z", period_end="2025-05-31 UTC")
    with pytest.raises(Invalid, match="lies before"):
        verify(made, period_start="2025-05-31T10:00Z", period_end="2025-05-30 UTC")


def test_a_day_without_a_zone_has_begun_where_it_began_first(made: Made) -> None:
    assert count(made, period_end="2025-06-02", at=AT + timedelta(hours=1))
    with pytest.raises(Invalid, match="lies ahead"):
        count(made, period_end="2025-06-02", at=AT + timedelta(hours=1) - TICK)


def test_an_older_row_that_breaks_a_rule_can_still_be_taken_back(made: Made) -> None:
    ahead = AT + timedelta(days=30)
    row = report(made, "2025-06-20 UTC", at=ahead)
    incidents.amend(row=row, note="Told twice", by=None, at=AT)
    incidents.withdraw(row=row, when=NOW, reason="Entered wrongly", by=None, at=AT)
    with pytest.raises(Invalid, match="lies ahead"):
        incidents.amend(row=row, occurred="2025-06-21 UTC", by=None, at=AT)


def test_a_renewed_link_does_not_end_before_it_starts(made: Made) -> None:
    with pytest.raises(Invalid, match="before it starts"):
        extensions.propose(
            pledge=made.one,
            kind="renewed",
            start="2025-05-02 UTC",
            end="2025-05-01 UTC",
            public=PUBLIC,
            **made.how(),
        )


def test_a_clock_that_stands_still_is_not_stopped_again(made: Made) -> None:
    def stop(start: str, end: str = "") -> Any:
        return clock_stops.stop(pledge=made.one, start=start, end=end, public=PUBLIC, **made.how())

    first = stop("2025-04-02T00:00Z", "2025-04-04T00:00Z")
    stop("2025-04-04T00:00Z", "2025-04-05T00:00Z")
    for start, end in (
        ("2025-04-02T00:00Z", "2025-04-04T00:00Z"),
        ("2025-04-01T00:00Z", "2025-04-02T00:01Z"),
        ("2025-04-03T23:59Z", "2025-04-04T00:00Z"),
        ("2025-04-01T00:00Z", ""),
    ):
        with pytest.raises(Invalid, match="stopped already") as refused:
            stop(start, end)
        assert refused.value.field == "start"
    clock_stops.withdraw(row=first, when=NOW, reason="A mistake", **made.how())
    stop("2025-04-03T00:00Z", "2025-04-04T00:00Z")
