"""How lists look: density and columns, kept in a cookie; their order, in the address."""

import pytest
from django.test import Client

from . import house

pytestmark = [pytest.mark.usefixtures("open_house"), pytest.mark.both]


def page(client: Client, address: str = "/", status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def test_columns_and_density_are_chosen_and_kept(member: Client) -> None:
    house.more_pledges("open", 1)
    before = page(member)
    assert "Never verified" in before
    assert "is-dense" not in before
    sent = {"shown": ["dossier", "tags", "judged"], "dense": "on", "next": "/?act=halt"}
    answer = member.post("/look/", sent)
    assert (answer.status_code, answer["Location"]) == (302, "/?act=halt")
    cookie = answer.cookies["look"]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == (
        "dense.checked.conditions.analyst",
        True,
        "Lax",
    )
    after = page(member)
    assert "Never verified" not in after
    assert "is-dense" in after
    assert 'value="checked">' in after
    assert 'value="judged" checked>' in after
    member.post("/look/", {"shown": ["checked"], "next": "/"})
    assert "Never verified" in page(member)
    assert "Kept?" not in page(member)


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example", "", "javascript:x"])
def test_it_leads_back_to_our_own_pages_alone(client: Client, to: str) -> None:
    assert client.post("/look/", {"next": to})["Location"] == "/"


def test_a_cookie_of_any_kind_is_read_as_far_as_it_is_one(client: Client) -> None:
    client.cookies["look"] = "dense.nonsense.<b>.checked"
    shown = page(client)
    assert "is-dense" in shown
    assert "Never verified" not in shown


def test_a_whole_list_is_sorted_and_read_page_by_page(client: Client) -> None:
    house.more_pledges("open", 60)
    first = page(client, "/?sort=ref")
    assert "Page 1 of 3" in first
    assert first.index("OPEN-HALT") < first.index("OPEN-MORE-1<")
    assert "All of them, by reference" in first
    second = page(client, "/?sort=ref&page=3")
    assert "OPEN-HALT<" not in second
    assert second.count('class="line ') == 61 - 2 * 25
    for sort in ("changed", "unchecked"):
        assert page(client, f"/?sort={sort}").count('class="line ') == 25


def test_where_nothing_runs_the_order_by_checks_says_so(client: Client) -> None:
    shown = page(client, "/?sort=unchecked&at=2026-03-05")
    assert "What runs, longest unchecked first" in shown
    nothing = page(client, "/?sort=unchecked&stage=expired&at=2026-04-01")
    assert "None of these runs any more" in nothing
    assert "Expired or overdue <span" not in nothing


def test_one_band_is_read_page_by_page(client: Client) -> None:
    house.more_pledges("open", 60)
    shown = page(client)
    assert "All 52: Later" in shown
    assert shown.count('class="line ') == 1 + 2 + 2 + 4 + 8, "of no band more than eight"
    of_band = page(client, "/?band=later&page=3")
    assert "Page 3 of 3" in of_band
    assert of_band.count('class="line ') == 2


def test_an_order_that_there_is_not_is_refused(client: Client) -> None:
    shown = page(client, "/?sort=colour", 422)
    assert "Lists cannot be sorted by “colour”." in shown
    assert "changed, unchecked, ref" in shown
