"""The column that is searched: filled for what was there, and indexed where PostgreSQL lets us."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from tests.web import house
from tracker.domain.access import Viewer
from tracker.domain.filters import Filter
from tracker.models import Pledge, SavedView, User
from tracker.selectors.filters import matching

from .registers import AT, Database, Registers

pytestmark = [pytest.mark.once, pytest.mark.usefixtures("data_dir")]
BEFORE = ("tracker", "0004")
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
        assert Pledge.objects.get().search == "alpha halts fire for ten days  the river open-halt"
        assert found("ten", "Open-Halt") == ["OPEN-HALT"]
        views: list[Any] = list(SavedView.objects.order_by("pk"))
        assert len({view.uid for view in views}) == len(views) == 2
        assert {view.changed_at for view in views} == {AT}
        if vendor == "postgresql":
            assert "gin_trgm_ops" in index()
