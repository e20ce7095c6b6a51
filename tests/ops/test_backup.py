"""The file: what is in it and what is not, that it is of one instant, and that damage shows."""

import hashlib
import json
import re
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError
from django.db import connection, connections
from django.db.models import AutoField, OneToOneField

from tracker.actions import users
from tracker.exports import backups, stored_files
from tracker.models import Delivery, LedgerEntry, Message, User, search_index
from tracker.selectors import tables

from .registers import AT, Registers, check, dump, fill, members, save

pytestmark = pytest.mark.usefixtures("data_dir")


@pytest.fixture(scope="module", autouse=True)
def _source(registers: Registers) -> Iterator[None]:
    """A register to be read only."""
    with registers.on(registers.migrated()):
        fill()
        yield


def manifest(path: Path) -> Any:
    return json.loads(members(path)["manifest.json"])


# --- what is in it


def test_it_is_private_and_says_what_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "one.zip"
    said = save(path)
    rows = dump()
    assert path.stat().st_mode & 0o777 == 0o600
    assert re.match(
        rf"{re.escape(str(path))} is written: {sum(map(len, rows.values()))} rows in {len(rows)}"
        r" tables, \d+ ledger entries in 3 chains, 0 files; 0\.\d MB, \d+\.\d s\.\n$",
        said,
    )
    told = manifest(path)
    assert (told["format"], told["product"], told["version"]) == (
        *(1, "ceasefire-tracker"),
        backups.version(),
    )
    assert told["database"] == connection.vendor
    assert "tracker.0001_initial" in told["migrations"]
    found = members(path)
    for name, table in told["tables"].items():
        text = found[f"tables/{name}.jsonl"]
        assert hashlib.sha256(text).hexdigest() == table["sha256"]
        assert [json.loads(line) for line in text.splitlines()] == rows[name]
        assert len(rows[name]) == table["rows"]
    for name, head in told["chains"].items():
        last = LedgerEntry.objects.filter(chain=name).latest("seq")
        assert head == {"seq": last.seq, "hash": last.hash}
    assert set(told["chains"]) == {"case", "parties", "people"}
    assert "holds:" in check(path)


def test_every_table_is_in_it_or_left_out_with_a_reason(tmp_path: Path) -> None:
    save(tmp_path / "one.zip")
    told = manifest(tmp_path / "one.zip")
    # SQLite's index of a table that is left out lies in tables of its own.
    there = {
        name
        for name in connection.introspection.table_names()
        if not name.startswith((search_index.PASSAGES.name, search_index.PLEDGES.name))
    }
    inside, outside = set(told["tables"]), set(tables.LEFT_OUT)
    assert there - inside - outside == set(), "neither saved nor left out: selectors/tables.py"
    assert inside & outside == set()
    assert outside <= there
    assert told["left_out"] == tables.LEFT_OUT
    page = (django_settings.ROOT / "docs" / "backup.md").read_text()
    for name, why in {**tables.LEFT_OUT, **stored_files.LEFT_OUT}.items():
        assert f"| `{name}` | {why} |" in page


def test_rows_are_in_an_order_that_every_database_knows() -> None:
    """The order of texts is the database's own, and the sums are over the rows in order."""
    for table in tables.at(tables.applied(connection)).values():
        key = table.model._meta.pk
        if isinstance(key, OneToOneField):
            key = key.target_field
        assert isinstance(key, AutoField), table.name


def test_stored_files_are_in_it_and_what_the_machine_needs_is_not(
    data_dir: Path, tmp_path: Path
) -> None:
    kept = {"files/a.pdf": b"a", "files/deep/er/log.log": b"", "later": b"\x00\xff"}
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "big").write_bytes(b"b")
    left = [
        *("secret-key", "demo-login", "prepared.json", ".draft", "broker.log"),
        *(
            "tracker.sqlite3",
            "tracker.sqlite3-wal",
            "mailbox/1.eml",
            "run/pids.json",
            "broker/a.aof",
        ),
        *("backups/old.zip", "beat-schedule"),
    ]
    for name, text in {**kept, **dict.fromkeys(left, b"x")}.items():
        (data_dir / name).parent.mkdir(parents=True, exist_ok=True)
        (data_dir / name).write_bytes(text)
    (data_dir / "linked").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "back").symlink_to(data_dir)
    save(tmp_path / "one.zip")
    kept["linked/big"] = b"b"
    assert set(manifest(tmp_path / "one.zip")["files"]) == set(kept)
    found = members(tmp_path / "one.zip")
    assert {name: found[f"files/{name}"] for name in kept} == kept
    check(tmp_path / "one.zip")


