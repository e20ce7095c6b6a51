"""Upgrades: a register of the first release goes on under today's, and so do its backups.

``first-release.zip`` is a backup that the first release made of its example dossiers, two people
and an alert. It is never made anew: with each migration that comes, these tests prove that one.
"""

import json
import shutil
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.test import Client

from tracker.exports import archives
from tracker.models import Dossier, LedgerChain, append_only
from tracker.selectors import ledger, tables

from .registers import (
    PASSWORD,
    Database,
    Registers,
    check,
    dump,
    fill,
    members,
    restore,
    save,
    tables_there,
)

pytestmark = pytest.mark.usefixtures("data_dir")
FIRST = Path(__file__).with_name("first-release.zip")
ACCEPTANCE = "2025-04-16T20:59Z"


def verified() -> str:
    said = StringIO()
    call_command("verifyledger", stdout=said)
    return said.getvalue()


def as_released(registers: Registers) -> Database:
    """A database with the tables of the first release and its rows, laid by its own models."""
    found = registers.empty()
    with registers.on(found):
        with archives.opened(FIRST) as backup:
            told = backup.manifest
            MigrationExecutor(connection).migrate(tables.latest(told.migrations))
            state = tables.at(told.migrations)
            with connection.constraint_checks_disabled(), transaction.atomic():
                for name, table in state.items():
                    assert tuple(table.columns) == told.tables[name].columns
                    table.model._base_manager.bulk_create(
                        instance(table, row) for row in backup.rows(name)
                    )
            connection.check_constraints()
        assert tables.applied(connection) == told.migrations
    return found


def instance(table: tables.Table, row: list[Any]) -> models.Model:
    values = zip(table.fields, row, strict=True)
    return table.model(**{field.attname: field.to_python(value) for field, value in values})


@pytest.fixture(scope="module")
def upgraded(registers: Registers) -> Iterator[None]:
    """The first release's register, migrated to today."""
    with registers.on(as_released(registers)):
        call_command("migrate", interactive=False, verbosity=0)
        yield


@pytest.mark.usefixtures("upgraded")
def test_nothing_is_left_to_migrate_and_the_ledger_is_append_only() -> None:
    call_command("migrate", check_unapplied=True, stdout=StringIO())
    assert append_only.missing(connection) == []


@pytest.mark.usefixtures("upgraded")
def test_the_ledger_is_the_one_that_was_and_holds() -> None:
    kept = json.loads(members(FIRST)["manifest.json"])["chains"]
    for name, head in kept.items():
        assert ledger.problem(name, saved=head) is None
    assert f"{sum(head['seq'] for head in kept.values())} entries hold." in verified()


@pytest.mark.usefixtures("upgraded")
def test_its_pages_are_there() -> None:
    visitor = Client()
    board = visitor.get("/", {"at": ACCEPTANCE}).content.decode()
    assert "UA-ENERGY-RU" in board
    assert visitor.get("/").status_code == 200
    assert visitor.get("/pledges/UA-ENERGY-RU/", {"at": ACCEPTANCE}).status_code == 200
    for dossier in Dossier.objects.filter(is_public=True):
        assert visitor.get(f"/dossiers/{dossier.slug}/", {"at": ACCEPTANCE}).status_code == 200


@pytest.mark.usefixtures("upgraded")
def test_it_is_saved_and_restored(registers: Registers, tmp_path: Path) -> None:
    before = dump()
    save(tmp_path / "today.zip")
    assert "holds:" in check(tmp_path / "today.zip")
    with registers.on(registers.migrated()):
        assert "earlier release" not in restore(tmp_path / "today.zip")
        assert dump() == before
        verified()
        analyst = Client()
        assert analyst.login(email="ada@example.org", password=PASSWORD)
        assert analyst.get("/").status_code == 200


@pytest.mark.usefixtures("upgraded")
def test_the_first_releases_backup_comes_out_as_its_migrated_database(
    registers: Registers,
) -> None:
    before = dump()
    with registers.on(registers.empty()):
        restore(FIRST)
        assert dump() == before
        verified()


