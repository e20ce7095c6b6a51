"""Parts of a page by themselves: the same view and template, chosen by target alone."""

import re

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from tracker.actions import record
from tracker.models import Dossier, User
from tracker.web import partials
from tracker.web.views import pledges

from . import house

HALT = "/pledges/OPEN-HALT/"
HTMX = {"HX-Request": "true", "HX-Target": "older"}
WHOLE = "</html>"


ENTERED = 11
AT_ONCE = 4


@pytest.fixture
def _long_history(open_house: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pledges, "HISTORY_AT_ONCE", AT_ONCE)
    changed(ENTERED)


def changed(number: int) -> None:
    """That many more entries in the history of the public halt."""
    for n in range(number):
        record.put(
            "pledge",
            "OPEN-HALT",
            {"area": f"The river, mile {n}"},
            dossier=Dossier.objects.get(slug="open"),
            by=None,
            at=house.AT,
            reason=f"Survey {n}.",
        )


def surveys(shown: str) -> list[int]:
    return [int(n) for n in re.findall(r"Survey (\d+)\.", shown)]


def older(shown: str) -> str:
    found = re.search(r'hx-get="([^"]+)"', shown)
    return found[1].replace("&amp;", "&") if found else ""


@pytest.mark.usefixtures("_long_history")
def test_without_scripts_a_link_leads_through_the_whole_history(client: Client) -> None:
    seen, address, shown = [], HALT, ""
    for _ in range(20):
        response = client.get(address)
        shown = response.content.decode()
        assert WHOLE in shown
        seen += surveys(shown)
        link = re.search(r'<a class="button" href="([^"]+)#history"', shown)
        if link is None:
            break
        address = link[1]
    assert seen == list(range(ENTERED - 1, -1, -1))
    assert "Back to the latest" in shown


@pytest.mark.usefixtures("_long_history")
def test_htmx_gets_the_next_stretch_alone_and_it_can_be_continued(client: Client) -> None:
    first = client.get(HALT).content.decode()
    seen, address = surveys(first), older(first)
    assert len(seen) == AT_ONCE
    counted = re.search(r'href="#history">\w+ <span class="count">(\d+)<', first)
    rows = first.count('class="history-when"')
    while address:
        response = client.get(address, headers=HTMX)
        shown = response.content.decode()
        assert response.status_code == 200
        assert shown.strip().startswith('<ol class="history">')
        assert WHOLE not in shown
        assert shown.count("autofocus") == 1
        assert {"HX-Request", "HX-Target"} <= set(response["Vary"].split(", "))
        seen += surveys(shown)
        rows += shown.count('class="history-when"')
        address = older(shown)
    assert counted is not None
    assert rows == int(counted[1])
    assert seen == list(range(ENTERED - 1, -1, -1))


@pytest.mark.usefixtures("_long_history")
def test_the_link_is_gone_when_everything_is_shown(client: Client) -> None:
    assert older(client.get(f"{HALT}?before=1").content.decode()) == ""
    assert "Nothing was entered before that." in client.get(f"{HALT}?before=1").content.decode()


@pytest.mark.usefixtures("_long_history")
def test_the_link_keeps_the_moment(client: Client) -> None:
    shown = client.get(HALT, {"at": "2026-03-05", "known": "2100-01-01"}).content.decode()
    address = older(shown)
    assert address.startswith(f"{HALT}?at=2026-03-05&known=2100-01-01&before=")
    assert "Survey" in client.get(address, headers=HTMX).content.decode()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"HX-Target": "older"},
        {"HX-Request": "true"},
        {"HX-Request": "true", "HX-Target": "main"},
        {"HX-Request": "true", "HX-Target": "older", "HX-History-Restore-Request": "true"},
    ],
)
@pytest.mark.usefixtures("open_house")
def test_any_other_request_gets_the_page_which_says_that_it_differs(
    client: Client, headers: dict[str, str]
) -> None:
    response = client.get(HALT, headers=headers)
    assert WHOLE in response.content.decode()
    assert {"HX-Request", "HX-Target", "Cookie"} <= set(response["Vary"].split(", "))


@pytest.mark.parametrize("before", ["x", "-1", "²", "9" * 16, "1.5"])
@pytest.mark.usefixtures("open_house")
def test_a_place_that_cannot_be_is_refused(client: Client, before: str) -> None:
    response = client.get(HALT, {"before": before})
    assert response.status_code == 422
    assert "names no entry of the list" in response.content.decode()


def test_the_part_is_refused_to_strangers_as_the_page_is(
    client: Client, stranger: Client, member: Client
) -> None:
    for visitor in (client, stranger):
        response = visitor.get("/pledges/SHUT-HALT/?before=9", headers=HTMX)
        assert response.status_code == 404
        assert b"SHUT" not in response.content
    assert member.get("/pledges/SHUT-HALT/?before=9", headers=HTMX).status_code == 200


def test_people_are_named_in_the_part_to_members_alone(
    client: Client, member: Client, alice: User
) -> None:
    record.put(
        "pledge",
        "OPEN-HALT",
        {"area": "The whole river"},
        dossier=Dossier.objects.get(slug="open"),
        by=alice,
        at=house.AT,
    )
    address = f"{HALT}?before=999999"
    assert "Alice" in member.get(address, headers=HTMX).content.decode()
    assert "Alice" not in client.get(address, headers=HTMX).content.decode()


@pytest.mark.usefixtures("open_house")
def test_the_number_of_queries_does_not_grow_with_the_history(client: Client) -> None:
    counts = []
    for number in (1, 30):
        changed(number)
        for headers in ({}, HTMX):
            with CaptureQueriesContext(connection) as made:
                assert client.get(f"{HALT}?before=9999", headers=headers).status_code == 200
            counts.append(len(made))
    assert len(set(counts)) == 1, counts


def test_only_listed_names_are_partials() -> None:
    request = RequestFactory().get("/", headers={"HX-Request": "true", "HX-Target": "secret"})
    assert partials.asked(request, {"older"}) == ""
    assert partials.asked(request, {"secret"}) == "secret"
