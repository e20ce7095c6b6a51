"""A backup into an empty database: the same rows, on either database, or nothing at all."""

import shutil
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from tracker.actions import restores, users
from tracker.models import (
    NOUNS,
    Dossier,
    LedgerEntry,
    Membership,
    Pledge,
    SweepRun,
    User,
    append_only,
)
from tracker.selectors import ledger, tables

from .registers import AT, PASSWORD, Database, Registers, dump, fill, restore, save, tables_there

pytestmark = pytest.mark.usefixtures("data_dir")

MEMBERSHIP = Membership._meta.db_table
OTHER = {"sqlite": "postgresql", "postgresql": "sqlite"}


@pytest.mark.parametrize("state", ["empty", "migrated"])
def test_everything_is_as_it_was(
    registers: Registers, source: Database, saved: Path, state: str
) -> None:
    with registers.on(source):
        before = dump()
        assert all(before[noun._meta.db_table] for noun in NOUNS.values())
    with registers.on(getattr(registers, state)()):
        said = restore(saved)
        assert f"{sum(map(len, before.values()))} rows, 3 chains" in said
        assert "earlier release" not in said
        assert dump() == before
        call_command("verifyledger", stdout=StringIO())
        call_command("migrate", check_unapplied=True, stdout=StringIO())


def test_it_can_be_used_at_once(registers: Registers, source: Database, saved: Path) -> None:
    with registers.on(registers.migrated()):
        restore(saved)
        client = Client()
        assert client.login(email="ada@example.org", password=PASSWORD)
        assert "case-1" in client.get("/?at=2025-04-01").content.decode()
        assert not Client().login(email="ada@example.org", password="another")
        users.register(email="eve@example.org", name="Eve", password=None, by=None, at=AT)
        assert ledger.problem("people") is None


def test_who_was_signed_in_is_not(registers: Registers, saved: Path) -> None:
    with registers.on(registers.migrated()):
        restore(saved)
        assert not Session.objects.exists()
        assert not SweepRun.objects.exists()


def test_the_ledger_is_append_only_afterwards(registers: Registers, saved: Path) -> None:
    with registers.on(registers.migrated()):
        restore(saved)
        assert append_only.missing(connection) == []
        entries = LedgerEntry.objects.order_by("pk")
        for deed in (lambda: entries.update(reason="x"), entries[0].delete):
            with pytest.raises(IntegrityError, match="never altered or deleted"):
                deed()


def test_references_are_checked_afterwards(registers: Registers, saved: Path) -> None:
    with registers.on(registers.migrated()):
        restore(saved)
        with pytest.raises(IntegrityError), transaction.atomic():
            Pledge.objects.update(instrument_id=10**9)


def test_no_number_is_given_twice(registers: Registers, source: Database, saved: Path) -> None:
    with registers.on(source):
        gone = tables.last_number(connection, tables.at(tables.applied(connection))[MEMBERSHIP])
        assert gone == 1 + Membership.objects.latest("pk").pk
    with registers.on(registers.migrated()):
        restore(saved)
        new = users.register(email="eve@example.org", name="Eve", password=None, by=None, at=AT)
        added = Membership.objects.create(
            dossier=Dossier.objects.get(), user=new, role="reader", recorded_at=AT
        )
        assert added.pk == gone + 1
        assert new.pk == User.objects.exclude(pk=new.pk).latest("pk").pk + 1


@pytest.mark.once
def test_rows_are_the_same_from_one_database_to_the_other_and_back(
    registers: Registers, source: Database, saved: Path, tmp_path: Path
) -> None:
    there, back = registers.empty(OTHER[registers.vendor]), registers.migrated()
    with registers.on(source):
        before = dump()
    with registers.on(there):
        assert connection.vendor == OTHER[registers.vendor]
        restore(saved)
        assert dump() == before
        call_command("verifyledger", stdout=StringIO())
        save(tmp_path / "there.zip")
    with registers.on(back):
        restore(tmp_path / "there.zip")
        assert dump() == before


# --- refusals


def test_a_database_with_rows_is_left_as_it_is(registers: Registers, saved: Path) -> None:
    with registers.on(registers.migrated()):
        users.register(email="eve@example.org", name="Eve", password=None, by=None, at=AT)
        before = dump()
        with pytest.raises(CommandError, match=r"is not empty: \w+ has rows") as no:
            restore(saved)
        assert "\n" not in str(no.value)
        assert "Nothing was restored." in str(no.value)
        assert dump() == before