# --- how it is written


def test_it_writes_over_nothing(tmp_path: Path) -> None:
    (tmp_path / "one.zip").write_text("mine")
    (tmp_path / "two.zip").symlink_to(tmp_path / "nowhere")
    for name in ("one.zip", "two.zip"):
        with pytest.raises(CommandError, match=rf"{name} is there already\. Name another"):
            save(tmp_path / name)
    assert (tmp_path / "one.zip").read_text() == "mine"


def test_a_file_that_came_meanwhile_is_not_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = backups._fill

    def meanwhile(*given: Any, **more: Any) -> Any:
        (tmp_path / "one.zip").write_text("mine")
        return real(*given, **more)

    monkeypatch.setattr(backups, "_fill", meanwhile)
    with pytest.raises(CommandError, match="is there already"):
        save(tmp_path / "one.zip")
    assert (tmp_path / "one.zip").read_text() == "mine"
    assert [p.name for p in tmp_path.glob("*one*")] == ["one.zip"]


def test_a_failure_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    before = sorted(tmp_path.iterdir())
    monkeypatch.setattr(backups, "_fill", full)
    with pytest.raises(CommandError, match=r"one\.zip cannot be written: No space left on device"):
        save(tmp_path / "one.zip")
    monkeypatch.setattr(backups, "_place", full)
    with pytest.raises(CommandError, match="cannot be written"):
        save(tmp_path / "one.zip")
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nowhere/one.zip", r"There is no folder .*nowhere\. Make it first\."),
        ("data/one.zip", r"lies in the data folder, which is itself backed up\..*data/backups"),
    ],
)
def test_a_place_that_will_not_do(tmp_path: Path, name: str, said: str) -> None:
    with pytest.raises(CommandError, match=said):
        save(tmp_path / name)


def test_the_data_folder_has_a_place_for_backups(data_dir: Path) -> None:
    (data_dir / "backups").mkdir()
    save(data_dir / "backups" / "one.zip")
    save(data_dir / "backups" / "two.zip")
    assert manifest(data_dir / "backups" / "two.zip")["files"] == {}


def test_a_database_without_a_register_has_none_to_save(
    registers: Registers, tmp_path: Path
) -> None:
    with (
        registers.on(registers.empty()),
        pytest.raises(CommandError, match=r"holds no register\. Check DATABASE_URL"),
    ):
        save(tmp_path / "one.zip")
    assert not (tmp_path / "one.zip").exists()


def test_it_is_of_one_instant_and_keeps_no_writer_waiting(
    registers: Registers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, wrote = tables.Table.rows, []

    def enter() -> None:
        users.register(email="eve@example.org", name="Eve", password=None, by=None, at=AT)
        wrote.append(connection.vendor)
        connections.close_all()

    def meanwhile(table: tables.Table, *, using: str) -> Iterator[list[Any]]:
        for row in real(table, using=using):
            if not wrote:
                writer = Thread(target=enter)
                writer.start()
                writer.join(10)
                assert wrote, "the writer waited for the backup"
            yield row

    with registers.on(registers.migrated()):
        fill()
        before = dump()
        monkeypatch.setattr(tables.Table, "rows", meanwhile)
        save(tmp_path / "one.zip")
        monkeypatch.undo()
        assert User.objects.filter(email="eve@example.org").exists()
        found = members(tmp_path / "one.zip")
        for name, rows in before.items():
            assert [json.loads(x) for x in found[f"tables/{name}.jsonl"].splitlines()] == rows
        archive = tmp_path / "one.zip"
        check(archive)
        # and the connection is as it was
        users.register(email="two@example.org", name="Two", password=None, by=None, at=AT)


def test_rows_pass_through_one_by_one(registers: Registers, tmp_path: Path) -> None:
    with registers.on(registers.migrated()):
        fill()
        message = Message.objects.get()
        Delivery.objects.bulk_create(
            (
                Delivery(
                    message=message, attempt=n, at=AT, outcome="sent", detail=f"{n} " + "x" * 9990
                )
                for n in range(2, 4002)
            ),
            batch_size=100,
        )
        save(tmp_path / "warm.zip")
        tracemalloc.start()
        try:
            save(tmp_path / "one.zip")
            check(tmp_path / "one.zip")
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert manifest(tmp_path / "one.zip")["tables"]["tracker_delivery"]["bytes"] > 40e6
    assert peak < 20e6
