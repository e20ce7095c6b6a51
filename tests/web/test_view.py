"""A saved view: for its owner or whoever has its link, and of each what that person may see."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from tracker.actions import saved_views
from tracker.models import Dossier, SavedView, User

from . import house
from .test_board_filter import page

pytestmark = [pytest.mark.usefixtures("open_house"), pytest.mark.both]


def saved(owner: User, *, is_shared: bool = False, **wanted: list[str]) -> SavedView:
    given: Any = wanted or {"act": ["halt"]}
    return saved_views.save(
        owner=owner, name="All <b>halts</b>", filters=given, is_shared=is_shared, at=house.AT
    )


def test_it_opens_the_board_under_its_name(member: Client, alice: User) -> None:
    shown = page(member, f"/views/{saved(alice, dossier=['shut'], act=['halt']).uid}/")
    assert "<h1><bdi>All <b>halts</b></bdi></h1>" in shown
    assert "SHUT-HALT" in shown
    assert "OPEN-HALT" not in shown
    assert "<bdi>Talks of SHUT</bdi>" in shown
    assert 'href="/?dossier=shut&act=halt">' in shown
    assert "Whoever has this link" not in shown


def test_its_name_is_text(member: Client, alice: User) -> None:
    raw = member.get(f"/views/{saved(alice).uid}/").content.decode()
    assert "<b>halts" not in raw


def test_nobody_else_opens_one_that_is_not_shared(
    client: Client, stranger: Client, alice: User
) -> None:
    address = f"/views/{saved(alice).uid}/"
    for visitor in (client, stranger):
        assert visitor.get(address).status_code == 404
    assert stranger.get(f"{address}watch/").status_code == 404
    assert stranger.get(f"{address}edit/").status_code == 404
    assert client.get(f"/views/{uuid4()}/").status_code == 404
    assert client.get("/views/1/").status_code == 404


def test_whoever_has_the_link_sees_what_they_may(
    client: Client, stranger: Client, member: Client, alice: User
) -> None:
    address = f"/views/{saved(alice, is_shared=True).uid}/"
    for visitor in (client, stranger):
        shown = page(visitor, address)
        assert "OPEN-HALT" in shown
        assert "SHUT-HALT" not in shown
        assert "Edit" not in shown
    assert "SHUT-HALT" in page(member, address)
    assert f"http://testserver{address}" in page(member, address)
    assert stranger.get(f"{address}edit/").status_code == 404


def test_what_it_names_is_not_revealed_to_whom_it_is_not_for(
    client: Client, alice: User, member: Client
) -> None:
    hidden = saved(
        alice,
        is_shared=True,
        dossier=["shut", "open"],
        analyst=[str(alice.uid)],
        text=["halt"],
    )
    shown = page(client, f"/views/{hidden.uid}/")
    for secret in ("shut", "SHUT", str(alice.uid), "Alice"):
        assert secret not in shown
    assert "It also names something that is not there, or is not for you to see." in shown
    assert "Nothing matches" in shown
    assert 'href="/?dossier=open&text=halt"' in shown
    none = saved(alice, is_shared=True, dossier=["none", "open"], text=["halt"])
    assert "It also names something" in page(member, f"/views/{none.uid}/")
    assert "OPEN-HALT" in page(client, f"/views/{none.uid}/")


def test_it_lists_nothing_of_what_this_release_does_not_know(member: Client, alice: User) -> None:
    view = saved(alice)
    for filters in ({"tag": ["north"]}, {"act": ["dance"]}, {"dossier": ["gone"]}):
        SavedView.objects.filter(pk=view.pk).update(filters=filters)
        shown = page(member, f"/views/{view.uid}/")
        assert "HALT" not in shown
        assert "Nothing matches" in shown
        assert "It also names something" in shown or "dance" in shown


def test_it_is_shown_as_it_would_have_stood(client: Client, alice: User) -> None:
    address = f"/views/{saved(alice, is_shared=True, stage=['expired']).uid}/"
    assert "OPEN-HALT" not in page(client, address)
    shown = page(client, f"{address}?at=2026-03-12")
    assert "OPEN-HALT" in shown
    assert f'href="{address}">Back to now' in shown
    assert 'href="/?stage=expired&at=2026-03-12"' in shown
    assert client.get(f"{address}?at=x").status_code == 422


def test_one_that_was_removed_or_whose_owner_was_erased_is_gone(
    client: Client, member: Client, alice: User
) -> None:
    view = saved(alice, is_shared=True)
    saved_views.remove(row=view, at=house.AT)
    for visitor in (client, member):
        assert visitor.get(f"/views/{view.uid}/").status_code == 404
    for page_of in ("edit", "watch"):
        assert member.get(f"/views/{view.uid}/{page_of}/").status_code == 404


def test_who_leaves_a_dossier_no_longer_sees_it_in_a_view(member: Client, alice: User) -> None:
    view = saved(alice, dossier=["shut"])
    Dossier.objects.get(slug="shut").memberships.all().delete()
    shown = page(member, f"/views/{view.uid}/")
    assert "SHUT" not in shown
    assert "It also names something" in shown
