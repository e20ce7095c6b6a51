"""By which way the databases find what large registers ask for: by indexes, on both of them.

Each is asked at a size at which reading the table whole would be the slower way.
"""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.load import plans
from tests.load import rows as bulk
from tests.load.bench import matching
from tracker.actions import passages, record
from tracker.domain.access import Viewer
from tracker.domain.filters import Filter, searchable
from tracker.models import BoardLine, Dossier, Incident, Move, Party, Passage, Pledge, TermSpan
from tracker.selectors import access, compliance, filters, matches, narrow, searches

pytestmark = pytest.mark.django_db
AT = bulk.SINCE + timedelta(days=120)
PLEDGES, INCIDENTS, OTHERS = 2_000, 10_000, 2_000
LARGE = (
    "tracker_incident",
    "tracker_move",
    "tracker_phase",
    "tracker_termspan",
)


@pytest.fixture
def held() -> tuple[Dossier, Pledge]:
    """A dossier with many pledges and incidents, and one pledge that some of these name."""
    people = bulk.people(1)
    where = bulk.dossier("large", people)
    bulk.pledges(where, PLEDGES, analysts=people, due=0, at=AT)
    bulk.incidents(where, INCIDENTS)
    one = Pledge.objects.filter(dossier=where).order_by("pk")[0]
    _name(one, 5)
    return where, one


def _name(one: Pledge, number: int, *, after: int = 0) -> None:
    """So many of the incidents name the pledge, are claimed, and were judged; others are too."""
    found = list(Incident.objects.order_by("pk")[after : after + number])
    other = Pledge.objects.order_by("-pk")[0]
    rest = Incident.objects.order_by("-pk")[:OTHERS]
    through: Any = Incident.pledges.through
    claims: Any = Incident.claimants.through
    claimed = [] if after else list(rest)
    through.objects.bulk_create(
        [through(incident=x, pledge=one) for x in found]
        + [through(incident=x, pledge=other) for x in claimed]
    )
    party = Party.objects.first()
    claims.objects.bulk_create(claims(incident=x, party=party) for x in (*found, *claimed))
    bulk.judged((*found, *claimed))
    bulk.settle(through, claims, Move)


def test_the_facts_of_a_pledge_and_an_edit(held: tuple[Dossier, Pledge]) -> None:
    where, one = held
    with CaptureQueriesContext(connection) as asked:
        found = narrow.of_pledges(where, [one.pk])
    assert len(found["incident"]) == len(found["move"]) == 5
    assert plans.scans(asked, of=LARGE) == []
    with CaptureQueriesContext(connection) as asked:
        record.put("pledge", one.ref, {"title": "Another"}, dossier=where, by=None, at=AT)
    assert plans.scans(asked, of=LARGE) == []


def test_compliance_over_time_with_as_many_queries_for_many_incidents(
    held: tuple[Dossier, Pledge],
) -> None:
    where, one = held
    viewer = access.viewer(where.memberships.get().user)
    numbers = []
    for more in (0, 200):
        _name(one, more, after=5)
        with CaptureQueriesContext(connection) as asked:
            found = compliance.of_pledge(viewer=viewer, ref=one.ref, at=AT)
        numbers.append(len(asked))
        assert found.number == 5 + more
        if not more:  # of hundreds among thousands the whole table may be the quicker way
            assert plans.scans(asked, of=LARGE) == []
    assert numbers[0] == numbers[1]


def test_the_pledges_that_incidents_may_bear_on() -> None:
    where = bulk.dossier("matched", [])
    parties = Party.objects.bulk_create(
        Party(slug=f"side-{n}", name=f"Side {n}", kind="state", recorded_at=bulk.SINCE)
        for n in range(matching.PARTIES)
    )
    matching.lay_pledges(where.pk, bulk.call(where), parties, 0, PLEDGES)
    bulk.incidents(where, INCIDENTS)
    late = list(Incident.objects.order_by("-pk").values_list("pk", flat=True)[:10])
    Incident.objects.filter(pk__in=late).update(actor=parties[0])
    some = Incident.objects.filter(pk__in=late)
    with CaptureQueriesContext(connection) as asked:
        found = list(matches.every(where, some))
    assert found
    assert len(asked) <= 6
    assert plans.scans(asked, of=("tracker_incident", "tracker_termspan")) == []
    assert TermSpan.objects.count() == 2 * PLEDGES


def test_words_that_are_short_and_words_that_most_have() -> None:
    """Neither reads all passages, nor all pledges; a common one takes as many queries as others."""
    people = bulk.people(1)
    bulk.board(3 * PLEDGES, at=AT, analysts=people)
    for row in Pledge.objects.order_by("pk")[::500]:
        slugs = [row.pledgor.slug]
        made = searchable(title=row.title, scope="", area="", ref=row.ref, parties=slugs)
        assert set(row.search.split("\x1e")) == set(made.split("\x1e")), "as an edit makes it"
    passages.rebuild()
    bulk.settle(Passage)
    if connection.vendor == "postgresql":  # to which so few narrow rows are soon read
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    numbers = {}
    admin = Viewer(is_site_admin=True)
    for words, most in (
        (("district", "77"), 5),
        (("77",), 5),
        (("停火",), 0),
        (("halt",), searches.MOST),
        (("of", "halt"), searches.MOST),
        (("party",), searches.MOST + bulk.DOSSIERS),
    ):
        searches.search(viewer=admin, words=words, at=AT)  # is the index there: asked once
        with CaptureQueriesContext(connection) as asked:
            counts, hits = searches.few(searches.search(viewer=admin, words=words, at=AT))
        assert counts.total <= most, words
        assert bool(counts.total) == bool(hits) == bool(most)
        assert bool(counts.beyond) == (most >= searches.MOST)
        numbers[words] = len(asked)
        if most < searches.MOST:  # else a part of the table is read on purpose, and no more
            assert plans.scans(asked, of=("tracker_passage",)) == [], words
        else:
            assert not any("ROW_NUMBER" in q["sql"] and "kind" not in q["sql"] for q in asked)
            assert sum("LIMIT 2001" in one["sql"] for one in asked) == 2
    assert numbers["halt",] == numbers["77",]
    assert max(numbers.values()) <= 8
    listed = filters.lines(Filter(text=("district 42",)), viewer=admin, at=AT, visible=visible())
    with CaptureQueriesContext(connection) as asked:
        assert 0 < len(listed) <= 5
    assert plans.scans(asked, of=("tracker_pledge", BoardLine._meta.db_table)) == []


def visible() -> list[Dossier]:
    return access.visible(Viewer(is_site_admin=True))
