"""What the columns of well-known tables mean, and what names of columns suggest."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tracker.domain import import_rows, importing, known_tables
from tracker.domain.importing import Plan

from . import acled

AT = datetime(2025, 6, 1, 9, tzinfo=UTC)
WHO = "Military Forces of Alpha (2000-)"


def planned() -> Plan:
    """What ACLED's names suggest, and what only a person can say."""
    return replace(
        known_tables.proposed(acled.HEADER),
        zone="Europe/Kyiv",
        source="acled",
        public="2025-05-30 UTC",
        names={WHO: "alpha"},
    )


def read(made: list[dict[str, str]]) -> import_rows.Reading:
    lines = [(n, [one[name] for name in acled.HEADER]) for n, one in enumerate(made, 2)]
    return import_rows.read(planned(), acled.HEADER, lines, file_name="acled.csv", at=AT)


def test_acled_s_own_names_say_what_its_columns_mean() -> None:
    plan = known_tables.proposed(acled.HEADER)
    assert (plan.start, plan.start_clock, plan.end) == ("event_date", "", "")
    assert plan.time_precision == "time_precision"
    assert (plan.actor, plan.target) == ("actor1", ("actor2", "civilian_targeting"))
    assert plan.place == ("location", "admin2", "admin1", "country", "latitude", "longitude")
    assert plan.place_precision == "geo_precision"
    assert plan.description == ("event_type", "sub_event_type", "fatalities", "notes")
    assert plan.reference == ("source", "source_scale", "tags")
    assert plan.own_id == "event_id_cnty"
    assert (plan.zone, plan.zone_column, plan.subject, plan.claimants) == ("", "", "", "")


def test_what_is_left_to_be_said_is_what_acled_does_not_say() -> None:
    plan = known_tables.proposed(acled.HEADER)
    assert set(importing.gaps(plan)) == {"source", "public"}
    for is_iso in (True, False):
        cells = [list(one.values()) for one in acled.rows(is_iso=is_iso)]
        assert set(importing.asked(plan, acled.HEADER, cells)) == {"zone"}
        assert importing.names_in(plan, acled.HEADER, cells) == {WHO: 3}


@pytest.mark.parametrize("is_iso", [False, True], ids=["01 May 2025", "2025-05-01"])
def test_its_dates_are_read_in_both_spellings_as_precisely_as_they_are_known(is_iso: bool) -> None:
    found = read(acled.rows(is_iso=is_iso))
    assert found.problems == []
    times = [(one.columns["occurred"], one.columns["occurred_until"]) for one in found.drafts]
    assert times == [
        ("2025-05-01 ?Europe/Kyiv", ""),
        ("2025-04-28 ?Europe/Kyiv", "2025-05-10 ?Europe/Kyiv"),
        ("2025-04 ?Europe/Kyiv", ""),
    ]
    notes = [str(one.columns["note"]) for one in found.drafts]
    assert "Known to" not in notes[0]
    assert "Known to the week only, about 2025-05-04: some day of this span." in notes[1]
    assert "Known to the month only." in notes[2]


def test_the_rest_of_a_row_is_kept_in_words() -> None:
    (one,) = read([acled.row("UKR1001", "01 May 2025", "1")]).drafts
    said = one.columns
    assert said["actor"] == "alpha"
    assert said["target"] == "Civilians (Beta), Civilian targeting"
    assert said["place"] == "Bridge Town, Riverside, North, Beta, 50.4501, 30.5234"
    assert said["place_precision"] == "near a place, or a part of a region"
    assert "event_type: Explosions/Remote violence" in str(said["description"])
    assert "notes: Around 1 May 2025, shells hit a substation" in str(said["description"])
    assert "source: A paper; Another paper" in str(said["note"])
    assert "Subject not stated." in str(said["note"])
    assert (said["subject"], said["claimants"]) == ("", [])


