"""Compliance over time: days by hand, who may see it, the file, and how little is asked."""

import csv
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import kept
from tests.actions.house import PUBLIC, Made, bare, pledged
from tests.actions.people import person
from tracker import clock
from tracker.actions import counts, incidents, moves, parties, readings, record, verifications
from tracker.domain.compliance import Day, Part
from tracker.models import Dossier

pytestmark = [pytest.mark.django_db, pytest.mark.both]
NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)
PAGE, FILE = "/pledges/CASE-1/compliance/", "/pledges/CASE-1/compliance/numbers.csv"
DOSSIER = "/dossiers/case/compliance/"


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Made:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return halted()


@kept.once
def halted() -> Made:
    """A halt of 10 days from 1 April, Kyiv; also read from 3 April on. Two sides claim."""
    found = bare()
    found.rows["ann"] = person("ann", found.dossier, "analyst")
    found.clock = datetime(2025, 6, 1, 9, tzinfo=UTC)
    with record.batch(at=found.clock):
        row = found.rows["one"] = pledged(found)
        for start in ("2025-04-01", "2025-04-03"):
            readings.add(
                of=row,
                start=f"{start} Europe/Kyiv",
                duration="P10D",
                rule="inclusive",
                public=PUBLIC,
                **found.how(),
            )
    return found


def happened(made: Made, occurred: str, *claimants: Any, **columns: Any) -> Any:
    return incidents.report(
        dossier=made.dossier,
        key=f"i-{made.clock:%H%M%S}-{columns.pop('number', 0)}",
        occurred=occurred,
        pledges=[made.one],
        claimants=list(claimants),
        description="A strike",
        public="2025-05-01 UTC",
        **columns,
        **made.how(),
    )


def days(answer: Any) -> dict[date, Day]:
    return {one.day: one for one in answer.context["found"].days}


def day(number: int, month: int = 4) -> date:
    return date(2025, month, number)


def shown(made: Made, address: str = PAGE) -> Any:
    client = Client()
    client.force_login(made.ann)
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return answer


def test_three_days_counted_by_hand(made: Made) -> None:
    """4 April: two for sure, one of them claimed by both; 5 April: none; 6 April: one."""
    both = happened(made, "2025-04-04 03:00 Europe/Kyiv", made.alpha, made.beta)
    happened(made, "2025-04-04 Europe/Kyiv", made.beta)
    happened(made, "2025-04-06 23:59 Europe/Kyiv")
    moves.make(
        on=both,
        machine="incident",
        to="grave_violation",
        effective="2025-05-02 UTC",
        public="2025-05-02 UTC",
        reason="Seen",
        **made.how(),
    )
    found = days(shown(made))
    fourth = found[day(4)]
    assert (fourth.all.sure, fourth.all.possible) == (2, 0)
    assert {k: v.sure for k, v in fourth.by_claimant.items()} == {"case-alpha": 1, "case-beta": 2}
    assert {k: v.sure for k, v in fourth.by_finding.items()} == {"grave_violation": 1, "alleged": 1}
    assert not found[day(5)].all
    assert found[day(6)].by_claimant[""].sure == 1  # nobody is named
    text = shown(made).content.decode()
    assert "3 incidents are alleged" in text
    assert "claimed by Alpha" in text


def test_what_may_have_happened_on_several_days_is_possible_on_each(made: Made) -> None:
    happened(made, "2025-04-04 22:00 Europe/Kyiv", occurred_until="2025-04-05 03:00 Europe/Kyiv")
    happened(made, "2025-04-07 Europe/London")  # in Kyiv from 02:00 to 02:00
    happened(made, "2025-04-09 22:00 Europe/Kyiv", occurred_until="2025-04-10 00:00 Europe/Kyiv")
    found = days(shown(made))
    for number in (4, 5, 7, 8):
        assert (found[day(number)].all.sure, found[day(number)].all.possible) == (0, 1), number
    assert (found[day(9)].all.sure, found[day(10)].all.possible) == (1, 0)
    text = shown(made).content.decode()
    assert "Of 2 the day is not known for sure" in text
    assert "0–1" in text