def test_every_migration_can_be_one_of_many_in_a_transaction() -> None:
    """Else a backup of an earlier release could be restored in parts."""
    found = MigrationLoader(None).disk_migrations
    assert [key for key, migration in found.items() if not migration.atomic] == []


# --- releases to come


LATER = """
from django.db import migrations, models


def fill(apps, schema_editor):
    pledges = apps.get_model("tracker", "Pledge").objects
    for pledge in pledges.all():
        pledge.mark = pledge.ref.upper()
        pledge.save(update_fields=["mark"])
    assert pledges.exclude(mark="").exists()


class Migration(migrations.Migration):
    dependencies = [("tracker", "{leaf}")]
    operations = [
        migrations.AddField("pledge", "mark", models.CharField(max_length=100, db_default="")),
        migrations.RunPython(fill),
    ]
"""
LAST = """
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracker", "9998_later")]
    operations = [
        migrations.CreateModel("Remark", [("id", models.BigAutoField(primary_key=True)),
            ("pledge", models.ForeignKey("tracker.pledge", models.PROTECT))]),
        migrations.AlterField("ledgerentry", "reason",
            models.TextField(blank=True, default="", db_default="")),
        migrations.AddField("pledge", "second", models.CharField(max_length=9, db_default="")),
    ]
"""


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Setting of a release that has two migrations more."""
    package = f"later_{tmp_path.name}".replace("-", "_")
    folder = tmp_path / package
    ours = Path(sys.modules["tracker"].__file__ or "").parent / "migrations"
    shutil.copytree(ours, folder, ignore=shutil.ignore_patterns("__pycache__"))
    leaf = max(path.stem for path in ours.glob("[0-9]*.py"))
    (folder / "9998_later.py").write_text(LATER.replace("{leaf}", leaf))
    (folder / "9999_last.py").write_text(LAST)
    monkeypatch.syspath_prepend(str(tmp_path))
    return {"tracker": package}


def test_a_backup_of_an_earlier_release_is_migrated(
    registers: Registers, source: Database, saved: Path, later: dict[str, str], settings: Any
) -> None:
    with registers.on(source):
        before = dump()
    settings.MIGRATION_MODULES = later
    with registers.on(registers.empty()):
        said = restore(saved)
        assert "It was of an earlier release: 2 migrations were applied" in said
        assert "the last tracker.9999_last" in said
        with connection.cursor() as cursor:
            cursor.execute("SELECT ref, mark FROM tracker_pledge ORDER BY ref")
            assert cursor.fetchall() == [("case-1", "CASE-1"), ("case-2", "CASE-2")]
        assert append_only.missing(connection) == []
        assert list(ledger.differences("case")) == []
        after = dump()
        assert set(after) - set(before) == {"tracker_remark"}
        assert after["tracker_ledgerentry"] == before["tracker_ledgerentry"]


def test_a_backup_of_a_newer_release_is_refused(
    registers: Registers, tmp_path: Path, later: dict[str, str], settings: Any
) -> None:
    with registers.on(registers.migrated()):
        fill()
        settings.MIGRATION_MODULES = later
        call_command("migrate", interactive=False, verbosity=0)
        save(tmp_path / "later.zip")
    settings.MIGRATION_MODULES = {}
    with registers.on(registers.empty()):
        for deed in (restore, check):
            with pytest.raises(CommandError, match=r"newer release.*tracker\.9998_later") as no:
                deed(tmp_path / "later.zip")
            assert "\n" not in str(no.value)
        assert tables_there() == []


def test_an_empty_database_of_an_earlier_release_is_made_anew(
    registers: Registers, saved: Path, later: dict[str, str], settings: Any
) -> None:
    settings.MIGRATION_MODULES = later
    with registers.on(registers.migrated()):
        restore(saved)
        assert LedgerChain.objects.count() == 3
        assert "tracker_remark" in tables_there()