def test_a_row_is_known_again_by_its_own_identity_however_its_date_is_spelt() -> None:
    first = read(acled.rows(is_iso=False)).drafts
    again = read(acled.rows(is_iso=True)).drafts
    assert [one.identity for one in first] == [one.identity for one in again]
    assert [one.content for one in first] == [one.content for one in again]
    (other,) = read([acled.row("UKR1001", "01 May 2025", "1", notes="Later known better.")]).drafts
    assert (other.identity, other.content == first[0].content) == (first[0].identity, False)


@pytest.mark.parametrize("code", ["1.0", "2.0", "3.0"])
def test_numbers_that_a_spreadsheet_made_of_its_grades_are_read(code: str) -> None:
    made = read([acled.row("UKR1001", "01 May 2025", code, geo_precision="3.0")])
    assert made.problems == []
    assert made.drafts[0].columns["place_precision"] == "region, told by a place in it"


def test_a_grade_that_acled_has_not_is_refused_by_line_and_column() -> None:
    made = read([acled.row("UKR1001", "01 May 2025", "4")])
    assert made.drafts == []
    (problem,) = made.problems
    assert (problem.line, problem.column) == (2, "time_precision")
    assert "1 (day), 2 (week) or 3 (month)" in problem.mend


def test_a_week_ends_where_the_present_is() -> None:
    """Nothing is entered that lies ahead."""
    (one,) = read([acled.row("UKR1009", "30 May 2025", "2")]).drafts
    assert one.columns["occurred"] == "2025-05-24 ?Europe/Kyiv"
    assert one.columns["occurred_until"] == "2025-06-01 ?Europe/Kyiv"


@pytest.mark.parametrize(
    "header",
    [
        [name.upper() for name in acled.HEADER],
        [f" {name} " for name in acled.HEADER],
        list(reversed(acled.HEADER)),
        [name for name in acled.HEADER if name not in ("admin3", "tags", "civilian_targeting")],
    ],
    ids=["capitals", "blanks", "another order", "fewer"],
)
def test_it_is_known_in_any_order_and_spelling_of_its_names(header: list[str]) -> None:
    plan = known_tables.proposed(header)
    named = [plan.start, plan.actor, plan.own_id, plan.time_precision, plan.place_precision]
    assert [name.strip().lower() for name in named] == [
        "event_date", "actor1", "event_id_cnty", "time_precision", "geo_precision",
    ]  # fmt: skip
    used = {*named, *plan.place, *plan.target, *plan.description, *plan.reference}
    assert used <= set(header), "a plan names columns as the table spells them"


# --- tables of waves, and others


def test_a_table_of_waves_has_neither_zone_nor_actor() -> None:
    header = [
        "time_start", "time_end", "model", "launch_place", "target", "carrier", "launched",
        "destroyed", "not_reach_goal", "target_main", "source",
    ]  # fmt: skip
    plan = known_tables.proposed(header)
    assert (plan.start, plan.end, plan.actor, plan.zone) == ("time_start", "time_end", "", "")
    assert (plan.place, plan.target) == (("target",), ("target_main",))
    assert plan.description == (
        "model", "launched", "destroyed", "not_reach_goal", "launch_place",
    )  # fmt: skip
    assert plan.reference == ("source",)


def test_other_tables_are_proposed_by_what_their_columns_are_called() -> None:
    header = [
        "Incident ID",
        "Date",
        "Time",
        "TZ",
        "Oblast",
        "Perpetrator",
        "Victim",
        "Notes",
        "URL",
    ]
    plan = known_tables.proposed(header)
    assert (plan.start, plan.start_clock, plan.zone_column) == ("Date", "Time", "TZ")
    assert (plan.own_id, plan.actor, plan.target) == ("Incident ID", "Perpetrator", ("Victim",))
    assert (plan.place, plan.description, plan.reference) == (("Oblast",), ("Notes",), ("URL",))


def test_a_clock_beside_a_time_that_has_one_is_not_taken_for_its_own() -> None:
    plan = known_tables.proposed(["datetime", "time", "what"])
    assert (plan.start, plan.start_clock) == ("datetime", "")


def test_names_that_say_nothing_propose_nothing() -> None:
    assert known_tables.proposed(["a", "b", ""]) == Plan()
    assert known_tables.proposed([]) == Plan()