def test_the_term_is_told_apart_by_what_readings_hold_and_has_a_baseline_as_long(
    made: Made,
) -> None:
    found = shown(made).context["found"]
    parts = {one.day: one.part for one in found.days}
    assert parts[day(1)] is parts[day(2)] is Part.DISPUTED
    assert parts[day(3)] is parts[day(10)] is Part.TERM
    assert parts[day(11)] is parts[day(12)] is Part.DISPUTED
    assert day(13) not in parts
    assert parts[day(20, 3)] is parts[day(31, 3)] is Part.BASELINE  # 12 days before 12 days
    assert min(parts) == day(20, 3)


def test_a_gap_is_no_calm(made: Made) -> None:
    verifications.record(
        pledge=made.one,
        period_start="2025-04-03 Europe/Kyiv",
        period_end="2025-04-04 Europe/Kyiv",
        finding="held",
        reasoning="Seen.",
        public="2025-04-05 UTC",
        **made.how(),
    )
    counts.record(
        dossier=made.dossier,
        pledge=made.one,
        claimant=made.beta,
        of="strikes",
        number=7,
        period_start="2025-04-07 Europe/Kyiv",
        period_end="2025-04-08 Europe/Kyiv",
        source=made.source,
        public="2025-04-09 UTC",
        **made.how(),
    )
    answer = shown(made)
    found = days(answer)
    observed = {number for number in range(1, 13) if found[day(number)].is_observed}
    assert observed == {3, 4, 7, 8}
    # The readout, which the count cites, was published on 18 March, before the baseline.
    assert answer.context["gaps"] == 24 - 4
    text = answer.content.decode()
    assert "Of 20 days nothing was looked at" in text
    assert "That is not calm." in text
    assert "strikes" in text
    assert answer.context["found"].number == 0  # what is counted is no incident
    row = next(one for one in answer.context["table"].rows if one.first == day(5))
    assert (row.last, row.seen) == (day(6), "gap")


def test_what_is_ahead_is_no_gap_and_at_shows_what_was_known(made: Made) -> None:
    happened(made, "2025-04-04 Europe/Kyiv")
    found = days(shown(made, f"{PAGE}?at=2025-04-05"))
    assert found[day(6)].is_ahead
    assert not found[day(6)].is_gap
    assert not found[day(4)].all  # it was made public on 1 May
    assert min(found) == date(2025, 3, 27)  # four days, and what of the fifth had passed


def test_incidents_before_and_within_the_term_count_once_each(made: Made) -> None:
    for occurred in ("2025-03-25 Europe/Kyiv", "2025-04-02 Europe/Kyiv", "2025-04-05 Europe/Kyiv"):
        happened(made, occurred)
    happened(made, "2025-03-31 23:00 Europe/Kyiv", occurred_until="2025-04-01 01:00 Europe/Kyiv")
    happened(made, "2025-05-20 Europe/Kyiv")
    found = shown(made).context["found"].totals
    assert (found.baseline, found.term, found.between, found.outside) == (1, 2, 1, 1)


def test_the_file_has_a_codebook_and_cells_that_nothing_calculates(made: Made) -> None:
    evil = parties.register(slug="evil", name="=HYPERLINK(1)", kind="other", **made.how())
    happened(made, "2025-04-04 Europe/Kyiv", evil, made.beta)
    answer = shown(made, FILE)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="compliance-CASE-1.csv"'
    lines = answer.content.decode("utf-8-sig").splitlines()
    told = [line for line in lines if line.startswith("# ")]
    rows = list(csv.DictReader(line for line in lines if not line.startswith("# ")))
    assert {f"# {name}:" for name in rows[0]} == {
        " ".join(line.split(" ")[:2]) for line in told[2:]
    }
    fourth = [row for row in rows if row["first_day"] == "2025-04-04"]
    assert [(row["kind"], row["name"], row["sure"]) for row in fourth] == [
        ("incidents", "", "1"),
        ("finding", "alleged", "1"),
        ("claimant", "Beta", "1"),
        ("claimant", "'=HYPERLINK(1)", "1"),
    ]
    assert len([row for row in rows if row["kind"] == "incidents"]) == 24
    assert {row["seen"] for row in rows} == {"observed", "gap"}


