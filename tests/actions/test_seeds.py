"""Loading seed files into the register: all or nothing, once, amended by what changed."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.actions.test_seed_form import BASE
from tracker.actions import seeds
from tracker.models import Dossier, LedgerEntry, Party, Pledge, Position, Reading
from tracker.selectors import ledger, rows

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "seeds").glob("*.yaml"))
AT = datetime(2026, 3, 4, 10, 20, 30, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def load(text: str, *, at: datetime = AT, file: str = "case.yaml") -> seeds.Loaded:
    return seeds.load(file, text.encode(), by=None, at=at)


def refusal(text: str) -> list[str]:
    with pytest.raises(seeds.SeedRefusedError) as refused:
        load(text)
    return refused.value.lines


def test_all_of_seeds_loads_once_and_a_second_time_writes_nothing() -> None:
    for path in FILES:
        loaded = seeds.load(path.name, path.read_bytes(), by=None, at=AT)
        assert loaded.added
        assert not loaded.amended
    entries = LedgerEntry.objects.count()
    states = {d.slug: rows.tables(d) for d in Dossier.objects.all()}
    for path in FILES:
        again = seeds.load(path.name, path.read_bytes(), by=None, at=AT + timedelta(days=3))
        assert (again.added, again.amended, again.left) == ([], [], [])
        assert again.unchanged
    assert LedgerEntry.objects.count() == entries
    assert {d.slug: rows.tables(d) for d in Dossier.objects.all()} == states
    assert [ledger.problem(chain) for chain in ledger.chains()] == [None] * len(ledger.chains())
    assert [list(ledger.differences(chain)) for chain in ledger.chains()] == [
        [] for _ in ledger.chains()
    ]


def test_the_seed_dossiers_hold_what_the_facts_name() -> None:
    for path in FILES:
        seeds.load(path.name, path.read_bytes(), by=None, at=AT)
    pledges = Counter(Pledge.objects.values_list("dossier__slug", flat=True))
    positions = Counter(Position.objects.values_list("dossier__slug", flat=True))
    assert pledges == {
        "russia-ukraine-2025": 4,
        "easter-truce-2025": 2,
        "israel-lebanon-2024": 5,
        "minsk-ii-2015": 7,
        "practice": 15,
    }
    assert positions == {"russia-ukraine-2025": 11, "easter-truce-2025": 1, "practice": 1}
    practice = Dossier.objects.get(slug="practice")
    assert practice.is_practice
    assert practice.title.startswith("PRACTICE")
    assert list(Dossier.objects.filter(is_practice=True)) == [practice]
    assert practice.laid_at == AT.replace(second=0)


def test_practice_keeps_the_moment_of_its_first_loading() -> None:
    path = ROOT / "seeds" / "practice.yaml"
    seeds.load(path.name, path.read_bytes(), by=None, at=AT)
    start = Reading.objects.get(key="PRACTICE-02.as-agreed").start
    text = path.read_text(encoding="utf-8").replace(
        "A buffer of ten kilometres", "A buffer of twelve kilometres"
    )
    later = seeds.load(path.name, text.encode(), by=None, at=AT + timedelta(days=9))
    assert later.amended == [("position", "PRACTICE-BUFFER")]
    assert Reading.objects.get(key="PRACTICE-02.as-agreed").start == start


def test_the_page_s_example_loads() -> None:
    page = (ROOT / "docs" / "seeds.md").read_text(encoding="utf-8")
    found = re.search(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert found is not None
    load(found[1])
    assert Pledge.objects.filter(dossier__slug="worked-example").count() == 10
    assert not load(found[1]).added


def test_a_changed_entry_amends_its_row_with_one_ledger_entry() -> None:
    load(BASE)
    entries = LedgerEntry.objects.count()
    done = load(BASE.replace("title: North halts", "title: North halts fire"), at=AT)
    assert (done.added, done.amended) == ([], [("pledge", "CASE-1")])
    assert LedgerEntry.objects.count() == entries + 1
    change = LedgerEntry.objects.get(chain__name="case", seq=entries + 1 - _parties())
    assert (change.noun, change.row_key, change.action) == ("pledge", "CASE-1", "pledge.amend")
    assert change.reason == "seed file case.yaml"
    assert ledger.tables("case")["pledge"]["CASE-1"]["title"] == "North halts fire"


def _parties() -> int:
    return LedgerEntry.objects.filter(chain__name="parties").count()


def test_a_file_that_is_loaded_again_proves_its_chain() -> None:
    load(BASE)
    assert ledger.problem("case") is None


def test_a_field_that_left_the_file_is_blank_again() -> None:
    load(BASE)
    load(BASE.replace("    beneficiaries: [south]\n", ""))
    assert list(Pledge.objects.get(ref="CASE-1").beneficiaries.all()) == []


def test_an_entry_that_left_the_file_is_left_alone_and_named() -> None:
    load(BASE)
    done = load(BASE[: BASE.index("positions:")])
    assert done.left == [("position", "CASE-3")]
    assert not done.amended
    assert Position.objects.filter(ref="CASE-3").exists()


def test_an_entry_is_taken_back_by_withdrawing_it() -> None:
    load(BASE)
    done = load(
        BASE.replace(
            "title: North asks",
            "title: North asks\n    withdrawn_at: 2025-03-19 UTC\n    withdrawn_reason: A slip.",
        )
    )
    assert done.amended == [("position", "CASE-3")]
    assert Position.objects.get(ref="CASE-3").withdrawn_at == "2025-03-19 UTC"


def test_a_party_keeps_what_another_file_leaves_out() -> None:
    load("parties:\n  north: {name: North, kind: state, iso: NO, aliases: [Up]}\n")
    load(BASE)
    party = Party.objects.get(slug="north")
    assert (party.iso, party.aliases) == ("NO", ["Up"])


def test_a_second_file_adds_to_the_dossier() -> None:
    load(BASE)
    done = load(
        "dossier: {slug: case}\n"
        "positions:\n"
        "  CASE-9: {title: South asks, kind: demand, party: south, instrument: call}\n",
        file="more.yaml",
    )
    assert done.added == [("position", "CASE-9")]
    assert done.left == []
    assert Dossier.objects.get(slug="case").title == "A case"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("pledgor: south", "pledgor: west", "there is no party 'west'"),
        ("zone: Europe/Kyiv", "zone: Europe/Keiv", "not a time zone"),
        # Seen only when it is written: withdrawn before it was ever public.
        (
            "effective: 2025-03-20 Europe/Moscow",
            "effective: 2025-03-01 Europe/Moscow\n        public: 2025-03-01 Europe/Moscow",
            "field 'pledges.CASE-1.moves.1.effective'",
        ),
    ],
)
def test_a_mistake_loads_nothing_of_the_file(old: str, new: str, told: str) -> None:
    lines = refusal(BASE.replace(old, new))
    assert any(told in line for line in lines), lines
    assert all(re.match(r"case\.yaml:\d+: ", line) for line in lines)
    assert not Dossier.objects.exists()
    assert not Party.objects.exists()
    assert not LedgerEntry.objects.exists()


def test_a_mistake_in_a_changed_file_leaves_the_register_as_it_was() -> None:
    load(BASE)
    states = rows.tables(Dossier.objects.get())
    refusal(BASE.replace("title: North halts", "title: Other").replace("rule: until}", "rule: x}"))
    assert rows.tables(Dossier.objects.get()) == states


def test_a_reference_of_another_dossier_is_refused() -> None:
    load(BASE)
    lines = refusal(BASE.replace("slug: case", "slug: other"))
    assert sum("is taken by the dossier 'case'" in line for line in lines) == 3


def test_the_order_of_entries_in_the_file_does_not_matter() -> None:
    head, tail = BASE[: BASE.index("pledges:")], BASE[BASE.index("pledges:") :]
    cut = tail.index("positions:")
    load(
        head
        + tail[cut:]
        + tail[:cut].replace("act: halt", "reciprocates: [CASE-2]\n    act: halt", 1)
    )
    assert [p.ref for p in Pledge.objects.get(ref="CASE-1").reciprocates.all()] == ["CASE-2"]


def test_two_pledges_may_reciprocate_each_other() -> None:
    text = BASE.replace("act: halt", "reciprocates: [CASE-2]\n    act: halt", 1)
    at = text.index("  CASE-2:")
    text = text[:at] + text[at:].replace("act: halt", "reciprocates: [CASE-1]\n    act: halt", 1)
    load(text)
    assert [p.ref for p in Pledge.objects.get(ref="CASE-1").reciprocates.all()] == ["CASE-2"]
    assert [p.ref for p in Pledge.objects.get(ref="CASE-2").reciprocates.all()] == ["CASE-1"]
    again = load(text)
    assert (again.added, again.amended) == ([], [])


def command(*paths: Path | str) -> str:
    out = StringIO()
    call_command("loadseeds", *map(str, paths), stdout=out)
    return out.getvalue()


def test_the_command_tells_what_it_did(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(BASE, encoding="utf-8")
    assert re.search(r"case\.yaml: \d+ added, 0 amended, 0 unchanged\.", command(path))
    assert re.search(r"case\.yaml: nothing to do, \d+ unchanged\.", command(tmp_path))
    path.write_text(BASE.replace("North asks", "North demands"), encoding="utf-8")
    assert "amended: position CASE-3" in command(path)
    path.write_text(BASE[: BASE.index("positions:")], encoding="utf-8")
    assert "no longer in the file, left alone: position CASE-3" in command(path)


def test_the_command_loads_the_good_files_and_fails_for_the_bad(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(BASE, encoding="utf-8")
    bad.write_text("dossier: {slug: bad, titel: Bad}\n", encoding="utf-8")
    with pytest.raises(CommandError) as failed:
        command(bad, good, tmp_path / "none.yaml")
    assert failed.value.returncode == 1
    told = str(failed.value)
    assert f"{bad}:1: field 'dossier.titel': 'titel' is not a known field here" in told
    assert "none.yaml: there is no such file" in told
    assert Dossier.objects.filter(slug="case").exists()
    assert not Dossier.objects.filter(slug="bad").exists()


def test_the_command_loads_all_of_seeds_when_no_path_is_named() -> None:
    command()
    assert Dossier.objects.count() == 5
