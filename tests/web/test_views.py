"""The list of views; saving, changing, watching, removing and taking that back."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tracker.actions import saved_views, subscriptions
from tracker.models import LedgerEntry, SavedView, Subscription, User

from . import house
from .test_board_filter import page
from .test_view import saved

pytestmark = [pytest.mark.usefixtures("open_house"), pytest.mark.both]
HALTS = {"name": "Halts", "act": "halt"}


def test_an_empty_list_says_how_one_comes_about(member: Client) -> None:
    shown = page(member, "/views/")
    assert "choose “Save as a view”" in shown
    assert "Open a link that somebody gave you" in shown


def test_the_boards_filter_is_saved_under_a_name(member: Client, alice: User) -> None:
    asked = "/views/new/?dossier=shut&act=halt&text=the+river"
    form = page(member, asked)
    assert "1 of 2 chosen: Talks of SHUT" in form
    assert 'value="the river"' in form
    before = LedgerEntry.objects.count()
    sent = {"name": "River", "dossier": "shut", "act": ["halt", "allow"], "text": "the  river"}
    done = member.post(asked, sent)
    view = SavedView.objects.get(owner=alice)
    assert done.headers["Location"] == f"/views/{view.uid}/"
    assert view.filters == {
        "dossier": ["shut"], "act": ["halt", "allow"], "text": ["the river"]
    }  # fmt: skip
    assert (view.name, view.is_shared, view.made_at) == ("River", False, house.AT)
    assert LedgerEntry.objects.count() == before, "it is personal"
    shown = page(member, "/views/")
    assert "River" in shown
    assert "for you alone" in shown


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"act": "halt"}, "This field is required."),
        ({"name": "V"}, "Nothing is filtered: that would be the whole board."),
        ({"name": "V", "text": "  "}, "Nothing is filtered"),
        ({"name": "x" * 201, "act": "halt"}, "201 characters are too many."),
        ({"name": "V", "dossier": "nowhere"}, "There is no dossier “nowhere” that you may see."),
        ({"name": "V", "act": "dance"}, "“dance” is none of them."),
        ({"name": "V", "role": "pledgor"}, "A role is that of a party"),
    ],
)
def test_what_cannot_be_a_view_comes_back_as_it_was_typed(
    member: Client, alice: User, sent: dict[str, str], said: str
) -> None:
    view = saved(alice)
    for address in ("/views/new/", f"/views/{view.uid}/edit/"):
        answer = member.post(address, {**sent, "subject": ["media"]} if "act" in sent else sent)
        shown = answer.content.decode()
        assert answer.status_code == 422
        assert said in shown
        assert "Error: " in shown
        for value in filter(str.strip, sent.values()):
            assert value in shown
    view.refresh_from_db()
    assert view.filters == {"act": ["halt"]}
    assert SavedView.objects.count() == 1


def test_its_owner_renames_changes_and_shares_it(member: Client, alice: User) -> None:
    view = saved(alice, dossier=["open", "gone"])
    address = f"/views/{view.uid}/edit/"
    assert "“gone”" in page(member, address)
    sent = {"name": "Other", "is_shared": "on", "dossier": ["gone"], "stage": "in_force"}
    assert member.post(address, sent).status_code == 302, "what stood there may stay"
    view.refresh_from_db()
    assert (view.name, view.is_shared) == ("Other", True)
    assert view.filters == {"dossier": ["gone"], "stage": ["in_force"]}
    assert member.post(address, {**sent, "dossier": ["lost"]}).status_code == 422


def test_one_is_watched_like_a_dossier(
    stranger: Client, alice: User, bob: User, member: Client
) -> None:
    view = saved(alice, is_shared=True)
    address = f"/views/{view.uid}/watch/"
    assert "of what it lists at that time" in page(stranger, address)
    done = stranger.post(address, {"kinds": ["expired"], "leads": ["24h"]})
    assert done.headers["Location"] == f"/views/{view.uid}/"
    one = Subscription.objects.get(user=bob)
    assert (one.view, one.kinds, one.leads, one.ended_at) == (view, ["expired"], ["24h"], None)
    shown = page(stranger, "/views/")
    assert f'href="/views/{view.uid}/"' in shown
    assert "you watch it" in shown
    assert f'href="/views/{view.uid}/"' in page(stranger, "/settings/alerts/")
    assert stranger.post(address, {"kinds": ["nonsense"]}).status_code == 422
    stranger.post(address, {"deed": "end"})
    assert f'href="/views/{view.uid}/"' not in page(stranger, "/views/")
    assert ">Watch<" in page(member, "/views/")


def test_one_is_removed_and_taken_back(member: Client, alice: User) -> None:
    view = saved(alice)
    subscriptions.subscribe(user=alice, target=view, at=house.AT)
    sent = {"deed": "remove", "view": str(view.uid)}
    shown = member.post("/views/", sent, follow=True).content.decode()
    assert "is removed: nobody watches it." in shown
    assert f'href="/views/{view.uid}/"' not in shown
    assert "Take the removal back" in shown
    assert not Subscription.objects.filter(user=alice, ended_at=None).exists()
    shown = member.post("/views/", {**sent, "deed": "bring-back"}, follow=True).content.decode()
    assert f'href="/views/{view.uid}/"' in shown
    assert Subscription.objects.filter(user=alice, ended_at=None).count() == 1


@pytest.mark.parametrize("uid", ["theirs", "", "1", "x" * 50])
def test_nobody_removes_somebody_elses(stranger: Client, alice: User, uid: str) -> None:
    view = saved(alice, is_shared=True)
    sent = {"deed": "remove", "view": str(view.uid) if uid == "theirs" else uid}
    assert stranger.post("/views/", sent).status_code == 404
    address = f"/views/{view.uid}/edit/"
    assert stranger.post(address, {**HALTS, "name": "Mine"}).status_code == 404
    view.refresh_from_db()
    assert (view.removed_at, view.name) == (None, "All <b>halts</b>")


def test_many_views_take_as_many_queries_as_one(member: Client, alice: User, bob: User) -> None:
    def more(number: int) -> None:
        saved(alice, party=["alpha"], text=[f"n {number}"])
        theirs = saved(bob, is_shared=True, dossier=["open"])
        subscriptions.subscribe(user=alice, target=theirs, at=house.AT)
        saved_views.remove(row=saved(alice), at=house.AT)

    def queries() -> int:
        with CaptureQueriesContext(connection) as made:
            page(member, "/views/")
        return len(made)

    more(0)
    one = queries()
    for number in range(1, 8):
        more(number)
    assert queries() == one


def test_ones_views_are_in_the_copy_of_ones_data(member: Client, alice: User) -> None:
    view = saved(alice, text=["river"])
    held: Any = member.get("/account/data/").json()
    (one,) = held["saved_views"]
    assert one["id"] == str(view.uid)
    assert one["filters"] == {"text": ["river"]}
