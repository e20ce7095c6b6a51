"""Saved views: made, changed, shared, removed and taken back; and what becomes of who watches."""

from datetime import timedelta
from typing import Any

import pytest

from tests.actions.house import AT, bare
from tests.actions.people import person
from tracker.actions import departures, saved_views, subscriptions
from tracker.domain.errors import Conflict, Invalid, NotFound
from tracker.models import SavedView, Subscription, User

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
HALTS = {"act": ["halt"]}


@pytest.fixture
def ann() -> User:
    return person("ann")


@pytest.fixture
def bea() -> User:
    return person("bea")


def saved(owner: User, **more: Any) -> SavedView:
    return saved_views.save(owner=owner, at=AT, **{"name": "Halts", "filters": HALTS, **more})


def watching(view: SavedView) -> set[User]:
    return {one.user for one in Subscription.objects.filter(view=view, ended_at=None)}


def test_it_is_kept_as_the_query_that_it_was_and_under_a_link_that_nobody_guesses(
    ann: User,
) -> None:
    view = saved(ann, name="  My   halts ", filters={"act": ["halt", ""], "text": [" fire  now "]})
    view.refresh_from_db()
    assert (view.name, view.filters) == ("My halts", {"act": ["halt"], "text": ["fire now"]})
    assert (view.made_at, view.changed_at, view.is_shared) == (AT, AT, False)
    assert view.uid.version == 4


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"filters": {}}, None),
        ({"filters": {"text": [" "]}}, None),
        ({"filters": {"act": ["dance"]}}, "act"),
        ({"filters": {"colour": ["x"]}}, "colour"),
    ],
)
def test_what_cannot_be_one_is_refused(ann: User, wrong: Any, field: str | None) -> None:
    with pytest.raises(Invalid) as no:
        saved(ann, **wrong)
    assert no.value.field == field
    view = saved(ann)
    with pytest.raises(Invalid):
        saved_views.change(
            row=view, at=AT, **{"name": "V", "filters": HALTS, "is_shared": False, **wrong}
        )
    view.refresh_from_db()
    assert (view.name, view.filters) == ("Halts", HALTS)


def test_only_another_filter_changes_what_it_listed(ann: User) -> None:
    view = saved(ann)
    saved_views.change(row=view, name="V", filters=HALTS, is_shared=True, at=AT + DAY)
    view.refresh_from_db()
    assert (view.name, view.is_shared, view.changed_at) == ("V", True, AT)
    saved_views.change(row=view, name="V", filters={"act": ["allow"]}, is_shared=True, at=AT + DAY)
    view.refresh_from_db()
    assert (view.filters, view.changed_at) == ({"act": ["allow"]}, AT + DAY)


def test_others_watch_it_while_its_link_is_for_them(ann: User, bea: User) -> None:
    view = saved(ann)
    with pytest.raises(NotFound):
        subscriptions.subscribe(user=bea, target=view, at=AT)
    saved_views.change(row=view, name="V", filters=HALTS, is_shared=True, at=AT)
    view.refresh_from_db()
    for user in (ann, bea):
        subscriptions.subscribe(user=user, target=view, at=AT)
    saved_views.change(row=view, name="V", filters=HALTS, is_shared=False, at=AT + DAY)
    assert watching(view) == {ann}


def test_a_removal_ends_what_watched_it_and_can_be_taken_back(ann: User, bea: User) -> None:
    view = saved(ann, is_shared=True)
    subscriptions.subscribe(user=ann, target=view, kinds=["expired"], at=AT)
    gone = subscriptions.subscribe(user=bea, target=view, at=AT)
    subscriptions.end(row=gone, at=AT + DAY / 2)
    saved_views.remove(row=view, at=AT + DAY)
    saved_views.remove(row=view, at=AT + 2 * DAY)
    view.refresh_from_db()
    assert view.removed_at == AT + DAY
    assert watching(view) == set()
    with pytest.raises(NotFound):
        subscriptions.subscribe(user=ann, target=view, at=AT + DAY)
    with pytest.raises(Conflict):
        saved_views.change(row=view, name="V", filters=HALTS, is_shared=True, at=AT + DAY)
    saved_views.bring_back(row=view, at=AT + 3 * DAY)
    saved_views.bring_back(row=view, at=AT + 3 * DAY)
    assert watching(view) == {ann}
    again = Subscription.objects.get(view=view, ended_at=None)
    assert (again.kinds, again.made_at) == (["expired"], AT + 3 * DAY)
    was = Subscription.objects.filter(view=view).exclude(ended_at=None)
    assert {one.ended_at for one in was} == {AT + DAY / 2, AT + DAY}


def test_who_is_erased_leaves_no_word_of_a_view(ann: User, bea: User) -> None:
    made = bare()
    view = saved(ann, is_shared=True, filters={"text": ["my secret plan"]})
    other = saved(bea)
    subscriptions.subscribe(user=bea, target=view, at=AT)
    departures.deactivate(user=ann, successors={}, by=None, at=made.tick(), reason="Left")
    assert watching(view) == {bea}, "who has left may still be of use"
    departures.erase(user=ann, by=None, at=made.tick(), reason="Asked")
    view.refresh_from_db()
    other.refresh_from_db()
    assert (view.name, view.filters, view.is_shared) == ("erased", {}, False)
    assert view.removed_at is not None
    assert watching(view) == set()
    assert (other.name, other.removed_at) == ("Halts", None)
