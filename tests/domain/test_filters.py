"""Filters: what can be asked for, what was saved under another release, and what they list."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tracker.domain.bands import Band, band_of
from tracker.domain.errors import Invalid
from tracker.domain.filters import Filter, Watched, matches, parse, searchable, stored

UID = "6f1c0a52-8d0b-4f5e-9a53-0d3a3f1f2b11"
AT = datetime(2026, 3, 4, tzinfo=UTC)
ONE = Watched(
    dossier="talks",
    pledgor="alpha",
    act="halt",
    subject="civilians",
    stage="in_force",
    text=searchable(title="Ａlpha halts FİRE", scope="Straße", area="Запоріжжя", ref="T-1"),
    beneficiaries=frozenset({"beta"}),
    flags=frozenset({"unverified"}),
    band="24h",
    analyst=UID,
    tags=frozenset({"grid", "عاجل"}),
)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"dossier": ["other", "talks"]},
        {"party": ["alpha"]},
        {"party": ["beta"]},
        {"party": ["alpha"], "role": ["pledgor"]},
        {"party": ["beta"], "role": ["beneficiary"]},
        {"party": ["beta"], "role": ["pledgor", "beneficiary"]},
        {"act": ["halt"], "subject": ["civilians"], "stage": ["in_force"], "band": ["24h"]},
        {"flag": ["expired", "unverified"]},
        {"analyst": [UID.upper()]},
        {"text": ["fire ALPHA"]},
        {"text": ["STRASSE", "запор"]},
        {"text": ["t-1"]},
        {"tag": ["  GRID "]},
        {"tag": ["none", "عاجل"]},
    ],
)
def test_it_lists_what_holds_one_value_of_each(given: dict[str, list[str]]) -> None:
    assert matches(parse(given), ONE)
    assert matches(stored(given), ONE)


@pytest.mark.parametrize(
    "given",
    [
        {"dossier": ["other"]},
        {"party": ["alpha"], "role": ["beneficiary"]},
        {"party": ["beta"], "role": ["pledgor"]},
        {"act": ["refrain"]},
        {"flag": ["expired"]},
        {"band": ["72h"]},
        {"tag": ["gri"]},
        {"text": ["fire nowhere"]},
    ],
)
def test_it_does_not_list_the_rest(given: dict[str, list[str]]) -> None:
    assert not matches(parse(given), ONE)


def test_what_is_not_listed_is_in_no_view() -> None:
    assert not matches(Filter(), replace(ONE, stage=""))
    assert matches(Filter(), ONE)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"dosier": ["talks"]}, "dosier"),
        ({"is_void": ["yes"]}, "is_void"),
        ({"act": ["dance"]}, "act"),
        ({"stage": ["IN_FORCE"]}, "stage"),
        ({"flag": [""] * 3 + ["late"]}, "flag"),
        ({"band": ["25h"]}, "band"),
        ({"role": ["guarantor"], "party": ["alpha"]}, "role"),
        ({"role": ["pledgor"]}, "role"),
        ({"analyst": ["ada"]}, "analyst"),
        ({"dossier": ["x"] * 101}, "dossier"),
        ({"dossier": ["x" * 101]}, "dossier"),
        ({"text": ["x" * 150, "x" * 51]}, "text"),
        ({"party": ["a\x00b"]}, "party"),
    ],
)
def test_what_there_is_none_of_is_refused_by_name(given: dict[str, list[str]], field: str) -> None:
    with pytest.raises(Invalid) as no:
        parse(given)
    assert no.value.field == field


@pytest.mark.parametrize(
    "kept",
    [
        {"theme": ["ceasefire"]},
        {"act": "halt"},
        {"act": None},
        {"text": ["x" * 201]},
        {"text": ["a\x00b"]},
        {"act": ["dance"]},
        {"analyst": ["ada"]},
        {"role": ["guarantor"], "party": ["alpha"]},
    ],
)
def test_a_saved_one_that_is_no_longer_known_lists_nothing_and_breaks_nothing(
    kept: dict[str, object],
) -> None:
    assert not matches(stored(kept), ONE)


def test_it_is_given_back_as_the_query_that_it_was() -> None:
    given = {"act": ["halt"], "text": ["a  b", ""], "party": ["x", "x"], "stage": [""]}
    assert parse(given).given == {"party": ["x"], "act": ["halt"], "text": ["a b"]}
    assert stored(parse(given).given) == parse(given)
    assert parse({"text": [" "]}).is_empty
    assert not stored({"theme": ["x"]}).is_empty


@pytest.mark.parametrize(
    ("stage", "ends", "warns", "band"),
    [
        ("withdrawn", -1, -1, Band.ENDED),
        ("expired", None, None, Band.EXPIRED),
        ("in_force", 0, 0, Band.EXPIRED),
        ("in_force", None, None, Band.NONE),
        ("in_force", 48, 24, Band.DAY),
        ("in_force", 48, 25, Band.THREE_DAYS),
        ("scheduled", 200, 168, Band.WEEK),
        ("scheduled", 200, 169, Band.LATER),
    ],
)
def test_bands_of_phases(stage: str, ends: int | None, warns: int | None, band: Band) -> None:
    def hours(n: int | None) -> datetime | None:
        return AT + timedelta(hours=n) if n is not None else None

    assert band_of(stage, ends_at=hours(ends), warns_at=hours(warns), at=AT) is band
