"""The files of seeds/ and the example of docs/seeds.md, read and evaluated without a database."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tracker.actions import seed_form, seed_yaml
from tracker.domain import stated, status
from tracker.domain.status import Assessment
from tracker.selectors.facts import all_pledge_facts

ROOT = Path(__file__).resolve().parents[2]
SEEDS = sorted((ROOT / "seeds").glob("*.yaml"))
NOW = datetime(2026, 3, 4, 10, 20, 30, tzinfo=UTC)
LATER = datetime(2030, 1, 1, tzinfo=UTC)
Tables = dict[str, dict[str, dict[str, object]]]


def tables_of(data: bytes, *, parties: Tables | None = None, now: datetime = NOW) -> Tables:
    mistakes = seed_yaml.Mistakes()
    top = seed_yaml.read(data, mistakes)
    assert top is not None, mistakes.sorted()
    known = seed_form.Known(tables=parties or {})
    seed = seed_form.rows_of(top, known_of=lambda *_: known, now=now, mistakes=mistakes)
    assert seed is not None, [m.told("seed") for m in mistakes.sorted()]
    found: Tables = {}
    for row in seed.rows:
        found.setdefault(row.noun, {})[row.key] = row.columns
    return found


def seed(name: str, now: datetime = NOW) -> Tables:
    parties = tables_of((ROOT / "seeds" / "00-parties.yaml").read_bytes())
    return tables_of((ROOT / "seeds" / name).read_bytes(), parties=parties, now=now)


def assess(tables: Tables, ref: str, at: datetime) -> Assessment:
    return status.evaluate(all_pledge_facts(tables)[ref], at=at)


def example() -> tuple[Tables, list[tuple[str, str, str]]]:
    page = (ROOT / "docs" / "seeds.md").read_text(encoding="utf-8")
    found = re.search(r"```yaml\n(.*?)```\n(.*?)\n## ", page, re.DOTALL)
    assert found is not None
    rows = re.findall(r"^\| (EX-\S+) \| (\S+) \| (\S+Z) \|$", found[2], re.MULTILINE)
    return tables_of(found[1].encode()), rows


@pytest.mark.parametrize("path", SEEDS, ids=lambda p: p.name)
def test_each_file_reads_and_every_pledge_evaluates(path: Path) -> None:
    tables = seed(path.name)
    for facts in all_pledge_facts(tables).values():
        assert status.evaluate(facts, at=LATER).is_listed


def test_the_page_s_example_ends_when_the_page_says() -> None:
    tables, expected = example()
    assert len(expected) == 14
    computed = {}
    for ref, facts in all_pledge_facts(tables).items():
        for term in status.evaluate(facts, at=LATER).terms:
            if term.end is not None:
                assert term.end.is_point
                computed[ref, term.reading.key.removeprefix(f"{ref}.")] = term.end.latest
    assert computed == {(r, k): stated.parse_instant(text) for r, k, text in expected}


def test_the_example_s_retroactive_start_is_listed_from_its_announcement_on() -> None:
    tables, _ = example()
    public = stated.parse_instant("2024-05-09T18:30Z")
    assert not assess(tables, "EX-RETRO", public - timedelta(seconds=1)).is_listed
    assert assess(tables, "EX-RETRO", public).stage == "in_force"


def test_the_example_s_bridge_leaves_no_gap() -> None:
    tables, _ = example()
    for text in ("2022-06-02T15:59Z", "2022-06-02T16:00Z", "2022-06-04T16:00Z"):
        assert assess(tables, "EX-BRIDGE", stated.parse_instant(text)).stage == "in_force", text
    assert assess(tables, "EX-BRIDGE", stated.parse_instant("2022-08-04T16:00Z")).stage == "expired"


def test_the_example_s_suspension_is_of_one_area_and_does_not_stop_the_clock() -> None:
    tables, _ = example()
    during = assess(tables, "EX-AREA", stated.parse_instant("2023-05-02T00:00Z"))
    assert during.overlays == ("suspended:North district",)
    assert during.ends is not None
    assert during.ends.latest == stated.parse_instant("2023-05-19T22:00Z")


def test_the_example_s_step_is_due_as_the_page_says() -> None:
    tables, _ = example()
    due = stated.parse_instant("2024-02-15T05:00Z")
    before = {f.key.kind for f in assess(tables, "EX-STEP", due - timedelta(seconds=1)).flags}
    after = {f.key.kind for f in assess(tables, "EX-STEP", due).flags}
    assert "deadline_missed" in after - before


def test_the_ten_statements_are_what_the_table_says() -> None:
    tables = seed("russia-ukraine-2025.yaml")
    call = tables["instrument"]["call-18-march"]
    assert (call["kind"], call["form"]) == ("call", "oral")
    pledge = tables["pledge"]["UA-ENERGY-RU"]
    assert (pledge["pledgor"], pledge["act"]) == ("russia", "halt")
    assert (pledge["subject"], pledge["beneficiaries"]) == ("energy_infrastructure", ["ukraine"])
    kinds = {ref: (p["kind"], p["party"]) for ref, p in tables["position"].items()}
    assert kinds == {
        "CALL-RU-CONCERN": ("concern", "russia"),
        "CALL-RU-ARMS-TALKS": ("demand", "russia"),
        "CALL-LASTING-CEASEFIRE": ("discussed", "russia"),
        "CALL-US-POLICY": ("discussed", "united-states"),
        "CALL-ADVANCED-WEAPONS": ("shared_aim", "united-states"),
        "CALL-RU-MIDDLE-EAST": ("discussed", "russia"),
        "CALL-US-ECONOMY": ("demand", "united-states"),
        "CALL-US-ASSISTANCE": ("discussed", "united-states"),
        "CALL-WAR-MUST-END": ("shared_aim", "united-states"),
        "CALL-UA-ENERGY": ("proposal", "russia"),
        "CALL-BLACK-SEA": ("discussed", "russia"),
    }
    assert tables["position"]["CALL-WAR-MUST-END"]["speaker"] == "Press Secretary Leavitt"
    on_positions = {
        c["position"]: c["asserted_by"] for c in tables["condition"].values() if c["position"]
    }
    assert on_positions == {
        "CALL-LASTING-CEASEFIRE": "russia",
        "CALL-US-ASSISTANCE": "united-states",
    }
    # Neither acknowledged nor binding: nobody moved them.
    assert not [m for m in tables["move"].values() if m["condition"]]
    assert sorted(tables["pledge"]) == [
        "UA-ENERGY-RU",
        "UA-POW-175-RU",
        "UA-POW-175-UA",
        "UA-WOUNDED-23-RU",
    ]


@pytest.mark.parametrize(
    ("at", "stage", "earliest", "latest"),
    [
        ("2025-03-17T20:59:59Z", None, None, None),
        ("2025-03-17T21:00Z", "in_force", "2025-04-16T21:00Z", "2025-04-17T21:00Z"),
        ("2025-03-18", "in_force", "2025-04-16T21:00Z", "2025-04-17T21:00Z"),
        ("2025-03-24T21:59:59Z", "in_force", "2025-04-16T21:00Z", "2025-04-17T21:00Z"),
        ("2025-03-25", "in_force", "2025-04-16T21:00Z", "2025-04-24T21:00Z"),
        ("2025-04-16T20:59Z", "in_force", "2025-04-16T21:00Z", "2025-04-24T21:00Z"),
        ("2025-04-16T21:00Z", "expired", "2025-04-16T21:00Z", "2025-04-24T21:00Z"),
        ("2025-04-17T21:00Z", "expired", "2025-04-16T21:00Z", "2025-04-24T21:00Z"),
        ("2025-04-24T21:00Z", "expired", "2025-04-16T21:00Z", "2025-04-24T21:00Z"),
    ],
)
def test_the_energy_halt_at_its_boundaries(
    at: str, stage: str | None, earliest: str | None, latest: str | None
) -> None:
    found = assess(seed("russia-ukraine-2025.yaml"), "UA-ENERGY-RU", stated.parse_instant(at))
    assert found.stage == stage
    if earliest is None or latest is None:
        assert found.envelope is None
        return
    assert found.adopted == "UA-ENERGY-RU.russia-count-inclusive"
    assert found.ends is not None
    assert found.envelope is not None
    assert found.ends.latest == stated.parse_instant("2025-04-16T21:00Z")
    assert found.envelope.earliest == stated.parse_instant(earliest)
    assert found.envelope.latest == stated.parse_instant(latest)


def test_other_readings_of_the_energy_halt_end_at_their_instants() -> None:
    tables = seed("russia-ukraine-2025.yaml")
    for text, ended in (
        ("2025-04-17T20:59:59Z", 0),
        ("2025-04-17T21:00Z", 1),
        ("2025-04-23T20:59:59Z", 1),
        ("2025-04-23T21:00Z", 2),
        ("2025-04-24T20:59:59Z", 2),
        ("2025-04-24T21:00Z", 3),
    ):
        flags = assess(tables, "UA-ENERGY-RU", stated.parse_instant(text)).flags
        assert sum(f.key.kind == "reading_ended" for f in flags) == ended, text


def test_the_easter_truce_lasts_thirty_hours() -> None:
    tables = seed("easter-truce-2025.yaml")
    for ref in ("EASTER-RU", "EASTER-UA"):
        for text, stage in (
            ("2025-04-19T14:59:59Z", "scheduled"),
            ("2025-04-19T15:00Z", "in_force"),
            ("2025-04-20T20:59:59Z", "in_force"),
            ("2025-04-20T21:00Z", "expired"),
        ):
            assert assess(tables, ref, stated.parse_instant(text)).stage == stage, (ref, text)


def test_the_withdrawal_from_lebanon_is_extended_and_stays_owed() -> None:
    tables = seed("israel-lebanon-2024.yaml")
    first = assess(tables, "LB-WITHDRAW-IL", stated.parse_instant("2025-01-26T01:59Z"))
    assert first.ends is not None
    assert first.ends.latest == stated.parse_instant("2025-01-26T02:00Z")
    later = assess(tables, "LB-WITHDRAW-IL", stated.parse_instant("2025-02-20"))
    assert later.ends is not None
    assert later.ends.latest == stated.parse_instant("2025-02-18T22:00Z")
    assert later.stage == "in_force"


def test_practice_is_labelled_and_fills_every_band() -> None:
    data = (ROOT / "seeds" / "practice.yaml").read_bytes()
    assert b'title: "PRACTICE: ' in data
    assert b"is_practice: yes" in data
    now = NOW.replace(second=0)
    for shift in (timedelta(), timedelta(hours=13, minutes=39), timedelta(days=24)):
        at = now + shift
        tables = seed("practice.yaml", now=at)
        assert all("(practice)" in str(p["name"]) for p in tables["party"].values())
        found = {ref: assess(tables, ref, at) for ref in tables["pledge"]}
        left = {
            ref: (a.ends.latest - at) / timedelta(hours=1)
            for ref, a in found.items()
            if a.ends is not None and a.stage in {"in_force", "expired"}
        }
        running = [hours for hours in left.values() if hours > 0]
        assert any(hours <= 0 for hours in left.values())
        assert any(hours <= 24 for hours in running)
        assert any(24 < hours <= 72 for hours in running)
        assert any(72 < hours <= 168 for hours in running)
        assert any(hours > 168 for hours in running)
        assert any(a.is_open for a in found.values())
        assert any("clock_stopped" in a.overlays for a in found.values())
        assert any("suspended" in a.overlays for a in found.values())
        stages = {str(a.stage) for a in found.values()}
        assert stages >= {
            "awaiting_conditions",
            "awaiting_trigger",
            "scheduled",
            "in_force",
            "expired",
        }
        assert any("unverified" in {f.key.kind for f in a.flags} for a in found.values())
        split = found["PRACTICE-12"]
        assert split.adopted is None
        assert split.envelope is not None
        assert not split.envelope.is_point
