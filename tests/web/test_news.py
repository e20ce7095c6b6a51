"""Whether a page that stays open is still as things are: asked often, answered without a pledge."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.web import house
from tracker.models import Pledge, SweepRun

pytestmark = pytest.mark.usefixtures("open_house")


def stamp(client: Client) -> str:
    """What a page is told that has none yet."""
    answer = client.get("/news/")
    assert (answer.status_code, answer.json()["number"]) == (200, 0)
    return answer["ETag"].strip('"')


def asked(client: Client, seen: str) -> tuple[int, int]:
    """The status, and how much is new."""
    answer = client.get("/news/", headers={"If-None-Match": f'"{seen}"'})
    return answer.status_code, answer.json()["number"] if answer.status_code == 200 else 0


def edit(slug: str) -> None:
    from tracker.actions import pledges

    row = Pledge.objects.get(ref=f"{slug.upper()}-HALT")
    pledges.amend(row=row, scope=f"All of it {row.version}", by=None, at=house.AT)


def test_nothing_new_is_no_answer_and_touches_no_pledge(client: Client) -> None:
    seen = stamp(client)
    with CaptureQueriesContext(connection) as queries:
        assert asked(client, seen) == (304, 0)
    assert [q["sql"] for q in queries if "tracker_pledge" in q["sql"]] == []
    assert len(queries) <= 3  # dossiers, chains, runs of the sweep


def test_edits_are_counted_where_they_may_be_seen(client: Client, member: Client) -> None:
    outside, inside = stamp(client), stamp(member)
    edit("shut")
    assert asked(client, outside) == (304, 0)
    assert asked(member, inside) == (200, 1)
    edit("open")
    edit("open")
    assert asked(client, outside) == (200, 2)
    assert asked(member, inside) == (200, 3)
    assert (
        "2 updates: show"
        in client.get("/news/", headers={"If-None-Match": f'"{outside}"'}).json()["words"]
    )


def test_what_the_sweep_noticed_is_counted(client: Client) -> None:
    seen = stamp(client)
    for noticed in (0, 2, 0):
        SweepRun.objects.create(
            started_at=house.AT, finished_at=house.AT + timedelta(seconds=1), noticed=noticed
        )
    assert asked(client, seen) == (200, 2)
    assert asked(client, stamp(client)) == (304, 0)


@pytest.mark.parametrize("seen", ["", "x", "1", "1-", "-1", "²-1", "9" * 50 + "-1", "1-2-3"])
def test_a_stamp_that_is_none_is_told_the_present_one(client: Client, seen: str) -> None:
    answer = client.get("/news/", headers={"If-None-Match": f'"{seen}"'})
    assert (answer.status_code, answer.json()) == (200, {"number": 0, "words": ""})
    assert answer["ETag"] == f'"{stamp(client)}"'
    assert "private" in answer["Cache-Control"]


def test_a_page_of_another_instant_asks_for_nothing(client: Client) -> None:
    assert 'id="news"' in client.get("/").content.decode()
    assert 'id="news"' not in client.get("/?at=2026-03-06").content.decode()