@pytest.mark.parametrize(
    ("state", "step"),
    [
        ("empty", "_number_on"),
        ("migrated", "_load"),
        ("migrated", "_check_ledger"),
    ],
)
def test_a_failure_half_way_leaves_the_database_empty(
    registers: Registers,
    saved: Path,
    data_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
    state: str,
    step: str,
) -> None:
    real, calls = getattr(restores, step), []

    def fail(*given: Any) -> None:
        real(*given)
        calls.append(given)
        if step != "_load" or len(calls) == 20:
            raise RuntimeError("the power went")

    monkeypatch.setattr(restores, step, fail)
    with registers.on(getattr(registers, state)()):
        before = tables_there()
        with pytest.raises(RuntimeError, match="the power went"):
            restore(saved)
        assert tables_there() == before
        assert not any(dump().values())
        assert list(data_dir.iterdir()) == []
        monkeypatch.undo()
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                assert cursor.execute("PRAGMA foreign_keys").fetchone() == (1,)
        call_command("migrate", interactive=False, verbosity=0)
        user = users.register(email="eve@example.org", name="Eve", password=None, by=None, at=AT)
        assert LedgerEntry.objects.get().row_id == user.pk


def test_a_row_written_behind_the_ledgers_back_is_not_restored(
    registers: Registers, tmp_path: Path
) -> None:
    with registers.on(registers.migrated()):
        fill()
        Pledge.objects.filter(ref="case-1").update(title="Something else")
        save(tmp_path / "one.zip")
    with registers.on(registers.migrated()):
        with pytest.raises(CommandError, match="case-1: title differs from the ledger"):
            restore(tmp_path / "one.zip")
        assert not any(dump().values())


def test_a_chain_that_does_not_hold_is_told_when_it_is_saved(
    registers: Registers, tmp_path: Path
) -> None:
    path = tmp_path / "one.zip"
    with registers.on(registers.migrated()):
        fill()
        append_only.lift(connection)
        LedgerEntry.objects.filter(chain__name="case", seq=3).update(reason="another")
        with pytest.raises(CommandError, match=r"The ledger does not hold.*case #3.*was altered"):
            save(path)
    assert path.exists()  # damaged rows are better than none
    with registers.on(registers.migrated()):
        with pytest.raises(CommandError, match="case #3: this entry was altered"):
            restore(path)
        assert not any(dump().values())


def test_a_database_of_a_newer_release_is_neither_read_nor_written(
    registers: Registers, saved: Path, tmp_path: Path
) -> None:
    with registers.on(registers.migrated()):
        MigrationRecorder(connection).record_applied("tracker", "9999_later")
        for deed, path in ((save, tmp_path / "new.zip"), (restore, saved)):
            with pytest.raises(CommandError, match=r"newer release: tracker\.9999_later"):
                deed(path)
        assert not (tmp_path / "new.zip").exists()


# --- stored files


def test_stored_files_come_along(
    registers: Registers, source: Database, data_dir: Path, tmp_path: Path, settings: Any
) -> None:
    (data_dir / "files" / "a").mkdir(parents=True)
    (data_dir / "files" / "a" / "ü.pdf").write_bytes(bytes(range(256)) * 9000)
    (data_dir / "files" / "evidence.log").write_bytes(b"")
    with registers.on(source):
        assert "2 files" in save(tmp_path / "one.zip")
    settings.DATA_DIR = tmp_path / "new"
    settings.DATA_DIR.mkdir()
    with registers.on(registers.migrated()):
        restore(tmp_path / "one.zip")
    found = {p.relative_to(tmp_path / "new").as_posix() for p in (tmp_path / "new").rglob("*")}
    assert found == {"files", "files/a", "files/a/ü.pdf", "files/evidence.log"}
    copied = tmp_path / "new" / "files" / "a" / "ü.pdf"
    assert copied.read_bytes() == bytes(range(256)) * 9000
    assert copied.stat().st_mode & 0o777 == 0o600


def test_stored_files_are_not_written_over_nor_left_behind(
    registers: Registers,
    source: Database,
    data_dir: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (data_dir / "files").mkdir()
    (data_dir / "files" / "one").write_text("one")
    with registers.on(source):
        save(tmp_path / "one.zip")
    with registers.on(registers.migrated()):
        with pytest.raises(CommandError, match="files/one is there already"):
            restore(tmp_path / "one.zip")
        assert not any(dump().values())
        shutil.rmtree(data_dir / "files")

        def fail(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(Path, "rename", fail)
        with pytest.raises(CommandError, match="No space left on device"):
            restore(tmp_path / "one.zip")
        assert not any(dump().values())
        assert [p for p in data_dir.rglob("*") if p.is_file()] == []
