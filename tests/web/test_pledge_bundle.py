"""The page of a pledge's evidence, and the archive as it is served."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.actions.house import PUBLIC
from tracker.actions import sources
from tracker.exports import bundle_check
from tracker.models import Dossier, LedgerChain

from . import house

pytestmark = pytest.mark.usefixtures("open_house")
PAGE, FILE = "/pledges/SHUT-HALT/bundle/", "/pledges/SHUT-HALT/evidence.zip"


def fetched(member: Client) -> bytes:
    answer: Any = member.get(FILE)
    assert answer.status_code == 200
    return bytes(answer.getvalue())


def test_it_says_what_the_archive_holds_and_how_it_is_checked(member: Client) -> None:
    said = member.get(PAGE).content.decode()
    head = LedgerChain.objects.get(name="shut")
    assert f"--head shut={head.seq}:{head.hash}" in said
    assert "python3 check.py SHUT-HALT.zip" in said
    assert "Accounts" in said
    assert f'href="{FILE}"' in said


def test_the_archive_is_an_attachment_that_holds(member: Client, tmp_path: Path) -> None:
    answer = member.get(FILE)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="SHUT-HALT.zip"'
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    content = fetched(member)
    with ZipFile(BytesIO(content)) as archive:
        assert json.loads(archive.read("manifest.json"))["pledge"] == "SHUT-HALT"
    path = tmp_path / "b.zip"
    path.write_bytes(content)
    head = LedgerChain.objects.get(name="shut")
    said: list[str] = []
    assert bundle_check.check(str(path), {"shut": f"{head.seq}:{head.hash}"}, said.append) == 0, (
        said
    )


def test_queries_do_not_grow_with_the_rows(member: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            fetched(member)
        return len(seen)

    first = queries()
    for number in range(5):
        sources.add(
            dossier=Dossier.objects.get(slug="shut"),
            key=f"more-{number}",
            title="More",
            kind="news",
            published=PUBLIC,
            public=PUBLIC,
            by=None,
            at=house.AT,
        )
    assert queries() == first


def test_strangers_and_visitors_get_nothing(stranger: Client, client: Client) -> None:
    for address in (PAGE, FILE):
        assert stranger.get(address).status_code == 404
        assert client.get(address).status_code == 302
        assert stranger.get(address.replace("SHUT-HALT", "NOBODYS")).status_code == 404


def test_of_a_public_dossier_too_whole_texts_are_for_members(stranger: Client) -> None:
    Dossier.objects.filter(slug="shut").update(is_public=True)
    assert stranger.get(FILE).status_code in {403, 404}
