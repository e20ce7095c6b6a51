"""``?at=`` and ``?known=``: what cannot be read is refused, and what was typed is kept."""

import pytest
from django.test import Client

pytestmark = pytest.mark.usefixtures("open_house")

PAGES = (
    "/",
    "/dossiers/open/",
    "/pledges/OPEN-HALT/",
    "/parties/alpha/",
    "/sources/open/readout/",
)


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("typed", ["tomorrow", "2026-02-30", "2026-03-04T25:00", "0001-01-01", "1"])
def test_a_bad_instant_is_422_and_stays_in_its_field(
    client: Client, address: str, typed: str
) -> None:
    response = client.get(address, {"at": typed})
    assert response.status_code == 422
    shown = " ".join(response.content.decode().split())
    assert f'name="at" type="text" value="{typed}"' in shown
    assert 'href="#asked-at"' in shown
    assert "Write 2025-04-16T20:59Z" in shown


def test_what_was_typed_is_text(client: Client) -> None:
    response = client.get("/", {"at": "<script>alert(1)</script>"})
    assert response.status_code == 422
    assert "<script>alert" not in response.content.decode()


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("typed", ["2026-03-04", "2026-03-04T10:00Z", "2026-03-04T11:00+01:00"])
def test_every_read_page_takes_an_instant(client: Client, address: str, typed: str) -> None:
    response = client.get(address, {"at": typed})
    assert response.status_code == 200
    shown = response.content.decode()
    assert "As it stood" in shown
    assert f'href="{address}">Back to now' in shown


def test_a_bare_date_is_midnight_utc(client: Client) -> None:
    shown = client.get("/", {"at": "2026-03-04"}).content.decode()
    assert '<time datetime="2026-03-04T00:00Z">' in shown


@pytest.mark.parametrize("address", ["/", "/parties/alpha/"])
def test_known_is_answered_within_one_dossier_only(client: Client, address: str) -> None:
    response = client.get(address, {"known": "2026-03-04"})
    assert response.status_code == 422
    assert "cannot be asked of this page" in response.content.decode()


@pytest.mark.parametrize("address", ["/dossiers/open/", "/pledges/OPEN-HALT/"])
def test_a_bad_known_names_itself(client: Client, address: str) -> None:
    response = client.get(address, {"known": "then"})
    assert response.status_code == 422
    assert 'href="#asked-known"' in response.content.decode()


def test_known_is_carried_to_pages_of_the_dossier(client: Client) -> None:
    shown = client.get("/dossiers/open/", {"known": "2026-03-05"}).content.decode()
    assert "/pledges/OPEN-HALT/?known=2026-03-05" in shown
    assert "/parties/alpha/?known" not in shown


def test_what_was_not_recorded_yet_is_not_there(client: Client) -> None:
    assert client.get("/pledges/OPEN-HALT/", {"known": "2026-03-04"}).status_code == 404
    assert client.get("/pledges/OPEN-HALT/", {"known": "2026-03-05"}).status_code == 200
    assert client.get("/sources/open/readout/", {"known": "2026-03-04"}).status_code == 404
    assert client.get("/sources/open/readout/", {"known": "2026-03-05"}).status_code == 200
