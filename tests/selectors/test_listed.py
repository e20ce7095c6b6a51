"""What lists show of a pledge is the same from its phases as from an evaluation."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.web import house
from tracker.domain.access import ANONYMOUS, Viewer
from tracker.models import Phase, Pledge
from tracker.selectors import access, register
from tracker.selectors.listed import of_entry, of_phases

pytestmark = pytest.mark.django_db
MOMENT = timedelta(microseconds=1)


def test_of_every_seed_at_every_change() -> None:
    """Just before, at and after each instant at which anything changes."""
    call_command("loadseeds", verbosity=0, stdout=StringIO())
    viewer = Viewer(is_site_admin=True)
    every = list(Pledge.objects.values_list("pk", flat=True))
    begins = Phase.objects.order_by("from_at").values_list("from_at", flat=True).distinct()
    assert len(begins) > 50
    for begin in list(begins)[::25]:
        for at in (begin - MOMENT, begin, begin + MOMENT):
            shown = {one.ref: one for one in of_phases(every, at=at, viewer=viewer).values()}
            evaluated = {e.ref: of_entry(e, viewer) for e in register.entries(viewer=viewer, at=at)}
            assert shown.keys() == evaluated.keys()
            for ref, one in shown.items():
                for name in one.__slots__:
                    if name != "since":
                        assert getattr(one, name) == getattr(evaluated[ref], name), (ref, name, at)


@pytest.fixture
def talks() -> None:
    house.load(house.PARTIES)
    house.dossier("open", public=True)


@pytest.mark.usefixtures("talks")
def test_who_watches_it_is_for_who_may_see_the_members() -> None:
    from tracker.actions import pledges

    ann = house.person("ann", open="analyst")
    row = Pledge.objects.get(ref="OPEN-HALT")
    pledges.amend(row=row, analyst=ann, by=None, at=house.AT)
    for viewer, name in ((ANONYMOUS, ""), (access.viewer(ann), "Ann")):
        [one] = of_phases([row.pk], at=house.AT, viewer=viewer).values()
        assert one.analyst == name


@pytest.mark.usefixtures("talks")
def test_many_take_as_many_queries_as_one() -> None:
    """The phases with their pledges; to whom."""
    one = Pledge.objects.get(ref="OPEN-HALT").pk
    house.more_pledges("open", 12)
    every = list(Pledge.objects.values_list("pk", flat=True))
    for pledges in ([one], every):
        with CaptureQueriesContext(connection) as queries:
            assert len(of_phases(pledges, at=house.AT, viewer=ANONYMOUS)) == len(pledges)
        assert len(queries) == 2, [q["sql"] for q in queries]
