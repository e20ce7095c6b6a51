"""The first of each band, and how many there are: as when every line were looked at."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection

from tests.load import rows as bulk
from tracker.domain.access import Viewer
from tracker.domain.bands import Band
from tracker.domain.filters import parse
from tracker.models import Party, Pledge
from tracker.selectors import access, boards, filters
from tracker.selectors.listed import Listed, of_phases

pytestmark = pytest.mark.django_db
AT = bulk.SINCE + timedelta(days=500)
VIEWER = Viewer(is_site_admin=True)
ASKED: tuple[dict[str, list[str]], ...] = (
    {},
    {"party": ["b-party-3"]},
    {"party": ["b-party-3"], "role": ["pledgor"]},
    {"party": ["b-party-3"], "role": ["beneficiary"]},
    {"party": ["b-party-3", "b-party-5"], "subject": ["maritime"]},
    {"party": ["no-such-party"]},
    {"flag": ["unverified"]},
    {"tag": ["northern"]},
    {"text": ["district"]},
    {"text": ["district 33"], "party": ["b-party-4"]},
    {"band": ["expired", "later"], "tag": ["winter"]},
)


@pytest.fixture
def register() -> None:
    bulk.board(600, at=AT, analysts=bulk.people(3))
    party = Party.objects.get(slug="b-party-3")
    to = Pledge.beneficiaries.through
    ninth = list(Pledge.objects.order_by("pk"))[::9]
    to.objects.bulk_create(to(pledge=one, party=party) for one in ninth)


def _board(asked: dict[str, list[str]], *, is_now: bool) -> boards.Board:
    return boards.board(
        viewer=VIEWER, wanted=parse(asked), at=AT, is_now=is_now, visible=access.visible(VIEWER)
    )


def _first(band: Band, listed: Iterable[Listed], number: int) -> list[Listed]:
    """Of pledges that stand alike the one that was entered first."""
    here = sorted((one for one in listed if one.band is band), key=lambda one: int(one.ref[2:]))
    return sorted(here, key=lambda one: one.sorts_at, reverse=band not in boards.RUNNING)[:number]


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_whichever_way_they_are_found(
    asked: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = filters.lines(
        parse(asked), viewer=VIEWER, at=AT, visible=access.visible(VIEWER)
    ).values("pledge")
    listed = of_phases(lines, at=AT, viewer=VIEWER).values()
    counts = Counter(one.band for one in listed)
    for number in (2, 700):
        expected = {
            band: boards.in_order(band, _first(band, listed, number))
            for band in Band
            if counts[band]
        }
        for most in (0, boards.MANY):
            monkeypatch.setattr(boards, "MANY", most)
            for is_now in (True, False):
                found = _board(asked, is_now=is_now)
                for way in (found, replace(found, is_indexed=False)):
                    assert way.counts() == {band: counts[band] for band in Band}
                    assert way.first(counts, number) == expected


@pytest.mark.once
@pytest.mark.usefixtures("register")
@pytest.mark.parametrize("asked", [{"party": ["b-party-3"]}, {"flag": ["unverified"]}], ids=str)
def test_bands_are_counted_within_an_index(asked: dict[str, list[str]]) -> None:
    """PostgreSQL does so once a vacuum has been behind the writes, which no test can wait for."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    rows = _board(asked, is_now=True).rows.filter(filters.of_band(Band.EXPIRED, AT))
    assert "USING COVERING INDEX line_counts" in rows.values("pk").explain()
