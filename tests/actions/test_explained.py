"""“Why was I not alerted?” is answered from what was kept, for each reason that there is."""

from datetime import timedelta

import pytest

from tests.actions.house import Made, bare
from tests.actions.people import person
from tests.actions.test_delivery import BEFORE, END, pledge
from tracker.actions import alert_settings, readings, subscriptions, sweeps
from tracker.models import Alert, Flag, User
from tracker.selectors.explained import Why, explain

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
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
