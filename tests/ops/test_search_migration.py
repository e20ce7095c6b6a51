"""The column that is searched: filled for what was there, and indexed where PostgreSQL lets us."""

from importlib import import_module
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from tests.web import house
from tracker.actions import record
from tracker.domain import searching
from tracker.domain.access import Viewer
from tracker.domain.filters import Filter
from tracker.models import Dossier, Passage, Pledge, SavedView, User, search_index
from tracker.selectors import searches
from tracker.selectors.filters import matching

from .registers import AT, Database, Registers

pytestmark = [pytest.mark.once, pytest.mark.usefixtures("data_dir")]
BEFORE = ("tracker", "0004")
WITHOUT_SHORT_WORDS = ("tracker", "0020")
PLAIN = "plain"


def index() -> str:
    """How PostgreSQL made the index; blank where there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'pledge_search_trigrams'")
        found = cursor.fetchone()
    return str(found[0]) if found else ""


def ordinary(registers: Registers, *, owns: bool) -> Database:
    """A database for somebody who is no superuser; who owns it may have trusted extensions."""
    database = registers.empty("postgresql")
    with registers.on(database), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [PLAIN])
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE ROLE {PLAIN} LOGIN")
        cursor.execute(f"GRANT CREATE ON SCHEMA public TO {PLAIN}")
        if owns:
            cursor.execute(f'ALTER DATABASE "{database["NAME"]}" OWNER TO {PLAIN}')
    return {**database, "USER": PLAIN}


def found(*texts: str) -> list[str]:
    listed = matching(Filter(text=texts), viewer=Viewer(is_site_admin=True), at=house.AT)
    return list(listed.values_list("pledge__ref", flat=True))


@pytest.mark.parametrize("owns", [True, False])
def test_without_a_superuser_it_is_found_with_the_index_or_without(
    registers: Registers, owns: bool
) -> None:
    with registers.on(ordinary(registers, owns=owns)):
        call_command("migrate", interactive=False, verbosity=0)
        assert ("gin_trgm_ops" in index()) is owns
        house.load(house.PARTIES)
        house.dossier("open", public=True)
        assert found("RIVER") == ["OPEN-HALT"]


@pytest.mark.parametrize("vendor", ["sqlite", "postgresql"])
def test_what_was_there_is_found_and_views_have_their_links(
    registers: Registers, vendor: str
) -> None:
    with registers.on(registers.migrated(vendor)):
        house.load(house.PARTIES)
        house.dossier("open", public=True)
        ada = User.objects.create(email="ada@example.org", password="!")
        for name in ("One", "Two"):
            SavedView.objects.create(owner=ada, name=name, made_at=AT, changed_at=AT)
        call_command("migrate", *BEFORE, interactive=False, verbosity=0)
        if vendor == "postgresql":
            assert index() == ""
        call_command("migrate", interactive=False, verbosity=0)
        text = "alpha halts fire for ten days  the river open-halt"
        assert Pledge.objects.get().search == searching.kept(text, ("alpha", "beta"))
        assert found("ten", "Open-Halt", "betas") == ["OPEN-HALT"]
        views: list[Any] = list(SavedView.objects.order_by("pk"))
        assert len({view.uid for view in views}) == len(views) == 2
        assert {view.changed_at for view in views} == {AT}
        if vendor == "postgresql":
            assert "gin_trgm_ops" in index()


@pytest.mark.parametrize("vendor", ["sqlite", "postgresql"])
def test_what_was_there_is_found_by_its_short_words_and_its_parties(
    registers: Registers, vendor: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Batch by batch, and with an index that is kept in step from then on."""
    monkeypatch.setattr(import_module("tracker.migrations.0021_short_words"), "AT_ONCE", 2)
    with registers.on(registers.migrated(vendor)):
        house.load(house.PARTIES)
        house.dossier("open", public=True)
        house.more_pledges("open", 4)
        titles = {"title": "双方停火 in district 77"}
        where = Dossier.objects.get()
        record.put("pledge", "OPEN-HALT", titles, dossier=where, by=None, at=house.AT)
        held = set(Passage.objects.values_list("kind", "key", "text"))
        folded = dict(Pledge.objects.values_list("ref", "search"))
        call_command("migrate", *WITHOUT_SHORT_WORDS, interactive=False, verbosity=0)
        for row in Pledge.objects.all():
            Pledge.objects.filter(pk=row.pk).update(search=row.search.split(searching.APART)[0])
        for one in Passage.objects.all():
            Passage.objects.filter(pk=one.pk).update(text=one.text.split(searching.APART)[0])
        assert found("77") == found("betas") == []
        call_command("migrate", interactive=False, verbosity=0)
        assert dict(Pledge.objects.values_list("ref", "search")) == folded
        assert set(Passage.objects.values_list("kind", "key", "text")) == held
        assert search_index.is_whole(connection)
        for typed, number in (("77", 1), ("停", 1), ("停火 77", 1), ("7", 0), ("betas", 5)):
            words = searching.sought(typed)
            asked = searches.search(viewer=Viewer(), words=words, at=house.AT)
            assert len(found(typed)) == number, typed
            assert searches.count(asked).of.get("pledge", 0) == number, typed
        record.put("pledge", "OPEN-HALT", {"title": "88"}, dossier=where, by=None, at=house.AT)
        assert found("77") == []
        assert found("88") == ["OPEN-HALT"]
