"""A forecast is what then happens, when nothing is entered meanwhile."""

import json
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from tests import kept
from tests.actions.house import Made, bare
from tests.actions.people import person
from tests.actions.test_delivery import BEFORE, END, pledge
from tracker.actions import conditions, deadlines, readings, sweeps
from tracker.models import Alert, AlertSettings, Phase, SavedView, StalePledge, Subscription
from tracker.selectors.forecasts import forecast

pytestmark = pytest.mark.django_db
SOON = BEFORE + timedelta(hours=1)
UNTIL = BEFORE + timedelta(days=90)


@pytest.fixture
@kept.once
def made() -> Made:
    found = bare()
    found.clock = BEFORE
    found.rows["ann"] = person("ann", found.dossier, "analyst")
    found.rows["bea"] = person("bea", found.dossier, "reader")
    found.rows["one"] = pledge(found, "CASE-1")
    found.rows["two"] = pledge(found, "CASE-2")
    step = deadlines.add(pledge=found.one, title="Report", public="2025-03-31 UTC", **found.how())
    readings.add(of=step, end="2025-04-20 UTC", public="2025-03-31 UTC", **found.how())
    conditions.add(
        on=found.two,
        kind="continuing",
        text="Talks go on",
        due="2025-04-15 UTC",
        public="2025-03-31 UTC",
        **found.how(),
    )
    Subscription.objects.create(user=found.bea, party=found.alpha, kinds=["expired"], made_at=SOON)
    AlertSettings.objects.create(user=found.bea, rhythm="weekly", weekday=4, hour=7)
    # Views are asked at the instant of each cause: these list a pledge for a part of its time.
    cee = found.rows["cee"] = person("cee", found.dossier, "reader")
    for wanted in ({"stage": ["expired"]}, {"band": ["24h"]}, {"flag": ["condition_overdue"]}):
        view = SavedView.objects.create(
            owner=cee, name="V", filters=wanted, made_at=SOON, changed_at=SOON
        )
        Subscription.objects.create(user=cee, view=view, made_at=SOON)
    return found


def test_what_is_forecast_is_what_comes(made: Made) -> None:
    Alert.objects.all().delete()
    sweeps.run(at=SOON)
    before = set(Alert.objects.values_list("pk", flat=True))
    told = forecast(at=SOON, until=UNTIL)
    instants = Phase.objects.filter(from_at__gt=SOON, from_at__lte=UNTIL)
    for at in sorted(set(instants.values_list("from_at", flat=True))):
        sweeps.run(at=at)
    came = Alert.objects.exclude(pk__in=before).values_list(
        "pledge__ref", "kind", "subject", "link", "lead", "true_at", "recipient", "channel",
        "due_at",
    )  # fmt: skip
    assert {
        (f.ref, f.kind, f.subject, f.link, f.lead, f.true_at, f.user, f.channel, f.due_at)
        for f in told
    } == set(came)
    kinds = {f.kind for f in told}
    assert {"due_soon", "expired", "deadline_missed", "condition_overdue"} <= kinds
    assert {f.kind for f in told if f.user == made.bea.pk} == {"expired"}
    assert {"expired", "due_soon", "condition_overdue"} <= {
        f.kind for f in told if f.user == made.cee.pk
    }


def test_it_ends_at_its_end(made: Made) -> None:
    told = forecast(at=SOON, until=END, pledges=[made.two.pk], users=[made.ann.pk])
    assert "expired" in {f.kind for f in told}
    assert {(f.ref, f.user) for f in told} == {("CASE-2", made.ann.pk)}
    told = forecast(at=SOON, until=END - timedelta(microseconds=1), pledges=[made.two.pk])
    assert "expired" not in {f.kind for f in told}


def test_the_command_says_the_same(made: Made) -> None:
    said = StringIO()
    with time_machine.travel(SOON, tick=False):
        call_command("forecast", "--pledge", "CASE-2", "--json", stdout=said)
        rows = json.loads(said.getvalue())
        assert [row["due_at"] for row in rows] == sorted(row["due_at"] for row in rows)
        assert {row["ref"] for row in rows} == {"CASE-2"}
        words = StringIO()
        call_command("forecast", "--user", "ann@example.org", "--days", "30", stdout=words)
        assert "Expired" in words.getvalue()
        assert "alerts in the next 30 days." in words.getvalue()
        for wrong in (("--pledge", "NONE"), ("--user", "none@example.org"), ("--days", "0")):
            with pytest.raises(CommandError):
                call_command("forecast", *wrong)


def test_phases_are_derived_anew_on_demand(made: Made) -> None:
    before = list(Phase.objects.order_by("pledge", "from_at").values_list("from_at", "flags"))
    Phase.objects.filter(from_at__gt=SOON).delete()
    call_command("rebuildphases", "--mark", stdout=StringIO())
    assert StalePledge.objects.count() == 2
    sweeps.run(at=SOON)
    assert not StalePledge.objects.exists()
    after = list(Phase.objects.order_by("pledge", "from_at").values_list("from_at", "flags"))
    assert after == before
    call_command("rebuildphases", stdout=StringIO())
    assert not StalePledge.objects.exists()
