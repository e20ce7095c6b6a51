"""Who is told through views: by what the pledge is then, in as many queries for many as for one."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.load import rows
from tests.web import house
from tracker.models import Dossier, Pledge, SavedView, Subscription, User
from tracker.selectors.audience import Audience, audience

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 4, 12, tzinfo=UTC)


def watch(user: User, **wanted: list[str]) -> Subscription:
    view = SavedView.objects.create(owner=user, name="V", filters=wanted, made_at=AT, changed_at=AT)
    return Subscription.objects.create(user=user, view=view, made_at=AT)


def told(found: Audience, pledge: Pledge) -> set[int]:
    from tracker.domain.causes import Cause

    return {one.user for one in found.of(Cause(pledge.pk, "expired", AT, "", "term", ""))}


@pytest.fixture
def talks() -> Dossier:
    house.load(house.PARTIES)
    return house.dossier("open", public=True)


@pytest.mark.parametrize(
    ("wanted", "is_told"),
    [
        ({"act": ["halt"], "band": ["later"], "text": ["RIVER"]}, True),
        ({"act": ["refrain"]}, False),
        ({"tag": ["of a later release"]}, False),
        ({"act": ["of an earlier release"]}, False),
    ],
)
def test_a_view_tells_of_what_it_lists(talks: Dossier, wanted: Any, is_told: bool) -> None:
    eve = house.person("eve")
    watch(eve, **wanted)
    pledge = Pledge.objects.get(ref="OPEN-HALT")
    assert (eve.pk in told(audience({pledge.pk}, at=AT), pledge)) is is_told


def test_nobody_is_told_through_its_analyst_but_members(talks: Dossier) -> None:
    ann, eve = house.person("ann", open="analyst"), house.person("eve")
    Pledge.objects.update(analyst=ann)
    for user in (ann, eve):
        watch(user, analyst=[str(ann.uid)])
    pledge = Pledge.objects.get(ref="OPEN-HALT")
    assert told(audience({pledge.pk}, at=AT), pledge) == {ann.pk}
    by = {w.because["by"] for w in audience({pledge.pk}, at=AT).watches[pledge.pk]}
    assert by == {"analyst", "view"}


def test_many_views_take_as_many_queries_as_one() -> None:
    people = rows.people(40)
    where = rows.dossier("case", people)
    rows.pledges(where, 60, analysts=people, due=0, at=AT)
    everything = set(Pledge.objects.values_list("pk", flat=True))
    watch(people[0], text=["halt"])  # for words it asks once what parties are called

    def queries(pledges: set[int]) -> int:
        with CaptureQueriesContext(connection) as made:
            audience(pledges, at=AT)
        return len(made)

    one = queries(set(sorted(everything)[:1]))
    for number, user in enumerate(people):
        watch(user, text=[f"halt {number}"])
        watch(user, stage=["in_force"], dossier=["case"])
    assert queries(everything) == one
    found = audience(everything, at=AT)
    lists = {pk: {w.because["by"] for w in found.watches[pk]} for pk in everything}
    assert all("view" in by for by in lists.values())
    assert len(told(found, Pledge.objects.get(ref="CASE-59"))) == len(people)
