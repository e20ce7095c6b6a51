"""The board: by bands, at any instant, and only what the visitor may see."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tracker import clock

from . import house

pytestmark = [pytest.mark.usefixtures("open_house"), pytest.mark.both]
END = datetime.fromisoformat("2026-03-11T23:00:00+00:00")


def page(client: Client, address: str = "/") -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_a_visitor_sees_public_pledges(client: Client) -> None:
    shown = page(client)
    assert "OPEN-HALT" in shown
    assert "SHUT" not in shown
    assert "One pledge is listed." in shown
    assert "7 days 12 h left" in shown
    assert "12 Mar 2026, 00:00 Zurich <small>(24:00 on 11 Mar; 11 Mar 23:00 UTC)</small>" in shown


def test_what_runs_out_next_stands_above_the_bands(client: Client) -> None:
    shown = page(client)
    first = shown[shown.index('class="next') : shown.index('class="bands"')]
    assert 'href="/pledges/OPEN-HALT/"' in first
    assert "7 days 12 h left" in first
    assert 'class="next' not in page(client, "/?at=2026-03-20"), "nothing runs any more"
    assert 'class="next' not in page(client, "/?sort=ref"), "a list stands in another order"


def test_what_nobody_has_verified_says_since_when_it_could_be(client: Client) -> None:
    house.more_pledges("open", 1)
    told = '<p>Never verified</p>\n              <p class="clock-at">began 2 Mar 2026</p>'
    assert told in page(client)
    assert "began 2 Mar" not in page(client, "/?at=2026-03-01T20:00Z"), "it lies ahead"


def test_where_accounts_differ_the_line_says_in_what(client: Client) -> None:
    house.more_pledges("open", 1)
    assert "<li>Accounts differ: the start</li>" in page(client)


def test_what_is_asked_first_is_one_click_away(client: Client) -> None:
    shown = page(client, "/?act=halt&sort=ref&page=1")
    for flag in ("accounts_differ", "unverified", "expired_unassessed"):
        assert f'href="?act=halt&amp;flag={flag}"' in shown
    assert 'class="shortcuts"' not in page(client, "/?flag=accounts_differ")


def test_a_member_sees_private_ones_too(member: Client) -> None:
    assert "SHUT-HALT" in page(member)


def test_a_stranger_sees_no_private_ones(stranger: Client) -> None:
    assert "SHUT" not in page(stranger)


@pytest.mark.parametrize(
    ("before_end", "band"),
    [
        (timedelta(days=7, seconds=1), "later"),
        (timedelta(days=7), "7d"),
        (timedelta(hours=72, seconds=1), "7d"),
        (timedelta(hours=72), "72h"),
        (timedelta(hours=24, seconds=1), "72h"),
        (timedelta(hours=24), "24h"),
        (timedelta(seconds=1), "24h"),
        (timedelta(), "expired"),
        (timedelta(seconds=-1), "expired"),
    ],
)
def test_bands_at_their_edges(
    client: Client, monkeypatch: pytest.MonkeyPatch, before_end: timedelta, band: str
) -> None:
    monkeypatch.setattr(clock, "now", lambda: END - before_end)
    assert f'id="band-{band}"' in page(client)


def test_the_board_as_it_stood(client: Client) -> None:
    shown = page(client, "/?at=2026-03-11T22:00Z")
    assert "A look ahead." in shown
    assert "1 h left" in shown
    assert "data-countdown" not in shown
    assert 'href="/pledges/OPEN-HALT/?at=2026-03-11T22%3A00Z"' in shown
    assert "Back to now" in shown


def test_nothing_is_listed_before_it_was_public(client: Client) -> None:
    shown = page(client, "/?at=2026-02-28")
    assert "OPEN-HALT" not in shown
    assert "Nothing is listed" in shown
    assert "As it stood" in shown


def test_countdowns_tick_on_a_page_of_now(client: Client) -> None:
    shown = page(client)
    assert 'data-countdown="2026-03-11T23:00Z"' in shown
    assert "js/countdown.js" in shown


def test_an_empty_register_says_what_would_be_here(client: Client) -> None:
    from tracker.models import Dossier

    Dossier.objects.update(is_public=False)
    shown = page(client)
    assert "Nothing is listed" in shown
    assert "Sign in to see those of your own." in shown


def test_the_number_of_queries_is_that_of_dossiers_and_not_of_pledges(client: Client) -> None:
    page(client)
    with CaptureQueriesContext(
        connection,
    ) as one:
        page(client)
    house.more_pledges("open", 12)
    with CaptureQueriesContext(connection) as many:
        page(client)
    assert len(many) == len(one)


def test_only_reading_is_allowed(client: Client) -> None:
    assert client.post("/").status_code == 405
    assert client.head("/").status_code == 200


def test_a_page_is_kept_by_nobody_but_the_visitor(client: Client) -> None:
    response = client.get("/")
    assert "private" in response["Cache-Control"]
    assert "Cookie" in response["Vary"]
