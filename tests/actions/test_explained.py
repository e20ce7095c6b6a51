"""“Why was I not alerted?” is answered from what was kept, for each reason that there is."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import kept
from tests.actions.house import Made, bare
from tests.actions.people import person
from tests.actions.test_delivery import BEFORE, END, pledge
from tracker.actions import alert_settings, readings, record, saved_views, subscriptions, sweeps
from tracker.models import Alert, Flag, SavedView, User
from tracker.selectors.explained import Why, explain

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
@kept.once
def made() -> Made:
    found = bare()
    found.clock = BEFORE
    found.rows["ann"] = person("ann", found.dossier, "analyst")
    found.rows["bea"] = person("bea", found.dossier, "reader")
    found.rows["eve"] = person("eve", bare("other").dossier, "analyst")
    found.rows["one"] = pledge(found, "CASE-1")
    return found


def why(made: Made, user: User, kind: str = "expired", lead: str = "") -> Why:
    found = explain(user, made.one, at=END + DAY)
    return next(e.why for e in found if (e.flag.kind, e.flag.lead) == (kind, lead))


def test_who_was_alerted_and_who_did_not_watch(made: Made) -> None:
    sweeps.run(at=END)
    assert why(made, made.ann) is Why.ALERTED
    assert why(made, made.bea) is Why.NOT_WATCHED
    assert why(made, made.eve) is Why.NOT_WATCHED
    subscriptions.subscribe(user=made.bea, target=made.one, at=END + DAY)
    assert why(made, made.bea) is Why.NOT_WATCHED  # it began later


def test_who_had_chosen_otherwise(made: Made) -> None:
    subscriptions.subscribe(
        user=made.bea, target=made.dossier, kinds=["due_soon"], leads=["24h"], at=BEFORE
    )
    sweeps.run(at=END)
    assert why(made, made.bea) is Why.OTHER_KINDS
    assert why(made, made.bea, "due_soon", "3d") is Why.OTHER_LEADS
    assert why(made, made.bea, "due_soon", "24h") is Why.ALERTED


def test_who_had_muted_it_and_who_may_not_see_it(made: Made) -> None:
    subscriptions.mute(user=made.ann, pledge=made.one, at=BEFORE)
    subscriptions.subscribe(user=made.eve, target=made.alpha, at=BEFORE)
    sweeps.run(at=END)
    assert why(made, made.ann) is Why.MUTED
    assert why(made, made.eve) is Why.NO_ACCESS


def test_who_cannot_be_reached(made: Made) -> None:
    subscriptions.subscribe(user=made.bea, target=made.one, at=BEFORE)
    alert_settings.choose(
        user=made.bea,
        zone="",
        by_mail=False,
        rhythm="at_once",
        hour=8,
        weekday=0,
        quiet_from=None,
        quiet_until=None,
        at=BEFORE,
    )
    sweeps.run(at=END)
    assert not Alert.objects.filter(recipient=made.bea).exists()
    assert why(made, made.bea) is Why.NO_CHANNEL


def test_what_was_entered_long_after(made: Made) -> None:
    row = pledge(made, "CASE-2")
    Flag.objects.all().delete()
    made.clock = END + 20 * DAY
    readings.add(
        of=row,
        start="2025-04-02 UTC",
        end="2025-04-10 UTC",
        rule="through",
        public="2025-04-02 UTC",
        **made.how(),
    )
    found = explain(made.ann, row, at=END + 21 * DAY)
    assert {e.why for e in found if e.flag.kind == "reading_ended"} <= {Why.HISTORY}
    assert any(e.why is Why.HISTORY for e in found)


def watched_view(made: Made, user: User, **wanted: list[str]) -> SavedView:
    view = saved_views.save(owner=user, name="V", filters=wanted, at=BEFORE)
    subscriptions.subscribe(user=user, target=view, at=BEFORE)
    return view


def test_a_view_that_listed_it_then_and_one_that_did_not(made: Made) -> None:
    watched_view(made, made.bea, text=["halts"], stage=["expired"])
    watched_view(made, made.ann, act=["withdraw"])
    Alert.objects.all().delete()
    sweeps.run(at=END - 3 * DAY)
    sweeps.run(at=END)
    assert why(made, made.bea) is Why.ALERTED
    assert why(made, made.bea, "due_soon", "3d") is Why.NOT_LISTED  # it was still in force
    assert why(made, made.ann) is Why.ALERTED, "as its analyst"


def test_what_a_view_listed_is_told_by_the_pledge_as_it_was(made: Made) -> None:
    cee = person("cee", made.dossier, "reader")
    watched_view(made, made.bea, text=["halts"])
    watched_view(made, cee, text=["resumes"])
    sweeps.run(at=END)
    Alert.objects.all().delete()
    record.put(
        "pledge", "CASE-1", {"title": "Resumes"}, dossier=made.dossier, by=None, at=END + DAY / 2
    )
    assert why(made, made.bea) is Why.UNKNOWN, "it listed it then, whatever it is called now"
    assert why(made, cee) is Why.NOT_LISTED


def test_what_can_no_longer_be_known_is_said(made: Made) -> None:
    by_stage = watched_view(made, made.bea, stage=["expired"])
    sweeps.run(at=END)
    Alert.objects.all().delete()
    record.put("pledge", "CASE-1", {"note": "N"}, dossier=made.dossier, by=None, at=END + DAY / 2)
    assert why(made, made.bea) is Why.VIEW_CHANGED, "the phases of then are gone"
    saved_views.change(
        row=by_stage, name="V", filters={"act": ["allow"]}, is_shared=False, at=END + DAY / 2
    )
    assert why(made, made.bea) is Why.VIEW_CHANGED, "the filter of then is gone"
    for one in made.bea.subscriptions.all():
        subscriptions.end(row=one, at=BEFORE + DAY)
    assert why(made, made.bea) is Why.NOT_WATCHED


def test_it_takes_as_many_queries_for_many_flags_and_views(made: Made) -> None:
    watched_view(made, made.bea, stage=["expired"], text=["halts"])

    def queries() -> int:
        with CaptureQueriesContext(connection) as told:
            explain(made.bea, made.one, at=END + DAY)
        return len(told)

    sweeps.run(at=END - 3 * DAY)
    one = queries()
    sweeps.run(at=END + DAY)
    for number in range(5):
        watched_view(made, made.bea, text=[f"halts {number}"])
    assert queries() == one