def test_a_correction_leaves_the_earlier_mark_hollow(made: Made) -> None:
    def find(**columns: Any) -> Any:
        given: dict[str, Any] = {"finding": "held", "reasoning": "Seen.", **columns}
        given |= {"public": "2025-04-12 UTC"}
        given |= {"period_start": "2025-04-03 UTC", "period_end": "2025-04-09 UTC"}
        return verifications.record(pledge=made.one, **given, **made.how())

    first = find()
    find(finding="breached", cites=first)
    answer = shown(made)
    assert [one.counts for one in answer.context["picture"].marks] == [False, True]
    assert 'class="c-mark is-corrected"' in answer.content.decode()


def test_a_dossier_shows_the_terms_of_its_pledges_between_two_days(made: Made) -> None:
    happened(made, "2025-04-04 Europe/Kyiv", made.beta)
    answer = shown(made, DOSSIER)
    assert [one.ref for one in answer.context["found"].terms] == ["CASE-1"]
    assert days(answer)[day(4)].all.sure + days(answer)[day(4)].all.possible == 1
    some = shown(made, f"{DOSSIER}?from=2025-04-03&to=2025-04-05")
    assert sorted(days(some)) == [day(3), day(4), day(5)]
    assert "from=2025-04-03&amp;to=2025-04-05" in some.content.decode()  # the file of the same days
    file = shown(made, f"{DOSSIER}numbers.csv?from=2025-04-03&to=2025-04-05")
    assert file["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?from=2025-04-05&to=2025-04-03", "lies before"),
        ("?from=1990-01-01&to=2025-04-03", "days are too many"),
        ("?from=yesterday", "Write a day as"),
        ("?from=0001-01-01", "outside the calendar"),
    ],
)
def test_days_that_cannot_be_shown_are_sent_back_with_why(
    made: Made, query: str, said: str
) -> None:
    client = Client()
    client.force_login(made.ann)
    answer = client.get(DOSSIER + query)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert said in text
    assert "Error: " in text
    assert query.split("&", maxsplit=1)[0].removeprefix("?from=") in text
    assert client.get(f"{DOSSIER}numbers.csv{query}").status_code == 422


def test_strangers_find_nothing_and_a_public_dossier_is_for_all(made: Made) -> None:
    addresses = (PAGE, FILE, DOSSIER, f"{DOSSIER}numbers.csv")
    assert {Client().get(one).status_code for one in addresses} == {404}
    Dossier.objects.update(is_public=True)
    assert {Client().get(one).status_code for one in addresses} == {200}
    assert Client().get("/pledges/NONE/compliance/").status_code == 404
    assert Client().get(f"{PAGE}?at=2020-01-01").status_code == 404  # not public yet


def test_a_pledge_without_a_term_shows_what_there_is(made: Made) -> None:
    made.rows["one"] = pledged(made, "CASE-2")
    happened(made, "2025-04-04 Europe/Kyiv", number=9)
    answer = shown(made, "/pledges/CASE-2/compliance/")
    assert "No day of a term has come." in answer.content.decode()
    assert answer.context["found"].number == 1


@pytest.mark.parametrize("address", [PAGE, FILE, DOSSIER])
def test_the_queries_do_not_grow_with_the_incidents_and_read_no_snapshot(
    made: Made, address: str, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    """Session, person, roles, pledge, dossier; the pledge's own facts by noun; incidents, their
    claimants and findings; parties; sources, counts.
    """
    asked = []
    for more in (1, 30):
        with record.batch(at=made.clock):
            for number in range(more):
                happened(
                    made, "2025-04-04 Europe/Kyiv", made.beta, sources=[made.source], number=number
                )
        with CaptureQueriesContext(connection) as queries:
            shown(made, address)
        asked.append(len(queries))
        assert not [q["sql"] for q in queries if '"snapshot"' in q["sql"]]
    assert asked[0] == asked[1]
    assert asked[0] <= 50


def test_the_picture_has_no_style_and_its_places_lie_within_it(made: Made) -> None:
    happened(made, "2025-04-04 Europe/Kyiv", made.beta)
    answer = shown(made)
    assert " style=" not in answer.content.decode()
    picture = answer.context["picture"]
    for rect in picture.rects:
        assert 0 <= rect.x <= rect.x + rect.width <= 1000.01
        assert 0 <= rect.y <= rect.y + rect.height <= picture.foot
